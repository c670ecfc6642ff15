use jiff::civil::Date;

use super::name::Name;
use super::option::{PlannedPrice, Quote};
use crate::calibration::ServingClass;
use crate::capacity::{Deployment, Precision, ServingDevice, ServingEngine};
use crate::catalog::{
    Accelerator, AcceleratorKind, Catalog, CatalogError, FeedForward, HardwarePrice, MachineKind,
    MachinePrice, Model, is_stale,
};
use crate::gguf::{LatentLayout, Layout, Mix};
use crate::machine::GpuMemory;
use crate::units::{Bytes, Usd};

/// A unit that can be bought: a server, or a computer with cards in it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Offer {
    /// What it is called on a bill.
    pub(super) name: Name,
    /// The accelerator's id.
    pub(super) accelerator: String,
    /// Whether that is a card for consumers.
    pub(super) is_consumer: bool,
    /// The accelerators.
    pub(super) device: ServingDevice,
    /// How many of them it has.
    pub(super) gpus: u32,
    /// Its price.
    pub(super) usd: Usd,
    /// The prices that it rests on.
    pub(super) prices: Vec<PlannedPrice>,
    /// The power that it must be wired for.
    pub(super) nameplate_kw: f64,
    /// The power that it takes when it has nothing to do.
    pub(super) idle_kw: f64,
    /// Height in a rack, where it stands in one.
    pub(super) rack_units: Option<u32>,
    /// How many of it are there already and are not to be bought; none of what is for sale.
    pub(super) held: Option<u32>,
}

/// Cards with less memory hold no model that many could share.
const LEAST_MEMORY: Bytes = Bytes::gib(24);

/// Without a figure, a server that has nothing to do takes this share of its nameplate power.
const IDLE_SHARE: f64 = 0.3;

/// What a card takes when it has nothing to do, as a share of its board power.
const IDLE_CARD_SHARE: f64 = 0.08;

/// Everything that can be bought, at a known price.
pub(super) fn offers(catalog: &Catalog, today: Date) -> Result<Vec<Offer>, CatalogError> {
    let mut offers = Vec::new();
    let machines = catalog.machine_prices()?;
    for machine in machines.iter().filter(|machine| machine.kind == MachineKind::Server) {
        offers.extend(server(machine, catalog, today)?);
    }
    for accelerator in catalog.accelerators()? {
        let Some(price) = HardwarePrice::of(accelerator) else { continue };
        let quoted = PlannedPrice {
            of: Name::Made(accelerator.name.clone()),
            price: Quote::Each(price.usd),
            date: price.date.clone(),
            source: price.source.clone(),
            confidence: price.confidence,
            is_stale: price.date.as_ref().is_none_or(|date| is_stale(date, today)),
        };
        offers.extend(computer(accelerator, &price, quoted.clone()));
        let is_card = accelerator.kind == AcceleratorKind::Gpu
            && accelerator.memory >= LEAST_MEMORY
            // Modules are sold in servers only; old cards lack what the engines need.
            && accelerator.is_card()
            && accelerator.class.is_some_and(is_served);
        let (true, Some(device)) = (is_card, ServingDevice::of(accelerator)) else { continue };
        let watts = accelerator.tdp_watts.unwrap_or(300.0);
        for host in machines.iter().filter(|machine| machine.kind == MachineKind::Host) {
            let cards = f64::from(host.accelerators);
            offers.push(Offer {
                name: Name::Cards {
                    host: host.name.clone(),
                    count: host.accelerators,
                    card: accelerator.name.clone(),
                },
                accelerator: accelerator.id.clone(),
                is_consumer: accelerator.consumer,
                device: device.clone(),
                gpus: host.accelerators,
                usd: host.usd + price.usd * cards,
                prices: vec![source(host, today), quoted.clone()],
                nameplate_kw: host.nameplate_kw.unwrap_or(0.5) + cards * watts / 1e3,
                idle_kw: host.idle_kw.unwrap_or(0.1) + cards * watts / 1e3 * IDLE_CARD_SHARE,
                rack_units: host.rack_units,
                held: None,
            });
        }
    }
    Ok(offers)
}

/// A computer whose GPU shares its memory, as it is sold.
fn computer(accelerator: &Accelerator, price: &HardwarePrice, quoted: PlannedPrice) -> Option<Offer> {
    let memory = Bytes::gib(accelerator.price_memory_gib?.into());
    if accelerator.kind != AcceleratorKind::Unified || memory < LEAST_MEMORY {
        return None;
    }
    let usable = GpuMemory::default_share(accelerator.vendor, memory).free();
    let watts = accelerator.tdp_watts.unwrap_or(150.0);
    let name = Name::Made(format!("{}, {memory}", accelerator.name));
    Some(Offer {
        name: name.clone(),
        accelerator: accelerator.id.clone(),
        is_consumer: false,
        device: ServingDevice { memory: usable, ..ServingDevice::of(accelerator)? },
        gpus: 1,
        usd: price.usd,
        prices: vec![PlannedPrice { of: name, ..quoted }],
        nameplate_kw: watts / 1e3,
        idle_kw: watts / 1e3 * IDLE_CARD_SHARE,
        rack_units: None,
        held: None,
    })
}

fn server(machine: &MachinePrice, catalog: &Catalog, today: Date) -> Result<Option<Offer>, CatalogError> {
    let id = machine.accelerator.as_deref().unwrap_or_default();
    let accelerator = catalog.accelerators()?.iter().find(|accelerator| accelerator.id == id);
    let Some(device) = accelerator.and_then(ServingDevice::of) else { return Ok(None) };
    let nameplate_kw = machine.nameplate_kw.unwrap_or(10.0);
    Ok(Some(Offer {
        name: Name::Listed(machine.name.clone()),
        accelerator: id.to_owned(),
        is_consumer: accelerator.is_some_and(|accelerator| accelerator.consumer),
        device,
        gpus: machine.accelerators,
        usd: machine.usd,
        prices: vec![source(machine, today)],
        nameplate_kw,
        idle_kw: machine.idle_kw.unwrap_or(nameplate_kw * IDLE_SHARE),
        rack_units: machine.rack_units,
        held: None,
    }))
}

fn source(machine: &MachinePrice, today: Date) -> PlannedPrice {
    PlannedPrice {
        of: Name::Listed(machine.name.clone()),
        price: Quote::Each(machine.usd),
        date: Some(machine.date.clone()),
        source: machine.provenance.source.clone(),
        confidence: machine.provenance.confidence,
        is_stale: is_stale(&machine.date, today),
    }
}

/// Classes that vLLM and its like run on.
fn is_served(class: crate::machine::GpuClass) -> bool {
    use crate::machine::GpuClass as Class;
    matches!(
        class,
        Class::Ampere
            | Class::AmpereHbm
            | Class::Ada
            | Class::Hopper
            | Class::Blackwell
            | Class::BlackwellHbm
            | Class::Cdna3
    )
}

/// The quant of llama.cpp that is usual.
pub(super) const USUAL_QUANT: &str = "Q4_K_M";

/// The precision that a model is usually served in on a device: eight bits where it multiplies in them, for that is
/// what the 671B was trained in and costs others next to nothing; else what fits. llama.cpp has quants of its own.
pub(super) fn usual_precision(model: &Model, engine: ServingEngine, device: &ServingDevice) -> Precision {
    if engine == ServingEngine::LlamaCpp {
        let mix = Mix::nearest_to(USUAL_QUANT, true);
        let weights = Layout::new(&model.architecture, mix, LatentLayout::default()).bytes();
        return Precision::gguf(weights.as_f64() * 8.0 / model.parameters as f64);
    }
    match (is_routed(model), device.fp8.is_some()) {
        (_, true) => Precision::FP8,
        (true, false) => Precision::INT4,
        (false, false) => Precision::BF16,
    }
}

/// How the weights of a deployment are kept, in the word for it.
pub(super) fn precision_of(deployment: &Deployment) -> &'static str {
    match deployment.engine {
        ServingEngine::LlamaCpp => USUAL_QUANT,
        _ => deployment.precision.name(),
    }
}

/// How a model is usually served on accelerators of a kind: the engine, or the one that is named, and the word for how
/// weights are kept.
#[must_use]
pub fn usual_service(
    model: &Model,
    device: &ServingDevice,
    engine: Option<ServingEngine>,
) -> (ServingEngine, &'static str) {
    let engine = engine.unwrap_or_else(|| usual_engine(model, device));
    match engine {
        ServingEngine::LlamaCpp => (engine, USUAL_QUANT),
        _ => (engine, usual_precision(model, engine, device).name()),
    }
}

/// The engine that a model is usually served by: vLLM and its like run on data-centre GPUs and newer cards, llama.cpp on
/// everything.
pub(super) fn usual_engine(model: &Model, device: &ServingDevice) -> ServingEngine {
    match device.class {
        ServingClass::Other => ServingEngine::LlamaCpp,
        _ if is_routed(model) => ServingEngine::Sglang,
        _ => ServingEngine::Vllm,
    }
}

/// Whether its tokens go through a few of many experts.
pub(super) const fn is_routed(model: &Model) -> bool {
    matches!(model.architecture.feed_forward, FeedForward::Experts { .. })
}
