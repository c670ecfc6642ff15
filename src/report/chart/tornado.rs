use crate::cost::Swing;
use crate::report::document::Report;
use crate::report::driver::Driver;
use crate::tr;
use crate::units::Usd;

/// How far a year's cost of owning swings with each assumption.
#[derive(Clone, Debug, PartialEq)]
pub struct TornadoChart {
    /// The machines.
    pub name: String,
    /// What a year costs as it is planned.
    pub usual: Usd,
    /// The swings, the widest first.
    pub swings: Vec<Swing<Driver>>,
    /// What to see in it.
    pub reading: String,
}

impl TornadoChart {
    pub(super) fn of(report: &Report) -> Option<Self> {
        let purchase = &report.options[report.purchase()?];
        let swings: Vec<Swing<Driver>> = report.sensitivity.iter().map(|one| one.swing.clone()).collect();
        let (widest, narrowest) = (swings.first()?, swings.last()?);
        let lang = report.lang;
        let reading = tr!(
            lang,
            "A year of owning costs {usual} as planned. The {first} moves it most: {low} at {least}, {high} at {most}. The {last} \
             moves it least, by {by}.",
            "按计划，自有年成本为 {usual}。影响最大：{first}，取 {least} 时为 {low}，取 {most} 时为 {high}。影响最小：\
             {last}，相差 {by}。",
            usual = purchase.yearly_cost,
            first = widest.driver.name(lang),
            low = widest.costs[0],
            least = widest.driver.value(widest.values[0], lang),
            high = widest.costs[1],
            most = widest.driver.value(widest.values[2], lang),
            last = narrowest.driver.name(lang),
            by = narrowest.width()
        );
        Some(Self { name: purchase.name.clone(), usual: purchase.yearly_cost, swings, reading })
    }
}
