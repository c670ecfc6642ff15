//! Puts a load on a served engine, and computes what its users get: time to the first token, time per token, the whole
//! answer, and how many requests are within the SLO.
//!
//! A closed load is a number of users, each of whom asks again once answered; an open one is requests that arrive at random,
//! whether or not the earlier ones are done (Poisson). Percentiles are by nearest rank. What fails is counted by kind and
//! is in no time or speed.

mod cost;
mod load;
mod outcome;
mod percentiles;
mod prompts;
mod report;
mod round;
mod search;
mod service;
mod slo;
mod workload;

pub use cost::{ApiCost, Prices};
pub use load::{Load, RequestRate};
pub use outcome::{Finished, Outcome};
pub use percentiles::Percentiles;
pub use prompts::{Prompts, Scale};
pub use report::{
    CountedBy, FailureCount, Incoherent, LoadResult, Requests, Seen, ServedMeasurement, ServedVerdict,
    SweepResult, Tokens,
};
pub use round::{Ask, Limit, Progressed, Round, Source, run};
pub use search::{Search, Step as SearchStep};
pub use service::Service;
pub use slo::{Goodput, Slo};
pub use workload::{Lengths, Workload};
