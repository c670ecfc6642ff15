use super::decision::named;
use super::{Row, State, Table, Writer};
use crate::i18n::Locale;
use crate::message::{Message, percent};
use crate::render::{Align, Grid};
use crate::report::{OptionKind, PlanOption, Report, milliseconds};
use crate::{message, say};

/// A column of the options: its title, its side, and what stands in it.
struct Column {
    title: Message,
    align: Align,
    cell: fn(Writer<'_>, &PlanOption) -> String,
    /// Whether it is shown in a terminal, too.
    is_brief: bool,
}

fn columns() -> [Column; 12] {
    let column = |title, align, is_brief, cell| Column { title, align, cell, is_brief };
    [
        column(message!(ReportColumnWay), Align::Left, true, |to, option| to.say(option.kind().message())),
        column(message!(ReportColumnWhat), Align::Left, true, |to, option| to.locale.show(named(option))),
        column(message!(ReportColumnQuantity), Align::Right, true, |_, option| {
            option.quantity().map(|count| count.to_string()).unwrap_or_default()
        }),
        column(message!(ReportColumnUpFront), Align::Right, true, |to, option| {
            to.locale.show(option.bill.capex)
        }),
        column(message!(ReportColumnYearly), Align::Right, true, |to, option| {
            to.locale.show(option.bill.yearly_cost)
        }),
        column(message!(ReportColumnNpv), Align::Right, true, |to, option| {
            to.locale.show(option.bill.net_present_cost)
        }),
        column(message!(ReportColumnMillion), Align::Right, true, |to, option| {
            to.locale.show(option.bill.cost_per_million_tokens.amount())
        }),
        column(message!(ReportColumnUserMonth), Align::Right, false, |to, option| {
            to.locale.show(option.bill.cost_per_user_month)
        }),
        column(message!(ReportColumnUsed), Align::Right, false, |to, option| {
            option.utilisation().map(|share| to.locale.show(percent(share, 0))).unwrap_or_default()
        }),
        column(message!(ReportColumnTtft), Align::Right, false, |to, option| {
            option.waits().map(|waits| to.locale.show(waits.ttft_p95)).unwrap_or_default()
        }),
        column(message!(ReportColumnTpot), Align::Right, true, |to, option| {
            option.waits().map(|waits| to.locale.show(milliseconds(waits.tpot_p95))).unwrap_or_default()
        }),
        column(message!(ReportColumnSlo), Align::Left, true, slo),
    ]
}

impl Writer<'_> {
    /// Every option.
    pub(super) fn options(self) -> Table {
        self.options_by(|_| true)
    }

    /// Every option, as wide as a terminal.
    pub(super) fn options_in_brief(self) -> Table {
        let mut table = self.options_by(|column| column.is_brief);
        // Where nothing else marks it.
        table.columns.insert(0, (String::new(), Align::Left));
        for row in &mut table.rows {
            row.cells.insert(0, if row.state == State::Chosen { "→" } else { "" }.to_owned());
        }
        table
    }

    fn options_by(self, wanted: fn(&Column) -> bool) -> Table {
        let columns: Vec<Column> = columns().into_iter().filter(wanted).collect();
        let titles = columns.iter().map(|column| (self.locale.say(&column.title), column.align));
        let mut table = Table {
            id: Some("options-table"),
            head: 1,
            ..Table::new(say!(self.locale, ReportOptionsCaption), titles)
        };
        let chosen = self.report.recommended.as_ref().map(|chosen| chosen.option);
        table.rows.extend(self.report.options.iter().enumerate().map(|(at, option)| Row {
            cells: columns.iter().map(|column| (column.cell)(self, option)).collect(),
            state: match &option.excluded {
                Some(_) => State::Struck,
                None if chosen == Some(at) => State::Chosen,
                None => State::Plain,
            },
        }));
        table
    }
}

fn slo(to: Writer<'_>, option: &PlanOption) -> String {
    match (&option.excluded, option.meets_slo()) {
        (Some(reason), _) => say!(to.locale, ReportExcluded { reason }),
        (None, Some(true)) => say!(to.locale, ReportYes),
        (None, Some(false)) => say!(to.locale, ReportNo),
        (None, None) => "?".to_owned(),
    }
}

/// Every option, for programs: names and numbers are the same in every language and currency.
pub fn records(report: &Report, locale: &Locale) -> Grid {
    let mut grid = Grid::new(&[
        ("kind", Align::Left),
        ("name", Align::Left),
        ("model", Align::Left),
        ("precision", Align::Left),
        ("quantity", Align::Right),
        ("capex_usd", Align::Right),
        ("yearly_cost_usd", Align::Right),
        ("net_present_cost_usd", Align::Right),
        ("cost_per_million_tokens_usd", Align::Right),
        ("utilisation", Align::Right),
        ("ttft_p95_seconds", Align::Right),
        ("tpot_p95_seconds", Align::Right),
        ("meets_slo", Align::Left),
        ("excluded", Align::Left),
    ]);
    let number = |figure: Option<f64>| figure.map(|figure| format!("{figure:.4}")).unwrap_or_default();
    for option in &report.options {
        let (bill, waits) = (&option.bill, option.waits());
        grid.push(vec![
            id(option.kind()),
            option.name.to_string(),
            option.model.clone(),
            option.precision().unwrap_or_default().to_owned(),
            option.quantity().map(|count| count.to_string()).unwrap_or_default(),
            format!("{:.0}", bill.capex.0),
            format!("{:.0}", bill.yearly_cost.0),
            format!("{:.0}", bill.net_present_cost.0),
            format!("{:.4}", bill.cost_per_million_tokens.0),
            number(option.utilisation()),
            number(waits.map(|waits| waits.ttft_p95.0)),
            number(waits.map(|waits| waits.tpot_p95.0)),
            option.meets_slo().map(|kept| kept.to_string()).unwrap_or_default(),
            option.excluded.as_ref().map(|reason| locale.say(reason)).unwrap_or_default(),
        ]);
    }
    grid
}

/// As JSON has it.
fn id(kind: OptionKind) -> String {
    let value = serde_json::to_value(kind).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}
