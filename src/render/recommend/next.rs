use std::io;

use crate::machine::Origin;
use crate::message;
use crate::recommend::{CostKind, Decision, Rejection};
use crate::render::{Style, wrapped};

use super::sentences::{remedy, why_not};

/// The next command, ready to paste; where nothing meets the needs, what would help.
pub(super) fn draw(decision: &Decision<'_>, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let Some(best) = decision.choices.first() else { return nearest(decision, style, out) };
    let (model, quant) = (&best.assessment.model.id, &best.assessment.quant.id);
    let head = match decision.machine.origin {
        _ if has_own_mix(quant) => message!(RecommendNextFiles),
        Origin::Probed { .. } => message!(RecommendNextHere),
        Origin::Described => message!(RecommendNextThere),
    };
    writeln!(out)?;
    wrapped("", &style.locale.say(&head), style, out)?;
    commands(model, quant).iter().try_for_each(|command| writeln!(out, "  {command}"))
}

/// The commands that measure, fetch and run a model.
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

/// Whether the quant's mix is its makers' choice, so that only their files have its shapes.
fn has_own_mix(quant: &str) -> bool {
    quant.starts_with("UD-")
}

/// The nearest miss, and what would make it one of the answers.
fn nearest(decision: &Decision<'_>, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    // What this machine can do with lower needs comes before what must be bought.
    let is_free = |rejected: &&Rejection<'_>| {
        rejected.remedies.first().is_some_and(|remedy| remedy.cost_kind() == CostKind::Free)
    };
    let rejected = &decision.rejected;
    let Some(nearest) = rejected.iter().find(is_free).or_else(|| rejected.first()) else { return Ok(()) };
    let target = nearest.assessment.target();
    let text = match nearest.remedies.first() {
        Some(first) => message!(RecommendNearestRemedy { target, remedy: remedy(first) }),
        None => message!(RecommendNearest { target, why: why_not(nearest) }),
    };
    writeln!(out)?;
    wrapped("", &style.locale.say(&text), style, out)
}
