//! What came of a bench.

mod llama_bench;
mod load;
mod slices;
mod tests;

use std::io;

use super::text::paragraph;
use super::{Format, Grid, Reader, Style, View};
use crate::bench::{BenchReport, FULL_REPETITIONS, Measurement, NeedResult, Reason, Test, Verdict};
use crate::engine::{Crash, Device, DeviceMemory, EngineError, MemoryPlan};
use crate::error::Failure as _;
use crate::message;
use crate::message::{Message, Value, file_size, fixed, list, percent, phrases};
use crate::units::{Bytes, Seconds};
use tests::tests;

/// What came of a bench, drawn.
#[derive(Debug)]
pub struct BenchView<'a> {
    /// What came of it.
    pub report: &'a BenchReport,
    /// What the engine could compute on.
    pub devices: &'a [Device],
}

impl View for BenchView<'_> {
    type Data = BenchReport;

    fn data(&self) -> &BenchReport {
        self.report
    }

    fn table(&self, reader: Reader, style: Style<'_>) -> Grid {
        tests::table(self.report, reader, style.locale)
    }

    fn write_special(&self, format: Format, out: &mut dyn io::Write) -> io::Result<()> {
        let measurements = self.report.measurements();
        match format {
            Format::Jsonl => llama_bench::json_lines(measurements, self.devices, out),
            Format::Sqlite => llama_bench::sql(measurements, self.devices, out),
            _ => llama_bench::markdown(measurements, self.devices, out),
        }
    }

    fn draw(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let report = self.report;
        self.headline(style, out)?;
        if let Some(tuning) = &report.tuning {
            load::tuning(tuning, style, out)?;
        }
        if report.runs.is_empty() {
            self.single(style, out)?;
        } else {
            self.runs(style, out)?;
        }
        if let Some(crowds) = &report.concurrency {
            load::crowds(crowds, style, out)?;
        }
        if let Some(workload) = &report.workload {
            load::workload(workload, style, out)?;
        }
        report.needs.iter().try_for_each(|need| paragraph(need_met(need), style, out))
    }
}

impl BenchView<'_> {
    fn headline(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let Measurement { subject, description, settings, engine, machine, cpu, date, .. } =
            &self.report.first;
        let mut name: Value = match (&subject.file, &subject.model, &subject.quant) {
            (Some(file), ..) => file.into(),
            (None, Some(model), Some(quant)) => message!(BenchRandomWeights { model, quant }).into(),
            (None, ..) => message!(BenchUnnamed).into(),
        };
        if let Some(rule) = &subject.stand_in {
            name = message!(BenchStandIn { subject: name, rule }).into();
        }
        let words = description.iter().map(Value::from);
        let subject = phrases([name].into_iter().chain(words).chain([file_size(subject.file_bytes)]));
        let engine = message!(BenchEngine {
            engine: &engine.name,
            version: &engine.version,
            threads: settings.threads,
        });
        let machine = phrases([Value::from(machine), cpu.into(), date.into()]);
        for line in [subject, engine.into(), machine] {
            writeln!(out, "{}", style.locale.show(line))?;
        }
        writeln!(out)
    }

    fn single(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let first = &self.report.first;
        if tests(first).next().is_none() && first.verdict.is_measured() {
            let extrapolation = self.report.extrapolation.as_ref();
            return extrapolation.map_or(Ok(()), |it| slices::draw(it, style, out));
        }
        match &first.verdict {
            Verdict::TooLarge(shortage) => {
                let said = message!(BenchTooLarge {
                    needed: shortage.needed_bytes,
                    device: &shortage.device,
                    available: shortage.available_bytes,
                    shortfall: shortage.shortfall_bytes,
                });
                paragraph(said, style, out)?;
                paragraph(message!(BenchTooLargeHint), style, out)?;
            }
            Verdict::Crashed(crash) => {
                paragraph(message!(BenchLastWords { what: ending(crash) }), style, out)?;
                for line in &crash.last_log_lines {
                    writeln!(out, "  {line}")?;
                }
                paragraph(crash.hint(), style, out)?;
                self.before_the_end(style, out)?;
            }
            Verdict::Stalled { limit_seconds } => {
                paragraph(message!(BenchStalled { limit: limit_seconds }), style, out)?;
                self.before_the_end(style, out)?;
            }
            Verdict::Refused { reason } => paragraph(message!(BenchRefused { reason }), style, out)?,
            verdict @ (Verdict::Measured | Verdict::Confirmed | Verdict::Corrected | Verdict::Disturbed) => {
                self.speeds(style, out)?;
                writeln!(out)?;
                paragraph(self.verdict(verdict), style, out)?;
                self.reasons(verdict, style, out)?;
                match &self.report.extrapolation {
                    Some(extrapolation) => slices::draw(extrapolation, style, out)?,
                    None => self.shortened(style, out)?,
                }
                self.energy(style, out)?;
            }
        }
        self.memory(style, out)
    }

    /// Several runs: a row for each test, and how decode slows down with depth where that was measured.
    fn runs(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        self.speeds(style, out)?;
        if self.report.measurements().any(|run| run.verdict == Verdict::Disturbed) {
            writeln!(out)?;
            paragraph(message!(BenchDisturbedRuns), style, out)?;
        }
        let Some(fit) = &self.report.decode_over_depth else { return Ok(()) };
        writeln!(out)?;
        let said = message!(BenchDepthFit {
            zero: precise(fit.seconds_per_token_at_zero),
            slope: precise(fit.seconds_per_token_per_thousand_depth),
            error: percent(fit.worst_error, 1),
        });
        paragraph(said, style, out)
    }

    fn speeds(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        self.table(Reader::Terminal, style).text(style, out)
    }

    /// What was measured before the engine was gone.
    fn before_the_end(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        if tests(&self.report.first).next().is_none() {
            return Ok(());
        }
        writeln!(out)?;
        paragraph(message!(BenchBeforeThat), style, out)?;
        self.speeds(style, out)
    }

    fn verdict(&self, verdict: &Verdict) -> Message {
        let tests = || tests(&self.report.first);
        match verdict {
            Verdict::Confirmed => message!(BenchConfirmed),
            Verdict::Corrected => {
                let off = tests().filter_map(|test| {
                    let compared = test.compared.filter(|compared| !compared.within_interval)?;
                    let times = fixed(compared.measured_over_predicted, 2);
                    Some(message!(BenchCorrectedTest { test: name(test.test), times }))
                });
                message!(BenchCorrected { tests: phrases(off) })
            }
            Verdict::Disturbed => {
                let shares: Vec<_> = tests()
                    .filter_map(|test| {
                        let share = percent(test.timed.processor_share?, 0);
                        Some(message!(BenchDisturbedShare { share, test: name(test.test) }))
                    })
                    .collect();
                if shares.is_empty() {
                    message!(BenchDisturbed)
                } else {
                    message!(BenchDisturbedShares { shares: list(shares) })
                }
            }
            _ => message!(BenchUnpredicted),
        }
    }

    /// What else went on, where the speeds need an excuse.
    fn reasons(&self, verdict: &Verdict, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let Measurement { likely_reasons, conditions, .. } = &self.report.first;
        for reason in likely_reasons {
            paragraph(message!(BenchLikely { reason: excuse(*reason) }), style, out)?;
        }
        match conditions.as_ref().and_then(|conditions| conditions.load_average_at_start) {
            Some(load) if *verdict == Verdict::Disturbed => {
                paragraph(message!(BenchLoadBefore { load: fixed(load, 1) }), style, out)
            }
            _ => Ok(()),
        }
    }

    /// The energy of a token, where the machine counts it.
    fn energy(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let counted: Vec<_> = tests(&self.report.first)
            .filter_map(|test| {
                let energy = test.timed.energy?;
                Some(message!(BenchEnergyTest {
                    test: name(test.test),
                    joules: fixed(energy.joules_per_token, 2),
                    kilowatt_hours: fixed(energy.kilowatt_hours_per_million_tokens, 2),
                }))
            })
            .collect();
        let said = if counted.is_empty() {
            message!(BenchNoEnergy)
        } else {
            message!(BenchEnergy { tests: phrases(counted) })
        };
        paragraph(said, style, out)
    }

    /// Says which repetitions were left out, where the tool and not the user decided so.
    fn shortened(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        if self.report.first.settings.repetitions.is_some() {
            return Ok(());
        }
        let short: Vec<_> = tests(&self.report.first)
            .map(|test| (test.test, test.timed.tokens_per_second.repetitions()))
            .filter(|(_, repetitions)| *repetitions < FULL_REPETITIONS as usize)
            .map(|(test, count)| message!(BenchShortenedTest { count, test: name(test) }))
            .collect();
        if short.is_empty() {
            return Ok(());
        }
        paragraph(message!(BenchShortened { runs: list(short), full: FULL_REPETITIONS }), style, out)
    }

    fn memory(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        if let Some(peak) = self.report.first.peak_memory_bytes {
            paragraph(message!(BenchPeakMemory { peak }), style, out)?;
        }
        let devices = self.report.first.planned_memory.iter().flat_map(|plan: &MemoryPlan| &plan.devices);
        devices.into_iter().try_for_each(|device| paragraph(planned(device), style, out))
    }
}

fn planned(device: &DeviceMemory) -> Message {
    let DeviceMemory { name, weights_bytes, repack_bytes, kv_cache_bytes, compute_bytes } = device;
    let (device, weights, kv_cache, compute) = (name, weights_bytes, kv_cache_bytes, compute_bytes);
    if *repack_bytes > Bytes::ZERO {
        message!(BenchPlannedRepacked { device, weights, repacked: repack_bytes, kv_cache, compute })
    } else {
        message!(BenchPlanned { device, weights, kv_cache, compute })
    }
}

fn need_met(result: &NeedResult) -> Message {
    let need = &result.need;
    match result.measured.map(|measured| fixed(measured, 3)) {
        Some(measured) if result.met => message!(BenchNeedMet { need, measured }),
        Some(measured) => message!(BenchNeedMissed { need, measured }),
        None => message!(BenchNeedUnmeasured { need }),
    }
}

/// Why a speed is likely to lie below what was predicted.
fn excuse(reason: Reason) -> Message {
    match reason {
        // Pages of 4 KiB.
        Reason::Swapping { pages } => message!(BenchSwapping { swapped: Bytes::kib(4 * pages) }),
        Reason::Throttled { events } => message!(BenchThrottled { events }),
        Reason::Stolen { share } => message!(BenchStolen { share: percent(share, 0) }),
        Reason::OtherWork { share } => message!(BenchOtherWork { share: percent(share, 0) }),
        Reason::MemoryBandwidth => message!(BenchMemoryBandwidth),
        Reason::Clock => message!(BenchClock),
        Reason::ClockOrPower => message!(BenchClockOrPower),
    }
}

/// A test's name.
fn name(test: Test) -> Message {
    match test {
        Test::Prefill => message!(BenchPrefill),
        Test::Decode => message!(BenchDecode),
    }
}

fn ending(crash: &Crash) -> Message {
    EngineError::Crashed(crash.clone()).message()
}

/// Short times, which whole milliseconds would hide.
fn precise(seconds: f64) -> Value {
    if seconds.abs() < 0.0995 {
        message!(BenchPrecise { number: fixed(seconds * 1e3, 2) }).into()
    } else {
        Seconds(seconds).into()
    }
}
