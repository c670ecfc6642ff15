//! The facts that the program ships with: models, quants, accelerators, CPU platforms, use-cases and
//! prices.
//!
//! They are TOML files, embedded in the binary and overlaid by the user's own. Nothing here knows the machine
//! at hand, and no figure is without its source.

mod accelerator;
mod accelerator_name;
mod answer_length;
mod architecture;
mod calibrated;
mod check;
mod counted;
mod cpu_platform;
mod described;
mod document;
mod error;
mod host;
mod load;
mod lookup;
mod model;
mod named_machine;
mod own_prices;
mod price;
mod quant;
mod reference_shape;
mod sentence;
mod serving_calibration;
mod typed_name;
mod use_case;

pub use accelerator::{Accelerator, AcceleratorDetails, AcceleratorKind, Confidence, StreetPrice};
pub use answer_length::AnswerLength;
pub use architecture::{Architecture, Attention, Family, FeedForward, Rope, RopeScaling};
pub use calibrated::{Calibration, CalibrationFile};
pub use counted::Counted;
pub use cpu_platform::CpuPlatform;
pub use described::{DescribeError, Wish, describe};
pub use error::{CatalogError, Problem};
pub use host::Host;
pub use lookup::Catalog;
pub use model::{
    Artifact, ArtifactFile, Benchmark, BenchmarkScore, Correction, Licence, Model, ModelKind, Sampling,
    TokensPerAnswer,
};
pub use named_machine::NamedMachine;
pub use price::{
    ApiPrice, Bill, Billing, Currency, HardwarePrice, MachineKind, MachinePrice, PowerPrice, PriceKind,
    PricedPart, ProviderKind, QuotedPrice, QuotedRent, Rental, STALE_AFTER_DAYS, Site, is_stale,
};
pub use quant::{MeasuredLoss, Quant, QuantLoss, Yardstick};
pub use reference_shape::ReferenceShape;
pub use sentence::Sentence;
pub use serving_calibration::{ServingCalibration, ServingCalibrationFile};
pub use typed_name::TypedAccelerator;
pub use use_case::UseCase;
