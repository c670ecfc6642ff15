use serde::Serialize;

use super::{Device, PreparedSpeed};
use crate::units::{Bandwidth, Bytes};

/// What binds: the memory that is full first, and the device that a decoded token waits for most.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Binding {
    /// The memory with the least left, or with the most missing.
    #[serde(serialize_with = "Device::serialize_name")]
    pub memory_device: Device,
    /// What is left there; zero where it does not fit.
    pub left_bytes: Bytes,
    /// What is missing there; zero where it fits.
    pub missing_bytes: Bytes,
    /// The device whose reading takes a token longest; none where a bandwidth is unknown.
    pub decode: Option<DecodeBinding>,
}

/// The reading that decoding waits for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DecodeBinding {
    /// The device.
    #[serde(serialize_with = "Device::serialize_name")]
    pub device: Device,
    /// What a token reads there; with several sequences, what a step reads that gives a token to each.
    pub read_bytes_per_token: Bytes,
    /// The peak that it can be read at.
    pub bandwidth_bytes_per_second: Bandwidth,
}

/// What binds a model so placed, with `depth` tokens in the cache.
#[must_use]
pub fn binding(speed: &PreparedSpeed<'_>, depth: u32) -> Binding {
    let placement = speed.placement();
    let (memory_device, used, free) = placement.tightest().map_or_else(
        || (Device::Ram, Bytes::ZERO, Bytes::ZERO),
        |tightest| (tightest.device.clone(), tightest.used(), tightest.free_bytes),
    );
    Binding {
        memory_device,
        left_bytes: free.saturating_sub(used),
        missing_bytes: used.saturating_sub(free),
        decode: decode_binding(speed, depth),
    }
}

fn decode_binding(speed: &PreparedSpeed<'_>, depth: u32) -> Option<DecodeBinding> {
    let machine = speed.machine();
    let readings = speed.placement().devices.iter().enumerate().map(|(index, device)| {
        let bandwidth =
            match device.gpu() {
                Some(gpu) => machine.gpus[gpu].bandwidth_bytes_per_second,
                // Several sockets give a program that does not place its memory by them about as much as one.
                None => machine.ram.bandwidth.as_ref().map(|reading| {
                    Bandwidth(reading.bytes_per_second.0 / f64::from(machine.cpu.sockets.max(1)))
                }),
            };
        let read_bytes_per_step = speed.read_per_step(index, depth);
        // A device that is not read needs no bandwidth.
        match bandwidth {
            None if read_bytes_per_step == Bytes::ZERO => Some(None),
            None => None,
            Some(bandwidth_bytes_per_second) => Some(Some(DecodeBinding {
                device: device.device.clone(),
                read_bytes_per_token: read_bytes_per_step,
                bandwidth_bytes_per_second,
            })),
        }
    });
    let readings: Option<Vec<_>> = readings.collect();
    let time =
        |reading: &DecodeBinding| reading.bandwidth_bytes_per_second.time_for(reading.read_bytes_per_token).0;
    readings?.into_iter().flatten().max_by(|a, b| time(a).total_cmp(&time(b)))
}
