use super::offer::Offer;
use super::option::{OptionKind, PlanOption};
use super::plan::{Planned, Site, Weights, planned};
use crate::capacity::ServingDevice;
use crate::catalog::{Accelerator, ApiPrice, Model, Rental};

/// The most GPUs of one rented machine.
const RENTED_GPUS: u32 = 8;

/// What an option is made from, so that it can be worked out again when a need changes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Way<'a> {
    /// Buying machines.
    Buy { offer: &'a Offer, model: &'a Model, kind: OptionKind },
    /// Renting GPUs.
    Rent { rental: &'a Rental, accelerator: &'a Accelerator, model: &'a Model },
    /// Calling an API.
    Call { price: &'a ApiPrice, model: &'a Model },
    /// Owning a base and paying for the peak, which is worked out from the others.
    Mix,
    /// Doing nothing.
    Wait,
}

/// What a way runs on.
#[derive(Clone, Debug)]
pub(super) struct Machines<'a> {
    pub(super) model: &'a Model,
    /// The accelerator's id.
    pub(super) accelerator: &'a str,
    pub(super) device: ServingDevice,
    /// GPUs of one machine.
    pub(super) most_gpus: u32,
    pub(super) weights: Weights,
}

impl Machines<'_> {
    /// What they carry; none where the model does not fit.
    pub(super) fn planned(&self, site: &Site<'_>) -> Option<Planned> {
        self.planned_while(site, &|_, _| true)
    }

    /// The same while the number of GPUs of a replica and its highest possible rate are `wanted`.
    pub(super) fn planned_while(
        &self,
        site: &Site<'_>,
        wanted: &dyn Fn(u32, f64) -> bool,
    ) -> Option<Planned> {
        planned(site, self.model, self.most_gpus, &self.device, self.weights, wanted)
    }
}

impl<'a> Way<'a> {
    /// What it runs on; an API's is not known.
    pub(super) fn machines(self) -> Option<Machines<'a>> {
        let (model, accelerator, device, most_gpus) = match self {
            Self::Buy { offer, model, .. } => {
                (model, offer.accelerator.as_str(), offer.device.clone(), offer.gpus)
            }
            Self::Rent { rental, accelerator, model } => {
                (model, rental.accelerator.as_str(), ServingDevice::of(accelerator)?, RENTED_GPUS)
            }
            Self::Call { .. } | Self::Mix | Self::Wait => return None,
        };
        let weights = match self {
            Self::Buy { kind: OptionKind::LowerQuant, .. } => Weights::FourBits,
            _ => Weights::Usual,
        };
        Some(Machines { model, accelerator, device, most_gpus, weights })
    }

    /// What comes of it; without a plan for its machines, nothing does.
    pub(super) fn option(self, site: &Site<'_>, planned: Option<&Planned>) -> Option<PlanOption> {
        Some(match self {
            Self::Buy { offer, model, kind } => site.buy(offer, planned?, model, kind),
            Self::Rent { rental, model, .. } => site.rent(rental, planned?, model),
            Self::Call { price, model } => site.call(price, model),
            Self::Mix => return None,
            Self::Wait => site.wait(),
        })
    }
}
