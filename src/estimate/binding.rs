use serde::Serialize;

use super::{Placement, Subject, kv_cache};
use crate::machine::Machine;
use crate::run_config::RunConfig;
use crate::units::{Bandwidth, Bytes};

/// What binds: the memory that is full first, and the device that a decoded token waits for most.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Binding {
    /// The memory with the least left, or with the most missing.
    pub memory_device: String,
    /// What is left there; nothing where it runs over.
    pub left_bytes: Bytes,
    /// What is missing there; nothing where it fits.
    pub missing_bytes: Bytes,
    /// The device whose reading takes a token longest; none where a bandwidth is unknown.
    pub decode: Option<DecodeBinding>,
}

/// The reading that decoding waits for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DecodeBinding {
    /// The device.
    pub device: String,
    /// What a token reads there.
    pub read_bytes_per_token: Bytes,
    /// The peak that it can be read at.
    pub bandwidth_bytes_per_second: Bandwidth,
}

/// What binds `subject` so placed, with `depth` tokens in the cache.
#[must_use]
pub fn binding(
    subject: &Subject<'_>,
    machine: &Machine,
    placement: &Placement,
    config: &RunConfig,
    depth: u32,
) -> Binding {
    let used = placement.devices.iter().filter(|device| device.weights_bytes > Bytes::ZERO);
    let margin = |used: Bytes, free: Bytes| i128::from(free.0) - i128::from(used.0);
    let tightest = used.min_by_key(|device| margin(device.used(), device.free_bytes));
    let (memory_device, used, free) = tightest.map_or_else(
        || (String::new(), Bytes::ZERO, Bytes::ZERO),
        |device| (device.name.clone(), device.used(), device.free_bytes),
    );
    Binding {
        memory_device,
        left_bytes: free.saturating_sub(used),
        missing_bytes: used.saturating_sub(free),
        decode: decode_binding(subject, machine, placement, config, depth),
    }
}

fn decode_binding(
    subject: &Subject<'_>,
    machine: &Machine,
    placement: &Placement,
    config: &RunConfig,
    depth: u32,
) -> Option<DecodeBinding> {
    let architecture = subject.model.architecture;
    let cache = kv_cache::read_per_token(architecture, subject.latent, config.kv_type, depth);
    let layer_cache = cache.share(1.0 / f64::from(architecture.layers));
    let readings = placement.devices.iter().enumerate().map(|(index, device)| {
        let on_device = |tensor: &&crate::gguf::Tensor| placement.device_of(tensor) == index;
        let tensors = subject.layout.tensors.iter().filter(on_device);
        let weights: Bytes = tensors.map(|tensor| subject.read_per_token(tensor)).sum();
        let layers = (0..architecture.layers).filter(|layer| placement.layer_device(*layer) == index).count();
        let bandwidth = match device.gpu {
            Some(gpu) => machine.gpus[gpu].bandwidth_bytes_per_second,
            None => machine.ram.bandwidth.as_ref().map(|reading| reading.bytes_per_second),
        };
        let read_bytes_per_token = weights + layer_cache * layers as u64;
        // A device that is not read needs no bandwidth.
        match bandwidth {
            None if read_bytes_per_token == Bytes::ZERO => Some(None),
            None => None,
            Some(bandwidth_bytes_per_second) => Some(Some(DecodeBinding {
                device: device.name.clone(),
                read_bytes_per_token,
                bandwidth_bytes_per_second,
            })),
        }
    });
    let readings: Option<Vec<_>> = readings.collect();
    let time =
        |reading: &DecodeBinding| reading.bandwidth_bytes_per_second.time_for(reading.read_bytes_per_token).0;
    readings?.into_iter().flatten().max_by(|a, b| time(a).total_cmp(&time(b)))
}
