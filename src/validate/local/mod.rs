//! llama.cpp on one machine: decode and prefill.

mod case;
mod machine;
mod row;
mod spread;

pub use case::LocalCase;
pub use row::Measurement;
