//! Asks NVIDIA's management library, which is loaded at run time and may be absent.

use nvml_wrapper::enum_wrappers::device::Clock;
use nvml_wrapper::error::NvmlError;
use nvml_wrapper::{Device, Nvml};

use super::{MemoryReading, Mig, Reading, SliceReading};
use crate::machine::PciId;
use crate::message;
use crate::message::Message;
use crate::units::Bytes;

/// The result of asking NVML.
pub(super) enum Outcome {
    /// The driver answered.
    Read { driver: Option<String>, readings: Vec<Reading> },
    /// There is no such library.
    NoLibrary,
    /// The library is there and the driver behind it fails.
    Failed { message: String, advice: Message },
}

/// Reads every card; one that does not answer is noted and the others are read all the same.
pub(super) fn read(notes: &mut Vec<Message>) -> Outcome {
    let nvml = match Nvml::init() {
        Ok(nvml) => nvml,
        Err(NvmlError::LibloadingError(_)) => return Outcome::NoLibrary,
        Err(error) => return failed(&error),
    };
    let count = match nvml.device_count() {
        Ok(count) => count,
        Err(error) => return failed(&error),
    };
    let readings =
        (0..count).filter_map(|index| match nvml.device_by_index(index).and_then(|device| card(&device)) {
            Ok(reading) => Some(reading),
            Err(error) => {
                let error_text = error.to_string();
                notes.push(message!(ProbeNvidiaGpuFailed {
                    index,
                    error: error_text,
                    advice: advice(&error)
                }));
                None
            }
        });
    Outcome::Read { readings: readings.collect(), driver: nvml.sys_driver_version().ok() }
}

fn failed(error: &NvmlError) -> Outcome {
    Outcome::Failed { message: error.to_string(), advice: advice(error) }
}

/// What to do about an error of the driver.
fn advice(error: &NvmlError) -> Message {
    match error {
        NvmlError::DriverNotLoaded => message!(ProbeNvidiaLoadHint),
        NvmlError::LibRmVersionMismatch => message!(ProbeNvidiaVersionHint),
        NvmlError::NoPermission | NvmlError::OperatingSystem => message!(ProbeNvidiaPermissionHint),
        NvmlError::GpuLost | NvmlError::ResetRequired => message!(ProbeNvidiaRestartHint),
        NvmlError::InsufficientPower | NvmlError::IrqIssue => message!(ProbeNvidiaPowerHint),
        _ => message!(ProbeNvidiaHint),
    }
}

fn card(device: &Device<'_>) -> Result<Reading, NvmlError> {
    // Only the name is asked of every card alike; a figure that a card does not have is left open.
    Ok(Reading {
        name: device.name()?,
        pci_id: device.pci_info().ok().map(|info| pci_id(info.pci_device_id)),
        memory: memory(device),
        bus_width_bits: device.memory_bus_width().ok(),
        memory_clock_mhz: device.max_clock_info(Clock::Memory).ok(),
        pcie_generation: device.max_pcie_link_gen().ok(),
        pcie_width: device.current_pcie_link_width().ok(),
        power_limit_milliwatts: device.enforced_power_limit().ok(),
        mig: mig(device),
    })
}

/// The device's id is in the upper half, its maker's in the lower.
fn pci_id(combined: u32) -> PciId {
    let [vendor_low, vendor_high, device_low, device_high] = combined.to_le_bytes();
    PciId {
        vendor: u16::from_le_bytes([vendor_low, vendor_high]),
        device: u16::from_le_bytes([device_low, device_high]),
    }
}

fn memory(device: &Device<'_>) -> Option<MemoryReading> {
    let info = device.memory_info().ok().filter(|info| info.total > 0)?;
    Some(MemoryReading { total: Bytes(info.total), free: Bytes(info.free) })
}

fn mig(device: &Device<'_>) -> Option<Mig> {
    device.mig_mode().ok().filter(|mode| mode.current == 1)?;
    let most_slices = device.mig_device_count().ok()?;
    let slices = (0..most_slices).filter_map(|index| {
        // Places that hold no slice are reported as not found.
        let slice = device.mig_device_by_index(index).ok()?;
        Some(SliceReading {
            name: slice.name().ok()?,
            memory: memory(&slice),
            compute_slices: slice
                .attributes()
                .map_or(1, |attributes| attributes.compute_instance_slice_count),
        })
    });
    Some(Mig { slices: slices.collect(), most_slices })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_combined_id_holds_the_device_above_its_maker() {
        assert_eq!(pci_id(0x2330_10de).to_string(), "10de:2330");
    }
}
