//! The answer first: the pick in one line, and a small table of it and what stands beside it.

use std::io;

use crate::catalog::Artifact;
use crate::estimate::{DeviceMemory, PlacementKind};
use crate::i18n::Locale;
use crate::machine::{Machine, Origin};
use crate::message;
use crate::message::{Message, Value, file_size, fixed};
use crate::recommend::{Assessment, Choice, Decision, Role};
use crate::render::{Cell, Column, GOOD, Grid, PLAIN, Reader, Style, digits, wrapped};
use crate::units::Bytes;

use super::sentences;

/// The cells of a bar.
const BAR: usize = 10;

/// The pick in one line: what, where it fits, how fast, how long an answer takes.
pub(super) fn draw(
    machine: &Machine,
    best: &Choice<'_>,
    style: Style<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let pick = &best.assessment;
    let mut parts = vec![fit(machine, pick)];
    parts.extend(pick.decode.map(|decode| message!(VerdictRate { rate: sentences::rate(decode) })));
    parts.extend(pick.time_to_answer().map(|time| message!(VerdictAnswer { time })));
    let parts: Vec<String> = parts.iter().map(|part| style.locale.say(part)).collect();
    let line = format!("{} · {}", pick.target(), parts.join(" · "));
    match line.split_once(" · ") {
        Some((target, rest)) if line.chars().count() <= usize::from(style.width) => {
            writeln!(out, "{GOOD}{target}{PLAIN} · {rest}")
        }
        _ => wrapped("", &line, style, out),
    }
}

/// Where a model runs, with what it takes of the memory there.
fn fit(machine: &Machine, pick: &Assessment<'_>) -> Message {
    let placement = &pick.placement;
    let on_gpus = || placement.devices.iter().filter(|device| device.gpu().is_some());
    let here = if matches!(machine.origin, Origin::Probed { .. }) { "yes" } else { "no" };
    let gpu = on_gpus().next().map_or("GPU", |device| device.device.name());
    let count = on_gpus().filter(|device| device.weights_bytes > Bytes::ZERO).count();
    let (used, all) = (sum(on_gpus(), DeviceMemory::used), sum(on_gpus(), |device| device.free_bytes));
    match placement.kind {
        PlacementKind::SingleGpu | PlacementKind::Unified => {
            message!(VerdictFitsGpu { here, gpu, used, all })
        }
        PlacementKind::SplitGpus => message!(VerdictFitsGpus { count, gpu, used, all }),
        PlacementKind::ExpertOffload => message!(VerdictExperts { gpu, in_ram: in_ram(pick) }),
        PlacementKind::PartialOffload => message!(VerdictPartly { gpu, in_ram: in_ram(pick) }),
        PlacementKind::CpuOnly => {
            message!(VerdictCpu { used: in_ram(pick), all: machine.ram.available_bytes })
        }
    }
}

fn in_ram(pick: &Assessment<'_>) -> Bytes {
    sum(pick.placement.devices.iter().filter(|device| device.gpu().is_none()), DeviceMemory::used)
}

fn sum<'d>(devices: impl Iterator<Item = &'d DeviceMemory>, of: impl Fn(&DeviceMemory) -> Bytes) -> Bytes {
    devices.map(of).sum()
}

/// The pick and its alternatives, with bars of the memory that they take.
pub(super) fn table(decision: &Decision<'_>, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let locale = style.locale;
    let columns: Vec<Column<'_, &Choice<'_>>> = vec![
        Column::left("role", message!(VerdictRole), |choice: &&Choice<'_>| role(choice.role)),
        Column::left("target", message!(RecommendModel), |choice: &&Choice<'_>| choice.assessment.target()),
        Column::left("memory", message!(RecommendMemory), move |choice: &&Choice<'_>| {
            bar(&choice.assessment, locale)
        }),
        Column::right("rate", message!(RecommendRate), |choice: &&Choice<'_>| {
            let rate = choice.assessment.decode.map(|decode| digits(decode.tokens_per_second));
            Cell::from(rate).or(message!(RecommendUnknown))
        }),
        Column::right("answer", message!(RecommendAnswer), |choice: &&Choice<'_>| {
            Cell::from(choice.assessment.time_to_answer()).or(message!(RecommendUnknown))
        }),
        Column::right("quality", message!(RecommendQuality), |choice: &&Choice<'_>| {
            let quality = choice.assessment.quality.as_ref();
            let cell = |quality: &crate::recommend::Quality<'_>| {
                let (score, half) = (fixed(quality.score, 0), fixed(quality.half_width(), 0));
                Value::from(message!(VerdictQuality { score, half }))
            };
            Cell::from(quality.map(cell)).or(message!(RecommendUnknown))
        }),
    ];
    let rows: Vec<&Choice<'_>> = decision.choices.iter().collect();
    Grid::of(&columns, &rows, Reader::Terminal, locale).text(style, out)
}

fn role(role: Role) -> Message {
    match role {
        Role::Pick => message!(VerdictPick),
        Role::Better => message!(VerdictBetter),
        Role::Faster => message!(VerdictFaster),
        Role::LongerContext => message!(VerdictLongerContext),
    }
}

/// What a model takes of the devices that it is on, as a bar and in figures.
fn bar(assessment: &Assessment<'_>, locale: &Locale) -> String {
    // What lies on GPUs alone is held against them: the embedding's rows in RAM are no burden.
    let on_gpus = matches!(
        assessment.placement.kind,
        PlacementKind::SingleGpu | PlacementKind::Unified | PlacementKind::SplitGpus
    );
    let counts =
        |device: &&DeviceMemory| device.weights_bytes > Bytes::ZERO && (!on_gpus || device.gpu().is_some());
    let devices = || assessment.placement.devices.iter().filter(counts);
    let (used, all) = (sum(devices(), DeviceMemory::used), sum(devices(), |device| device.free_bytes));
    #[expect(clippy::cast_sign_loss, reason = "from 1 on")]
    let filled = (used.as_f64() / all.as_f64().max(1.0) * BAR as f64).round().clamp(1.0, BAR as f64) as usize;
    format!("{}{} {}", "█".repeat(filled), "░".repeat(BAR - filled), locale.show(assessment.needed_bytes()))
}

/// The size of the file that is fetched, where it is known.
pub(super) fn download(assessment: &Assessment<'_>) -> Value {
    let of_quant = |artifact: &&Artifact| artifact.quant == assessment.quant.id;
    let published = assessment.model.artifacts.iter().find(of_quant).and_then(Artifact::bytes);
    file_size(published.unwrap_or(assessment.weights_bytes))
}
