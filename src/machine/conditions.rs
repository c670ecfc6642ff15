use serde::Serialize;

/// What else went on in the machine while something was measured. What the system does not tell is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Conditions {
    /// Processes that ran or waited to run in the minute before it began, on all processors.
    pub load_average_at_start: Option<f64>,
    /// The share of all processors' time that other processes took meanwhile.
    pub others_processor_share: Option<f64>,
    /// The share that the host of a virtual machine took.
    pub steal_share: Option<f64>,
    /// How often a core was throttled because of heat or power.
    pub throttle_events: Option<u64>,
    /// The hottest sensor at the end.
    pub hottest_celsius: Option<f64>,
    /// Pages that were swapped in or out.
    pub swapped_pages: Option<u64>,
}
