use serde::{Serialize, Serializer};

use crate::engine::{Device, DeviceMemory, MAIN_MEMORY, MemoryPlan};
use crate::message;
use crate::message::Value;
use crate::units::Bytes;

/// What can be taken now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Available {
    /// Of main memory.
    pub ram: Bytes,
    /// The devices that the engine sees.
    pub devices: Vec<Device>,
}

/// A device with too little memory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shortage {
    /// Which memory.
    pub device: ShortOf,
    /// What the plan puts there.
    pub needed_bytes: Bytes,
    /// What is free there.
    pub available_bytes: Bytes,
    /// What is missing.
    pub shortfall_bytes: Bytes,
}

/// The memory that is short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShortOf {
    /// The processors' own.
    MainMemory,
    /// A device's, by the engine's name for it.
    Device(String),
}

impl Serialize for ShortOf {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match self {
            Self::MainMemory => "main memory",
            Self::Device(name) => name,
        })
    }
}

impl From<&ShortOf> for Value {
    fn from(device: &ShortOf) -> Self {
        match device {
            ShortOf::MainMemory => message!(BenchMainMemory).into(),
            ShortOf::Device(name) => name.into(),
        }
    }
}

/// The device that lacks most for `plan`, if any lacks something.
#[must_use]
pub fn shortage(plan: &MemoryPlan, available: &Available) -> Option<Shortage> {
    let short = |device: &DeviceMemory| {
        let (name, available_bytes) = if device.name == MAIN_MEMORY {
            (ShortOf::MainMemory, available.ram)
        } else {
            let seen = available.devices.iter().find(|seen| seen.name == device.name)?;
            (ShortOf::Device(seen.name.clone()), seen.free_bytes)
        };
        let needed_bytes = device.total();
        let shortfall_bytes = needed_bytes.saturating_sub(available_bytes);
        (shortfall_bytes > Bytes::ZERO).then_some(Shortage {
            device: name,
            needed_bytes,
            available_bytes,
            shortfall_bytes,
        })
    };
    plan.devices.iter().filter_map(short).max_by_key(|shortage| shortage.shortfall_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::DeviceKind;

    fn holds(name: &str, weights_bytes: Bytes) -> DeviceMemory {
        DeviceMemory { name: name.into(), weights_bytes, ..DeviceMemory::default() }
    }

    #[test]
    fn the_device_that_lacks_most_is_named() {
        let gpu = Device {
            name: "CUDA0".into(),
            description: String::new(),
            kind: DeviceKind::Gpu,
            total_bytes: Bytes::gib(24),
            free_bytes: Bytes::gib(20),
        };
        let available = Available { ram: Bytes::gib(8), devices: vec![gpu] };
        let plan = |gpu, ram| MemoryPlan { devices: vec![holds("CUDA0", gpu), holds(MAIN_MEMORY, ram)] };
        assert_eq!(shortage(&plan(Bytes::gib(20), Bytes::gib(8)), &available), None);
        assert_eq!(
            shortage(&plan(Bytes::gib(21), Bytes::gib(10)), &available),
            Some(Shortage {
                device: ShortOf::MainMemory,
                needed_bytes: Bytes::gib(10),
                available_bytes: Bytes::gib(8),
                shortfall_bytes: Bytes::gib(2),
            })
        );
    }
}
