//! From machines to options: what each way costs.

use super::inventory::paid_for;
use super::limits::unplaced;
use super::needs::Privacy;
use super::offer::{Offer, PriceSource, precision_of};
use super::option::{CostLine, CostPart, OptionKind, PlanOption, PlannedDeployment, PlannedPrice};
use super::plan::{Change, MACHINE_AVAILABILITY, Planned, Site};
use crate::capacity::{Constraint, Precision, availability};
use crate::catalog::{ApiPrice, Billing, Model, ProviderKind, Rental, is_stale};
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

/// Hours of a year.
const HOURS: f64 = 8760.0;

impl Site<'_> {
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
        option.notes.push(paid_for(lang));
        if needed + self.spares(needed) <= held {
            return;
        }
        option.meets_slo = Some(false);
        let replicas = (held * offer.gpus / planned.deployment.gpus()).min(planned.working);
        if let Some(deployment) = &mut option.deployment {
            deployment.replicas = replicas;
        }
        let carried = planned.capacity.rate * f64::from(replicas);
        // What they carry of each hour; the rest is not answered, and costs nothing.
        let within = carried * self.needs.headroom.value / self.needs.burst.value;
        let hours: Vec<f64> = self.days().concat();
        let served = hours.iter().map(|rate| rate.min(within)).sum::<f64>() / hours.iter().sum::<f64>();
        let all = self.utilisation(planned) * f64::from(planned.working.max(1)) * planned.capacity.rate;
        option.utilisation = Some(if carried > 0.0 { all * served / carried } else { 0.0 });
        option.cost_per_million_tokens = option.yearly_cost.per_million(self.needs.volume().total() * served);
        let share = (carried * self.needs.headroom.value / self.needs.people().peak_rate()).min(1.0) * 100.0;
        let model = &option.model;
        option.notes.push(tr!(
            lang,
            "{held} are there and {model} needs {needed}: they carry {share:.0} % of the peak and {served:.0} % of all requests",
            "现有 {held} 台，{model} 需要 {needed} 台：可承载峰值的 {share:.0}%、全部请求的 {served:.0}%",
            served = served * 100.0
        ));
    }

    /// GPUs of `rental` that are rented in each year by the hour, times the hours: in each hour of a working day as many
    /// replicas as it takes, and the spare ones beside them.
    fn gpu_hours(&self, rental: &Rental, planned: &Planned) -> Vec<f64> {
        let carried = planned.capacity.rate * self.needs.headroom.value;
        #[expect(clippy::cast_sign_loss, reason = "a count of replicas is not negative")]
        let gpus = |rate: f64| {
            let working = (rate * self.needs.burst.value / carried).ceil().max(1.0) as u32;
            let working = working.min(planned.working);
            let all = (working + self.spares(working)) * planned.deployment.gpus();
            f64::from(all.next_multiple_of(rental.smallest_gpus.max(planned.deployment.gpus())))
        };
        let of_a_year =
            |day: &[f64; 24]| day.iter().map(|rate| gpus(*rate)).sum::<f64>() * self.needs.working_days.value;
        self.days().iter().map(of_a_year).collect()
    }

    /// Renting the GPUs of `rental` for `model`: all year, or on demand in the hours that need them.
    pub(super) fn rent(&self, rental: &Rental, planned: &Planned, model: &Model) -> PlanOption {
        let step = rental.smallest_gpus.max(planned.deployment.gpus());
        let working = planned.working.max(1);
        let replicas = working + self.spares(working);
        let gpus = (replicas * planned.deployment.gpus()).next_multiple_of(step);
        let years = self.needs.years.value.max(1) as usize;
        let by_the_hour = rental.billing == Billing::OnDemand && planned.working > 0;
        let hours =
            if by_the_hour { self.gpu_hours(rental, planned) } else { vec![f64::from(gpus) * HOURS; years] };
        let rents: Vec<Usd> = hours
            .iter()
            .map(|hours| rent_per_year(1, *hours, rental.usd_per_gpu_hour, SERVICES_SHARE))
            .collect();
        // Somebody runs the engine there too.
        let staff = self.needs.staff_cost.value * self.needs.staff_fte.value;
        let flow = CashFlow { at_start: Usd::ZERO, yearly: rents.iter().map(|rent| *rent + staff).collect() };
        let rent = rents.into_iter().sum::<Usd>() * (1.0 / years as f64);
        let yearly = rent + staff;
        let kind = match rental.billing {
            Billing::OnDemand => OptionKind::RentOnDemand,
            _ => OptionKind::RentReserved,
        };
        let (gpu, provider) = (&planned.deployment.device.name, &rental.provider);
        let name = tr!(self.lang, "{gpu} at {provider}", "{provider} 的 {gpu}");
        let mut option = self.option(kind, name, model, planned, &flow, yearly);
        option.quantity = Some(gpus);
        option.gpu_hours = Some(hours.iter().sum::<f64>() / years as f64);
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
            of: tr!(self.lang, "{gpu} at {provider}, an hour of one GPU", "{provider} 的 {gpu}，单卡每小时"),
            price: tr!(
                self.lang,
                "{}/h",
                "{}/小时",
                rental.usd_per_gpu_hour.to_string().trim_end_matches("/h")
            ),
            date: rental.date.clone(),
            source: self.text(&rental.provenance.source),
            confidence: rental.provenance.confidence,
            is_stale: is_stale(&rental.date, self.today),
        }];
        if by_the_hour {
            let mean = hours.iter().sum::<f64>() / years as f64 / self.needs.working_days.value / 24.0;
            option.notes.push(if mean < f64::from(gpus) - 0.05 {
                tr!(
                    self.lang,
                    "rented by the hour, on working days, as many GPUs as each hour takes: {mean:.1} on average, {gpus} at most",
                    "仅在工作日按小时租用，每小时按需增减：平均 {mean:.1} 块 GPU，最多 {gpus} 块"
                )
            } else {
                tr!(
                    self.lang,
                    "rented by the hour, around the clock of working days",
                    "仅在工作日按小时租用，全天不间断"
                )
            });
        }
        option.notes.extend(rental.provenance.note.as_deref().map(|note| self.text(note)));
        option.notes.extend(unplaced(self, rental.region.as_deref()));
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
        let bills = self.needs.volumes().iter().map(|volume| rates.bill(volume)).collect();
        let flow = CashFlow { at_start: Usd::ZERO, yearly: bills };
        let is_r1 = price.model.is_some();
        let (lang, promise) = (self.lang, self.needs.promise());
        let measured = self.needs.waits_at(price);
        let waits = measured.map(|(_, waits)| waits);
        let mut notes = vec![match measured {
            Some((measured, waits)) => tr!(
                lang,
                "TTFT and TPOT were measured on {date} ({source}) with {count:.0} requests in flight; the provider promises \
                 neither",
                "TTFT 与 TPOT 为 {date} 在 {count:.0} 个在途请求下的实测值（{source}）；服务商不承诺时延",
                date = measured.date,
                source = measured.source.told(lang),
                count = waits.in_flight
            ),
            None => tr!(
                lang,
                "the provider promises no latency: measure it before signing",
                "服务商不承诺时延：签约前须实测"
            ),
        }];
        if !is_r1 {
            notes.push(tr!(
                lang,
                "a successor of R1: other answers, other length",
                "R1 的后继模型：回答内容与长度都不同"
            ));
        }
        notes.extend(price.provenance.note.as_deref().map(|note| self.text(note)));
        notes.extend(unplaced(self, price.residency.as_deref()));
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
            gpu_hours: None,
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
            ttft_p95_seconds: waits.map(|waits| waits.ttft_p95),
            tpot_seconds: waits.map(|waits| waits.tpot_p95),
            meets_slo: waits.map(|waits| waits.ttft_p95 <= promise.ttft && waits.tpot_p95 <= promise.tpot),
            excluded,
            prices: vec![PlannedPrice {
                of: name,
                price: tr!(
                    lang,
                    "{input} in, {output} out",
                    "输入 {input}，输出 {output}",
                    input = price.input.quoted(),
                    output = price.output.quoted()
                ),
                date: price.date.clone(),
                source: self.text(&price.provenance.source),
                confidence: price.provenance.confidence,
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
            gpu_hours: None,
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
        yearly * (1.0 / 12.0 / self.needs.mean_users().max(1.0))
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
        let too_slow = (!fits).then(|| {
            tr!(self.lang, "even a single request breaks the promise", "即使只有一个请求也达不到 SLO")
        });
        let in_four = planned.deployment.precision == Precision::INT4 && kind != OptionKind::LowerQuant;
        let in_four = in_four.then(|| {
            tr!(
                self.lang,
                "weights are kept in four bits, for these GPUs do not multiply in eight: look at its answers first",
                "这种 GPU 不能以 8 位相乘，权重以 4 位存放：须先检验回答质量"
            )
        });
        let measured = self.measured_note(&planned.deployment, &model.id);
        PlanOption {
            kind,
            name,
            model: model.id.clone(),
            is_asked_model: model.id == self.needs.model.value,
            precision: Some(precision_of(&planned.deployment)),
            quantity: None,
            gpu_hours: None,
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
            notes: too_slow.into_iter().chain(in_four).chain(measured).collect(),
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
