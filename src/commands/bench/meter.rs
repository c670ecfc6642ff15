use crate::bench::EnergyMeter;
use crate::probe::EnergyCounters;
use crate::units::Joules;

/// The counters of this machine, read beside each repetition.
pub(super) struct Meter(EnergyCounters);

impl Meter {
    pub(super) fn of_this_machine() -> Self {
        Self(EnergyCounters::of_this_machine())
    }
}

impl EnergyMeter for Meter {
    fn read(&self) -> Option<Joules> {
        self.0.read()
    }
}
