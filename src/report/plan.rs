//! From needs to options: what each way takes at the same load and promise, and what it costs.

use jiff::civil::Date;

use super::needs::{Privacy, ReportNeeds};
use super::offer::{Offer, PriceSource, USUAL_QUANT, usual_engine, usual_precision};
use super::option::{CostLine, CostPart, OptionKind, PlanOption, PlannedDeployment, PlannedPrice};
use crate::calibration::ServingConstants;
use crate::capacity::{
    Capacity, Constraint, Deployment, EngineAge, Lengths, Parallelism, Precision, Request, ServedModel,
    ServingDevice, ServingEngine, availability, capacity, replicas, spares,
};
use crate::catalog::{ApiPrice, Billing, Catalog, Model, ProviderKind, Rental, is_stale};
use crate::cost::{ApiRates, Capex, CashFlow, Ownership, present_value, rent_per_year};
use crate::lang::Lang;
use crate::tr;
use crate::units::Usd;

/// Shares of the price of machines: network and cables, setting up, spare parts; the middles of what sizing guides
/// state.
pub(super) const NETWORK_SHARE: f64 = 0.12;
pub(super) const INSTALL_SHARE: f64 = 0.03;
pub(super) const SPARES_SHARE: f64 = 0.03;

/// Support, a year: the middle of 3 to 10 %.
const SUPPORT_SHARE: f64 = 0.05;

/// Storage, traffic and services on top of rented GPUs: the lower end of 30 to 50 %.
pub(super) const SERVICES_SHARE: f64 = 0.3;

/// Machines that are busy draw this share of their nameplate power: 10.4 kW of 14.3 were measured of eight B200.
const BUSY_SHARE: f64 = 0.75;

/// The share of time in which a server of eight GPUs is up: one fails every 264 days (419 unexpected interruptions in 54
/// days of 16,384 H100, `The Llama 3 Herd of Models`, 2024), and service takes three days.
pub(super) const MACHINE_AVAILABILITY: f64 = 264.0 / 267.0;

/// Hours of a year.
const HOURS: f64 = 8760.0;

/// What a plan is made from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site<'a> {
    pub(super) needs: &'a ReportNeeds,
    pub(super) catalog: &'a Catalog,
    pub(super) constants: &'a ServingConstants,
    pub(super) today: Date,
    /// The language of every sentence.
    pub(super) lang: Lang,
}

/// A model on GPUs in as many replicas as the load takes.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    pub(super) deployment: Deployment,
    pub(super) capacity: Capacity,
    /// Replicas for the load.
    pub(super) working: u32,
}

/// The smallest part of a machine that carries the load with the fewest GPUs: how many GPUs a replica has. Of servers it
/// is two where the model fits on no one.
pub(super) fn planned(
    site: &Site<'_>,
    model: &Model,
    most_gpus: u32,
    device: &ServingDevice,
    weights: Weights,
) -> Option<Planned> {
    let of_one = [1, 2, 4, 8].into_iter().filter(|gpus| most_gpus.is_multiple_of(*gpus));
    let best = cheapest(site, model, (device, weights), of_one);
    // Two servers carry a model that one has no room for; cards without links of their own are too slow for that.
    let is_server = most_gpus == device.linked && device.interconnect.is_some();
    if best.is_none() && is_server {
        return cheapest(site, model, (device, weights), std::iter::once(2 * most_gpus));
    }
    best
}

/// The deployment of the fewest GPUs, of those with as many in a replica as are tried.
fn cheapest(
    site: &Site<'_>,
    model: &Model,
    (device, weights): (&ServingDevice, Weights),
    tried: impl Iterator<Item = u32>,
) -> Option<Planned> {
    let needs = site.needs;
    let request = site.request();
    let engine = usual_engine(model, device);
    let mut best: Option<Planned> = None;
    for gpus in tried {
        let deployment = Deployment {
            model: ServedModel::of(&model.architecture),
            precision: match weights {
                Weights::Usual => usual_precision(model, engine, device),
                Weights::FourBits => Precision::INT4,
            },
            device: device.clone(),
            parallelism: match engine {
                ServingEngine::LlamaCpp => Parallelism::Pipeline(gpus),
                _ => Parallelism::Tensor(gpus),
            },
            engine,
            age: EngineAge::Current,
            drafted: 0,
            cache_room: None,
            experts_in_ram: None,
        };
        let Some(capacity) = capacity(&deployment, site.constants, &request, needs.promise()) else {
            continue;
        };
        if capacity.cache_wall < 1.0 {
            continue;
        }
        let Some(count) = replicas(&capacity, needs.people().peak_rate(), needs.headroom.value, false) else {
            best = best.or(Some(Planned { deployment, capacity, working: 0 }));
            continue;
        };
        let planned = Planned { deployment, capacity, working: count.working };
        let cost = |planned: &Planned| planned.working * planned.deployment.gpus();
        // Fewer GPUs; of as many, the smaller replicas, which fail one at a time.
        if best.as_ref().is_none_or(|best| best.working == 0 || cost(&planned) < cost(best)) {
            best = Some(planned);
        }
    }
    best
}

/// In how many bits weights are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weights {
    /// As the model is usually served on a device.
    Usual,
    /// Four a weight.
    FourBits,
}

/// What is changed in a purchase to see what it does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Change {
    /// The load, as a factor.
    pub(super) load: f64,
    /// The price of machines, as a factor.
    pub(super) price: f64,
    /// What a replica carries, as a factor.
    pub(super) throughput: f64,
}

impl Change {
    /// Nothing.
    pub(super) const NONE: Self = Self { load: 1.0, price: 1.0, throughput: 1.0 };
}

impl Site<'_> {
    /// What a request is.
    pub(super) fn request(&self) -> Request {
        Request {
            prompt_tokens: self.needs.new_prompt_tokens().max(1.0),
            output_tokens: self.needs.output_tokens.value,
            answers: Lengths::REASONING,
        }
    }

    /// How many of `offer` carry the load, spare ones included.
    pub(super) fn units(&self, offer: &Offer, planned: &Planned, change: Change) -> u32 {
        let working = self.working_units(offer, planned, change);
        let all = working + self.spares(working);
        // Of what is there no more can be used.
        offer.held.map_or(all, |held| all.min(held))
    }

    /// Machines, or rented replicas, beside so many that work: one where one may fail, and as many as the availability
    /// takes.
    pub(super) fn spares(&self, working: u32) -> u32 {
        let target = self.needs.availability.value;
        let for_target = target.map_or(0, |target| spares(working, MACHINE_AVAILABILITY, target));
        for_target.max(u32::from(self.needs.spare.value))
    }

    /// How many of `offer` carry the load.
    #[expect(clippy::cast_sign_loss, reason = "a count of replicas is not negative")]
    pub(super) fn working_units(&self, offer: &Offer, planned: &Planned, change: Change) -> u32 {
        let rate = self.needs.people().peak_rate() * change.load;
        let carried = planned.capacity.rate * change.throughput * self.needs.headroom.value;
        // What carries nothing is shown once, as what does not keep the promise.
        let working = if carried > 0.0 { (rate / carried).ceil().max(1.0) as u32 } else { 1 };
        working.saturating_mul(planned.deployment.gpus()).div_ceil(offer.gpus)
    }

    /// Owning as many of `offer` as that takes.
    pub(super) fn owned(&self, offer: &Offer, planned: &Planned, change: Change) -> Ownership {
        let units = f64::from(self.units(offer, planned, change));
        let used = self.utilisation(planned) * change.load / change.throughput;
        self.ownership(offer.usd * change.price * units, average_kw(offer, used) * units)
    }

    /// Buying `offer` for `model`.
    pub(super) fn buy(
        &self,
        offer: &Offer,
        planned: &Planned,
        model: &Model,
        kind: OptionKind,
    ) -> PlanOption {
        let units = self.units(offer, planned, Change::NONE);
        let ownership = self.owned(offer, planned, Change::NONE);
        let yearly = ownership.yearly();
        let flow = ownership.cash_flow();
        let mut option = self.option(kind, offer.name.clone(), model, planned, &flow, yearly.total());
        option.quantity = Some(units);
        option.capex = ownership.capex.total();
        option.lines = vec![
            CostLine { what: CostPart::Capital, usd: yearly.capital },
            CostLine { what: CostPart::Energy, usd: yearly.energy },
            CostLine { what: CostPart::Support, usd: yearly.support },
            CostLine { what: CostPart::Staff, usd: yearly.staff },
        ];
        option.utilisation = Some(self.utilisation(planned));
        option.prices = offer.prices.iter().map(|price| self.priced(price)).collect();
        option.deployment = Some(PlannedDeployment {
            gpus: units * offer.gpus,
            nameplate_kw: offer.nameplate_kw * f64::from(units),
            average_kw: ownership.average_kw,
            availability: availability(
                units,
                self.working_units(offer, planned, Change::NONE).min(units),
                MACHINE_AVAILABILITY,
            ),
            rack_units: offer.rack_units.map(|height| height * units),
            ..deployment(planned, &offer.accelerator, self.lang)
        });
        if let Some(held) = offer.held {
            self.hold_against(&mut option, offer, planned, held);
        }
        option.excluded = self.above_budget(option.capex);
        option
    }

    /// Why so much may not be spent, where it may not.
    pub(super) fn above_budget(&self, capex: Usd) -> Option<String> {
        let budget = self.needs.budget.value.filter(|budget| capex > *budget)?;
        Some(tr!(self.lang, "{capex} is above the budget of {budget}", "{capex} 超出预算 {budget}"))
    }

    /// What becomes of a way whose machines are there, where they are too few.
    fn hold_against(&self, option: &mut PlanOption, offer: &Offer, planned: &Planned, held: u32) {
        let lang = self.lang;
        let needed = self.working_units(offer, planned, Change::NONE);
        option.notes.push(tr!(
            lang,
            "the machines are paid for: what they could be sold for, and their support, is not counted",
            "设备已经购置：其转售价值与维保费用不计"
        ));
        if needed + self.spares(needed) <= held {
            return;
        }
        option.meets_slo = Some(false);
        let replicas = (held * offer.gpus / planned.deployment.gpus()).min(planned.working);
        if let Some(deployment) = &mut option.deployment {
            deployment.replicas = replicas;
        }
        let carried = planned.capacity.rate * f64::from(replicas) * self.needs.headroom.value;
        let share = (carried / self.needs.people().peak_rate()).min(1.0) * 100.0;
        option.notes.push(tr!(
            lang,
            "{held} are there and {needed} are needed: they carry {share:.0} % of the peak",
            "现有 {held} 台，需要 {needed} 台：可承载峰值的 {share:.0}%"
        ));
    }

    /// Renting the GPUs of `rental` for `model`, all year.
    pub(super) fn rent(&self, rental: &Rental, planned: &Planned, model: &Model) -> PlanOption {
        let step = rental.smallest_gpus.max(planned.deployment.gpus());
        let working = planned.working.max(1);
        let replicas = working + self.spares(working);
        let gpus = (replicas * planned.deployment.gpus()).next_multiple_of(step);
        let rent = rent_per_year(gpus, HOURS, rental.usd_per_gpu_hour, SERVICES_SHARE);
        // Somebody runs the engine there too.
        let staff = self.needs.staff_cost.value * self.needs.staff_fte.value;
        let yearly = rent + staff;
        let years = self.needs.years.value.max(1) as usize;
        let flow = CashFlow { at_start: Usd::ZERO, yearly: vec![yearly; years] };
        let kind = match rental.billing {
            Billing::OnDemand => OptionKind::RentOnDemand,
            _ => OptionKind::RentReserved,
        };
        let (gpu, provider) = (&planned.deployment.device.name, &rental.provider);
        let name = tr!(self.lang, "{gpu} at {provider}", "{provider} 的 {gpu}");
        let mut option = self.option(kind, name, model, planned, &flow, yearly);
        option.quantity = Some(gpus);
        option.lines = vec![
            CostLine { what: CostPart::Gpus, usd: rent * (1.0 / (1.0 + SERVICES_SHARE)) },
            CostLine { what: CostPart::Services, usd: rent * (SERVICES_SHARE / (1.0 + SERVICES_SHARE)) },
            CostLine { what: CostPart::Staff, usd: staff },
        ];
        option.utilisation = Some(self.utilisation(planned));
        option.deployment = Some(PlannedDeployment {
            gpus,
            availability: availability(replicas, working, MACHINE_AVAILABILITY),
            ..deployment(planned, &rental.accelerator, self.lang)
        });
        option.prices = vec![PlannedPrice {
            of: tr!(self.lang, "{gpu}, an hour of one GPU", "{gpu}，单卡每小时"),
            price: rental.usd_per_gpu_hour.to_string(),
            date: rental.date.clone(),
            source: self.text(&rental.source),
            confidence: rental.confidence,
            is_stale: is_stale(&rental.date, self.today),
        }];
        option.notes.extend(rental.note.as_deref().map(|note| self.text(note)));
        if self.needs.privacy.value == Privacy::Premises {
            option.excluded = Some(self.stays());
        }
        option
    }

    /// Calling an API.
    pub(super) fn call(&self, price: &ApiPrice, model: &Model) -> PlanOption {
        let rates = ApiRates { input: price.input, cached_input: price.cached_input, output: price.output };
        let volume = self.needs.volume();
        let yearly = rates.bill(&volume);
        let years = self.needs.years.value.max(1) as usize;
        let flow = CashFlow { at_start: Usd::ZERO, yearly: vec![yearly; years] };
        let is_r1 = price.model.is_some();
        let lang = self.lang;
        let mut notes = vec![tr!(
            lang,
            "the provider promises no latency: measure it before signing",
            "服务商不承诺时延：签约前须实测"
        )];
        if !is_r1 {
            notes.push(tr!(
                lang,
                "a successor of R1: other answers, other length",
                "R1 的后继模型：回答内容与长度都不同"
            ));
        }
        notes.extend(price.note.as_deref().map(|note| self.text(note)));
        let excluded = match self.needs.privacy.value {
            Privacy::Open => None,
            Privacy::Rented => {
                Some(tr!(lang, "data must not go to those who serve a model", "数据不得交给模型服务商"))
            }
            Privacy::Premises => Some(self.stays()),
        };
        let (offered_as, provider) = (&price.offered_as, &price.provider);
        let name = tr!(lang, "{offered_as} at {provider}", "{provider} 的 {offered_as}");
        PlanOption {
            kind: OptionKind::Api,
            name: name.clone(),
            model: price.model.clone().unwrap_or_else(|| price.offered_as.clone()),
            is_asked_model: price.model.as_deref() == Some(&model.id),
            precision: None,
            quantity: None,
            deployment: None,
            base: None,
            capex: Usd::ZERO,
            yearly_cost: yearly,
            net_present_cost: present_value(&flow, self.needs.discount_rate.value),
            lines: vec![CostLine { what: CostPart::Tokens, usd: yearly }],
            cumulative: flow.cumulative(),
            cost_per_million_tokens: yearly.per_million(volume.total()),
            cost_per_user_month: self.per_user_month(yearly),
            utilisation: None,
            ttft_p95_seconds: None,
            tpot_seconds: None,
            meets_slo: None,
            excluded,
            prices: vec![PlannedPrice {
                of: name,
                price: tr!(
                    lang,
                    "{input} in, {output} out",
                    "输入 {input}，输出 {output}",
                    input = price.input,
                    output = price.output
                ),
                date: price.date.clone(),
                source: self.text(&price.source),
                confidence: price.confidence,
                is_stale: is_stale(&price.date, self.today),
            }],
            notes,
        }
    }

    /// Doing nothing.
    pub(super) fn wait(&self) -> PlanOption {
        let years = self.needs.years.value.max(1) as usize;
        PlanOption {
            kind: OptionKind::Wait,
            name: tr!(self.lang, "do nothing, or wait", "不采购，或等待"),
            model: self.needs.model.value.clone(),
            is_asked_model: true,
            precision: None,
            quantity: None,
            deployment: None,
            base: None,
            capex: Usd::ZERO,
            yearly_cost: Usd::ZERO,
            net_present_cost: Usd::ZERO,
            lines: Vec::new(),
            cumulative: vec![Usd::ZERO; years + 1],
            cost_per_million_tokens: crate::units::UsdPerMillionTokens(0.0),
            cost_per_user_month: Usd::ZERO,
            utilisation: None,
            ttft_p95_seconds: None,
            tpot_seconds: None,
            meets_slo: Some(false),
            excluded: None,
            prices: Vec::new(),
            notes: vec![tr!(
                self.lang,
                "nobody is served; prices of GPUs and memory rose through 2026, those of APIs fell",
                "需求得不到满足；2026 年 GPU 与内存价格持续上涨，API 价格下降"
            )],
        }
    }

    pub(super) fn ownership(&self, hardware: Usd, average_kw: f64) -> Ownership {
        let needs = self.needs;
        Ownership {
            capex: Capex {
                hardware,
                network_share: NETWORK_SHARE,
                install_share: INSTALL_SHARE,
                spares_share: SPARES_SHARE,
            },
            finance: needs.finance(),
            average_kw,
            pue: needs.pue.value,
            usd_per_kwh: needs.usd_per_kwh.value,
            space_per_year: Usd::ZERO,
            support_share: SUPPORT_SHARE,
            staff_per_year: needs.staff_cost.value * needs.staff_fte.value,
        }
    }

    /// The mean load of a year as a share of what the working replicas carry.
    pub(super) fn utilisation(&self, planned: &Planned) -> f64 {
        let needs = self.needs;
        let requests = needs.volume().output / needs.output_tokens.value;
        let carried = planned.capacity.rate * f64::from(planned.working.max(1)) * HOURS * 3600.0;
        if carried > 0.0 { requests / carried } else { 0.0 }
    }

    fn per_user_month(&self, yearly: Usd) -> Usd {
        yearly * (1.0 / 12.0 / self.needs.users.value.max(1.0))
    }

    /// A sentence of the catalog.
    fn text(&self, english: &str) -> String {
        self.catalog.text(english).told(self.lang).to_owned()
    }

    /// Why nothing but own machines may be taken.
    fn stays(&self) -> String {
        tr!(self.lang, "data must not leave the premises", "数据不得出域")
    }

    fn priced(&self, price: &PriceSource) -> PlannedPrice {
        PlannedPrice {
            of: price.of.clone(),
            price: price.usd.to_string(),
            date: price.date.clone(),
            source: price.source.clone(),
            confidence: price.confidence,
            is_stale: is_stale(&price.date, self.today),
        }
    }

    fn option(
        &self,
        kind: OptionKind,
        name: String,
        model: &Model,
        planned: &Planned,
        flow: &CashFlow,
        yearly: Usd,
    ) -> PlanOption {
        let fits = planned.working > 0;
        PlanOption {
            kind,
            name,
            model: model.id.clone(),
            is_asked_model: model.id == self.needs.model.value,
            precision: Some(match planned.deployment.engine {
                ServingEngine::LlamaCpp => USUAL_QUANT,
                _ => planned.deployment.precision.name(),
            }),
            quantity: None,
            deployment: None,
            base: None,
            capex: Usd::ZERO,
            yearly_cost: yearly,
            net_present_cost: present_value(flow, self.needs.discount_rate.value),
            lines: Vec::new(),
            cumulative: flow.cumulative(),
            cost_per_million_tokens: yearly.per_million(self.needs.volume().total()),
            cost_per_user_month: self.per_user_month(yearly),
            utilisation: None,
            ttft_p95_seconds: Some(planned.capacity.ttft_p95),
            tpot_seconds: Some(planned.capacity.tpot_p95),
            meets_slo: Some(fits),
            excluded: None,
            prices: Vec::new(),
            notes: if fits {
                Vec::new()
            } else {
                vec![tr!(
                    self.lang,
                    "even a single request breaks the promise",
                    "即使只有一个请求也达不到 SLO"
                )]
            },
        }
    }
}

/// The power that one of `offer` draws on average when it is used so much.
pub(super) fn average_kw(offer: &Offer, used: f64) -> f64 {
    let busy = offer.nameplate_kw * BUSY_SHARE;
    offer.idle_kw + (busy - offer.idle_kw).max(0.0) * used.min(1.0)
}

fn deployment(planned: &Planned, accelerator: &str, lang: Lang) -> PlannedDeployment {
    let Planned { deployment, capacity, working } = planned;
    PlannedDeployment {
        accelerator: accelerator.to_owned(),
        gpus_per_replica: deployment.gpus(),
        replicas: *working,
        gpus: working * deployment.gpus(),
        engine: deployment.engine.name(),
        requests_per_second: capacity.rate,
        output_tokens_per_second: capacity.output.0,
        in_flight: capacity.in_flight,
        cache_wall: capacity.cache_wall,
        binding: match capacity.binding {
            Constraint::Tpot => tr!(lang, "the time between tokens", "单 token 输出时延（TPOT）"),
            Constraint::Ttft => tr!(lang, "the wait for the first token", "首 token 时延（TTFT）"),
            Constraint::Cache => tr!(lang, "room for the cache", "显存中的 KV 缓存容量"),
            Constraint::Alone => tr!(lang, "a single request", "单个请求"),
        },
        weights_bytes: deployment.weights_on_gpus().0,
        cache_bytes: deployment.cache_bytes().unwrap_or_default().0,
        nameplate_kw: 0.0,
        average_kw: 0.0,
        availability: availability(*working, *working, MACHINE_AVAILABILITY),
        rack_units: None,
    }
}

/// Rentals worth a row: of each GPU and way of billing the cheapest that is no marketplace and no survey, of those that
/// may be taken where there is one.
pub(super) fn rentals<'a>(
    all: &'a [Rental],
    billing: &[Billing],
    is_barred: impl Fn(&Rental) -> bool,
) -> Vec<&'a Rental> {
    let order = |rental: &Rental| (is_barred(rental), rental.usd_per_gpu_hour.0);
    let mut found: Vec<&Rental> = Vec::new();
    for rental in all.iter().filter(|rental| {
        billing.contains(&rental.billing)
            && matches!(rental.provider_kind, ProviderKind::Hyperscaler | ProviderKind::Neocloud)
    }) {
        match found.iter_mut().find(|other| other.accelerator == rental.accelerator) {
            Some(other) if order(rental) < order(other) => *other = rental,
            Some(_) => {}
            None => found.push(rental),
        }
    }
    found
}
