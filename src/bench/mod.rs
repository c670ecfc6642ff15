//! Measures a model's speed in an engine, by llama-bench's method, and holds the prediction against it.
//!
//! [`attempt`] keeps to the engine's trait, so that it is tested with the fake; [`synthetic`] makes the file to
//! run where there is none; [`Measurement`] is what comes of it. Nothing here probes or prints.

mod attempt;
mod comparison;
mod depth_fit;
mod energy;
mod error;
mod measurement;
mod need;
mod past;
mod plan;
mod reason;
mod report;
mod run;
pub mod served;
mod shortage;
mod significance;
mod statistics;
pub mod synthetic;
mod watch;

pub use attempt::{Attempt, End, ModelSource, attempt, attempts};
pub use comparison::{Compared, Predicted, Predictions};
pub use depth_fit::DepthFit;
pub use energy::{Energy, EnergyMeter, EnergyPerToken, NoMeter};
pub use error::BenchError;
pub use measurement::{Circumstances, Measurement, Settings, Subject, Timed, Verdict};
pub use need::{Need, NeedResult};
pub use past::{Difference, Metric, MetricComparison, PastResult, ResultComparison};
pub use plan::{BenchPlan, FULL_REPETITIONS, Repetitions};
pub use reason::Reason;
pub use report::{BenchReport, RunResult};
pub use run::Run;
pub use shortage::{Available, Shortage, shortage};
pub use significance::Welch;
pub use statistics::RateStatistics;
pub use watch::{Step, Test, Watch};
