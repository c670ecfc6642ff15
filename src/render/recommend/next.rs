use std::io;

use crate::message;
use crate::message::Message;
use crate::recommend::{Assessment, CostKind, Decision, Rejection, Standing};
use crate::render::{Style, wrapped};

use super::sentences::{remedy, why_not};
use super::verdict::download;

/// The next command, ready to paste; where nothing meets the needs, what would help.
pub(super) fn draw(decision: &Decision<'_>, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let Some(best) = decision.choices.first() else { return nearest(decision, style, out) };
    let (model, quant) = (&best.assessment.model.id, &best.assessment.quant.id);
    if let Some(next) = elsewhere(decision, &best.assessment) {
        let (head, command) = next;
        wrapped("", &style.locale.say(&head), style, out)?;
        return command.map_or(Ok(()), |command| writeln!(out, "  {command}"));
    }
    let size = style.locale.show(download(&best.assessment));
    for command in commands(model, quant) {
        // The download says what it takes.
        let note = if command.contains(" pull ") { format!("   # {size}") } else { String::new() };
        writeln!(out, "  {command}{note}")?;
    }
    Ok(())
}

/// What comes next where this program is not what runs it: a phone's apps, an engine that serves many.
fn elsewhere(decision: &Decision<'_>, best: &Assessment<'_>) -> Option<(Message, Option<String>)> {
    let (model, quant) = (best.model, &best.quant.id);
    match decision.standing {
        Standing::Computer => None,
        Standing::Phone => {
            let artifact = model.artifacts.iter().find(|artifact| artifact.quant == *quant)?;
            let repository = &artifact.repository;
            Some((message!(RecommendNextPhone { quant, repository }), None))
        }
        Standing::Server => {
            let command =
                format!("r1-advisor report --users 100 --model {} --format html -o report.html", model.id);
            Some((message!(RecommendNextServer), Some(command)))
        }
    }
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
