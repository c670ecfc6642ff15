use serde::Serialize;

use super::{Device, DeviceMemory, Fit, Placement, PlacementKind, PredictedRate, Subject};
use crate::run_config::RunConfig;
use crate::units::Bytes;

/// How far the context can grow, and what growing it further would take.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LargestContext {
    /// The most tokens that fit as the model is placed now, up to what it was trained for; none when nothing fits.
    pub tokens: Option<u32>,
    /// Whether training and not memory is what ends it.
    pub limited_by_training: bool,
    /// What another 1,024 tokens take in KV cache and compute buffers.
    pub bytes_per_1024_tokens: Bytes,
    /// What one step more would cost; none where training ends it, or nothing fits now.
    pub beyond: Option<Beyond>,
}

/// What happens a step beyond the largest context.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Beyond {
    /// It fits only if it is placed otherwise.
    PlacedOtherwise {
        /// The tokens of that step.
        tokens: u32,
        /// What kind of placement it is then.
        placement: PlacementKind,
        /// Layers on GPUs then, the output counted as one more.
        gpu_layers: u32,
        /// Leading layers whose routed experts then stay in RAM.
        expert_layers_in_ram: u32,
        /// What the GPU's limit must then be raised to, where it shares main memory.
        #[serde(skip_serializing_if = "Option::is_none")]
        raised_limit_bytes: Option<Bytes>,
        /// What it then decodes, at the depth of the request.
        decode: Option<PredictedRate>,
    },
    /// It fits in no way.
    TooLarge {
        /// The tokens of that step.
        tokens: u32,
        /// The device that runs over most in the placement that comes nearest.
        #[serde(serialize_with = "Device::serialize_name")]
        device: Device,
        /// By how much.
        shortfall_bytes: Bytes,
    },
}

/// The step that contexts are tried in: llama.cpp rounds up to it.
const STEP: u32 = 256;

/// The largest context that still fits as the model is placed for `config`, or as it would be if it fitted;
/// `place` is the way of placing, and `decode` tells how fast a placement is.
#[must_use]
pub fn largest_context(
    subject: &Subject<'_>,
    config: &RunConfig,
    place: &dyn Fn(&RunConfig) -> Fit,
    decode: &dyn Fn(&Placement, &RunConfig) -> Option<PredictedRate>,
) -> LargestContext {
    let trained = {
        let each = subject.model.architecture.context_trained;
        if config.kv_unified { each } else { each.saturating_mul(config.sequences.max(1)) }
    };
    let placed = |context: u32| match place(&RunConfig { context, ..config.clone() }) {
        Fit::Fits(placement) => (placement, true),
        Fit::TooLarge { nearest, .. } => (nearest, false),
    };
    let used = |context: u32| -> Bytes {
        placed(context).0.devices.iter().map(|device| device.kv_cache_bytes + device.compute_bytes).sum()
    };
    let from = config.context.next_multiple_of(STEP);
    let wanted = placed(config.context).0;
    // A placement that keeps fewer layers on the GPU fits more context and is another, slower thing.
    let same = |context: u32| {
        let (found, fits) = placed(context);
        let as_many = match wanted.kind {
            PlacementKind::PartialOffload | PlacementKind::ExpertOffload => {
                (found.gpu_layers, found.expert_layers_in_ram)
                    == (wanted.gpu_layers, wanted.expert_layers_in_ram)
            }
            _ => true,
        };
        fits && found.kind == wanted.kind && found.raised_limit == wanted.raised_limit && as_many
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
        bytes_per_1024_tokens: used(from + 1024).saturating_sub(used(from)),
        beyond: (fits > 0 && fits < steps).then(|| {
            let run = RunConfig { context: (fits + 1) * STEP, ..config.clone() };
            beyond(place(&run), &run, decode)
        }),
    }
}

fn beyond(
    fit: Fit,
    run: &RunConfig,
    decode: &dyn Fn(&Placement, &RunConfig) -> Option<PredictedRate>,
) -> Beyond {
    match fit {
        Fit::Fits(placement) => Beyond::PlacedOtherwise {
            tokens: run.context,
            placement: placement.kind,
            gpu_layers: placement.gpu_layers,
            expert_layers_in_ram: placement.expert_layers_in_ram,
            raised_limit_bytes: placement.raised_limit,
            decode: decode(&placement, run),
        },
        Fit::TooLarge { nearest, shortfall } => {
            let over = |device: &DeviceMemory| device.used().saturating_sub(device.free_bytes);
            let device = nearest.devices.iter().max_by_key(|device| over(device));
            Beyond::TooLarge {
                tokens: run.context,
                device: device.map_or(Device::Ram, |device| device.device.clone()),
                shortfall_bytes: shortfall,
            }
        }
    }
}
