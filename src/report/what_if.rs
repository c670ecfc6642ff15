//! What a page needs to work the options out again when a reader moves a slider: the program's own plans at each stop
//! of what machines must be simulated for, and beside them the sums that prices and use are simply multiplied in.

use serde::Serialize;

use super::costed::average_kw;
use super::document::Report;
use super::name::Name;
use super::needs::ReportNeeds;
use super::option::{CostPart, OptionKind, Waits};
use super::parallel::in_parallel;
use super::plan::{Planned, Site};
use super::study::{Candidate, Study};
use super::way::Way;
use crate::catalog::Billing;
use crate::cost::{TokenVolume, capital_recovery};
use crate::message::Message;
use crate::units::Usd;

/// Sliders, and what moving them does to each option.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WhatIf {
    /// Mean load of a year as a share of the peak, at which machines stay as many.
    pub load: Slider,
    /// Tokens of an answer.
    pub answer: Slider,
    /// The promised time between tokens, in milliseconds.
    pub tpot: Slider,
    /// The price of machines, as a factor.
    pub machine_price: Slider,
    /// The price of APIs, as a factor.
    pub api_price: Slider,
    /// What a dollar a year over the term is worth today.
    pub annuity: f64,
    /// Named users.
    pub users: f64,
    /// What may be spent before the first token.
    pub budget: Option<Usd>,
    /// Tokens of a year as planned.
    pub volume: TokenVolume,
    /// The options, in the order of the document: for the drawing, which names them.
    #[serde(skip)]
    pub options: Vec<WhatIfOption>,
    /// The options of the table of break-evens, in its order.
    pub rivals: Vec<usize>,
}

/// Values that a slider can stand at.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Slider {
    /// The values, rising.
    pub stops: Vec<f64>,
    /// Which of them is what was planned.
    pub planned: usize,
}

/// What an option is at the stops.
#[derive(Clone, Debug, PartialEq)]
pub struct WhatIfOption {
    /// Its kind.
    pub kind: OptionKind,
    /// Its name.
    pub name: Name,
    /// Whether it is of the model that was asked for.
    pub is_asked_model: bool,
    /// Why it may not be taken, where that is not the budget.
    pub excluded: Option<Message>,
    /// An API's prices of a million tokens: prompts, prompts seen before, answers.
    pub rates: Option<[f64; 3]>,
    /// What it is worth today over the term, of what as many equal years would be: growing bills are paid late.
    pub worth_share: f64,
    /// What is paid in each year, as a share of the mean year.
    pub years: Vec<f64>,
    /// At each length of answers each promised time between tokens; nothing of an API, and where a model does not fit.
    pub cells: Vec<Option<Cell>>,
}

/// Machines at one length of answers and one promise.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// How many.
    pub quantity: u32,
    /// What is paid before the first token.
    pub capex: Usd,
    /// What a year costs of capital and of support, which go with the price of machines.
    pub priced: [Usd; 2],
    /// What it costs of staff and rent, which do not.
    pub fixed: Usd,
    /// What power costs a year when nothing is asked, and when the machines are always busy.
    pub energy: [Usd; 2],
    /// How busy they are on average, as planned.
    pub utilisation: f64,
    /// What users wait.
    pub waits: Waits,
    /// Whether the promise is kept.
    pub is_kept: bool,
}

/// Factors that the mean load, answers, the promise and prices are tried at.
const ANSWERS: [f64; 5] = [0.5, 0.75, 1.0, 1.5, 2.0];
const PROMISES: [f64; 5] = [0.6, 0.8, 1.0, 1.5, 2.0];
const MACHINE_PRICES: [f64; 9] = [0.5, 0.7, 0.85, 1.0, 1.15, 1.3, 1.5, 1.75, 2.0];
const API_PRICES: [f64; 10] = [0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0];
const LOADS: [f64; 10] = [0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0];

/// Seconds of a year.
const YEAR: f64 = 8760.0 * 3600.0;

impl Slider {
    fn around(planned: f64, factors: &[f64]) -> Self {
        let stops = factors.iter().map(|factor| planned * factor).collect();
        Self { stops, planned: factors.iter().position(|factor| (factor - 1.0).abs() < 1e-9).unwrap_or(0) }
    }

    /// Round values, and the planned one among them.
    fn among(planned: f64, rounds: &[f64]) -> Self {
        let mut stops: Vec<f64> =
            rounds.iter().copied().filter(|round| (round / planned - 1.0).abs() > 0.03).collect();
        stops.push(planned);
        stops.sort_by(f64::total_cmp);
        Self { planned: stops.iter().position(|stop| *stop >= planned).unwrap_or(0), stops }
    }
}

impl WhatIf {
    pub(super) fn of(study: &Study<'_>, report: &Report) -> Self {
        let needs = study.site.needs;
        let mut options: Vec<WhatIfOption> =
            study.candidates.iter().map(|one| option(&study.site, one)).collect();
        let stops: Vec<(f64, f64)> =
            ANSWERS.iter().flat_map(|answer| PROMISES.iter().map(|promise| (*answer, *promise))).collect();
        let cells = |(answer, promise): (f64, f64)| -> Vec<Vec<Option<Cell>>> {
            let mut changed = needs.clone();
            changed.output_tokens.value *= answer;
            changed.tpot_seconds.value *= promise;
            let site = Site { needs: &changed, ..study.site };
            let of = |candidate: &Candidate<'_>| {
                let machines = candidate.way.machines();
                let planned = machines.map(|machines| machines.planned(&site));
                let cell = planned.map(|planned| cell(&site, candidate.way, &planned?));
                cell.into_iter().collect()
            };
            study.candidates.iter().map(of).collect()
        };
        for row in in_parallel(&stops, |stop| cells(*stop)) {
            for (option, cell) in options.iter_mut().zip(row) {
                option.cells.extend(cell);
            }
        }
        let volume = needs.volume();
        let mean = volume.output / needs.output_tokens.value / YEAR / needs.people().peak_rate();
        let is_rival = |at: &usize| {
            let kind = options[*at].kind;
            matches!(kind, OptionKind::Api | OptionKind::RentReserved | OptionKind::RentOnDemand)
        };
        Self {
            load: Slider::among(mean, &LOADS),
            answer: Slider::around(needs.output_tokens.value, &ANSWERS),
            tpot: Slider::around(needs.tpot_seconds.value * 1e3, &PROMISES),
            machine_price: Slider::around(1.0, &MACHINE_PRICES),
            api_price: Slider::around(1.0, &API_PRICES),
            annuity: annuity(needs),
            users: needs.mean_users(),
            budget: needs.budget.value,
            volume,
            rivals: if report.break_even.is_empty() {
                Vec::new()
            } else {
                (0..options.len()).filter(is_rival).collect()
            },
            options,
        }
    }
}

fn annuity(needs: &ReportNeeds) -> f64 {
    1.0 / capital_recovery(needs.discount_rate.value, needs.years.value)
}

fn option(site: &Site<'_>, candidate: &Candidate<'_>) -> WhatIfOption {
    let option = &candidate.option;
    let is_dear = site.needs.budget.value.is_some_and(|budget| option.bill.capex > budget);
    WhatIfOption {
        kind: option.kind(),
        name: option.name.clone(),
        is_asked_model: option.is_asked_model,
        excluded: option.excluded.clone().filter(|_| !is_dear),
        rates: match candidate.way {
            Way::Call { price, .. } => {
                Some([price.input.0, price.cached_input.unwrap_or(price.input).0, price.output.0])
            }
            _ => None,
        },
        years: {
            let running = option.bill.running();
            let mean = running.iter().copied().sum::<Usd>() * (1.0 / running.len().max(1) as f64);
            running.iter().map(|year| if mean.0 > 0.0 { year.share_of(mean) } else { 1.0 }).collect()
        },
        worth_share: {
            let equal = option.bill.yearly_cost * annuity(site.needs);
            if equal.0 > 0.0 { option.bill.net_present_cost.share_of(equal) } else { 1.0 }
        },
        cells: Vec::new(),
    }
}

fn cell(site: &Site<'_>, way: Way<'_>, planned: &Planned) -> Option<Cell> {
    let option = way.option(site, Some(planned))?;
    let (bill, runs) = (&option.bill, option.installation()?);
    let (priced, energy) = match way {
        Way::Buy { offer, .. } => {
            let units = f64::from(runs.quantity);
            let energy =
                |used: f64| site.ownership(Usd::ZERO, average_kw(offer, used) * units).yearly().energy;
            (
                [CostPart::Capital, CostPart::Support].map(|part| bill.paid_for(part)),
                [energy(0.0), energy(1.0)],
            )
        }
        // What is rented by the hour costs what it is used.
        Way::Rent { rental, .. } if rental.billing == Billing::OnDemand => {
            let used = Some(runs.utilisation).filter(|used| *used > 0.0)?;
            let rent = bill.yearly_cost - bill.paid_for(CostPart::Staff);
            ([Usd::ZERO; 2], [Usd::ZERO, rent * (1.0 / used)])
        }
        _ => ([Usd::ZERO; 2], [Usd::ZERO; 2]),
    };
    let by_use = energy[0] + (energy[1] - energy[0]) * runs.utilisation.min(1.0);
    Some(Cell {
        quantity: runs.quantity,
        capex: bill.capex,
        priced,
        fixed: bill.yearly_cost - priced[0] - priced[1] - by_use,
        energy,
        utilisation: runs.utilisation,
        waits: runs.waits,
        is_kept: runs.meets_slo,
    })
}
