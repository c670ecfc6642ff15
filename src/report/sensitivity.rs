use serde::Serialize;

use super::chart::GrowthUnit;
use super::driver::Driver;
use super::needs::ReportNeeds;
use super::offer::Offer;
use super::option::{CostPart, OptionKind, PlanOption};
use super::phrase::{milliseconds, near_percent, percent};
use super::plan::{Change, Planned, Site, Weights, planned};
use crate::catalog::Model;
use crate::cost::{Swing, flip_point, tornado};
use crate::lang::Lang;
use crate::tr;
use crate::units::{Seconds, Usd};

/// What moves the cost of owning most, and where another way would win.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sensitivity {
    /// A year's cost of owning when one assumption changes, the widest swing first.
    #[serde(flatten)]
    pub swing: Swing<Driver>,
}

/// A purchase that others are held against.
#[derive(Clone, Copy, Debug)]
pub(super) struct Purchase<'a> {
    pub(super) offer: &'a Offer,
    pub(super) planned: &'a Planned,
    pub(super) model: &'a Model,
}

impl Purchase<'_> {
    /// A year of it when something changes.
    pub(super) fn yearly(&self, site: &Site<'_>, change: Change) -> Usd {
        site.owned(self.offer, self.planned, change).yearly().total()
    }
}

/// How a year's cost of `purchase` moves with each assumption.
pub(super) fn swings(site: &Site<'_>, purchase: Purchase<'_>) -> Vec<Sensitivity> {
    let cost = |driver: Driver, value: f64| {
        let changed = |change: fn(&mut ReportNeeds, f64)| {
            let mut needs = site.needs.clone();
            change(&mut needs, value);
            let site = Site { needs: &needs, ..*site };
            // What a replica carries depends on these.
            let again =
                planned(&site, purchase.model, purchase.offer.gpus, &purchase.offer.device, Weights::Usual);
            match again.filter(|again| again.working > 0) {
                Some(again) => Purchase { planned: &again, ..purchase }.yearly(&site, Change::NONE),
                None => Usd(f64::INFINITY),
            }
        };
        let reckoned = |change: fn(&mut ReportNeeds, f64)| {
            let mut needs = site.needs.clone();
            change(&mut needs, value);
            purchase.yearly(&Site { needs: &needs, ..*site }, Change::NONE)
        };
        match driver {
            Driver::Load => purchase.yearly(site, Change { load: value, ..Change::NONE }),
            Driver::AnswerLength => changed(|needs, value| needs.output_tokens.value *= value),
            Driver::PromptLength => changed(|needs, value| needs.prompt_tokens.value *= value),
            Driver::Throughput => purchase.yearly(site, Change { throughput: value, ..Change::NONE }),
            Driver::Tpot => changed(|needs, value| needs.tpot_seconds.value *= value),
            Driver::Ttft => changed(|needs, value| needs.ttft_seconds.value *= value),
            Driver::MachinePrice => purchase.yearly(site, Change { price: value, ..Change::NONE }),
            Driver::Years => reckoned(|needs, value| needs.years.value = whole(value)),
            Driver::ResidualShare => reckoned(|needs, value| needs.residual_share.value = value),
            Driver::PowerPrice => {
                reckoned(|needs, value| needs.usd_per_kwh.value = needs.usd_per_kwh.value * value)
            }
            Driver::Pue => reckoned(|needs, value| needs.pue.value = value),
        }
    };
    tornado(&Driver::TRIED, cost)
        .into_iter()
        .filter(|swing| swing.costs.iter().all(|cost| cost.0.is_finite()))
        .map(|swing| Sensitivity { swing })
        .collect()
}

/// Where buying and `other` change places, in words.
pub(super) fn flips(site: &Site<'_>, purchase: Purchase<'_>, other: &PlanOption) -> Vec<String> {
    let lang = site.lang;
    let usual = purchase.yearly(site, Change::NONE);
    let buying_wins = usual < other.yearly_cost;
    // An API is paid by the token; a rent by the GPU, of which as many are needed as replicas are.
    let others = |load: f64, throughput: f64| {
        if other.kind == OptionKind::Api {
            return other.yearly_cost * load;
        }
        let change = Change { load, throughput, ..Change::NONE };
        let units = |change| f64::from(site.units(purchase.offer, purchase.planned, change));
        // Those who run it are as many.
        let staff = other.paid_for(CostPart::Staff);
        (other.yearly_cost - staff) * (units(change) / units(Change::NONE)) + staff
    };
    let difference =
        |change: Change| (purchase.yearly(site, change) - others(change.load, change.throughput)).0;
    let utilisation = site.utilisation(purchase.planned);
    let against = other.in_a_sentence(lang);
    let turn = Turn { buying_wins, lang };
    let mut told = Vec::new();
    let load = flip_point(0.01, 30.0, |load| difference(Change { load, ..Change::NONE }));
    // As planned the one may win by a step of machines that it does not take at a little more or less: then the places
    // change to and fro, and no single load says where.
    match load {
        Some(load) if (load < 1.0) == buying_wins => told.push(turn.of_load(&against, load)),
        Some(_) => {}
        None => told.push(turn.never(&against)),
    }
    // An API bills what is used; a rented GPU costs the same however busy it is.
    let flip = usual.share_of(other.yearly_cost) * utilisation;
    if other.kind == OptionKind::Api && flip <= 1.0 {
        told.push(turn.of_use(flip, utilisation));
    }
    if let Some(price) = flip_point(0.02, 20.0, |price| difference(Change { price, ..Change::NONE })) {
        told.push(turn.of_machine_price(price));
    }
    if other.kind == OptionKind::Api {
        told.push(turn.of_api_price(usual.share_of(other.yearly_cost)));
    }
    if let Some(throughput) =
        flip_point(0.05, 20.0, |throughput| difference(Change { throughput, ..Change::NONE }))
    {
        told.push(turn.of_throughput(throughput));
    }
    told
}

/// A change of places, from the way that wins as planned.
struct Turn {
    buying_wins: bool,
    lang: Lang,
}

impl Turn {
    fn of_load(&self, against: &str, load: f64) -> String {
        let load = near_percent(load, self.lang);
        if self.buying_wins {
            tr!(
                self.lang,
                "Buying stops being cheaper than {against} when the load, and the machines with it, fall below {load} of what is \
                 planned.",
                "负载（设备台数随之调整）低于计划值的 {load} 时，购买不再比{against}便宜。"
            )
        } else {
            tr!(
                self.lang,
                "Buying becomes cheaper than {against} when the load, and the machines with it, rise above {load} of what is \
                 planned.",
                "负载（设备台数随之调整）高于计划值的 {load} 时，购买才比{against}便宜。"
            )
        }
    }

    /// The machines stay as planned, and are more or less busy.
    fn of_use(&self, flip: f64, planned: f64) -> String {
        let (flip, planned) = (percent(flip, self.lang), percent(planned, self.lang));
        if self.buying_wins {
            tr!(
                self.lang,
                "It stops being cheaper when the planned machines are used less than {flip} of the year's capacity, where \
                 {planned} is planned.",
                "设备台数不变、全年平均利用率低于 {flip}（计划为 {planned}）时，购买不再更便宜。"
            )
        } else {
            tr!(
                self.lang,
                "It becomes cheaper when the planned machines are used more than {flip} of the year's capacity, where {planned} \
                 is planned.",
                "设备台数不变、全年平均利用率高于 {flip}（计划为 {planned}）时，购买才更便宜。"
            )
        }
    }

    fn never(&self, against: &str) -> String {
        if self.buying_wins {
            tr!(
                self.lang,
                "Buying stays cheaper than {against} at any load between a hundredth and thirty times the planned one, machines growing with \
                 it.",
                "负载从计划值的百分之一到三十倍（设备台数随之调整），购买始终比{against}便宜。"
            )
        } else {
            tr!(
                self.lang,
                "Buying is never cheaper than {against} at any load between a hundredth and thirty times the planned one, machines growing with \
                 it.",
                "负载从计划值的百分之一到三十倍（设备台数随之调整），购买始终不比{against}便宜。"
            )
        }
    }

    fn of_machine_price(&self, price: f64) -> String {
        let price = near_percent(price, self.lang);
        if self.buying_wins {
            tr!(
                self.lang,
                "It stops being cheaper when machines cost more than {price} of the prices here.",
                "设备价格高于本报告所列价格的 {price} 时，购买不再更便宜。"
            )
        } else {
            tr!(
                self.lang,
                "It becomes cheaper when machines cost less than {price} of the prices here.",
                "设备价格低于本报告所列价格的 {price} 时，购买才更便宜。"
            )
        }
    }

    fn of_api_price(&self, price: f64) -> String {
        let price = near_percent(price, self.lang);
        if self.buying_wins {
            tr!(
                self.lang,
                "It stops being cheaper when the API asks less than {price} of its price here.",
                "API 价格低于本报告所列价格的 {price} 时，购买不再更便宜。"
            )
        } else {
            tr!(
                self.lang,
                "It becomes cheaper when the API asks more than {price} of its price here.",
                "API 价格高于本报告所列价格的 {price} 时，购买才更便宜。"
            )
        }
    }

    fn of_throughput(&self, throughput: f64) -> String {
        let throughput = near_percent(throughput, self.lang);
        if self.buying_wins {
            tr!(
                self.lang,
                "It stops being cheaper when real throughput is less than {throughput} of the prediction.",
                "实际吞吐低于预测的 {throughput} 时，购买不再更便宜。"
            )
        } else {
            tr!(
                self.lang,
                "It becomes cheaper when real throughput is more than {throughput} of the prediction.",
                "实际吞吐高于预测的 {throughput} 时，购买才更便宜。"
            )
        }
    }
}

/// How a need is changed by a factor, and what it then is.
type Relaxation = fn(&mut ReportNeeds, f64, Lang) -> String;

/// Changes of a promise that would need less, the smaller change first.
pub(super) fn relaxations(site: &Site<'_>, purchase: Purchase<'_>) -> Vec<String> {
    let lang = site.lang;
    let tpot: Relaxation = |needs, factor, lang| {
        needs.tpot_seconds.value *= factor;
        let time = milliseconds(Seconds(needs.tpot_seconds.value), lang);
        tr!(lang, "a promised time between tokens of {time}", "把 TPOT 目标放宽到 {time}")
    };
    let ttft: Relaxation = |needs, factor, lang| {
        needs.ttft_seconds.value *= factor;
        let time = Seconds(needs.ttft_seconds.value).display(lang);
        tr!(lang, "a promised wait for the first token of {time}", "把 TTFT 目标放宽到 {time}")
    };
    let answers: Relaxation = |needs, factor, lang| {
        needs.output_tokens.value *= factor;
        let tokens = needs.output_tokens.value;
        tr!(lang, "answers of {tokens:.0} tokens", "把回答缩短到 {tokens:.0} token")
    };
    let planned_units = site.units(purchase.offer, purchase.planned, Change::NONE);
    let mut told = Vec::new();
    for (change, factors) in [(tpot, &[1.5, 2.5][..]), (ttft, &[2.0]), (answers, &[0.7])] {
        let mut least = planned_units;
        for factor in factors {
            let mut needs = site.needs.clone();
            let what = change(&mut needs, *factor, lang);
            let relaxed = Site { needs: &needs, ..*site };
            let again = planned(
                &relaxed,
                purchase.model,
                purchase.offer.gpus,
                &purchase.offer.device,
                Weights::Usual,
            );
            let Some(again) = again.filter(|again| again.working > 0) else { continue };
            let units = relaxed.units(purchase.offer, &again, Change::NONE);
            // A greater change that saves no more is not worth a line.
            if units < least {
                least = units;
                let (counted, name) = (GrowthUnit::Machine.counted(units, lang), &purchase.offer.name);
                told.push(tr!(
                    lang,
                    "With {what}, {counted} would do instead of {planned_units} of {name}.",
                    "{what}，{name} 只需 {counted}，而不是 {planned_units} 台。"
                ));
            }
        }
    }
    told
}

#[expect(clippy::cast_sign_loss, reason = "a count of years is not negative")]
fn whole(value: f64) -> u32 {
    value as u32
}
