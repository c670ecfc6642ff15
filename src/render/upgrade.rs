use std::io;

use super::outlook::{outlook_in_words, pick_cells, pick_columns, pick_record_columns, pick_records};
use super::recommend::draw_needs;
use super::{Align, Grid, Style, View, machine, wrapped};
use crate::catalog::Confidence;
use crate::lang::Lang;
use crate::recommend::{HardwareChange, Upgrade, Upgrades};
use crate::tr;

/// Changes of a machine, drawn.
#[derive(Debug)]
pub struct UpgradesView<'a> {
    /// What was found.
    pub upgrades: &'a Upgrades,
}

impl View for UpgradesView<'_> {
    type Data = Upgrades;

    fn data(&self) -> &Upgrades {
        self.upgrades
    }

    fn grid(&self) -> Grid {
        self.table(Lang::En)
    }

    fn records(&self) -> Grid {
        let mut columns = vec![("rank", Align::Right), ("change", Align::Left)];
        columns.extend([
            ("price_usd", Align::Right),
            ("price_date", Align::Left),
            ("price_source", Align::Left),
        ]);
        columns.extend(pick_record_columns());
        columns.push(("gain_points", Align::Right));
        let mut grid = Grid::new(&columns);
        for upgrade in &self.upgrades.upgrades {
            let mut row = vec![upgrade.rank.to_string(), told(&upgrade.change, Lang::En)];
            row.push(format!("{:.0}", upgrade.price.usd.0));
            row.push(upgrade.price.date.clone().unwrap_or_default());
            row.push(upgrade.price.source.clone());
            row.extend(pick_records(&upgrade.outlook));
            row.push(upgrade.gain_points.map_or_else(String::new, |gain| format!("{gain:.2}")));
            grid.push(row);
        }
        grid
    }

    fn draw(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let (upgrades, lang) = (self.upgrades, style.lang);
        machine::headline(&upgrades.machine, style, out)?;
        draw_needs(&upgrades.needs, style, out)?;
        let now = if lang == Lang::Zh { "现在  " } else { "now   " };
        let Some(most) = upgrades.upgrades.first() else {
            let (tried, most) = (upgrades.tried, upgrades.budget.most);
            wrapped(now, &outlook_in_words(&upgrades.now, lang), style, out)?;
            let text = tr!(
                lang,
                "No single change for up to {most} does much more for these needs ({tried} were tried).",
                "试了 {tried} 种不超过 {most} 的单项改动，没有一种明显更能满足这些需求。"
            );
            writeln!(out)?;
            wrapped("", &text, style, out)?;
            return self.limit(style, out);
        };
        let bold = anstyle::Style::new().bold();
        let text = in_a_sentence(most, lang);
        let text = tr!(lang, "Does the most: {text}", "效果最大：{text}");
        writeln!(out, "{bold}{text}{bold:#}")?;
        if let Some(value) = upgrades.best_value().filter(|value| value.rank != most.rank) {
            let text = in_a_sentence(value, lang);
            let text = tr!(lang, "Does the most for its price: {text}", "性价比最高：{text}");
            wrapped("", &text, style, out)?;
        }
        writeln!(out)?;
        wrapped(now, &outlook_in_words(&upgrades.now, lang), style, out)?;
        for upgrade in &upgrades.upgrades {
            entry(upgrade, style, out)?;
        }
        writeln!(out)?;
        let points = tr!(
            lang,
            "points: of quality, or what the priority takes for them, more than what the machine runs now. Left out: what costs more and does little more, and what has no price in the catalog. Prices are in US dollars without tax, of the change alone; whether case, board and power supply take it is yours to check.",
            "分：相对现在运行的模型多得的质量分（或按优先级折算）。未列出：花费更多而效果相近的改动，以及没有价格的硬件。价格为美元、不含税，只算这一项改动；机箱、主板和电源能否容纳请自行确认。"
        );
        wrapped("", &points, style, out)?;
        self.limit(style, out)
    }
}

impl UpgradesView<'_> {
    /// The limit of what was tried, where nobody set it.
    fn limit(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        if self.upgrades.budget.is_given {
            return Ok(());
        }
        let most = self.upgrades.budget.most;
        let text = tr!(
            style.lang,
            "Changes of up to {most} were tried, which is the default; `--budget` sets it.",
            "只试了不超过 {most} 的改动，这是默认值；用 `--budget` 设定。"
        );
        wrapped("", &text, style, out)
    }

    fn table(&self, lang: Lang) -> Grid {
        let heads = [tr!(lang, "change", "改动"), tr!(lang, "price", "价格"), tr!(lang, "seen", "日期")];
        let picks = pick_columns(lang);
        let mut columns = vec![("#", Align::Right), (heads[0].as_str(), Align::Left)];
        columns.extend([(heads[1].as_str(), Align::Right), (heads[2].as_str(), Align::Left)]);
        columns.extend(picks.iter().map(|(name, align)| (name.as_str(), *align)));
        columns.push(("gain", Align::Right));
        let mut grid = Grid::new(&columns);
        let mut now = vec!["–".to_owned(), tr!(lang, "as it is", "维持现状"), String::new(), String::new()];
        now.extend(pick_cells(&self.upgrades.now, lang));
        now.push(String::new());
        grid.push(now);
        for upgrade in &self.upgrades.upgrades {
            let mut row = vec![upgrade.rank.to_string(), told(&upgrade.change, lang)];
            row.push(upgrade.price.usd.to_string());
            row.push(upgrade.price.date.clone().unwrap_or_else(|| tr!(lang, "unknown", "未知")));
            row.extend(pick_cells(&upgrade.outlook, lang));
            row.push(upgrade.gain_points.map_or_else(|| "–".to_owned(), |gain| format!("+{gain:.1}")));
            grid.push(row);
        }
        grid
    }
}

/// A change with its price, and under it what the machine then does.
fn entry(upgrade: &Upgrade, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let lang = style.lang;
    let (change, price) = (told(&upgrade.change, lang), price(upgrade, lang));
    wrapped(
        &format!("{:<6}", upgrade.rank),
        &tr!(lang, "{change}, {price}", "{change}，{price}"),
        style,
        out,
    )?;
    let does = outlook_in_words(&upgrade.outlook, lang);
    let does = match upgrade.gain_points {
        Some(gain) => tr!(lang, "{does}; {gain:+.1} points", "{does}；{gain:+.1} 分"),
        None => does,
    };
    wrapped("      ", &does, style, out)
}

fn price(upgrade: &Upgrade, lang: Lang) -> String {
    let usd = upgrade.price.usd;
    let about = match upgrade.price.confidence {
        Confidence::Low => tr!(lang, "about {usd}", "约 {usd}"),
        Confidence::Medium | Confidence::High => usd.to_string(),
    };
    match &upgrade.price.date {
        Some(date) => tr!(lang, "{about} ({date})", "{about}（{date}）"),
        None => about,
    }
}

/// A change and what it does, in a sentence.
fn in_a_sentence(upgrade: &Upgrade, lang: Lang) -> String {
    let change = told(&upgrade.change, lang);
    let price = price(upgrade, lang);
    let runs = upgrade.outlook.pick.as_ref().map(|pick| format!("{}:{}", pick.model, pick.quant));
    let runs = runs.unwrap_or_default();
    tr!(lang, "{change}, for {price}: it then runs {runs}", "{change}，{price}：之后运行 {runs}")
}

/// A change in words.
fn told(change: &HardwareChange, lang: Lang) -> String {
    match change {
        HardwareChange::MoreCards { card, count } => {
            tr!(lang, "more cards: {count} × {card} in all", "增加到 {count} 块 {card}")
        }
        HardwareChange::AddedCard { card } => tr!(lang, "one card more: {card}", "另加一块 {card}"),
        HardwareChange::OtherCards { card, count: 1 } => tr!(lang, "another card: {card}", "换成 {card}"),
        HardwareChange::OtherCards { card, count } => {
            tr!(lang, "other cards: {count} × {card}", "换成 {count} 块 {card}")
        }
        HardwareChange::MoreRam { total_bytes } => {
            tr!(lang, "more memory: {total_bytes} in all", "内存增加到 {total_bytes}")
        }
        HardwareChange::OtherMachine { name } => tr!(lang, "another machine: {name}", "换机器：{name}"),
    }
}
