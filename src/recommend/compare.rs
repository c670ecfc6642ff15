use serde::Serialize;

use super::{Needs, Outlook};
use crate::catalog::Bill;
use crate::machine::Machine;

/// Several machines beside each other for one set of needs.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison<'a> {
    /// What is needed.
    pub needs: Needs,
    /// The machines in the order in which they were named.
    pub machines: Vec<Contender<'a>>,
    /// The number of the one whose pick is worth the most, from 1; `None` where nothing meets the needs anywhere.
    pub best: Option<usize>,
    /// The number of the one that meets the needs for the least money, where prices are known.
    pub cheapest: Option<usize>,
}

/// One machine of a comparison.
#[derive(Clone, Debug, Serialize)]
pub struct Contender<'a> {
    /// From 1, in the order in which they were named.
    pub number: usize,
    /// What the user called it.
    pub asked: String,
    /// The machine.
    pub machine: Machine,
    /// What it does.
    #[serde(flatten)]
    pub outlook: Outlook<'a>,
    /// What it costs, where the price of a part is known.
    pub price: Option<Bill>,
}

impl<'a> Comparison<'a> {
    /// Compares machines. Their order changes nothing but their numbers.
    #[must_use]
    pub fn of(needs: Needs, machines: Vec<Contender<'a>>) -> Self {
        let able = || machines.iter().filter(|machine| machine.outlook.pick().is_some());
        let whole_price = |machine: &Contender<'_>| {
            let price = machine.price.as_ref().filter(|price| price.unknown.is_empty())?;
            Some(price.total.0)
        };
        // Of machines that are worth the same, the cheaper one, and one without a price last.
        let cost = |machine: &Contender<'_>| whole_price(machine).unwrap_or(f64::INFINITY);
        let best = able().max_by(|a, b| {
            a.outlook
                .worth()
                .total_cmp(&b.outlook.worth())
                .then(cost(b).total_cmp(&cost(a)))
                .then(b.number.cmp(&a.number))
        });
        let priced = able().filter(|machine| whole_price(machine).is_some());
        let cheapest = priced.min_by(|a, b| {
            cost(a)
                .total_cmp(&cost(b))
                .then(b.outlook.worth().total_cmp(&a.outlook.worth()))
                .then(a.number.cmp(&b.number))
        });
        let (best, cheapest) = (best.map(|best| best.number), cheapest.map(|cheapest| cheapest.number));
        Self { needs, machines, best, cheapest }
    }
}
