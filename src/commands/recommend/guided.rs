//! `recommend --interactive`: a use-case, limits and a model chosen by keys, decided as without it.

use std::collections::BTreeSet;
use std::io::Write as _;

use clap::Parser;

use super::RecommendArgs;
use super::again::command_line;
use crate::both;
use crate::catalog::Catalog;
use crate::commands::interrupt::interrupts;
use crate::commands::needs::NeedsArgs;
use crate::commands::{Context, finish_output, lessons, machine_source};
use crate::error::{Error, Exit};
use crate::estimate::Reserve;
use crate::history::all_tuned_here;
use crate::i18n::Locale;
use crate::lang::{Lang, Text};
use crate::machine::Machine;
use crate::recommend::{Court, Decision, Docket, Judged, Needs, Priority, Rejection, decide};
use crate::render::{digits, next_commands};
use crate::tr;
use crate::ui::guide::{self, Candidate, Ended, Guide, Purpose};

/// Runs the command.
pub(super) fn run(context: &Context, args: &RecommendArgs) -> Result<Exit, Error> {
    let lang = context.lang();
    if !context.is_table() {
        return Err(Error::usage(both!(
            "`--interactive` draws on a terminal and has no `--format`",
            "`--interactive` 在终端上绘制，不支持 `--format`"
        ))
        .hint(Some(without())));
    }
    if !guide::is_possible() {
        return Err(Error::usage(both!(
            "`--interactive` needs a terminal for its keys and its screen, and standard input or output is none",
            "`--interactive` 需要终端来读取按键和显示，而标准输入或标准输出不是终端"
        ))
        .hint(Some(without())));
    }
    let catalog = context.catalog()?;
    let asked = args.needs.needs(&catalog, lang)?;
    let machine = machine_source::machine(context, &args.machine, &catalog)?;
    let docket = Docket::of(&catalog);
    let (calibration, tuned) = (lessons::calibration(&catalog, &machine), all_tuned_here(&machine));
    let mut decision = None;
    let mut guide = Guide::new(purposes(args, &catalog, &machine, lang), &asked.use_case, lang);
    let ended = guide::run(&mut guide, &interrupts()?.cancelled, |guide| {
        let needs = needs(args, guide, &catalog, lang).map_err(|error| told(&error, context.locale()))?;
        let court = Court {
            docket: &docket,
            machine: &machine,
            needs: &needs,
            calibration: &calibration,
            tuned: &tuned,
        };
        let judged = court.judge();
        let decided = decision.insert(decide(&court, &judged, lang));
        Ok(candidates(decided, &judged, lang))
    });
    let ended = ended.map_err(|error| {
        Error::new(Exit::Output, &error).hint(Some(both!(
            "the terminal could not be drawn on; `recommend` without `--interactive` needs none",
            "无法在终端上绘制；不带 `--interactive` 的 `recommend` 不需要终端"
        )))
    })?;
    finish(context, ended, &guide, decision.filter(|_| guide.has_results()).as_ref())
}

fn without() -> Text {
    both!(
        "leave it out: `recommend` takes the same as flags, such as `--use-case` and `--min-decode`",
        "去掉它即可：`recommend` 用参数也能指定同样的内容，如 `--use-case` 和 `--min-decode`"
    )
}

/// Leaves what was chosen behind, ready to paste.
fn finish(
    context: &Context,
    ended: Ended,
    guide: &Guide,
    decision: Option<&Decision>,
) -> Result<Exit, Error> {
    let lang = context.lang();
    let (Ended::Chosen(_) | Ended::Left, Some(decision)) = (ended, decision) else {
        return Ok(if ended == Ended::Interrupted { Exit::Interrupted } else { Exit::Yes });
    };
    let typed = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned());
    let mut commands = vec![command_line(typed, &guide.flags())];
    if let Ended::Chosen(index) = ended
        && let Some(pick) = decision.recommendations.get(index)
    {
        let (model, quant) = (&pick.model, &pick.quant);
        context.printer.say(tr!(
            lang,
            "{model}:{quant} was chosen. The same again, and what comes next:",
            "已选定 {model}:{quant}。重现本次结果的命令，以及下一步："
        ));
        commands.extend(next_commands(model, quant));
    } else {
        context.printer.say(tr!(lang, "The same again:", "重现本次结果的命令："));
    }
    let mut out = context.printer.data();
    finish_output(
        commands.iter().try_for_each(|command| writeln!(out, "{command}")).and_then(|()| out.flush()),
    )?;
    Ok(if decision.recommendations.is_empty() { Exit::No } else { Exit::Yes })
}

/// Reads the flags that the guide gives as the command line is read.
#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    needs: NeedsArgs,
}

/// What is set by keys, and what was typed where nothing is.
fn needs(args: &RecommendArgs, guide: &Guide, catalog: &Catalog, lang: Lang) -> Result<Needs, Error> {
    let words = std::iter::once("recommend".to_owned()).chain(guide.flags());
    let set = Flags::try_parse_from(words).map_err(|error| Error::usage(error.to_string()))?;
    NeedsArgs { file: args.needs.file.clone(), ..set.needs.over(args.needs.clone()) }.needs(catalog, lang)
}

fn told(error: &Error, locale: &Locale) -> String {
    let parts = std::iter::once(error.message()).chain(error.hint_text());
    locale.show(crate::message::clauses(parts))
}

/// The use-cases of the catalog, each with what holds where no limit is set.
fn purposes(args: &RecommendArgs, catalog: &Catalog, machine: &Machine, lang: Lang) -> Vec<Purpose> {
    let purpose = |use_case: &crate::catalog::UseCase| {
        let needs = NeedsArgs { use_case: Some(use_case.id.clone()), ..args.needs.clone() };
        Purpose {
            id: use_case.id.clone(),
            description: use_case.described(lang).into(),
            // What cannot be asked together is told when it is looked for.
            usual: needs.needs(catalog, lang).map(|needs| usual(&needs, machine)).unwrap_or_default(),
        }
    };
    catalog.use_cases().iter().map(purpose).collect()
}

/// What holds where no limit is set by keys, by its flag.
fn usual(needs: &Needs, machine: &Machine) -> Vec<(&'static str, Text)> {
    let value = |flag: &'static str, text: Text| {
        let Text { en, zh } = text;
        let is_asked = needs.given.contains(&flag.trim_start_matches('-').replace('-', "_"));
        (flag, if is_asked { Text { en, zh } } else { both!("{en} (default)", "{zh}（默认）") })
    };
    let priority = match needs.priority {
        Priority::Balanced => both!("balanced", "均衡（balanced）"),
        Priority::Quality => both!("quality", "质量（quality）"),
        Priority::Latency => both!("latency", "响应快（latency）"),
        Priority::Cost => both!("cost", "成本（cost）"),
    };
    let span = |span: crate::units::Seconds| Text { en: span.display(Lang::En), zh: span.display(Lang::Zh) };
    let yes_or_no = |is: bool| if is { both!("yes", "是") } else { both!("no", "否") };
    let always = [
        ("--priority", priority),
        ("--min-decode", digits(needs.minimum_decode_tokens_per_second.0).into()),
        ("--context", needs.run.context_per_sequence().to_string().into()),
        ("--sequences", needs.run.sequences.to_string().into()),
        ("--max-quant-loss", format!("{}%", needs.maximum_quant_loss_percent).into()),
        (
            "--reserve-ram",
            needs.reserved_ram_bytes.unwrap_or(Reserve::for_machine(machine).ram).to_string().into(),
        ),
        ("--gpu-only", yes_or_no(needs.gpu_only)),
        ("--local-only", yes_or_no(needs.local_only)),
    ];
    let asked = [
        ("--max-ttft", needs.maximum_ttft_seconds.map(span)),
        ("--max-answer-time", needs.maximum_answer_seconds.map(span)),
    ];
    let asked = asked.into_iter().filter_map(|(flag, text)| Some((flag, text?)));
    always.into_iter().chain(asked).map(|(flag, text)| value(flag, text)).collect()
}

/// What was decided, in its order: what is recommended, then the others.
fn candidates(decision: &Decision, judged: &[Judged<'_>], lang: Lang) -> Vec<Candidate> {
    let find = |model: &str, quant: &str| {
        judged.iter().find(|judged| judged.model.id == model && judged.quant.id == quant)
    };
    let recommended = decision.recommendations.iter().filter_map(|choice| {
        Some(candidate(find(&choice.model, &choice.quant)?, true, choice.reasons.clone(), lang))
    });
    let rejected = decision.rejected.iter().filter_map(|rejected| {
        Some(candidate(find(&rejected.model, &rejected.quant)?, false, why_not(rejected), lang))
    });
    recommended.chain(rejected).collect()
}

fn why_not(rejected: &Rejection) -> Vec<String> {
    let remedies = rejected.remedies.iter().map(|remedy| format!("→ {}", remedy.text));
    let mut seen = BTreeSet::new();
    std::iter::once(rejected.reason.clone())
        .chain(remedies.filter(|text| seen.insert(text.clone())))
        .collect()
}

fn candidate(judged: &Judged<'_>, is_recommended: bool, reasons: Vec<String>, lang: Lang) -> Candidate {
    let unknown = || tr!(lang, "unknown", "未知");
    let decode = judged.decode.map(|decode| digits(decode.tokens_per_second));
    let answer = judged.answer.map(|answer| answer.whole.seconds.display(lang));
    let quality = judged.quality.as_ref().map(|quality| format!("{:.1}", quality.score));
    Candidate {
        target: format!("{}:{}", judged.model.id, judged.quant.id),
        is_recommended,
        columns: vec![
            decode.unwrap_or_else(unknown),
            judged.needed_bytes().to_string(),
            answer.unwrap_or_else(unknown),
            quality.unwrap_or_else(unknown),
            judged.placement.kind.label(lang).to_owned(),
        ],
        devices: judged.placement.devices.clone(),
        sentences: speed(judged, lang).into_iter().chain(reasons).collect(),
    }
}

/// The predicted speed in a sentence, where it is known.
fn speed(judged: &Judged<'_>, lang: Lang) -> Option<String> {
    let decode = judged.decode?;
    let (low, high) = (digits(decode.interval.low), digits(decode.interval.high));
    let rate = digits(decode.tokens_per_second);
    let first = judged.answer.map_or_else(String::new, |answer| {
        let time = answer.ttft.seconds.display(lang);
        tr!(lang, ", first token after {time}", "，首 token {time}")
    });
    let fits = judged.lacks.iter().all(|lack| lack.shortfall().is_none());
    let said = tr!(
        lang,
        "decode {rate} tok/s ({low}–{high}), predicted{first}",
        "预测解码 {rate} tok/s（{low}–{high}）{first}"
    );
    Some(if fits { said } else { tr!(lang, "if it fitted: {said}", "若能放下：{said}") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::guide::Key;

    /// Every value of every limit, one after another.
    #[test]
    fn every_value_that_the_guide_offers_is_one_that_the_flags_take() {
        let purpose = Purpose { id: "general".to_owned(), description: "".into(), usual: Vec::new() };
        let mut guide = Guide::new(vec![purpose], "general", Lang::En);
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
