//! Several runs of a bench, drawn: a row for each test, with the settings that differ.

use std::io;

use super::bench::tests;
use super::{Align, Grid, Style};
use crate::bench::{BenchReport, Settings, Verdict};
use crate::i18n::Locale;
use crate::units::Seconds;

/// A setting that runs may differ in, in llama-bench's word for it.
type Setting = (&'static str, fn(&Settings) -> String);

const SETTINGS: [Setting; 11] = [
    ("threads", |settings| settings.threads.to_string()),
    ("ngl", |settings| settings.gpu_layers.map_or_else(|| "all".to_owned(), |layers| layers.to_string())),
    ("ncmoe", |settings| settings.expert_layers_in_ram.to_string()),
    ("batch", |settings| settings.run.batch.to_string()),
    ("ubatch", |settings| settings.run.micro_batch.to_string()),
    ("fa", |settings| if settings.run.flash_attention { "on".to_owned() } else { "off".to_owned() }),
    ("ctk", |settings| settings.run.kv_type.to_string()),
    ("ctv", |settings| settings.run.value_type().to_string()),
    ("sm", |settings| settings.split_mode.to_string()),
    ("ts", |settings| {
        let shares: Vec<_> = settings.tensor_split.iter().map(f32::to_string).collect();
        shares.join("/")
    }),
    ("mmap", |settings| if settings.mapped { "on".to_owned() } else { "off".to_owned() }),
];

/// Draws them, and how decode slows down with depth where that was measured.
pub(super) fn draw(report: &BenchReport, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let first = &report.first.settings;
    let differing: Vec<&Setting> = SETTINGS
        .iter()
        .filter(|(_, value)| report.measurements().any(|run| value(&run.settings) != value(first)))
        .collect();
    let mut columns: Vec<_> = differing.iter().map(|(name, _)| (*name, Align::Right)).collect();
    columns.extend([
        ("test", Align::Left),
        ("tokens", Align::Right),
        ("depth", Align::Right),
        ("measured", Align::Right),
        ("±", Align::Right),
        ("predicted", Align::Right),
    ]);
    let mut grid = Grid::new(&columns);
    for run in report.measurements() {
        let settings: Vec<_> = differing.iter().map(|(_, value)| value(&run.settings)).collect();
        let mut push = |cells: [String; 6]| grid.push(settings.iter().cloned().chain(cells).collect());
        for (name, timed, compared) in tests(run) {
            let rates = &timed.tokens_per_second;
            push([
                name.to_owned(),
                timed.tokens.to_string(),
                timed.depth.to_string(),
                rates.mean.to_string(),
                rates.stddev.map_or_else(|| "one run".to_owned(), |stddev| format!("{:.2}", stddev.0)),
                compared.map_or_else(String::new, |compared| format!("{:.1}", compared.tokens_per_second)),
            ]);
        }
        if let Some(said) = failure(&run.verdict) {
            push([said, String::new(), String::new(), String::new(), String::new(), String::new()]);
        }
    }
    grid.text(style, out)?;
    if report.measurements().any(|run| run.verdict == Verdict::Disturbed) {
        writeln!(
            out,
            "\ndisturbed: something else used the machine in some of the runs; measure again when it is quiet"
        )?;
    }
    if let Some(fit) = &report.decode_over_depth {
        writeln!(
            out,
            "\na token takes {} with nothing before it, and {} more for each thousand tokens before it (within {:.1} %)",
            Seconds(fit.seconds_per_token_at_zero),
            precise(fit.seconds_per_token_per_thousand_depth),
            fit.worst_error * 100.0
        )?;
    }
    Ok(())
}

/// Short times, which whole milliseconds would hide.
fn precise(seconds: f64) -> String {
    if seconds.abs() < 0.1 { format!("{:.2} ms", seconds * 1e3) } else { Seconds(seconds).to_string() }
}

/// Why a run has no result, or not all of it.
fn failure(verdict: &Verdict) -> Option<String> {
    match verdict {
        Verdict::TooLarge(shortage) => {
            Some(format!("does not fit: {} missing in {}", shortage.shortfall_bytes, shortage.device))
        }
        Verdict::Crashed(crash) => {
            Some(format!("the engine {}", Locale::default().say(&crash.ending.message())))
        }
        Verdict::Stalled { limit_seconds } => Some(format!("no answer within {limit_seconds}")),
        Verdict::Refused { reason } => Some(format!("refused: {}", Locale::default().say(reason))),
        Verdict::Measured | Verdict::Confirmed | Verdict::Corrected | Verdict::Disturbed => None,
    }
}
