use serde::Serialize;

use super::{Fit, PlacementKind, Reserve, Subject, place};
use crate::machine::Machine;
use crate::run_config::RunConfig;
use crate::units::Bytes;

/// How far the context can grow, and what growing it further would take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct LargestContext {
    /// The most tokens that fit as the model is placed now, and that it was trained for; none when nothing fits.
    pub tokens: Option<u32>,
    /// Whether training and not memory is what ends it.
    pub limited_by_training: bool,
    /// What another 1,024 tokens take in KV cache and compute buffers.
    pub bytes_per_1024_tokens: Bytes,
}

/// The step that contexts are tried in: llama.cpp rounds up to it.
const STEP: u32 = 256;

/// The largest context that still fits in the same kind of placement as `config`'s own.
#[must_use]
pub fn largest_context(
    subject: &Subject<'_>,
    machine: &Machine,
    config: &RunConfig,
    reserve: Reserve,
) -> LargestContext {
    let trained = subject.model.architecture.context_trained.saturating_mul(config.sequences.max(1));
    let placed =
        |context: u32| match place(subject, machine, &RunConfig { context, ..config.clone() }, reserve) {
            Fit::Fits(placement) => Some(placement),
            Fit::TooLarge { .. } => None,
        };
    let bytes_per_1024_tokens = {
        let used =
            |context: u32| match place(subject, machine, &RunConfig { context, ..config.clone() }, reserve) {
                Fit::Fits(placement) | Fit::TooLarge { nearest: placement, .. } => placement
                    .devices
                    .iter()
                    .map(|device| device.kv_cache_bytes + device.compute_bytes)
                    .sum::<Bytes>(),
            };
        let from = config.context.next_multiple_of(STEP);
        used(from + 1024).saturating_sub(used(from))
    };
    let kind = placed(config.context).map(|placement| (placement.kind, placement.gpu_layers));
    // A placement that keeps fewer layers on the GPU fits more context and is another, slower thing.
    let same = |context: u32| {
        placed(context).map(|placement| (placement.kind, placement.gpu_layers)).is_some_and(|found| {
            kind.is_none_or(|kind| match kind.0 {
                PlacementKind::PartialOffload | PlacementKind::ExpertOffload => kind == found,
                _ => kind.0 == found.0,
            })
        })
    };
    let steps = trained / STEP;
    let (mut fits, mut too_many) = (0, steps + 1);
    while too_many - fits > 1 {
        let middle = fits.midpoint(too_many);
        if same(middle * STEP) {
            fits = middle;
        } else {
            too_many = middle;
        }
    }
    LargestContext {
        tokens: (fits > 0).then_some(fits * STEP),
        limited_by_training: fits == steps,
        bytes_per_1024_tokens,
    }
}
