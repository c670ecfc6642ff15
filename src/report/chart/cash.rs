use crate::cost::payback;
use crate::message;
use crate::message::{Message, clauses, fixed};
use crate::report::document::Report;
use crate::report::name::Name;
use crate::report::option::{OptionKind, PlanOption};
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
    pub reading: Message,
}

/// What one way has cost by when.
#[derive(Clone, Debug, PartialEq)]
pub struct CashLine {
    /// Its place among the options.
    pub option: usize,
    /// Its kind, for the end of the line.
    pub kind: OptionKind,
    /// Its name.
    pub name: Name,
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
            kind: of.kind(),
            name: of.name.clone(),
            at_start: of.bill.capex,
            yearly: of.bill.running(),
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
        let mut compared = Vec::new();
        if bought.is_some()
            && let Some((own, others)) = lines.split_first()
        {
            for (at, other) in others.iter().enumerate() {
                let with = report.options[other.option].in_a_sentence();
                let running = own.yearly.first().copied().unwrap_or_default();
                match payback(own.at_start, &other.yearly, running) {
                    Some(months_to) if months_to <= f64::from(months) => {
                        crossings.push(Crossing {
                            with: at + 1,
                            months: months_to,
                            paid: own.paid(months_to),
                        });
                        compared
                            .push(message!(ReportCashCrosses { months: fixed(months_to, 0), other: with }));
                    }
                    _ => compared.push(message!(ReportCashStays { other: with })),
                }
            }
        }
        let reading = match bought {
            Some(_) => {
                message!(ReportCashReading { start: lines[0].at_start, compared: clauses(compared) })
            }
            None => message!(ReportCashNothingToBuy),
        };
        Some(Self { months, lines, crossings, reading })
    }
}

/// The option of a kind that is shown: what is recommended, else the first with the model that was asked for.
fn shown(report: &Report, kind: OptionKind) -> Option<usize> {
    let of_kind = |at: &usize| report.options[*at].kind() == kind;
    let recommended = report.recommended.as_ref().map(|one| one.option).filter(of_kind);
    let all = || (0..report.options.len()).filter(of_kind);
    recommended.or_else(|| all().find(|at| report.options[*at].is_asked_model)).or_else(|| all().next())
}
