use std::io;

use super::outlook::{columns as outlook_columns, sentence};
use super::recommend::draw_needs;
use super::{BOLD, Cell, Column, Grid, PLAIN, Reader, Style, View, machine, wrapped};
use crate::catalog::Confidence;
use crate::message::{Message, Value, fixed};
use crate::recommend::{HardwareChange, Outlook, Upgrade, Upgrades};
use crate::{message, say};

/// Changes of a machine, drawn.
#[derive(Debug)]
pub struct UpgradesView<'a> {
    /// What was found.
    pub upgrades: &'a Upgrades<'a>,
}

/// The machine as it is, or after a change.
struct Row<'a> {
    upgrade: Option<&'a Upgrade<'a>>,
    outlook: &'a Outlook<'a>,
}

impl<'a> View for UpgradesView<'a> {
    type Data = Upgrades<'a>;

    fn data(&self) -> &Upgrades<'a> {
        self.upgrades
    }

    fn table(&self, reader: Reader, style: Style<'_>) -> Grid {
        let now = Row { upgrade: None, outlook: &self.upgrades.now };
        let after = |upgrade: &'a Upgrade<'a>| Row { upgrade: Some(upgrade), outlook: &upgrade.outlook };
        let rows = (reader != Reader::Program).then_some(now);
        let rows: Vec<_> = rows.into_iter().chain(self.upgrades.upgrades.iter().map(after)).collect();
        Grid::of(&columns(&rows, reader), &rows, reader, style.locale)
    }

    fn draw(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let (upgrades, locale) = (self.upgrades, style.locale);
        let now = say!(locale, UpgradeNow);
        let Some(most) = upgrades.upgrades.first() else {
            let nothing = message!(UpgradeNothing { most: upgrades.budget.most, count: upgrades.tried });
            verdict(&nothing, style, out)?;
            writeln!(out)?;
            machine::headline(&upgrades.machine, style, out)?;
            draw_needs(&upgrades.needs, style, out)?;
            wrapped(&now, &locale.say(&sentence(&upgrades.now)), style, out)?;
            writeln!(out)?;
            return self.budget(style, out);
        };
        let value = upgrades.best_value().unwrap_or(most);
        verdict(&message!(UpgradeValue { change: bought(value) }), style, out)?;
        if value.rank != most.rank {
            wrapped("", &say!(locale, UpgradeMost { change: bought(most) }), style, out)?;
        }
        writeln!(out)?;
        machine::headline(&upgrades.machine, style, out)?;
        draw_needs(&upgrades.needs, style, out)?;
        wrapped(&now, &locale.say(&sentence(&upgrades.now)), style, out)?;
        for upgrade in &upgrades.upgrades {
            entry(upgrade, style, out)?;
        }
        writeln!(out)?;
        wrapped("", &say!(locale, UpgradeLegend), style, out)?;
        self.budget(style, out)
    }
}

impl UpgradesView<'_> {
    /// The limit of what was tried, where it is the default.
    fn budget(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let budget = self.upgrades.budget;
        if budget.is_given {
            return Ok(());
        }
        wrapped("", &say!(style.locale, UpgradeBudget { most: budget.most }), style, out)
    }
}

/// The answer, in bold.
fn verdict(words: &Message, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let mut lines = Vec::new();
    wrapped("", &style.locale.say(words), style, &mut lines)?;
    String::from_utf8_lossy(&lines).lines().try_for_each(|line| writeln!(out, "{BOLD}{line}{PLAIN}"))
}

fn columns<'a>(rows: &[Row<'a>], reader: Reader) -> Vec<Column<'a, Row<'a>>> {
    let mut columns = vec![
        Column::right("rank", message!(RecommendRank), |row: &Row<'a>| {
            Cell::from(row.upgrade.map(|upgrade| upgrade.rank)).or("–")
        }),
        Column::left("change", message!(UpgradeChange), |row: &Row<'a>| {
            Cell::from(row.upgrade.map(|upgrade| change(&upgrade.change))).or(message!(UpgradeAsItIs))
        }),
        Column::right("price_usd", message!(UpgradePrice), |row: &Row<'a>| {
            let price = row.upgrade.map(|upgrade| upgrade.price.usd);
            price.map(|usd| Cell::from(usd).plain(fixed(usd.0, 0)))
        }),
        Column::left("price_date", message!(UpgradeSeen), |row: &Row<'a>| {
            let date =
                |upgrade: &Upgrade<'_>| Cell::from(upgrade.price.date.clone()).or(message!(RecommendUnknown));
            row.upgrade.map(date)
        }),
        Column::plain("price_source", |row: &Row<'a>| {
            row.upgrade.map(|upgrade| upgrade.price.source.clone())
        }),
    ];
    columns.extend(outlook_columns(rows, reader, |row: &Row<'a>| row.outlook));
    columns.push(Column::right("gain_points", message!(UpgradeGain), |row: &Row<'a>| {
        let cell = |upgrade: &Upgrade<'_>| {
            let gain = upgrade.gain_points;
            Cell::from(gain.map(|gain| Cell::from(format!("+{gain:.1}")).plain(fixed(gain, 2)))).or("–")
        };
        row.upgrade.map(cell)
    }));
    columns
}

/// A change with its price, and under it what the machine then does.
fn entry(upgrade: &Upgrade<'_>, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let head = message!(UpgradeEntry { change: change(&upgrade.change), price: price(upgrade) });
    wrapped(&format!("{:<6}", upgrade.rank), &style.locale.say(&head), style, out)?;
    let does = sentence(&upgrade.outlook);
    let does = match upgrade.gain_points {
        Some(gain) => message!(UpgradeGains { does, gain: format!("{gain:+.1}") }),
        None => does,
    };
    wrapped("      ", &style.locale.say(&does), style, out)
}

fn price(upgrade: &Upgrade<'_>) -> Message {
    let amount = upgrade.price.usd;
    let used = if upgrade.price.used { "yes" } else { "no" };
    let about = match upgrade.price.confidence {
        Confidence::Low => "yes",
        Confidence::Medium | Confidence::High => "no",
    };
    match &upgrade.price.date {
        Some(date) => message!(UpgradePriceOn { about, usd: amount, used, date }),
        None => message!(UpgradePriceAlone { about, usd: amount, used }),
    }
}

/// A change, its price and what then runs.
fn bought(upgrade: &Upgrade<'_>) -> Message {
    let runs = upgrade.outlook.pick().map_or_else(|| Value::from(""), |pick| pick.target().into());
    message!(UpgradeBought { change: change(&upgrade.change), price: price(upgrade), runs })
}

fn change(change: &HardwareChange) -> Message {
    match change {
        HardwareChange::MoreCards { card, count } => message!(UpgradeMoreCards { card, count }),
        HardwareChange::AddedCard { card, count } => message!(UpgradeAddedCard { card, count }),
        HardwareChange::OtherCards { card, count } => message!(UpgradeOtherCards { card, count }),
        HardwareChange::MoreRam { total_bytes: total } => message!(UpgradeMoreRam { total }),
        HardwareChange::OtherMachine { name } => message!(UpgradeOtherMachine { name }),
        HardwareChange::Workstation { card, count, used, ram_bytes: ram } => {
            let used = if *used { "yes" } else { "no" };
            message!(UpgradeWorkstation { card, count, used, ram })
        }
    }
}
