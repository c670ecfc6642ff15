//! Measures a model's speed in an engine, by llama-bench's method, and holds the prediction against it.
//!
//! [`Runner`] keeps to the engine's trait, so that it is tested with the fake; [`synthetic`] makes the file to
//! run where there is none; [`Measurement`] is what comes of it. Nothing here probes or prints.

mod attempt;
mod comparison;
mod crowd;
mod depth_fit;
mod devices;
mod energy;
mod error;
mod extrapolation;
mod measurement;
mod need;
mod observed;
mod past;
mod plan;
mod reason;
mod report;
mod run;
pub mod served;
mod shortage;
mod significance;
mod slice_run;
mod slices;
mod statistics;
pub mod synthetic;
mod tuning;
mod watch;
mod workload;

pub use attempt::{Attempt, End, ModelSource, Runner};
pub use comparison::{Compared, Predicted, Predictions};
pub use crowd::{CrowdLevel, Crowds, for_users};
pub use depth_fit::DepthFit;
pub use devices::EngineDevices;
pub use energy::{Energy, EnergyMeter, EnergyPerToken, NoMeter};
pub use error::BenchError;
pub use extrapolation::{
    Extrapolated, Extrapolation, LayerPart, Parts, SliceResult, SliceTimes, extrapolate_bytes,
    extrapolate_tests, midmean,
};
pub use measurement::{Circumstances, Measurement, Settings, Subject, Timed, Verdict};
pub use need::{Need, NeedError, NeedResult};
pub use observed::{ObservedWaits, observations, observed_waits};
pub use past::{
    Difference, Figure, Metric, MetricComparison, PastResult, ResultComparison, ServedFigure, Unit,
};
pub use plan::{BenchPlan, FULL_REPETITIONS, Repetitions};
pub use reason::Reason;
pub use report::{BenchReport, RunResult};
pub use run::Run;
pub use shortage::{Available, ShortOf, Shortage, shortage};
pub use significance::Welch;
pub use slice_run::{plan_whole, time_slices};
pub use slices::{Cut, LayerKind, Slice};
pub use statistics::RateStatistics;
pub use tuning::{Axis, Best, Choice, Goal, LeftOut, Search, Trial, Tuning, Worth};
pub use watch::{Step, Test, Watch};
pub use workload::{Limits, Method, Workload, WorkloadResult};
