//! What a served model can carry: how long a step of a continuous batch takes, how requests queue for it, the largest
//! load within a promise, and how many replicas that takes.
//!
//! Nothing here reads a file or a clock, and nothing knows a price. The constants are [`crate::calibration`]'s.

mod deployment;
mod device;
mod engine;
mod layouts;
mod length;
mod load;
mod observed;
mod parallelism;
mod precision;
mod release;
mod served_model;
mod simulate;
mod sizing;
mod steady;
mod step_time;

pub use deployment::{Deployment, MemorySplit};
pub use device::ServingDevice;
pub use engine::{Admission, Prompts, ServingEngine};
pub use layouts::Space;
pub use length::Lengths;
pub use load::{People, in_flight};
pub use observed::{Observation, Observed};
pub use parallelism::Parallelism;
pub use precision::{Arithmetic, CacheType, Precision};
pub use release::Release;
pub use served_model::ServedModel;
pub use simulate::{Arrivals, Served, Workload, simulate};
pub use sizing::{
    Capacity, Constraint, Promise, Replicas, Request, availability, capacity, replicas, run, spares,
};
pub use steady::Steady;
pub use step_time::{Part, StepTime};
