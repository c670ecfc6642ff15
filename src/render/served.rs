use std::io;

use super::text::paragraph;
use super::{Cell, Grid, Reader, Style, Table, View, wrapped};
use crate::bench::served::{
    CountedBy, FailureCount, Load, LoadResult, Percentiles, ServedMeasurement, ServedVerdict, Slo,
    SweepResult,
};
use crate::i18n::Locale;
use crate::message::{Message, Value, enumeration, fixed, list, percent, quoted};
use crate::units::{Seconds, TokenRate, UsdPerMillionTokens};
use crate::{message, say};

/// What came of measuring a served engine, drawn.
#[derive(Debug)]
pub struct ServedView<'a> {
    /// What came of it.
    pub measurement: &'a ServedMeasurement,
}

/// A statistic of a time: its name and place.
type Statistic = (&'static str, fn(&Percentiles) -> Seconds);

const STATISTICS: [Statistic; 6] = [
    ("mean", |times| times.mean),
    ("p50", |times| times.p50),
    ("p90", |times| times.p90),
    ("p95", |times| times.p95),
    ("p99", |times| times.p99),
    ("max", |times| times.max),
];

impl View for ServedView<'_> {
    type Data = ServedMeasurement;

    fn data(&self) -> &ServedMeasurement {
        self.measurement
    }

    fn table(&self, reader: Reader, style: Style<'_>) -> Grid {
        let is_open = self.measurement.loads.iter().any(|load| matches!(load.load, Load::Open { .. }));
        let users = |load: &LoadResult| match load.load {
            Load::Closed { concurrency } => Some(concurrency),
            Load::Open { .. } => None,
        };
        let offered = |load: &LoadResult| match load.load {
            Load::Closed { .. } => None,
            Load::Open { offered_requests_per_second: rate } => Some(decimals(rate.0, 2)),
        };
        let mut table = Table::<LoadResult>::new();
        table.plain("load", |load| match load.load {
            Load::Closed { .. } => "closed",
            Load::Open { .. } => "open",
        });
        if is_open {
            table.plain("concurrency", users);
            table.right("offered_requests_per_second", message!(ServedOffered), offered);
        } else {
            table.right("concurrency", message!(ServedUsers), users);
            table.plain("offered_requests_per_second", offered);
        }
        if self.measurement.loads.iter().any(|load| load.depth_tokens > 0) {
            table.right("depth_tokens", message!(ServedDepth), |load| load.depth_tokens);
        } else {
            table.plain("depth_tokens", |load| load.depth_tokens);
        }
        table.plain("duration_seconds", |load| fixed(load.duration_seconds.0, 6));
        table.plain("sent", |load| load.requests.sent);
        table.right("completed", message!(ServedCompleted), |load| load.requests.completed);
        table.right("failed", message!(ServedFailed), |load| load.requests.failed);
        table.plain("unfinished", |load| load.requests.unfinished);
        let name = |time: &'static str| move |part: &str| Message::verbatim(format!("{time} {part}"));
        times(&mut table, "ttft", name("TTFT"), |load| load.ttft_seconds);
        times(&mut table, "tpot", name("TPOT"), |load| load.tpot_seconds);
        let total = |percentile: &str| message!(ServedTotal { percentile });
        times(&mut table, "end_to_end", total, |load| load.end_to_end_seconds);
        table.plain("output_tokens", |load| load.tokens.output);
        table.plain("reasoning_tokens", |load| load.tokens.reasoning);
        table.right("output_tokens_per_second", Message::verbatim("tok/s"), |load| {
            decimals(load.output_tokens_per_second.0, 1)
        });
        table.plain("requests_per_second", |load| fixed(load.requests_per_second.0, 6));
        let goodput = |load: &LoadResult| load.goodput.map(|good| decimals(good.requests_per_second.0, 2));
        let share = |load: &LoadResult| {
            load.goodput.map(|good| Cell::from(percent(good.share, 1)).plain(fixed(good.share, 6)))
        };
        if self.measurement.slo.is_some() {
            table.right("goodput_requests_per_second", message!(ServedGoodput), goodput);
            table.right("goodput_share", message!(ServedWithin), share);
        } else {
            table.plain("goodput_requests_per_second", goodput);
            table.plain("goodput_share", share);
        }
        table.grid(&self.measurement.loads, reader, style.locale)
    }

    fn draw(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let ServedMeasurement { endpoint, model, loads, date, .. } = self.measurement;
        paragraph(message!(ServedSubject { model, endpoint, date }), style, out)?;
        paragraph(self.workload(), style, out)?;
        writeln!(out)?;
        match &loads[..] {
            [] => paragraph(message!(ServedNothing), style, out)?,
            [load] => one(load, style, out)?,
            loads => {
                self.table(Reader::Terminal, style).text(style, out)?;
                writeln!(out)?;
                for load in loads {
                    failures(
                        load,
                        |FailureCount { count, kind, example }| {
                            let (load, kind) = (load.load.to_message(), failure_kind(kind));
                            message!(ServedFailureUnder { load, count, kind, example })
                        },
                        style,
                        out,
                    )?;
                }
                thinking(loads, style, out)?;
            }
        }
        if let Some(sweep) = &self.measurement.sweep {
            paragraph(self.sweep(sweep), style, out)?;
        }
        let promise = || self.measurement.slo.as_ref().map_or_else(|| Message::verbatim(""), promise);
        match self.measurement.verdict {
            ServedVerdict::Measured => {}
            ServedVerdict::Met => paragraph(message!(ServedMet { promise: promise() }), style, out)?,
            ServedVerdict::Missed => paragraph(message!(ServedMissed { promise: promise() }), style, out)?,
            ServedVerdict::Failed => paragraph(message!(ServedAllFailed), style, out)?,
        }
        if let Some(cost) = self.cost() {
            paragraph(cost, style, out)?;
        }
        let label = say!(style.locale, ServedLabelNote);
        self.notes().iter().try_for_each(|note| wrapped(&label, &style.locale.say(note), style, out))
    }
}

impl ServedView<'_> {
    fn workload(&self) -> Message {
        let workload = &self.measurement.workload;
        let (prompt, output) = (workload.prompt_tokens, workload.output_tokens);
        let prefix = match workload.shared_prefix_tokens {
            0 => message!(ServedPrefixOwn),
            tokens => message!(ServedPrefixShared { tokens }),
        };
        match &workload.use_case {
            Some(case) => message!(ServedWorkloadCase { prompt, output, case, prefix }),
            None if workload.spread > 0.0 => message!(ServedWorkloadAbout { prompt, output, prefix }),
            None => message!(ServedWorkload { prompt, output, prefix }),
        }
    }

    fn sweep(&self, sweep: &SweepResult) -> Message {
        match (sweep.highest_within_slo, sweep.lowest_beyond_slo) {
            (Some(load), Some(beyond)) => {
                message!(ServedHighest { load: load.to_message(), beyond: beyond.to_message() })
            }
            (Some(load), None) if self.measurement.interrupted => {
                message!(ServedHighestSoFar { load: load.to_message() })
            }
            (Some(load), None) => message!(ServedHighestTried { load: load.to_message() }),
            (None, _) => message!(ServedHighestNone),
        }
    }

    fn cost(&self) -> Option<Message> {
        let cost = self.measurement.cost.as_ref()?;
        let price = |usd: f64| quoted(UsdPerMillionTokens(usd));
        let (prompt, output) = (cost.prompt_tokens, cost.output_tokens);
        let input = price(cost.prices.input_usd_per_million_tokens);
        let each = price(cost.prices.output_usd_per_million_tokens);
        let run = fixed(cost.run_usd, 4);
        Some(match cost.usd_per_million_output_tokens {
            Some(million) => message!(ServedCostPerMillion {
                cost: run,
                prompt,
                input,
                output,
                each,
                million: UsdPerMillionTokens(million).amount(),
            }),
            None => message!(ServedCost { cost: run, prompt, input, output, each }),
        })
    }

    /// What must be known to read the figures rightly.
    fn notes(&self) -> Vec<Message> {
        let ServedMeasurement { loads, workload, dialect, interrupted, .. } = self.measurement;
        let sum = |part: fn(&LoadResult) -> u64| loads.iter().map(part).sum::<u64>() as f64;
        let (output, asked) = (sum(|load| load.tokens.output), sum(|load| load.tokens.output_asked));
        let prompt = sum(|load| load.tokens.prompt.unwrap_or_default());
        let cached = sum(|load| load.tokens.prompt_cached.unwrap_or_default());
        let is_guessed =
            |load: &LoadResult| load.tokens.counted_by != CountedBy::Server && load.requests.completed > 0;
        let bursts = loads.iter().map(|load| load.bursts).sum::<u64>();
        let cut = loads.iter().map(|load| load.cut).sum::<u64>();
        let why = || match (workload.may_stop, dialect.ignore_eos) {
            (true, _) => message!(ServedShortAllowed),
            (false, true) => message!(ServedShortDespite),
            (false, false) => message!(ServedShortUnable),
        };
        [
            loads.iter().any(is_guessed).then(|| message!(ServedNotePieces)),
            (output < 0.95 * asked)
                .then(|| message!(ServedNoteShort { share: percent(output / asked, 0), why: why() })),
            (cached * 20.0 > prompt && !loads.iter().any(|load| load.depth_tokens > 0))
                .then(|| message!(ServedNoteCached { share: percent(cached / prompt, 0) })),
            loads
                .iter()
                .find_map(LoadResult::read_again)
                .map(|share| message!(ServedNoteReadAgain { share: percent(share, 0) })),
            (bursts > 0).then(|| message!(ServedNoteBuffered { count: bursts })),
            (cut > 0).then(|| message!(ServedNoteCut { count: cut })),
            incoherent(loads),
            loads.iter().any(LoadResult::is_bound_by_client).then(|| message!(ServedNoteClient)),
            interrupted.then(|| message!(ServedNoteInterrupted)),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// What of the answers does not read like one.
fn incoherent(loads: &[LoadResult]) -> Option<Message> {
    let all = || loads.iter().filter_map(|load| load.incoherent);
    let kinds = [
        all().map(|counts| counts.empty).sum::<u64>(),
        all().map(|counts| counts.repeating).sum(),
        all().map(|counts| counts.not_text).sum(),
    ];
    let answers: u64 = loads.iter().map(|load| load.requests.completed).sum();
    let [empty, repeating, not_text] = kinds.map(|count| (count > 0).then_some(count));
    let said: Vec<Message> = [
        empty.map(|count| message!(ServedIncoherentEmpty { count })),
        repeating.map(|count| message!(ServedIncoherentRepeating { count })),
        not_text.map(|count| message!(ServedIncoherentNotText { count })),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!said.is_empty()).then(|| message!(ServedNoteIncoherent { answers, kinds: enumeration(said) }))
}

/// The columns of a time, one for each statistic. People see those that SLOs are made of.
fn times(
    table: &mut Table<'_, LoadResult>,
    key: &str,
    title: impl Fn(&str) -> Message,
    times: fn(&LoadResult) -> Option<Percentiles>,
) {
    for (name, pick) in STATISTICS {
        let key = format!("{key}_{name}_seconds");
        let cell = move |load: &LoadResult| {
            times(load).map(|times| {
                let time = pick(&times);
                Cell::from(precise(time)).plain(fixed(time.0, 6))
            })
        };
        match name {
            "p50" | "p95" => table.right(key, title(name), cell),
            _ => table.plain(key, cell),
        }
    }
}

/// A number with so many decimals for people.
fn decimals(number: f64, decimals: usize) -> Cell {
    Cell::from(fixed(number, decimals)).plain(fixed(number, 6))
}

fn one(load: &LoadResult, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let requests = load.requests;
    let others: Vec<_> = [
        (requests.failed > 0).then(|| message!(ServedFailedCount { count: requests.failed })),
        (requests.unfinished > 0).then(|| message!(ServedUnfinishedCount { count: requests.unfinished })),
    ]
    .into_iter()
    .flatten()
    .collect();
    if load.depth_tokens > 0 {
        paragraph(message!(ServedAtDepth { tokens: load.depth_tokens }), style, out)?;
    }
    let (completed, sent, time) = (requests.completed, requests.sent, load.duration_seconds);
    let answered = if others.is_empty() {
        message!(ServedAnswered { load: load.load.to_message(), completed, sent, time })
    } else {
        let others = enumeration(others);
        message!(ServedAnsweredBut { load: load.load.to_message(), completed, sent, time, others })
    };
    paragraph(answered, style, out)?;
    failures(
        load,
        |FailureCount { count, kind, example }| {
            message!(ServedFailure { count, kind: failure_kind(kind), example })
        },
        style,
        out,
    )?;
    if requests.completed == 0 {
        return Ok(());
    }
    writeln!(out)?;
    percentiles(load, style.locale).text(style, out)?;
    writeln!(out)?;
    let (rate, answers) = (load.output_tokens_per_second, fixed(load.requests_per_second.0, 2));
    let output = match load.tpot_seconds.filter(|tpot| tpot.p50 > Seconds(0.0)) {
        Some(tpot) => {
            message!(ServedOutputEach { rate, answers, each: TokenRate::of(1.0, tpot.p50) })
        }
        None => message!(ServedOutput { rate, answers }),
    };
    paragraph(output, style, out)?;
    thinking(std::slice::from_ref(load), style, out)?;
    let Some(good) = load.goodput else { return Ok(()) };
    let rate = fixed(good.requests_per_second.0, 2);
    paragraph(message!(ServedGoodputLine { rate, share: percent(good.share, 1) }), style, out)
}

/// The times of one load, a row each.
fn percentiles(load: &LoadResult, locale: &Locale) -> Grid {
    let rows: Vec<(Message, Percentiles)> = [
        (message!(ServedTtft), load.ttft_seconds),
        (message!(ServedAnswerBegins), load.answer_begins_seconds),
        (message!(ServedTpot), load.tpot_seconds),
        (message!(ServedEndToEnd), load.end_to_end_seconds),
        (message!(ServedGap), load.longest_gap_seconds),
    ]
    .into_iter()
    .filter_map(|(name, times)| Some((name, times?)))
    .collect();
    let mut table = Table::<(Message, Percentiles)>::new();
    table.left("time", message!(ServedTime), |(name, _)| name.clone());
    for (name, pick) in STATISTICS {
        let title = match name {
            "mean" => message!(ServedMean),
            "max" => message!(ServedLongest),
            percentile => Message::verbatim(percentile),
        };
        table.right(name, title, move |(_, times)| precise(pick(times)));
    }
    table.grid(&rows, Reader::Terminal, locale)
}

fn thinking(loads: &[LoadResult], style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let sum = |part: fn(&LoadResult) -> u64| loads.iter().map(part).sum::<u64>() as f64;
    let (output, reasoning) = (sum(|load| load.tokens.output), sum(|load| load.tokens.reasoning));
    if reasoning == 0.0 {
        return Ok(());
    }
    paragraph(message!(ServedThinking { share: percent(reasoning / output, 0) }), style, out)
}

fn promise(slo: &Slo) -> Message {
    let limits = [
        slo.ttft_seconds.map(|limit| message!(ServedPromiseTtft { limit: precise(limit) })),
        slo.tpot_seconds.map(|limit| message!(ServedPromiseTpot { limit: precise(limit) })),
    ];
    // 99.5 % is as good a promise as 99 %.
    let decimals = usize::from((slo.share * 100.0).fract() > 1e-9);
    message!(ServedPromise {
        limits: list(limits.into_iter().flatten()),
        share: percent(slo.share, decimals),
    })
}

/// A kind of failure by its key.
fn failure_kind(key: &str) -> Message {
    match key {
        "unreachable" => message!(ServedKindUnreachable),
        "timed_out_before_first_token" => message!(ServedKindTimedOutBefore),
        "timed_out_between_tokens" => message!(ServedKindTimedOutBetween),
        "rate_limited" => message!(ServedKindRateLimited),
        "status" => message!(ServedKindStatus),
        "web_page" => message!(ServedKindWebPage),
        "not_streamed" => message!(ServedKindNotStreamed),
        "malformed" => message!(ServedKindMalformed),
        "error_in_stream" => message!(ServedKindInStream),
        "dropped" => message!(ServedKindDropped),
        "empty" => message!(ServedKindEmpty),
        "client_out_of_files" => message!(ServedKindNoFiles),
        "untrusted_certificate" => message!(ServedKindUntrusted),
        "refused" => message!(ServedKindRefused),
        "endless_line" => message!(ServedKindEndless),
        other => Message::verbatim(other),
    }
}

fn failures(
    load: &LoadResult,
    said: impl Fn(&FailureCount) -> Message,
    style: Style<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    load.failures.iter().try_for_each(|failure| wrapped("  ", &style.locale.say(&said(failure)), style, out))
}

/// A time, to a tenth where it is milliseconds: a fast engine takes a few for a token.
fn precise(time: Seconds) -> Value {
    if time.0 < 0.0995 {
        message!(ServedMilliseconds { number: fixed(time.0 * 1e3, 1) }).into()
    } else {
        time.into()
    }
}
