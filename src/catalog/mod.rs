//! The facts that the program ships with: models, quants, accelerators, CPU platforms, use-cases and
//! prices.
//!
//! They are TOML files, compiled into the binary and overlaid by the user's own. Nothing here knows the machine
//! at hand, and no figure is without its source.

mod ability;
mod accelerator;
mod accelerator_name;
mod architecture;
mod calibration;
mod check;
mod counted;
mod cpu_platform;
mod described;
mod error;
mod host;
mod kind;
mod layer;
mod lookup;
mod model;
mod model_check;
mod named_machine;
mod price;
mod provenance;
mod quant;
mod raw;
mod table;
mod typed_name;
mod use_case;

pub use ability::{Ability, LossPoint, LossSeries, Publication};
pub use accelerator::{Accelerator, AcceleratorKind, FormFactor, StreetPrice};
pub use architecture::{Architecture, Attention, Family, FeedForward, Rope, RopeScaling};
pub use calibration::{Calibration, CalibrationFile, ServingCalibration, ServingCalibrationFile};
pub use counted::Counted;
pub use cpu_platform::CpuPlatform;
pub use described::{DescribeError, Wish, describe};
pub use error::{CatalogError, Named, Problem};
pub use host::Host;
pub use layer::own_sentences;
pub use lookup::Catalog;
pub use model::{
    Artifact, ArtifactFile, Benchmark, BenchmarkScore, Correction, Licence, Model, ModelKind, ReferenceShape,
    Sampling, Thinking, TokensPerAnswer,
};
pub use named_machine::NamedMachine;
pub use price::{
    ApiPrice, Bill, Billing, Currency, HardwarePrice, MachineKind, MachinePrice, PowerPrice, PriceKind,
    PricedPart, ProviderKind, QuotedPrice, QuotedRent, Rental, STALE_AFTER_DAYS, Site, is_stale,
};
pub use provenance::{Confidence, Provenance};
pub use quant::{Commonness, Loss, MeasuredLoss, Quant, QuantLoss, Yardstick};
pub use typed_name::TypedAccelerator;
pub use use_case::{AnswerLength, UseCase};
