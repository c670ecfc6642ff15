use crate::bench::EnergyMeter;
use crate::engine::Device;
use crate::probe::EnergyCounters;
use crate::units::Joules;

/// The counters of this machine, read beside each repetition.
pub(super) struct Meter(EnergyCounters);

impl Meter {
    /// Those of the processors, and of the GPUs where the engine sees one.
    pub(super) fn beside(devices: &[Device]) -> Self {
        Self(EnergyCounters::of_this_machine(devices.iter().any(Device::is_gpu)))
    }
}

impl EnergyMeter for Meter {
    fn read(&self) -> Option<Joules> {
        self.0.read()
    }
}
