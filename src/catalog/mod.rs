//! The facts that the program ships with: models, quants, accelerators, CPU platforms and use-cases.
//!
//! They are TOML files, embedded in the binary and overlaid by the user's own. Nothing here knows the machine
//! at hand, and no figure is without its source.

mod accelerator;
mod architecture;
mod error;
mod lookup;
mod model;
mod quant;
mod use_case;

pub use accelerator::{Accelerator, AcceleratorKind, CpuPlatform};
pub use architecture::{Architecture, Attention, Family, FeedForward, Rope, RopeScaling};
pub use error::CatalogError;
pub use lookup::Catalog;
pub use model::{
    Artifact, ArtifactFile, Benchmark, BenchmarkScore, Correction, Licence, Model, ModelKind, Sampling,
    TokensPerAnswer,
};
pub use quant::{Quant, QuantLoss};
pub use use_case::UseCase;
