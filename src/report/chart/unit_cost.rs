use crate::message;
use crate::message::{Message, Value, clauses, percent};
use crate::report::document::Report;
use crate::report::name::Name;
use crate::report::option::OptionKind;
use crate::units::{Usd, UsdPerMillionTokens};

/// What a million tokens cost on machines of one's own, by how busy they are, and what APIs ask.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitCostChart {
    /// The machines.
    pub name: Name,
    /// What they cost a year.
    pub yearly: Usd,
    /// Tokens that they would serve in a year at their limit.
    pub tokens_at_capacity: f64,
    /// How busy they are planned to be.
    pub planned: f64,
    /// What APIs ask, the cheapest first.
    pub prices: Vec<PriceLine>,
    /// What to see in it.
    pub reading: Message,
}

/// What an API asks for all tokens alike.
#[derive(Clone, Debug, PartialEq)]
pub struct PriceLine {
    /// What it is called.
    pub name: Name,
    /// What it asks, at the mix of prompts and answers that there is.
    pub price: UsdPerMillionTokens,
    /// How busy the machines must be to be cheaper; above 1, they never are.
    pub crossing: f64,
    /// Whether it may not be taken.
    pub excluded: bool,
}

/// Lines that are drawn.
const LINES: usize = 4;

/// Prices nearer to each other than this are one line.
const NEAR: f64 = 1.2;

impl UnitCostChart {
    pub(super) fn of(report: &Report) -> Option<Self> {
        let purchase = &report.options[report.purchase()?];
        let planned = purchase.utilisation().filter(|share| *share > 0.0)?;
        let mut all: Vec<(bool, PriceLine)> = report
            .options
            .iter()
            .filter(|option| option.kind() == OptionKind::Api)
            .filter_map(|option| {
                let crossing = report
                    .break_even
                    .iter()
                    .find(|one| one.kind == OptionKind::Api && one.against == option.name)?;
                let line = PriceLine {
                    name: option.name.clone(),
                    price: option.bill.cost_per_million_tokens,
                    crossing: crossing.utilisation?,
                    excluded: option.excluded.is_some(),
                };
                Some((option.is_asked_model, line))
            })
            .collect();
        // The model that was asked for goes before its successors, and the cheaper before the dearer.
        all.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.price.0.total_cmp(&b.1.price.0)));
        let mut prices = spread(&all);
        prices.sort_by(|a, b| a.price.0.total_cmp(&b.price.0));
        let compared: Vec<Message> = prices
            .iter()
            .map(|line| {
                let (name, price) = (&line.name, line.price.amount());
                if line.crossing > 1.0 {
                    message!(ReportUnitCostNever { name, price })
                } else {
                    message!(ReportUnitCostReached { name, price, share: percent(line.crossing, 0) })
                }
            })
            .collect();
        let others: Value =
            if compared.is_empty() { message!(ReportUnitCostNoApi).into() } else { clauses(compared) };
        let reading = message!(ReportUnitCostReading {
            share: percent(planned, 0),
            cost: purchase.bill.cost_per_million_tokens.amount(),
            others,
        });
        Some(Self {
            name: purchase.name.clone(),
            yearly: purchase.bill.yearly_cost,
            tokens_at_capacity: report.load.tokens_per_year / planned,
            planned,
            prices,
            reading,
        })
    }

    /// What a million tokens cost when the machines are so busy.
    #[must_use]
    pub fn cost_at(&self, utilisation: f64) -> UsdPerMillionTokens {
        self.yearly.per_million(self.tokens_at_capacity * utilisation)
    }
}

/// Some of the prices, far enough from each other: the cheapest and the dearest of the asked model, and those between.
fn spread(all: &[(bool, PriceLine)]) -> Vec<PriceLine> {
    let asked = all.iter().filter(|(asked, _)| *asked).count();
    let dearest = asked.checked_sub(1).map(|last| &all[last]);
    let mut found: Vec<PriceLine> = Vec::new();
    for (_, line) in all.first().into_iter().chain(dearest).chain(all) {
        let is_far = |other: &PriceLine| {
            let ratio = line.price.0 / other.price.0;
            !(1.0 / NEAR..=NEAR).contains(&ratio)
        };
        if found.len() < LINES && found.iter().all(is_far) {
            found.push(line.clone());
        }
    }
    found
}
