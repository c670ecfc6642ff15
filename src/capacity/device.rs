use crate::calibration::ServingClass;
use crate::catalog::{Accelerator, FormFactor};
use crate::units::{Bandwidth, Bytes, Flops};

use super::Arithmetic;

/// What a step's time needs to know of an accelerator.
#[derive(Clone, Debug, PartialEq)]
pub struct ServingDevice {
    /// The name.
    pub name: String,
    /// Peak memory bandwidth.
    pub bandwidth: Bandwidth,
    /// Peak dense throughput in 16 bits.
    pub fp16: Flops,
    /// In 8 bits, where it can.
    pub fp8: Option<Flops>,
    /// In 4 bits, where it can.
    pub fp4: Option<Flops>,
    /// Its memory.
    pub memory: Bytes,
    /// The link to others of its kind, both directions together; none but PCIe where it is not stated.
    pub interconnect: Option<Bandwidth>,
    /// How many are in one node.
    pub linked: u32,
    /// How many of them are on one such link: bridges join two cards.
    pub bridged: u32,
    /// The generation of PCIe.
    pub pcie: u32,
    /// Whose kernels its own behave like.
    pub class: ServingClass,
}

/// Slower links than this are bridges between two cards, and no better than PCIe for four.
const LINKED_GB_PER_SECOND: f64 = 300.0;

impl ServingDevice {
    /// Of a catalog entry; `None` where bandwidth or compute is unknown.
    #[must_use]
    pub fn of(accelerator: &Accelerator) -> Option<Self> {
        Some(Self {
            name: accelerator.name.clone(),
            bandwidth: accelerator.bandwidth?,
            fp16: accelerator.fp16.or(accelerator.fp32)?,
            fp8: accelerator.fp8,
            fp4: accelerator.fp4,
            memory: accelerator.memory,
            interconnect: accelerator
                .interconnect
                .filter(|rate| rate.as_gb_per_second() >= LINKED_GB_PER_SECOND),
            linked: accelerator.linked,
            bridged: if accelerator.form == FormFactor::Card { 2 } else { accelerator.linked },
            pcie: accelerator.pcie.map_or(4, |link| link.generation),
            class: ServingClass::of(accelerator.class),
        })
    }

    /// The number format that it multiplies in where `arithmetic` is wished, and its peak.
    #[must_use]
    pub fn peak(&self, arithmetic: Arithmetic) -> (Arithmetic, Flops) {
        let eight = self.fp8.map_or((Arithmetic::Sixteen, self.fp16), |peak| (Arithmetic::Eight, peak));
        match arithmetic {
            Arithmetic::Sixteen => (Arithmetic::Sixteen, self.fp16),
            Arithmetic::Eight => eight,
            Arithmetic::Four => self.fp4.map_or(eight, |peak| (Arithmetic::Four, peak)),
        }
    }

    /// Whether it is one of the large cards that vLLM gives larger limits by default: 70 GiB and more, but the A100.
    #[must_use]
    pub fn is_large(&self) -> bool {
        self.memory >= Bytes::gib(70) && self.class != ServingClass::AmpereHbm
    }
}
