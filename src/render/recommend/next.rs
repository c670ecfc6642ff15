use std::io;

use crate::machine::Origin;
use crate::recommend::{CostKind, Decision, Rejection};
use crate::render::{Style, wrapped};
use crate::tr;

/// The next command, ready to paste; where nothing meets the needs, what to relax.
pub(super) fn draw(decision: &Decision, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let lang = style.lang;
    let Some(best) = decision.recommendations.first() else {
        return nothing(decision, style, out);
    };
    let what = match decision.machine.origin {
        _ if has_own_mix(&best.quant) => tr!(lang, "Next: where its files are", "下一步：查看文件所在"),
        Origin::Probed { .. } => tr!(
            lang,
            "Next: measure it here before downloading, fetch it, chat with it",
            "下一步：下载前先在本机实测，然后下载、运行"
        ),
        Origin::Described => {
            tr!(
                lang,
                "Next, on that machine: measure it before downloading, fetch it, chat with it",
                "下一步，在那台机器上：下载前先实测，然后下载、运行"
            )
        }
    };
    writeln!(out)?;
    wrapped("", &what, style, out)?;
    let commands = commands(&best.model, &best.quant);
    commands.iter().try_for_each(|command| writeln!(out, "  {command}"))
}

/// What to type for a model that was picked: to measure it, to fetch it and to chat with it.
#[must_use]
pub fn commands(model: &str, quant: &str) -> Vec<String> {
    if has_own_mix(quant) {
        return vec![format!("r1-advisor models show {model}")];
    }
    let named = format!("{model}:{quant}");
    vec![
        format!("r1-advisor bench {named} --synthetic"),
        format!("r1-advisor pull {named}"),
        format!("r1-advisor run {named}"),
    ]
}

/// Whether the quant's mix is its makers' choice, so that only their files tell its shapes.
fn has_own_mix(quant: &str) -> bool {
    quant.starts_with("UD-")
}

/// The nearest miss, and what would make it one of the answers.
fn nothing(decision: &Decision, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let lang = style.lang;
    // What this machine can do when less is asked comes before what must be bought.
    let is_free = |rejected: &&Rejection| {
        rejected.remedies.first().is_some_and(|remedy| remedy.cost_kind() == CostKind::Free)
    };
    let rejected = &decision.rejected;
    let Some(nearest) = rejected.iter().find(is_free).or_else(|| rejected.first()) else { return Ok(()) };
    let text = match nearest.remedies.first() {
        Some(remedy) => tr!(
            lang,
            "Nearest is {model}:{quant}; it would do {remedy}",
            "最接近的是 {model}:{quant}；可行办法：{remedy}",
            model = nearest.model,
            quant = nearest.quant,
            remedy = remedy.text
        ),
        None => tr!(
            lang,
            "Nearest is {model}:{quant}: {reason}. Ask for less, or see every quant with `--all`",
            "最接近的是 {model}:{quant}：{reason}。请放宽要求，或用 `--all` 查看全部量化版本",
            model = nearest.model,
            quant = nearest.quant,
            reason = nearest.reason
        ),
    };
    writeln!(out)?;
    wrapped("", &text, style, out)
}
