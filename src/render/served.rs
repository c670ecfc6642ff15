use std::io;

use super::{Align, Grid, Style, View, wrapped};
use crate::bench::served::{
    CountedBy, Load, LoadResult, Percentiles, ServedMeasurement, ServedVerdict, Slo, SweepResult,
};
use crate::units::{Seconds, TokenRate};

/// What came of measuring a served engine, drawn.
#[derive(Debug)]
pub struct ServedView<'a> {
    /// What came of it.
    pub measurement: &'a ServedMeasurement,
}

/// Processor time of the client, as a share of a core, above which it may have been what was measured.
const BUSY_CLIENT: f64 = 0.5;

impl View for ServedView<'_> {
    type Data = ServedMeasurement;

    fn data(&self) -> &ServedMeasurement {
        self.measurement
    }

    fn grid(&self) -> Grid {
        self.summary()
    }

    fn records(&self) -> Grid {
        let mut columns: Vec<(String, Align)> = ["load", "concurrency", "offered_requests_per_second"]
            .iter()
            .chain(&["duration_seconds", "sent", "completed", "failed", "unfinished"])
            .map(|name| ((*name).to_owned(), Align::Right))
            .collect();
        for time in ["ttft", "tpot", "end_to_end"] {
            for percentile in ["mean", "p50", "p90", "p95", "p99", "max"] {
                columns.push((format!("{time}_{percentile}_seconds"), Align::Right));
            }
        }
        for name in [
            "output_tokens",
            "reasoning_tokens",
            "output_tokens_per_second",
            "requests_per_second",
            "goodput_requests_per_second",
            "goodput_share",
        ] {
            columns.push((name.to_owned(), Align::Right));
        }
        let columns: Vec<_> = columns.iter().map(|(name, align)| (name.as_str(), *align)).collect();
        let mut grid = Grid::new(&columns);
        for load in &self.measurement.loads {
            grid.push(record(load));
        }
        grid
    }

    fn draw(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let ServedMeasurement { endpoint, model, workload, loads, date, .. } = self.measurement;
        writeln!(out, "{model} at {endpoint}, {date}")?;
        let about = if workload.spread > 0.0 { "about " } else { "" };
        write!(
            out,
            "prompts of {about}{} tokens, answers of {about}{}",
            workload.prompt_tokens, workload.output_tokens
        )?;
        if let Some(use_case) = &workload.use_case {
            write!(out, " (`{use_case}`)")?;
        }
        match workload.shared_prefix_tokens {
            0 => writeln!(out, "; no two prompts begin alike")?,
            shared => writeln!(out, "; all prompts begin with the same {shared}")?,
        }
        writeln!(out)?;
        match &loads[..] {
            [] => writeln!(out, "nothing was measured")?,
            [load] => self.one(load, style, out)?,
            loads => {
                self.summary().text(style, out)?;
                writeln!(out)?;
                for load in loads {
                    failures(load, Some(load.load), style, out)?;
                }
                self.reasoning(loads, out)?;
            }
        }
        if let Some(sweep) = &self.measurement.sweep {
            self.sweep(sweep, out)?;
        }
        self.verdict(out)?;
        self.cost(out)?;
        self.notes(style, out)
    }
}

impl ServedView<'_> {
    fn summary(&self) -> Grid {
        let has_slo = self.measurement.slo.is_some();
        let is_open = self.measurement.loads.iter().any(|load| matches!(load.load, Load::Open { .. }));
        let mut columns = vec![
            (if is_open { "offered req/s" } else { "users" }, Align::Right),
            ("answered", Align::Right),
            ("failed", Align::Right),
            ("TTFT p50", Align::Right),
            ("p95", Align::Right),
            ("TPOT p50", Align::Right),
            ("p95", Align::Right),
            ("whole p50", Align::Right),
            ("p95", Align::Right),
            ("tok/s", Align::Right),
        ];
        if has_slo {
            columns.extend([("within SLO", Align::Right), ("req/s within", Align::Right)]);
        }
        let mut grid = Grid::new(&columns);
        for load in &self.measurement.loads {
            let offered = match load.load {
                Load::Closed { concurrency } => concurrency.to_string(),
                Load::Open { offered_requests_per_second } => format!("{:.2}", offered_requests_per_second.0),
            };
            let mut row =
                vec![offered, load.requests.completed.to_string(), load.requests.failed.to_string()];
            for times in [load.ttft_seconds, load.tpot_seconds, load.end_to_end_seconds] {
                row.extend([time(times.map(|times| times.p50)), time(times.map(|times| times.p95))]);
            }
            row.push(format!("{:.1}", load.output_tokens_per_second.0));
            if has_slo {
                let goodput = load.goodput;
                row.push(goodput.map_or_else(String::new, |good| format!("{:.1} %", good.share * 100.0)));
                row.push(
                    goodput.map_or_else(String::new, |good| format!("{:.2}", good.requests_per_second.0)),
                );
            }
            grid.push(row);
        }
        grid
    }

    fn one(&self, load: &LoadResult, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let requests = load.requests;
        write!(out, "{}: {} of {} requests answered", load.load, requests.completed, requests.sent)?;
        if requests.failed > 0 {
            write!(out, ", {} FAILED", requests.failed)?;
        }
        if requests.unfinished > 0 {
            write!(out, ", {} not waited for", requests.unfinished)?;
        }
        writeln!(out, ", in {}", load.duration_seconds)?;
        failures(load, None, style, out)?;
        if requests.completed == 0 {
            return Ok(());
        }
        writeln!(out)?;
        let mut grid = Grid::new(&[
            ("", Align::Left),
            ("mean", Align::Right),
            ("p50", Align::Right),
            ("p90", Align::Right),
            ("p95", Align::Right),
            ("p99", Align::Right),
            ("longest", Align::Right),
        ]);
        for (name, times) in [
            ("to the first token (TTFT)", load.ttft_seconds),
            ("to the answer behind the thinking", load.answer_begins_seconds),
            ("per token after the first (TPOT)", load.tpot_seconds),
            ("to the last token", load.end_to_end_seconds),
            ("longest silence within an answer", load.longest_gap_seconds),
        ] {
            if let Some(Percentiles { mean, p50, p90, p95, p99, max, .. }) = times {
                let mut row = vec![name.to_owned()];
                row.extend([mean, p50, p90, p95, p99, max].map(|value| time(Some(value))));
                grid.push(row);
            }
        }
        grid.text(style, out)?;
        writeln!(out)?;
        write!(
            out,
            "{} of output in all, {:.2} answers/s",
            load.output_tokens_per_second, load.requests_per_second.0
        )?;
        if let Some(tpot) = load.tpot_seconds.filter(|tpot| tpot.p50 > Seconds(0.0)) {
            write!(out, "; {} for each user (p50)", TokenRate(1.0 / tpot.p50.0))?;
        }
        writeln!(out)?;
        self.reasoning(std::slice::from_ref(load), out)?;
        if let Some(good) = load.goodput {
            writeln!(
                out,
                "goodput {:.2} req/s: {:.1} % of requests within the SLO",
                good.requests_per_second.0,
                good.share * 100.0
            )?;
        }
        Ok(())
    }

    #[expect(clippy::unused_self, reason = "one of the parts that are drawn")]
    fn reasoning(&self, loads: &[LoadResult], out: &mut dyn io::Write) -> io::Result<()> {
        let sum = |part: fn(&LoadResult) -> u64| loads.iter().map(part).sum::<u64>();
        let (output, reasoning) = (sum(|load| load.tokens.output), sum(|load| load.tokens.reasoning));
        if reasoning == 0 {
            return Ok(());
        }
        writeln!(
            out,
            "{:.0} % of the output was thinking, which counts",
            reasoning as f64 * 100.0 / output as f64
        )
    }

    fn sweep(&self, sweep: &SweepResult, out: &mut dyn io::Write) -> io::Result<()> {
        match (sweep.highest_within_slo, sweep.lowest_beyond_slo) {
            (Some(kept), Some(missed)) => {
                writeln!(out, "highest load within the SLO: {kept} ({missed} is not)")
            }
            (Some(kept), None) if self.measurement.interrupted => {
                writeln!(out, "highest load within the SLO so far: {kept}")
            }
            (Some(kept), None) => {
                writeln!(out, "within the SLO up to {kept}, the most that was tried (`--sweep-most`)")
            }
            (None, _) => writeln!(out, "no load is within the SLO"),
        }
    }

    fn verdict(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let promised = self.measurement.slo.as_ref().map(promise).unwrap_or_default();
        match self.measurement.verdict {
            ServedVerdict::Measured => Ok(()),
            ServedVerdict::Met => writeln!(out, "met: {promised}"),
            ServedVerdict::Missed => writeln!(out, "missed: {promised}"),
            ServedVerdict::Failed => writeln!(out, "failed: no request was answered"),
        }
    }

    fn cost(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let Some(cost) = &self.measurement.cost else { return Ok(()) };
        write!(
            out,
            "the run cost {:.4} USD: {} tokens of prompt at {} and {} of output at {} USD a million",
            cost.run_usd,
            cost.prompt_tokens,
            cost.prices.input_usd_per_million_tokens,
            cost.output_tokens,
            cost.prices.output_usd_per_million_tokens
        )?;
        match cost.usd_per_million_output_tokens {
            Some(million) => writeln!(out, "; {million:.2} USD a million tokens of output, prompts included"),
            None => writeln!(out),
        }
    }

    /// What must be known to read the figures rightly.
    fn notes(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let ServedMeasurement { loads, workload, dialect, .. } = self.measurement;
        let mut notes = Vec::new();
        if loads.iter().any(|load| load.tokens.counted_by != CountedBy::Server && load.requests.completed > 0)
        {
            notes.push(
                "the server does not count tokens: each piece of the stream was taken for one, and the prompt's length \
                 is a guess"
                    .to_owned(),
            );
        }
        let sum = |part: fn(&LoadResult) -> u64| loads.iter().map(part).sum::<u64>();
        let (output, asked) = (sum(|load| load.tokens.output), sum(|load| load.tokens.output_asked));
        if (output as f64) < 0.95 * asked as f64 {
            let why = match (workload.may_stop, dialect.ignore_eos) {
                (true, _) => "as it may",
                (false, true) => "though it was asked to go on",
                (false, false) => "for the server cannot be asked to go on",
            };
            let share = output as f64 * 100.0 / asked as f64;
            notes.push(format!("the model ended its answers at {share:.0} % of the asked length, {why}"));
        }
        let prompt: u64 = loads.iter().filter_map(|load| load.tokens.prompt).sum();
        let cached: u64 = loads.iter().filter_map(|load| load.tokens.prompt_cached).sum();
        if cached * 20 > prompt {
            notes.push(format!(
                "the server had {:.0} % of the prompts in a cache",
                cached as f64 * 100.0 / prompt as f64
            ));
        }
        if loads.iter().any(LoadResult::is_buffered) {
            notes.push(
                "the answers came in one piece: something collects the stream, so that TTFT and TPOT say nothing"
                    .to_owned(),
            );
        }
        if loads.iter().filter_map(|load| load.client_core_share).any(|share| share > BUSY_CLIENT) {
            notes.push(
                "this client took more than half a core, and may have been what was measured".to_owned(),
            );
        }
        if self.measurement.interrupted {
            notes.push("interrupted: this is what was measured until then".to_owned());
        }
        for note in notes {
            wrapped("note: ", &note, style, out)?;
        }
        Ok(())
    }
}

/// A promise in words.
fn promise(slo: &Slo) -> String {
    let parts = [
        slo.ttft_seconds.map(|limit| format!("the first token within {}", time(Some(limit)))),
        slo.tpot_seconds.map(|limit| format!("each after it within {}", time(Some(limit)))),
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    format!("{}, for {} % of requests", parts.join(" and "), slo.share * 100.0)
}

fn failures(
    load: &LoadResult,
    named: Option<Load>,
    style: Style<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    for failure in &load.failures {
        let of = named.map_or_else(String::new, |load| format!("{load}: "));
        let text = format!(
            "{of}{} {}: {}",
            failure.count,
            failure.kind.replace('_', " "),
            style.locale.say(&failure.example)
        );
        wrapped("  ", &text, style, out)?;
    }
    Ok(())
}

/// A time, to a tenth where it is milliseconds: a fast engine takes a few for a token.
fn time(time: Option<Seconds>) -> String {
    match time {
        None => String::new(),
        Some(Seconds(seconds)) if seconds < 0.0995 => format!("{:.1} ms", seconds * 1e3),
        Some(time) => time.to_string(),
    }
}

fn record(load: &LoadResult) -> Vec<String> {
    let number = |value: f64| format!("{value:.6}");
    let mut row = match load.load {
        Load::Closed { concurrency } => vec!["closed".to_owned(), concurrency.to_string(), String::new()],
        Load::Open { offered_requests_per_second } => {
            vec!["open".to_owned(), String::new(), number(offered_requests_per_second.0)]
        }
    };
    row.push(number(load.duration_seconds.0));
    let requests = load.requests;
    row.extend(
        [requests.sent, requests.completed, requests.failed, requests.unfinished]
            .map(|count| count.to_string()),
    );
    for times in [load.ttft_seconds, load.tpot_seconds, load.end_to_end_seconds] {
        match times {
            None => row.extend(std::iter::repeat_n(String::new(), 6)),
            Some(Percentiles { mean, p50, p90, p95, p99, max, .. }) => {
                row.extend([mean, p50, p90, p95, p99, max].map(|value| number(value.0)));
            }
        }
    }
    row.extend([
        load.tokens.output.to_string(),
        load.tokens.reasoning.to_string(),
        number(load.output_tokens_per_second.0),
        number(load.requests_per_second.0),
        load.goodput.map_or_else(String::new, |good| number(good.requests_per_second.0)),
        load.goodput.map_or_else(String::new, |good| number(good.share)),
    ]);
    row
}
