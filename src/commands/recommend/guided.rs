//! `recommend --interactive`: a use-case, limits and a model chosen by keys, decided as without it.

use std::collections::BTreeSet;
use std::io::Write as _;

use clap::Parser;

use super::RecommendArgs;
use super::again::command_line;
use crate::catalog::{Catalog, UseCase};
use crate::commands::interrupt::interrupts;
use crate::commands::{Context, finish_output, lessons, machine_source};
use crate::error::{Error, Exit};
use crate::estimate::Reserve;
use crate::history::all_tuned_here;
use crate::i18n::Locale;
use crate::machine::Machine;
use crate::message::{Message, Value, fact, fixed};
use crate::needs::{GivenNeeds, MachineNeedsArgs};
use crate::recommend::{Assessment, Candidates, Decision, Evaluation, Needs, Priority, decide};
use crate::render::{digits, next_commands, placement, reasons, rejection};
use crate::ui::guide::{self, Candidate, Ended, Guide, Purpose};
use crate::{message, say};

/// Runs the command.
pub(super) fn run(context: &Context, args: &RecommendArgs) -> Result<Exit, Error> {
    if !context.is_table() {
        return Err(Error::usage(message!(ChooserNoFormat)).hint(Some(message!(ChooserWithoutHint))));
    }
    if !guide::is_possible() {
        return Err(Error::usage(message!(ChooserNoTerminal)).hint(Some(message!(ChooserWithoutHint))));
    }
    let catalog = context.catalog()?;
    let asked = args.needs.needs(&catalog)?;
    let machine = machine_source::machine(context, &args.machine, &catalog)?;
    let candidates = Candidates::of(&catalog);
    let (calibration, tuned) = (lessons::calibration(&catalog, &machine), all_tuned_here(&machine));
    let mut decision = None;
    let mut guide = Guide::new(purposes(args, &catalog, &machine), &asked.use_case, context.locale());
    let ended = guide::run(&mut guide, &interrupts()?.cancelled, |guide| {
        let needs = needs(args, guide, &catalog).map_err(|error| problem(&error))?;
        let evaluation = Evaluation::new(&candidates, &machine, &needs, &calibration, &tuned);
        Ok(shown(decision.insert(decide(&evaluation)), context.locale()))
    });
    let ended = ended
        .map_err(|error| Error::plain(Exit::Output, &error).hint(Some(message!(ChooserNotDrawnHint))))?;
    finish(context, ended, &guide, decision.filter(|_| guide.has_results()).as_ref())
}

/// Leaves what was chosen behind, ready to paste.
fn finish(
    context: &Context,
    ended: Ended,
    guide: &Guide,
    decision: Option<&Decision<'_>>,
) -> Result<Exit, Error> {
    let (Ended::Chosen(_) | Ended::Left, Some(decision)) = (ended, decision) else {
        return Ok(if ended == Ended::Interrupted { Exit::Interrupted } else { Exit::Yes });
    };
    let typed = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned());
    let mut commands = vec![command_line(typed, &guide.flags())];
    if let Ended::Chosen(index) = ended
        && let Some(choice) = decision.choices.get(index)
    {
        let pick = &choice.assessment;
        context.printer.say(say!(context.locale(), ChooserChosen { target: pick.target() }));
        commands.extend(next_commands(&pick.model.id, &pick.quant.id));
    } else {
        context.printer.say(say!(context.locale(), ChooserAgain));
    }
    let mut out = context.printer.data();
    finish_output(
        commands.iter().try_for_each(|command| writeln!(out, "{command}")).and_then(|()| out.flush()),
    )?;
    Ok(if decision.choices.is_empty() { Exit::No } else { Exit::Yes })
}

/// Reads the flags that the guide gives as the command line is read.
#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    needs: MachineNeedsArgs,
}

/// The needs that are set by keys, and those of the command line where none are.
fn needs(args: &RecommendArgs, guide: &Guide, catalog: &Catalog) -> Result<Needs, Error> {
    let words = std::iter::once("recommend".to_owned()).chain(guide.flags());
    let set = Flags::try_parse_from(words).map_err(|error| Error::usage(error.to_string()))?;
    Ok(args.needs.below(set.needs.flags).needs(catalog)?)
}

fn problem(error: &Error) -> Message {
    match error.hint_text() {
        Some(hint) => message!(ChooserProblem { what: error.message(), hint }),
        None => error.message().clone(),
    }
}

/// The use-cases of the catalog, each with its defaults.
fn purposes(args: &RecommendArgs, catalog: &Catalog, machine: &Machine) -> Vec<Purpose> {
    let purpose = |use_case: &UseCase| {
        let named = GivenNeeds { use_case: Some(use_case.id.clone()), ..GivenNeeds::default() };
        Purpose {
            id: use_case.id.clone(),
            description: message!(RecommendFact { fact: fact(use_case.description.as_str()) }),
            // Needs that contradict each other are refused when they are looked for.
            usual: args
                .needs
                .below(named)
                .needs(catalog)
                .map(|needs| usual(&needs, machine))
                .unwrap_or_default(),
        }
    };
    catalog.use_cases().iter().map(purpose).collect()
}

/// The value of each limit where none is set by keys, by its flag.
fn usual(needs: &Needs, machine: &Machine) -> Vec<(&'static str, Message)> {
    let value = |(flag, value): (&'static str, Value)| {
        let is_given = needs.given.contains(&flag.trim_start_matches('-').replace('-', "_"));
        let given = || message!(RecommendFact { fact: &value });
        (flag, if is_given { given() } else { message!(ChooserDefault { value: &value }) })
    };
    let priority = match needs.priority {
        Priority::Balanced => message!(ChooserBalanced),
        Priority::Quality => message!(ChooserQuality),
        Priority::Latency => message!(ChooserLatency),
        Priority::Cost => message!(ChooserCost),
    };
    let yes_or_no = |is: bool| Value::from(if is { message!(ChooserYes) } else { message!(ChooserNo) });
    let reserve = needs.reserved_ram_bytes.unwrap_or(Reserve::for_machine(machine).ram);
    let always = [
        ("--priority", priority.into()),
        ("--min-decode", digits(needs.minimum_decode_tokens_per_second.0).into()),
        ("--context", needs.run.context_per_sequence().into()),
        ("--sequences", needs.run.sequences.into()),
        ("--max-quant-loss", format!("{}%", needs.maximum_quant_loss_percent).into()),
        ("--reserve-ram", reserve.into()),
        ("--gpu-only", yes_or_no(needs.gpu_only)),
        ("--local-only", yes_or_no(needs.local_only)),
    ];
    let given =
        [("--max-ttft", needs.maximum_ttft_seconds), ("--max-answer-time", needs.maximum_answer_seconds)];
    let given = given.into_iter().filter_map(|(flag, time)| Some((flag, Value::from(time?))));
    always.into_iter().chain(given).map(value).collect()
}

/// The models in the order of the decision: what is recommended, then the others.
fn shown(decision: &Decision<'_>, locale: &Locale) -> Vec<Candidate> {
    let recommended = decision
        .choices
        .iter()
        .map(|choice| candidate(&choice.assessment, true, reasons(choice, &decision.needs), locale));
    let rejected = decision.rejected.iter().map(|rejected| {
        let (why, remedies) = rejection(rejected);
        let remedies = remedies.into_iter().map(|remedy| message!(ChooserRemedy { remedy }));
        candidate(&rejected.assessment, false, std::iter::once(why).chain(remedies).collect(), locale)
    });
    recommended.chain(rejected).collect()
}

fn candidate(
    assessment: &Assessment<'_>,
    is_recommended: bool,
    sentences: Vec<Message>,
    locale: &Locale,
) -> Candidate {
    let unknown = || Value::from(message!(RecommendUnknown));
    let columns = [
        assessment.decode.map_or_else(unknown, |decode| digits(decode.tokens_per_second).into()),
        assessment.needed_bytes().into(),
        assessment.time_to_answer().map_or_else(unknown, Value::from),
        assessment.score().map_or_else(unknown, |score| fixed(score, 1)),
        placement(assessment.placement.kind).into(),
    ];
    let mut seen = BTreeSet::new();
    let sentences = speed(assessment).into_iter().chain(sentences).map(|sentence| locale.say(&sentence));
    Candidate {
        target: assessment.target(),
        is_recommended,
        columns: columns.iter().map(|cell| locale.show(cell)).collect(),
        devices: assessment.placement.devices.clone(),
        sentences: sentences.filter(|sentence| seen.insert(sentence.clone())).collect(),
    }
}

/// The predicted speed, where it is known.
fn speed(assessment: &Assessment<'_>) -> Option<Message> {
    let decode = assessment.decode?;
    let (low, high) = (digits(decode.interval.low), digits(decode.interval.high));
    let rate = digits(decode.tokens_per_second);
    let speed = match assessment.ttft() {
        Some(time) => message!(ChooserSpeedTtft { rate, low, high, time }),
        None => message!(ChooserSpeed { rate, low, high }),
    };
    let fits = assessment.lacks.iter().all(|lack| lack.shortfall().is_none());
    Some(if fits { speed } else { message!(ChooserIfItFitted { speed }) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::guide::Key;

    /// Every value of every limit, one after another.
    #[test]
    fn every_value_that_the_guide_offers_is_one_that_the_flags_take() {
        let purpose =
            Purpose { id: "general".to_owned(), description: Message::verbatim(""), usual: Vec::new() };
        let mut guide = Guide::new(vec![purpose], "general", &Locale::default());
        guide.press(Key::Enter);
        let mut seen = BTreeSet::new();
        for _ in 0..20 {
            for _ in 0..10 {
                guide.press(Key::Right);
                let flags = guide.flags();
                let words = std::iter::once("recommend").chain(flags.iter().map(String::as_str));
                assert!(Flags::try_parse_from(words).is_ok(), "{flags:?}");
                seen.insert(flags.join(" "));
            }
            guide.press(Key::Down);
        }
        assert!(seen.len() > 35, "{seen:?}");
    }
}
