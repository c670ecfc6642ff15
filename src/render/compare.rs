use std::io;

use super::outlook::columns as outlook_columns;
use super::recommend::draw_needs;
use super::{Cell, Column, Grid, Reader, Style, View, machine, wrapped};
use crate::catalog::Bill;
use crate::message::{Message, Value, clauses, enumeration, fixed};
use crate::recommend::{Comparison, Contender};
use crate::{message, say};

/// A comparison of machines, drawn.
#[derive(Debug)]
pub struct MachinesView<'a> {
    /// What is compared.
    pub comparison: &'a Comparison<'a>,
}

impl<'a> View for MachinesView<'a> {
    type Data = Comparison<'a>;

    fn data(&self) -> &Comparison<'a> {
        self.comparison
    }

    fn table(&self, reader: Reader, style: Style<'_>) -> Grid {
        Grid::of(&columns(&self.comparison.machines, reader), &self.comparison.machines, reader, style.locale)
    }

    fn draw(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let comparison = self.comparison;
        draw_needs(&comparison.needs, style, out)?;
        for contender in &comparison.machines {
            let mut lines = Vec::new();
            machine::headline(&contender.machine, style, &mut lines)?;
            wrapped(&format!("{:<3}", contender.number), &String::from_utf8_lossy(&lines), style, out)?;
        }
        writeln!(out)?;
        self.table(Reader::Terminal, style).text(style, out)?;
        writeln!(out)?;
        self.verdict(style, out)?;
        for contender in &comparison.machines {
            if let Some(bill) = &contender.price {
                wrapped("  ", &style.locale.say(&bill_text(contender, bill)), style, out)?;
            }
        }
        Ok(())
    }
}

impl MachinesView<'_> {
    fn verdict(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let named = |number: usize| self.comparison.machines.iter().find(|machine| machine.number == number);
        let best = match self.comparison.best.and_then(named) {
            Some(Contender { number, machine, .. }) => message!(CompareBest { number, name: &machine.name }),
            None => message!(CompareNothing),
        };
        wrapped("", &style.locale.say(&best), style, out)?;
        let Some(cheapest) = self.comparison.cheapest.and_then(named) else { return Ok(()) };
        let (number, name) = (cheapest.number, &cheapest.machine.name);
        wrapped("", &say!(style.locale, CompareCheapest { number, name }), style, out)
    }
}

fn columns<'a>(rows: &[Contender<'a>], reader: Reader) -> Vec<Column<'a, Contender<'a>>> {
    let mut columns = vec![
        Column::right("number", message!(RecommendRank), |contender: &Contender<'a>| contender.number),
        Column::left("machine", message!(CompareMachine), |contender: &Contender<'a>| {
            contender.machine.name.clone()
        })
        .off_screen(),
    ];
    columns.extend(outlook_columns(rows, reader, |contender: &Contender<'a>| &contender.outlook));
    columns.push(Column::right("price_usd", message!(ComparePrice), |contender: &Contender<'a>| {
        let cell = |bill: &Bill| {
            let usd = bill.total;
            let price = if bill.unknown.is_empty() {
                usd.into()
            } else {
                Value::from(message!(CompareAtLeast { usd }))
            };
            Cell::from(price).plain(fixed(usd.0, 0))
        };
        Cell::from(contender.price.as_ref().map(cell)).or(message!(RecommendUnknown))
    }));
    columns.push(Column::plain("unpriced_parts", |contender: &Contender<'a>| {
        let unknown =
            contender.price.as_ref().map(|bill| &bill.unknown).filter(|unknown| !unknown.is_empty());
        unknown.map(clauses)
    }));
    columns
}

/// What the price of a machine is made of.
fn bill_text(contender: &Contender<'_>, bill: &Bill) -> Message {
    let parts = bill.parts.iter().map(|part| {
        let (count, name, usd) = (part.count, part.name.clone(), part.usd);
        let (date, dated) = match &part.date {
            Some(date) => (date.clone(), "yes"),
            None => (String::new(), "no"),
        };
        Value::from(message!(ComparePart { count, name, usd, date, dated }))
    });
    let (number, parts) = (contender.number, enumeration(parts));
    if bill.unknown.is_empty() {
        message!(CompareBill { number, parts })
    } else {
        let unknown = enumeration(&bill.unknown);
        message!(CompareBillUnknown { number, parts, unknown })
    }
}
