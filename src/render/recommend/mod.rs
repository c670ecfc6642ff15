mod needs;
mod next;

use std::io;

pub(super) use needs::draw as draw_needs;
pub use next::commands as next_commands;

use super::{Align, Grid, Style, View, digits, machine, wrapped};
use crate::estimate::{PlacementKind, PredictedRate};
use crate::lang::Lang;
use crate::recommend::{Decision, Needs, Priority, Recommendation, Rejection, Remedy, Verification};
use crate::tr;
use crate::units::TokenRate;

/// From how many columns on a reason has room beside the name of its model.
const REASONS_BESIDE: u16 = 90;

/// A decision, drawn.
#[derive(Debug)]
pub struct DecisionView<'a> {
    /// What was decided.
    pub decision: &'a Decision,
    /// Whether to list every quant of every model.
    pub all_quants: bool,
}

impl View for DecisionView<'_> {
    type Data = Decision;

    fn data(&self) -> &Decision {
        self.decision
    }

    fn grid(&self) -> Grid {
        let mut grid = choices(Lang::En);
        for choice in &self.decision.recommendations {
            grid.push(choice_row(choice, Lang::En));
        }
        for rejected in &self.decision.rejected {
            let mut row = vec![
                "–".to_owned(),
                format!("{}:{}", rejected.model, rejected.quant),
                rejected.reason.clone(),
            ];
            row.resize(grid.width(), String::new());
            grid.push(row);
        }
        grid
    }

    fn records(&self) -> Grid {
        let mut grid = Grid::new(&[
            ("model", Align::Left),
            ("quant", Align::Left),
            ("rank", Align::Right),
            ("verdict", Align::Left),
            ("weights_bytes", Align::Right),
            ("needed_bytes", Align::Right),
            ("decode_tokens_per_second", Align::Right),
            ("decode_low", Align::Right),
            ("decode_high", Align::Right),
            ("time_to_answer_seconds", Align::Right),
            ("quality_score", Align::Right),
            ("reason", Align::Left),
        ]);
        for verdict in &self.decision.verdicts {
            let rate = |part: fn(&PredictedRate) -> f64| {
                verdict.decode.as_ref().map_or_else(String::new, |decode| format!("{:.3}", part(decode)))
            };
            let is_this =
                |choice: &&Recommendation| choice.model == verdict.model && choice.quant == verdict.quant;
            let rank =
                self.decision.recommendations.iter().find(is_this).map(|choice| choice.rank.to_string());
            let number =
                |number: Option<f64>| number.map_or_else(String::new, |number| format!("{number:.2}"));
            grid.push(vec![
                verdict.model.clone(),
                verdict.quant.clone(),
                rank.unwrap_or_default(),
                verdict.verdict.kind(),
                verdict.weights_bytes.0.to_string(),
                verdict.needed_bytes.0.to_string(),
                rate(|decode| decode.tokens_per_second),
                rate(|decode| decode.interval.low),
                rate(|decode| decode.interval.high),
                number(verdict.time_to_answer_seconds.map(|time| time.0)),
                number(verdict.quality_score),
                verdict.reason.clone(),
            ]);
        }
        grid
    }

    fn draw(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let decision = self.decision;
        machine::headline(&decision.machine, style, out)?;
        needs::draw(&decision.needs, style, out)?;
        if let Some(verification) = &decision.verification {
            verified(verification, style, out)?;
        }
        if let Some(best) = decision.recommendations.first() {
            pick(best, style, out)?;
        }
        self.table(style, out)?;
        self.rejected(style, out)?;
        if self.all_quants {
            self.quants(style, out)?;
        }
        next::draw(decision, style, out)
    }
}

impl DecisionView<'_> {
    fn table(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let lang = style.lang;
        if self.decision.recommendations.is_empty() {
            let bold = anstyle::Style::new().bold();
            let nothing =
                tr!(lang, "Nothing meets these needs on this machine.", "这台机器上没有满足这些需求的型号。");
            return writeln!(out, "{bold}{nothing}{bold:#}");
        }
        let mut grid = choices(lang);
        for choice in &self.decision.recommendations {
            grid.push(choice_row(choice, lang));
        }
        grid.text(style, out)?;
        wrapped("", &legend(&self.decision.needs, lang), style, out)
    }

    fn rejected(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        if self.decision.rejected.is_empty() {
            return Ok(());
        }
        writeln!(out, "\n{}", tr!(style.lang, "Why not the others", "其余型号为何不选"))?;
        self.decision.rejected.iter().try_for_each(|rejected| why_not(rejected, style, out))
    }

    fn quants(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let lang = style.lang;
        writeln!(out, "\n{}", tr!(lang, "Every quant", "全部量化版本"))?;
        let columns = [
            (tr!(lang, "model", "模型"), Align::Left),
            (tr!(lang, "quant", "量化"), Align::Left),
            (tr!(lang, "weights", "权重"), Align::Right),
            (tr!(lang, "decode", "解码"), Align::Right),
            (tr!(lang, "verdict", "结论"), Align::Left),
        ];
        let mut grid = Grid::new(&columns.each_ref().map(|(name, align)| (name.as_str(), *align)));
        for verdict in &self.decision.verdicts {
            let decode = verdict.decode.map(|decode| TokenRate(decode.tokens_per_second).to_string());
            grid.push(vec![
                verdict.model.clone(),
                verdict.quant.clone(),
                verdict.weights_bytes.to_string(),
                decode.unwrap_or_else(|| unknown(lang)),
                verdict.reason.clone(),
            ]);
        }
        grid.text(style, out)
    }
}

fn pick(best: &Recommendation, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let bold = anstyle::Style::new().bold();
    let run = tr!(style.lang, "Run", "推荐");
    writeln!(out, "{bold}{run} {}:{}{bold:#}", best.model, best.quant)?;
    for reason in &best.reasons {
        wrapped("  - ", reason, style, out)?;
    }
    writeln!(out)
}

/// What was promised and what was measured.
fn verified(verification: &Verification, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let lang = style.lang;
    let Verification { model, quant, .. } = verification;
    let measured = match verification.measured_tokens_per_second {
        Some(rate) => tr!(lang, "decode measured {rate}", "实测解码 {rate}"),
        None => tr!(lang, "it did not run", "未能运行"),
    };
    let predicted = verification.predicted.map_or_else(String::new, |predicted| {
        let rate = predicted.tokens_per_second;
        let (low, high) = (digits(predicted.interval.low), digits(predicted.interval.high));
        tr!(lang, ", predicted {rate} ({low}–{high})", "，预测 {rate}（{low}–{high}）")
    });
    let verdict = match (verification.holds, verification.disturbed) {
        (_, true) => tr!(
            lang,
            "something else used the machine, so nothing was learned: try again when it is idle",
            "其他程序占用了机器，未据此学习：请在空闲时重试"
        ),
        (true, _) => tr!(lang, "it holds its promise", "达到承诺"),
        (false, _) => tr!(lang, "it does not hold its promise", "未达到承诺"),
    };
    let text = tr!(
        lang,
        "Measured {model}:{quant}: {measured}{predicted}; {verdict}",
        "已实测 {model}:{quant}：{measured}{predicted}；{verdict}"
    );
    wrapped("", &text, style, out)?;
    writeln!(out)
}

/// A rejected model, why, and what would help.
fn why_not(rejected: &Rejection, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let name = format!("  {}:{}  ", rejected.model, rejected.quant);
    if style.width < REASONS_BESIDE {
        writeln!(out, "{}", name.trim_end())?;
        wrapped("      ", &rejected.reason, style, out)?;
    } else {
        wrapped(&format!("{name:<35}"), &rejected.reason, style, out)?;
    }
    // One of each kind: what costs nothing, what must be bought, what others serve.
    let kinds = rejected.remedies.chunk_by(|a, b| a.cost_kind() == b.cost_kind());
    kinds.filter_map(<[Remedy]>::first).try_for_each(|remedy| wrapped("      → ", &remedy.text, style, out))
}

fn choices(lang: Lang) -> Grid {
    let columns = [
        ("#".to_owned(), Align::Right),
        (tr!(lang, "model", "模型"), Align::Left),
        (tr!(lang, "runs on", "运行于"), Align::Left),
        (tr!(lang, "memory", "内存"), Align::Right),
        ("tok/s".to_owned(), Align::Right),
        (tr!(lang, "likely", "区间"), Align::Right),
        (tr!(lang, "first token", "首 token"), Align::Right),
        (tr!(lang, "answer", "回答"), Align::Right),
        (tr!(lang, "quality", "质量"), Align::Right),
        (tr!(lang, "$/M", "$/M"), Align::Right),
    ];
    Grid::new(&columns.each_ref().map(|(name, align)| (name.as_str(), *align)))
}

fn unknown(lang: Lang) -> String {
    tr!(lang, "unknown", "未知")
}

fn choice_row(choice: &Recommendation, lang: Lang) -> Vec<String> {
    let unknown = || unknown(lang);
    vec![
        choice.rank.to_string(),
        format!("{}:{}", choice.model, choice.quant),
        runs_on(choice.memory.placement, lang).to_owned(),
        choice.memory.needed_bytes.to_string(),
        choice.decode.map_or_else(unknown, |decode| digits(decode.tokens_per_second)),
        choice.decode.map_or_else(unknown, |decode| {
            format!("{}–{}", digits(decode.interval.low), digits(decode.interval.high))
        }),
        choice.ttft_seconds.map_or_else(unknown, |time| time.display(lang)),
        choice.time_to_answer_seconds.map_or_else(unknown, |time| time.display(lang)),
        choice.quality.as_ref().map_or_else(unknown, |quality| format!("{:.1}", quality.score)),
        choice
            .cost
            .as_ref()
            .map_or_else(|| "–".to_owned(), |cost| format!("{:.2}", cost.usd_per_million_tokens.0)),
    ]
}

/// The device in a word: that a GPU shares the RAM stands in the machine's line already.
const fn runs_on(placement: PlacementKind, lang: Lang) -> &'static str {
    match placement {
        PlacementKind::Unified => PlacementKind::SingleGpu.label(lang),
        other => other.label(lang),
    }
}

/// What the columns are, and what the order is by.
fn legend(needs: &Needs, lang: Lang) -> String {
    let names: Vec<String> = needs.benchmark_weights.keys().map(ToString::to_string).collect();
    let names = names.join(match lang {
        Lang::En => ", ",
        Lang::Zh => "、",
    });
    let columns = tr!(
        lang,
        "Nothing shown is beaten by another in quality, time and memory. memory: weights, KV cache and compute buffers. \
         tok/s: decode in the middle of the answer, predicted; likely: where it will be four times of five. quality: \
         {names} as published, less what the quant loses. $/M: electricity of a million output tokens, at most.",
        "列出的型号在质量、时间、内存上都不会被另一个全面超过。内存：权重、KV 缓存与计算缓冲区。tok/s：回答中段的预测解码速度；\
         区间：五次有四次落在其中。质量：公布的 {names} 成绩，减去量化损失。$/M：每百万输出 token 的电费上限。"
    );
    let exchange = needs.priority.exchange();
    let order = match needs.priority {
        Priority::Cost => tr!(
            lang,
            "#: by quality, and {points} points more for half the energy or half the memory.",
            "#：按质量排序，能耗或内存减半各加 {points} 分。",
            points = exchange.energy
        ),
        Priority::Balanced | Priority::Quality | Priority::Latency => tr!(
            lang,
            "#: by quality, and {points} points more for an answer in half the time.",
            "#：按质量排序，回答时间减半加 {points} 分。",
            points = exchange.time
        ),
    };
    match lang {
        Lang::En => format!("{columns} {order}"),
        Lang::Zh => format!("{columns}{order}"),
    }
}
