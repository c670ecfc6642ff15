use super::compute_buffer::{self, Logits, Lookup};
use super::{Placement, Subject};
use crate::catalog::{Architecture, FeedForward};
use crate::run_config::RunConfig;
use crate::units::Bytes;

/// Code and libraries that are read from disk, and what the runtime allocates whatever it runs: 18 MiB, 10 of
/// them mapped from files, in a process of this program that had run a 1.5B (Linux, glibc, OpenMP, 2 threads).
const RUNTIME: Bytes = Bytes::mib(17);

/// What a token of the vocabulary takes: `llama_vocab::token_data`. A tokenizer's merges come on top.
const VOCABULARY_ENTRY_BYTES: u64 = 40;

/// What the engine's process holds where the CPU computes, beside what is planned, and what of the plan it never
/// touches: the difference between what llama.cpp reserves and what the system counts as held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Process {
    /// What the process takes for itself.
    pub(super) program: Bytes,
    /// What is reserved for logits that no answer needs, whose pages stay empty.
    pub(super) untouched: Bytes,
}

impl Process {
    /// Of the process that runs `subject` so placed. With everything on GPUs it holds what the driver makes it
    /// hold: zero here.
    pub(super) fn of(subject: &Subject<'_>, placement: &Placement, config: &RunConfig) -> Self {
        let architecture = subject.model.architecture;
        if placement.gpu_layers > architecture.layers {
            return Self::default();
        }
        let size =
            |logits| compute_buffer::size(architecture, subject.latent, config, (logits, Lookup::Here));
        let output_in_ram = placement.devices[placement.output_device()].gpu().is_none();
        Self {
            program: RUNTIME
                + Bytes(VOCABULARY_ENTRY_BYTES * u64::from(architecture.vocabulary))
                + activations(architecture, config),
            untouched: if output_in_ram {
                size(Logits::Reserved).saturating_sub(size(Logits::Asked))
            } else {
                Bytes::ZERO
            },
        }
    }
}

/// The widest activations of a micro-batch as the CPU quantizes them before it multiplies: `block_q8_K`, 292
/// bytes for 256 values.
fn activations(architecture: &Architecture, config: &RunConfig) -> Bytes {
    let inner = match architecture.feed_forward {
        FeedForward::Dense { intermediate_size } => intermediate_size,
        FeedForward::Experts { dense_intermediate_size, .. } => dense_intermediate_size,
    };
    Bytes(u64::from(config.tokens_at_once()) * u64::from(inner) * 292 / 256)
}
