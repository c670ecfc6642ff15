//! An engine in a child process: this program again, spoken to in lines of JSON.
//!
//! The child computes and keeps the time, so that talking does not disturb what is measured. Whatever ends
//! it (a failed assertion in ggml, the kernel's out-of-memory killer) is an [`super::EngineError::Crashed`]
//! for the parent, which lives on.

mod client;
mod protocol;
mod serve;

pub use client::WorkerEngine;
pub use serve::{die_with_parent, serve};
