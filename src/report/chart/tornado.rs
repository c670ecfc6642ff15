use crate::cost::Swing;
use crate::report::document::Report;
use crate::units::Usd;

/// How far a year's cost of owning swings with each assumption.
#[derive(Clone, Debug, PartialEq)]
pub struct TornadoChart {
    /// The machines.
    pub name: String,
    /// What a year costs as it is planned.
    pub usual: Usd,
    /// The swings, the widest first.
    pub swings: Vec<Swing>,
    /// What to see in it.
    pub reading: String,
}

impl TornadoChart {
    pub(super) fn of(report: &Report) -> Option<Self> {
        let purchase = &report.options[report.purchase()?];
        let swings: Vec<Swing> = report.sensitivity.iter().map(|one| one.swing.clone()).collect();
        let (widest, narrowest) = (swings.first()?, swings.last()?);
        let reading = format!(
            "A year of owning costs {}; most moves it the {}: from {} at {} to {} at {}. Least does the {}, by {}.",
            purchase.yearly_cost,
            widest.driver,
            widest.costs[0],
            widest.values[0],
            widest.costs[1],
            widest.values[2],
            narrowest.driver,
            narrowest.width()
        );
        Some(Self { name: purchase.name.clone(), usual: purchase.yearly_cost, swings, reading })
    }
}
