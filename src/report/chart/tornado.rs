use crate::cost::Swing;
use crate::message;
use crate::message::Message;
use crate::report::document::Report;
use crate::report::driver::Driver;
use crate::report::name::Name;
use crate::units::Usd;

/// How far a year's cost of owning swings with each assumption.
#[derive(Clone, Debug, PartialEq)]
pub struct TornadoChart {
    /// The machines.
    pub name: Name,
    /// What a year costs as it is planned.
    pub usual: Usd,
    /// The swings, the widest first.
    pub swings: Vec<Swing<Driver>>,
    /// What to see in it.
    pub reading: Message,
}

impl TornadoChart {
    pub(super) fn of(report: &Report) -> Option<Self> {
        let purchase = &report.options[report.purchase()?];
        let swings: Vec<Swing<Driver>> = report.sensitivity.iter().map(|one| one.swing.clone()).collect();
        let (widest, narrowest) = (swings.first()?, swings.last()?);
        let usual = purchase.bill.yearly_cost;
        let reading = message!(ReportTornadoReading {
            usual,
            first: widest.driver.message(),
            low: widest.costs[0],
            least: widest.driver.value(widest.values[0]),
            high: widest.costs[1],
            most: widest.driver.value(widest.values[2]),
            last: narrowest.driver.message(),
            by: narrowest.width(),
        });
        Some(Self { name: purchase.name.clone(), usual, swings, reading })
    }
}
