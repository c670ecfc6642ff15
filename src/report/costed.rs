//! From machines to options: what each way costs.

use super::inventory::paid_for;
use super::limits::unplaced;
use super::name::Name;
use super::needs::Privacy;
use super::offer::{Offer, precision_of};
use super::option::{
    Bill, CostLine, CostPart, Installation, Means, OptionKind, PlanOption, PlannedDeployment, PlannedPrice,
    Quote, RunnerUp, Waits,
};
use super::plan::{Change, MACHINE_AVAILABILITY, Planned, Site};
use super::way::Way;
use crate::capacity::{CacheType, Constraint, Part, Precision, availability};
use crate::catalog::{ApiPrice, Billing, Model, ProviderKind, Rental, is_stale};
use crate::cost::{ApiRates, Capex, CashFlow, Ownership, present_value, rent_per_year};
use crate::message;
use crate::message::{Message, fact, fixed, percent};
use crate::units::Usd;

/// Shares of the price of machines: network and cables, setting up, spare parts; the middles of what sizing guides
/// state.
pub(super) const NETWORK_SHARE: f64 = 0.12;
pub(super) const INSTALL_SHARE: f64 = 0.03;
pub(super) const SPARES_SHARE: f64 = 0.03;

/// Support, a year: the middle of 3 to 10 %.
pub(super) const SUPPORT_SHARE: f64 = 0.05;

/// Storage, traffic and services on top of rented GPUs: the lower end of 30 to 50 %.
pub(super) const SERVICES_SHARE: f64 = 0.3;

/// Machines that are busy draw this share of their nameplate power: 10.4 kW of 14.3 were measured of eight B200.
pub(super) const BUSY_SHARE: f64 = 0.75;

/// Hours of a year.
const HOURS: f64 = 8760.0;

impl Site<'_> {
    /// Owning as many of `offer` as that takes.
    pub(super) fn owned(&self, offer: &Offer, planned: &Planned, change: Change) -> Ownership {
        let units = f64::from(self.units(offer, planned, change));
        let used = self.utilisation(planned) * change.load / change.throughput;
        self.ownership(offer.usd * change.price * units, average_kw(offer, used) * units)
    }

    /// The least that a way may cost over the term where a replica of so many GPUs carries `rate` at most: as many of its
    /// machines as that takes, which have nothing to do.
    pub(super) fn least_cost(&self, way: Way<'_>, gpus: u32, rate: f64) -> Usd {
        let Way::Buy { offer, .. } = way else { return Usd::ZERO };
        let peak = self.needs.people().peak_rate();
        let working = (peak / (rate * self.needs.headroom.value)).ceil().max(1.0);
        let units = (working * f64::from(gpus) / f64::from(offer.gpus)).ceil();
        let flow =
            self.ownership(offer.usd * units, offer.idle_kw.min(offer.nameplate_kw) * units).cash_flow();
        present_value(&flow, self.needs.discount_rate.value)
    }

    /// Buying `offer` for `model`, or using it where it is there.
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
        let lines = vec![
            CostLine { what: CostPart::Capital, usd: yearly.capital },
            CostLine { what: CostPart::Energy, usd: yearly.energy },
            CostLine { what: CostPart::Support, usd: yearly.support },
            CostLine { what: CostPart::Staff, usd: yearly.staff },
        ];
        let mut bill = self.bill(&ownership.cash_flow(), yearly.total(), lines);
        let mut runs = Installation {
            quantity: units,
            deployment: PlannedDeployment {
                is_consumer: offer.is_consumer,
                gpus: units * offer.gpus,
                nameplate_kw: offer.nameplate_kw * f64::from(units),
                average_kw: ownership.average_kw,
                availability: availability(
                    units,
                    self.working_units(offer, planned, Change::NONE).min(units),
                    MACHINE_AVAILABILITY,
                ),
                rack_units: offer.rack_units.map(|height| height * units),
                ..self.deployment(planned, &offer.accelerator)
            },
            yearly_cost: self.spread().map(|throughput| {
                self.owned(offer, planned, Change { throughput, ..Change::NONE }).yearly().total()
            }),
            ..self.installation(planned)
        };
        let mut notes = self.notes(planned, model, kind);
        if let Some(held) = offer.held {
            notes.push(paid_for());
            if let Some(few) = self.too_few(offer, planned, held) {
                runs.meets_slo = false;
                runs.deployment.replicas = few.replicas;
                runs.utilisation = few.utilisation;
                bill.cost_per_million_tokens =
                    bill.yearly_cost.per_million(self.needs.volume().total() * few.served);
                notes.push(message!(ReportNoteTooFew {
                    held,
                    model: &model.id,
                    needed: few.needed,
                    peak: percent(few.peak, 0),
                    served: percent(few.served, 0),
                }));
            }
        }
        PlanOption {
            name: offer.name.clone(),
            model: model.id.clone(),
            is_asked_model: model.id == self.needs.model.value,
            means: Means::Owned(kind, runs),
            excluded: self.above_budget(bill.capex),
            bill,
            prices: offer.prices.clone(),
            notes,
        }
    }

    /// Why so much may not be spent, where it may not.
    pub(super) fn above_budget(&self, capex: Usd) -> Option<Message> {
        let budget = self.needs.budget.value.filter(|budget| capex > *budget)?;
        Some(message!(ReportExcludedBudget { capex, budget }))
    }

    /// What the machines that are there carry, where they are too few.
    fn too_few(&self, offer: &Offer, planned: &Planned, held: u32) -> Option<TooFew> {
        let needed = self.working_units(offer, planned, Change::NONE);
        if needed + self.spares(needed) <= held {
            return None;
        }
        let replicas = (held * offer.gpus / planned.deployment.gpus()).min(planned.working);
        let carried = planned.capacity.rate * f64::from(replicas);
        // What they carry of each hour; the rest is not answered, and costs nothing.
        let within = carried * self.needs.headroom.value / self.needs.burst.value;
        let hours: Vec<f64> = self.days().concat();
        let served = hours.iter().map(|rate| rate.min(within)).sum::<f64>() / hours.iter().sum::<f64>();
        let all = self.utilisation(planned) * f64::from(planned.working.max(1)) * planned.capacity.rate;
        Some(TooFew {
            needed,
            replicas,
            utilisation: if carried > 0.0 { all * served / carried } else { 0.0 },
            served,
            peak: (carried * self.needs.headroom.value / self.needs.people().peak_rate()).min(1.0),
        })
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
        // The engine is run by the same people there.
        let staff = self.needs.staff_cost.value * self.needs.staff_fte.value;
        let flow = CashFlow { at_start: Usd::ZERO, yearly: rents.iter().map(|rent| *rent + staff).collect() };
        let rent = rents.into_iter().sum::<Usd>() * (1.0 / years as f64);
        let is_reserved = rental.billing != Billing::OnDemand;
        let kind = if is_reserved { OptionKind::RentReserved } else { OptionKind::RentOnDemand };
        let lines = vec![
            CostLine { what: CostPart::Gpus, usd: rent * (1.0 / (1.0 + SERVICES_SHARE)) },
            CostLine { what: CostPart::Services, usd: rent * (SERVICES_SHARE / (1.0 + SERVICES_SHARE)) },
            CostLine { what: CostPart::Staff, usd: staff },
        ];
        let (gpu, provider) = (planned.deployment.device.name.clone(), rental.provider.clone());
        let runs = Installation {
            quantity: gpus,
            deployment: PlannedDeployment {
                gpus,
                availability: availability(replicas, working, MACHINE_AVAILABILITY),
                ..self.deployment(planned, &rental.accelerator)
            },
            yearly_cost: self.replicas_interval(planned).map(|replicas| {
                rent * (f64::from(replicas + self.spares(replicas))
                    / f64::from(working + self.spares(working)))
                    + staff
            }),
            ..self.installation(planned)
        };
        let mut notes = self.notes(planned, model, kind);
        if by_the_hour {
            let mean = hours.iter().sum::<f64>() / years as f64 / self.needs.working_days.value / 24.0;
            notes.push(if mean < f64::from(gpus) - 0.05 {
                message!(ReportNoteByTheHour { mean: fixed(mean, 1), most: gpus })
            } else {
                message!(ReportNoteAroundTheClock)
            });
        }
        notes.extend(rental.provenance.note.as_deref().map(stated));
        notes.extend(unplaced(self, rental.region.as_deref()));
        PlanOption {
            name: Name::At { what: gpu.clone(), provider: provider.clone() },
            model: model.id.clone(),
            is_asked_model: model.id == self.needs.model.value,
            means: Means::Rented { is_reserved, gpu_hours: hours.iter().sum::<f64>() / years as f64, runs },
            bill: self.bill(&flow, rent + staff, lines),
            excluded: (self.needs.privacy.value == Privacy::Premises)
                .then(|| message!(ReportExcludedPremises)),
            prices: vec![PlannedPrice {
                of: Name::GpuHour { gpu, provider },
                price: Quote::GpuHour(rental.usd_per_gpu_hour),
                date: Some(rental.date.clone()),
                source: rental.provenance.source.clone(),
                confidence: rental.provenance.confidence,
                is_stale: is_stale(&rental.date, self.today),
            }],
            notes,
        }
    }

    /// Calling an API.
    pub(super) fn call(&self, price: &ApiPrice, model: &Model) -> PlanOption {
        let rates = ApiRates { input: price.input, cached_input: price.cached_input, output: price.output };
        let yearly = rates.bill(&self.needs.volume());
        let bills = self.needs.volumes().iter().map(|volume| rates.bill(volume)).collect();
        let flow = CashFlow { at_start: Usd::ZERO, yearly: bills };
        let promise = self.needs.promise();
        let measured = self.needs.waits_at(price);
        let mut notes = vec![match measured {
            Some((measured, waits)) => message!(ReportNoteApiMeasured {
                date: measured.date,
                source: &measured.source,
                count: fixed(waits.in_flight, 0),
            }),
            None => message!(ReportNoteApiUnmeasured),
        }];
        notes.extend(price.model.is_none().then(|| message!(ReportNoteSuccessor)));
        notes.extend(price.provenance.note.as_deref().map(stated));
        notes.extend(unplaced(self, price.residency.as_deref()));
        let name = Name::At { what: price.offered_as.clone(), provider: price.provider.clone() };
        PlanOption {
            name: name.clone(),
            model: price.model.clone().unwrap_or_else(|| price.offered_as.clone()),
            is_asked_model: price.model.as_deref() == Some(&model.id),
            means: Means::Called(measured.map(|(_, waits)| {
                let waits = Waits { ttft_p95: waits.ttft_p95, tpot_p95: waits.tpot_p95 };
                (waits, waits.ttft_p95 <= promise.ttft && waits.tpot_p95 <= promise.tpot)
            })),
            bill: self.bill(&flow, yearly, vec![CostLine { what: CostPart::Tokens, usd: yearly }]),
            excluded: match self.needs.privacy.value {
                Privacy::Open => None,
                Privacy::Rented => Some(message!(ReportExcludedApi)),
                Privacy::Premises => Some(message!(ReportExcludedPremises)),
            },
            prices: vec![PlannedPrice {
                of: name,
                price: Quote::Tokens { input: price.input, output: price.output },
                date: Some(price.date.clone()),
                source: price.provenance.source.clone(),
                confidence: price.provenance.confidence,
                is_stale: is_stale(&price.date, self.today),
            }],
            notes,
        }
    }

    /// Doing nothing.
    pub(super) fn wait(&self) -> PlanOption {
        let years = self.needs.years.value.max(1) as usize;
        let flow = CashFlow { at_start: Usd::ZERO, yearly: vec![Usd::ZERO; years] };
        PlanOption {
            name: Name::Nothing,
            model: self.needs.model.value.clone(),
            is_asked_model: true,
            means: Means::Nothing,
            bill: self.bill(&flow, Usd::ZERO, Vec::new()),
            excluded: None,
            prices: Vec::new(),
            notes: vec![message!(ReportNoteWait)],
        }
    }

    /// What payments come to.
    pub(super) fn bill(&self, flow: &CashFlow, yearly: Usd, lines: Vec<CostLine>) -> Bill {
        Bill {
            capex: flow.at_start,
            yearly_cost: yearly,
            net_present_cost: present_value(flow, self.needs.discount_rate.value),
            lines,
            cumulative: flow.cumulative(),
            cost_per_million_tokens: yearly.per_million(self.needs.volume().total()),
            cost_per_user_month: yearly * (1.0 / 12.0 / self.needs.mean_users().max(1.0)),
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

    /// What is planned, on so many machines as its caller says.
    fn installation(&self, planned: &Planned) -> Installation {
        Installation {
            precision: precision_of(&planned.deployment),
            quantity: planned.working,
            deployment: self.deployment(planned, ""),
            yearly_cost: [Usd::ZERO; 2],
            utilisation: self.utilisation(planned),
            waits: Waits { ttft_p95: planned.capacity.ttft_p95, tpot_p95: planned.capacity.tpot_p95 },
            meets_slo: planned.working > 0,
        }
    }

    fn notes(&self, planned: &Planned, model: &Model, kind: OptionKind) -> Vec<Message> {
        let too_slow = (planned.working == 0).then(|| message!(ReportNoteTooSlow));
        let in_four = is_four_bits(planned.deployment.precision) && kind != OptionKind::LowerQuant;
        let in_four = in_four.then(|| message!(ReportNoteFourBits));
        let measured = self.measured_note(&planned.deployment, &model.id);
        too_slow.into_iter().chain(in_four).chain(measured).collect()
    }
}

/// What machines of the inventory carry where the load takes more of them.
struct TooFew {
    needed: u32,
    replicas: u32,
    utilisation: f64,
    /// The shares of all requests, and of the peak, that they carry.
    served: f64,
    peak: f64,
}

/// A sentence of the catalog.
fn stated(sentence: &str) -> Message {
    message!(ReportStated { sentence: fact(sentence) })
}

/// The power that one of `offer` draws on average when it is used so much.
pub(super) fn average_kw(offer: &Offer, used: f64) -> f64 {
    let busy = offer.nameplate_kw * BUSY_SHARE;
    offer.idle_kw + (busy - offer.idle_kw).max(0.0) * used.min(1.0)
}

impl Site<'_> {
    /// The most and the least that four of five deployments carry, as shares of what is predicted.
    fn spread(&self) -> [f64; 2] {
        [self.output.high, self.output.low]
    }

    /// The fewest and the most replicas by that.
    fn replicas_interval(&self, planned: &Planned) -> [u32; 2] {
        let peak = self.needs.people().peak_rate();
        #[expect(clippy::cast_sign_loss, reason = "a count of replicas is not negative")]
        self.spread().map(|share| {
            let carried = planned.capacity.rate * share * self.needs.headroom.value;
            if carried > 0.0 { (peak / carried).ceil().max(1.0) as u32 } else { planned.working }
        })
    }

    /// Why a model lies so over its GPUs: what its steps take their time for, and the next best.
    fn why(&self, planned: &Planned) -> Message {
        let Planned { deployment, capacity, .. } = planned;
        let request = self.request();
        let cached = capacity.in_flight * (request.prompt_tokens + request.output_tokens / 2.0);
        let step = deployment.step_time(self.constants);
        let (part, share) = step.bottleneck(capacity.in_flight.max(1.0), cached);
        let (layout, held, share) = (deployment.describe(), fixed(capacity.in_flight, 0), percent(share, 0));
        let part = match part {
            Part::Weights => message!(ReportPartWeights),
            Part::Compute => message!(ReportPartCompute),
            Part::Cache => message!(ReportPartCache),
            Part::Exchange => message!(ReportPartExchange),
            Part::Launch => message!(ReportPartLaunch),
        };
        match &planned.runner_up {
            Some((other, replicas)) => message!(ReportWhyLayoutAgainst {
                layout,
                held,
                part,
                share,
                other: other.describe(),
                replicas: *replicas,
                gpus: *replicas * other.gpus(),
                own: planned.gpus(),
            }),
            None => message!(ReportWhyLayout { layout, held, part, share }),
        }
    }

    fn deployment(&self, planned: &Planned, accelerator: &str) -> PlannedDeployment {
        let Planned { deployment, capacity, working, runner_up } = planned;
        PlannedDeployment {
            accelerator: accelerator.to_owned(),
            is_consumer: false,
            gpus_per_replica: deployment.gpus(),
            replicas: *working,
            gpus: working * deployment.gpus(),
            engine: deployment.engine.name(),
            layout: deployment.parallelism.to_string(),
            drafted_tokens: deployment.drafted,
            cache_bits: if deployment.cache == CacheType::Eight { 8 } else { 16 },
            why: self.why(planned),
            runner_up: runner_up.as_ref().map(|(other, replicas)| RunnerUp {
                layout: other.describe(),
                gpus_per_replica: other.gpus(),
                replicas: *replicas,
            }),
            replicas_interval: self.replicas_interval(planned),
            requests_per_second: capacity.rate,
            output_tokens_per_second: capacity.output.0,
            in_flight: capacity.in_flight,
            cache_wall: capacity.cache_wall,
            binding: match capacity.binding {
                Constraint::Tpot => message!(ReportBindingTpot),
                Constraint::Ttft => message!(ReportBindingTtft),
                Constraint::Cache => message!(ReportBindingCache),
                Constraint::Alone => message!(ReportBindingAlone),
            },
            weights_bytes: deployment.weights_on_gpus().0,
            cache_bytes: deployment.cache_bytes().unwrap_or_default().0,
            nameplate_kw: 0.0,
            average_kw: 0.0,
            availability: availability(*working, *working, MACHINE_AVAILABILITY),
            rack_units: None,
        }
    }
}

fn is_four_bits(precision: Precision) -> bool {
    [Precision::INT4, Precision::NVFP4, Precision::MXFP4].contains(&precision)
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
