use crate::cost::payback;
use crate::report::document::Report;
use crate::report::option::{OptionKind, PlanOption};
use crate::report::phrase::clauses;
use crate::tr;
use crate::units::Usd;

/// What each kind of way has cost by the end of each month.
#[derive(Clone, Debug, PartialEq)]
pub struct CashChart {
    /// Months of the term.
    pub months: u32,
    /// The ways, of each kind one.
    pub lines: Vec<CashLine>,
    /// Where buying has paid for itself, within the term.
    pub crossings: Vec<Crossing>,
    /// What to see in it.
    pub reading: String,
}

/// What one way has cost by when.
#[derive(Clone, Debug, PartialEq)]
pub struct CashLine {
    /// Its place among the options.
    pub option: usize,
    /// Its kind, for the end of the line.
    pub kind: OptionKind,
    /// Its name.
    pub name: String,
    /// What is paid before the first token.
    pub at_start: Usd,
    /// What is paid in each year.
    pub yearly: Vec<Usd>,
    /// Whether it may not be taken.
    pub excluded: bool,
}

impl CashLine {
    fn of(option: usize, of: &PlanOption) -> Self {
        Self {
            option,
            kind: of.kind,
            name: of.name.clone(),
            at_start: of.capex,
            yearly: of.running(),
            excluded: of.excluded.is_some(),
        }
    }

    /// What was paid by the end of a month.
    #[must_use]
    pub fn paid(&self, month: f64) -> Usd {
        let mut left = month / 12.0;
        self.yearly.iter().fold(self.at_start, |paid, year| {
            let share = left.clamp(0.0, 1.0);
            left -= share;
            paid + *year * share
        })
    }
}

/// Where two lines meet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Crossing {
    /// The place of the other line; the first is that of buying.
    pub with: usize,
    /// The month.
    pub months: f64,
    /// What was paid by then.
    pub paid: Usd,
}

impl CashChart {
    pub(super) fn of(report: &Report) -> Option<Self> {
        let lang = report.lang;
        let months = report.needs.years.value.max(1) * 12;
        let kinds = [OptionKind::RentReserved, OptionKind::RentOnDemand, OptionKind::Api];
        let bought = report.purchase();
        let others: Vec<usize> = kinds.into_iter().filter_map(|kind| shown(report, kind)).collect();
        let lines: Vec<CashLine> = bought
            .into_iter()
            .chain(others)
            .map(|option| CashLine::of(option, &report.options[option]))
            .collect();
        if lines.len() < 2 {
            return None;
        }
        let mut crossings = Vec::new();
        let mut told = Vec::new();
        if bought.is_some()
            && let Some((own, others)) = lines.split_first()
        {
            for (at, other) in others.iter().enumerate() {
                let with = report.options[other.option].in_a_sentence(lang);
                let running = own.yearly.first().copied().unwrap_or_default();
                match payback(own.at_start, &other.yearly, running) {
                    Some(months_to) if months_to <= f64::from(months) => {
                        crossings.push(Crossing {
                            with: at + 1,
                            months: months_to,
                            paid: own.paid(months_to),
                        });
                        told.push(tr!(
                            lang,
                            "after {months_to:.0} months less was paid than for {with}",
                            "{months_to:.0} 个月后累计支出低于{with}"
                        ));
                    }
                    _ => told.push(tr!(
                        lang,
                        "{with} stays below it for the whole term",
                        "{with}在整个期限内都更低"
                    )),
                }
            }
        }
        let reading = match bought {
            Some(_) => tr!(
                lang,
                "Buying starts at {}: {}. What the machines are still worth at the end is left out.",
                "购买从 {} 起：{}。未计设备期末残值。",
                lines[0].at_start,
                clauses(&told, lang)
            ),
            None => tr!(
                lang,
                "Nothing that can be bought keeps the promise; the lines are those of renting and calling.",
                "没有可购买的设备满足 SLO；图中是租用和调用 API 的曲线。"
            ),
        };
        Some(Self { months, lines, crossings, reading })
    }
}

/// The option of a kind that is shown: what is recommended, else the first with the model that was asked for.
fn shown(report: &Report, kind: OptionKind) -> Option<usize> {
    let of_kind = |at: &usize| report.options[*at].kind == kind;
    let recommended = report.recommended.as_ref().map(|one| one.option).filter(of_kind);
    let all = || (0..report.options.len()).filter(of_kind);
    recommended.or_else(|| all().find(|at| report.options[*at].is_asked_model)).or_else(|| all().next())
}
