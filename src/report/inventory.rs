//! What is there already: machines that cost nothing to get, but power and people.

use super::name::Name;
use super::offer::Offer;
use crate::capacity::ServingDevice;
use crate::catalog::{Accelerator, AcceleratorKind, Catalog, CatalogError, MachineKind};
use crate::message;
use crate::message::Message;
use crate::needs::Inventory;
use crate::units::Bytes;

/// Drawn by a computer beside its cards, where the catalog has no server with them.
const COMPUTER_KW: f64 = 0.3;

/// What a machine that has nothing to do takes, as a share of its nameplate power.
const IDLE_SHARE: f64 = 0.2;

/// Machines of one kind as one offer without a price, of which there are as many as there are.
pub(super) fn held(inventory: &Inventory, catalog: &Catalog) -> Result<Vec<Offer>, CatalogError> {
    let mut offers: Vec<Offer> = Vec::new();
    for machine in &inventory.machines {
        let known = catalog.accelerators()?.iter().find(|one| one.id == machine.accelerator);
        let Some((accelerator, device)) = known.and_then(|one| Some((one, ServingDevice::of(one)?))) else {
            continue;
        };
        let memory = Bytes(machine.memory_bytes);
        let same = offers.iter_mut().find(|offer| {
            (&offer.accelerator, offer.gpus, offer.device.memory)
                == (&machine.accelerator, machine.gpus, memory)
        });
        if let Some(offer) = same {
            offer.held = offer.held.map(|count| count + 1);
            continue;
        }
        let nameplate_kw = nameplate_kw(accelerator, machine.gpus, catalog)?;
        offers.push(Offer {
            name: Name::Own { count: machine.gpus, card: accelerator.name.clone() },
            accelerator: machine.accelerator.clone(),
            is_consumer: accelerator.consumer,
            device: ServingDevice { memory, ..device },
            gpus: machine.gpus,
            usd: crate::units::Usd::ZERO,
            prices: Vec::new(),
            nameplate_kw,
            idle_kw: nameplate_kw * IDLE_SHARE,
            rack_units: None,
            held: Some(1),
        });
    }
    Ok(offers)
}

/// What is said of every way that uses what is there.
pub(super) fn paid_for() -> Message {
    message!(ReportNotePaidFor)
}

fn nameplate_kw(accelerator: &Accelerator, gpus: u32, catalog: &Catalog) -> Result<f64, CatalogError> {
    let server = catalog.machine_prices()?.iter().find(|machine| {
        machine.kind == MachineKind::Server
            && machine.accelerator.as_deref() == Some(&accelerator.id)
            && machine.accelerators == gpus
    });
    let cards = f64::from(gpus) * accelerator.tdp_watts.unwrap_or(300.0) / 1e3;
    let around = if accelerator.kind == AcceleratorKind::Unified { 0.0 } else { COMPUTER_KW };
    Ok(server.and_then(|server| server.nameplate_kw).unwrap_or(cards + around))
}
