use std::io;

use super::outlook::{pick_cells, pick_columns, pick_record_columns, pick_records};
use super::recommend::draw_needs;
use super::{Align, Grid, Style, View, machine, wrapped};
use crate::catalog::Bill;
use crate::i18n::Locale;
use crate::lang::Lang;
use crate::message::Message;
use crate::recommend::{Comparison, Contender};
use crate::tr;

/// A comparison of machines, drawn.
#[derive(Debug)]
pub struct MachinesView<'a> {
    /// What is compared.
    pub comparison: &'a Comparison,
}

/// Whether the table names the machines, which stand above it for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    Yes,
    No,
}

impl View for MachinesView<'_> {
    type Data = Comparison;

    fn data(&self) -> &Comparison {
        self.comparison
    }

    fn grid(&self) -> Grid {
        self.table(Lang::En, Named::Yes)
    }

    fn records(&self) -> Grid {
        let mut columns = vec![("number", Align::Right), ("machine", Align::Left)];
        columns.extend(pick_record_columns());
        columns.extend([("price_usd", Align::Right), ("unpriced_parts", Align::Left)]);
        let mut grid = Grid::new(&columns);
        for contender in &self.comparison.machines {
            let mut row = vec![contender.number.to_string(), contender.machine.name.clone()];
            row.extend(pick_records(&contender.outlook));
            let price = contender.price.as_ref();
            row.push(price.map_or_else(String::new, |price| format!("{:.0}", price.total.0)));
            row.push(price.map_or_else(String::new, |price| names(&price.unknown, &Locale::default(), "; ")));
            grid.push(row);
        }
        grid
    }

    fn draw(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let comparison = self.comparison;
        draw_needs(&comparison.needs, style, out)?;
        for contender in &comparison.machines {
            let mut lines = Vec::new();
            machine::headline(&contender.machine, style, &mut lines)?;
            let lines = String::from_utf8_lossy(&lines);
            wrapped(&format!("{:<3}", contender.number), &lines, style, out)?;
        }
        writeln!(out)?;
        self.table(style.lang, Named::No).text(style, out)?;
        writeln!(out)?;
        self.verdict(style, out)?;
        for contender in &comparison.machines {
            if let Some(bill) = &contender.price {
                wrapped("  ", &bill_text(contender, bill, style), style, out)?;
            }
        }
        Ok(())
    }
}

impl MachinesView<'_> {
    fn table(&self, lang: Lang, named: Named) -> Grid {
        let machine = tr!(lang, "machine", "机器");
        let price = tr!(lang, "price", "价格");
        let picks = pick_columns(lang);
        let mut columns = vec![("#", Align::Right)];
        columns.extend((named == Named::Yes).then_some((machine.as_str(), Align::Left)));
        columns.extend(picks.iter().map(|(name, align)| (name.as_str(), *align)));
        columns.push((price.as_str(), Align::Right));
        let mut grid = Grid::new(&columns);
        for contender in &self.comparison.machines {
            let mut row = vec![contender.number.to_string()];
            row.extend((named == Named::Yes).then(|| contender.machine.name.clone()));
            row.extend(pick_cells(&contender.outlook, lang));
            row.push(match &contender.price {
                Some(bill) if bill.unknown.is_empty() => bill.total.to_string(),
                Some(bill) => format!("{} + ?", bill.total),
                None => tr!(lang, "unknown", "未知"),
            });
            grid.push(row);
        }
        grid
    }

    fn verdict(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let named = |number: usize| self.comparison.machines.iter().find(|machine| machine.number == number);
        let lang = style.lang;
        let text = match self.comparison.best.and_then(named) {
            Some(Contender { number, machine, .. }) => {
                let name = &machine.name;
                tr!(lang, "Best for these needs: {number}, {name}", "最符合需求：{number}，{name}")
            }
            None => tr!(lang, "Nothing meets these needs on any of them.", "这些机器都不能满足需求。"),
        };
        wrapped("", &text, style, out)?;
        let Some(cheapest) = self.comparison.cheapest.and_then(named) else { return Ok(()) };
        let (number, name) = (cheapest.number, &cheapest.machine.name);
        let text = tr!(
            lang,
            "Cheapest that meets them, of those whose whole price is known: {number}, {name}",
            "整机价格已知的机器中，满足需求且最便宜：{number}，{name}"
        );
        wrapped("", &text, style, out)
    }
}

/// What the price of a machine is made of.
fn bill_text(contender: &Contender, bill: &Bill, style: Style<'_>) -> String {
    let (lang, locale) = (style.lang, style.locale);
    let parts: Vec<String> = bill
        .parts
        .iter()
        .map(|part| {
            let count = if part.count > 1 { format!("{} × ", part.count) } else { String::new() };
            let date = part.date.as_ref().map_or_else(String::new, |date| format!(" ({date})"));
            format!("{count}{} {}{date}", locale.say(&part.name), part.usd)
        })
        .collect();
    let (number, parts) = (contender.number, parts.join(" + "));
    if bill.unknown.is_empty() {
        tr!(lang, "price of {number}: {parts}, without tax", "{number} 的价格：{parts}，不含税")
    } else {
        let unknown = names(&bill.unknown, locale, &tr!(lang, ", ", "、"));
        tr!(
            lang,
            "price of {number}: {parts}, without tax; not known: {unknown}",
            "{number} 的价格：{parts}，不含税；未知：{unknown}"
        )
    }
}

fn names(parts: &[Message], locale: &Locale, separator: &str) -> String {
    parts.iter().map(|part| locale.say(part)).collect::<Vec<_>>().join(separator)
}
