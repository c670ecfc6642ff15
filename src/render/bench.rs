use std::io;

use super::{Align, Format, Grid, Style, View, bench_load, bench_runs, bench_slices, llama_bench};
use crate::bench::{BenchReport, Compared, FULL_REPETITIONS, Measurement, NeedResult, Timed, Verdict};
use crate::engine::{Device, DeviceMemory, MemoryPlan};
use crate::units::{Bytes, TokenRate};

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

    fn grid(&self) -> Grid {
        let mut grid = Grid::new(&[
            ("test", Align::Left),
            ("tokens", Align::Right),
            ("depth", Align::Right),
            ("repetitions", Align::Right),
            ("tokens_per_second", Align::Right),
            ("stddev", Align::Right),
            ("predicted_tokens_per_second", Align::Right),
            ("predicted_low", Align::Right),
            ("predicted_high", Align::Right),
            ("threads", Align::Right),
            ("batch", Align::Right),
            ("micro_batch", Align::Right),
            ("gpu_layers", Align::Right),
            ("kv_type_k", Align::Left),
            ("kv_type_v", Align::Left),
            ("flash_attention", Align::Left),
        ]);
        let measurements = self.report.measurements();
        for (name, timed, compared, settings) in measurements.flat_map(|measurement| {
            tests(measurement).map(|(name, timed, compared)| (name, timed, compared, &measurement.settings))
        }) {
            let rates = &timed.tokens_per_second;
            let known = |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:.3}"));
            grid.push(vec![
                name.to_owned(),
                timed.tokens.to_string(),
                timed.depth.to_string(),
                rates.repetitions().to_string(),
                known(Some(rates.mean.0)),
                known(rates.stddev.map(|stddev| stddev.0)),
                known(compared.map(|compared| compared.tokens_per_second)),
                known(compared.map(|compared| compared.interval.low)),
                known(compared.map(|compared| compared.interval.high)),
                settings.threads.to_string(),
                settings.run.batch.to_string(),
                settings.run.micro_batch.to_string(),
                settings.gpu_layers.map_or_else(String::new, |layers| layers.to_string()),
                settings.run.kv_type.to_string(),
                settings.run.value_type().to_string(),
                settings.run.flash_attention.to_string(),
            ]);
        }
        grid
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
        self.result(style, out)?;
        for NeedResult { need, measured, met } in &self.report.needs {
            let verdict = if *met { "met" } else { "MISSED" };
            match measured {
                Some(measured) => writeln!(out, "needed {need}: {verdict}, measured {measured:.3}")?,
                None => writeln!(out, "needed {need}: {verdict}, not measured")?,
            }
        }
        Ok(())
    }
}

impl BenchView<'_> {
    fn result(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        self.headline(out)?;
        if let Some(tuning) = &self.report.tuning {
            bench_load::tuning(tuning, style, out)?;
        }
        if self.report.runs.is_empty() {
            self.single(style, out)?;
        } else {
            bench_runs::draw(self.report, style, out)?;
        }
        if let Some(crowds) = &self.report.concurrency {
            bench_load::crowds(crowds, style, out)?;
        }
        match &self.report.workload {
            Some(workload) => bench_load::workload(workload, out),
            None => Ok(()),
        }
    }

    fn single(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        if self.tests().next().is_none() && self.report.first.verdict.is_measured() {
            return match &self.report.extrapolation {
                Some(extrapolation) => bench_slices::draw(extrapolation, out),
                None => Ok(()),
            };
        }
        match &self.report.first.verdict {
            Verdict::TooLarge(shortage) => {
                writeln!(
                    out,
                    "does not fit: {} of {} are needed and {} are free, so {} are missing; nothing was loaded",
                    shortage.needed_bytes,
                    shortage.device,
                    shortage.available_bytes,
                    shortage.shortfall_bytes
                )?;
                writeln!(out, "take a smaller quant or a smaller model, or close other programs")?;
            }
            Verdict::Crashed(crash) => {
                writeln!(
                    out,
                    "the engine process {}; its last words:",
                    style.locale.say(&crash.ending.message())
                )?;
                for line in &crash.last_log_lines {
                    writeln!(out, "  {line}")?;
                }
                writeln!(out, "{}", style.locale.say(&crash.hint()))?;
                self.kept_before_the_end(style, out)?;
            }
            Verdict::Stalled { limit_seconds } => {
                writeln!(out, "the engine did not answer within {limit_seconds} and was stopped")?;
                self.kept_before_the_end(style, out)?;
            }
            Verdict::Refused { reason } => writeln!(out, "refused: {}", style.locale.say(reason))?,
            verdict @ (Verdict::Measured | Verdict::Confirmed | Verdict::Corrected | Verdict::Disturbed) => {
                self.speeds(style, out)?;
                writeln!(out)?;
                self.verdict(verdict, out)?;
                self.reasons(verdict, out)?;
                match &self.report.extrapolation {
                    Some(extrapolation) => bench_slices::draw(extrapolation, out)?,
                    None => self.shortened(out)?,
                }
                self.energy(out)?;
            }
        }
        self.memory(out)
    }
}

/// The tests of a measurement, each with how the prediction compares.
pub(super) fn tests(
    measurement: &Measurement,
) -> impl Iterator<Item = (&'static str, &Timed, Option<Compared>)> {
    let Measurement { prefill, decode, predicted, .. } = measurement;
    let prefill = prefill.iter().map(move |timed| ("prefill", timed, predicted.and_then(|all| all.prefill)));
    let decode = decode.iter().map(move |timed| ("decode", timed, predicted.and_then(|all| all.decode)));
    prefill.chain(decode)
}

impl BenchView<'_> {
    fn tests(&self) -> impl Iterator<Item = (&'static str, &Timed, Option<Compared>)> {
        tests(&self.report.first)
    }

    /// What was measured before the engine was gone.
    fn kept_before_the_end(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        if self.tests().next().is_none() {
            return Ok(());
        }
        writeln!(out, "\nmeasured before that")?;
        self.speeds(style, out)
    }

    fn headline(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let Measurement { subject, description, settings, engine, machine, cpu, date, .. } =
            &self.report.first;
        match (&subject.file, &subject.model, &subject.quant) {
            (Some(file), ..) => write!(out, "{}", file.display())?,
            (None, Some(model), Some(quant)) => write!(out, "{model}:{quant} with random weights")?,
            (None, ..) => write!(out, "a model")?,
        }
        if let Some(rule) = &subject.stand_in {
            write!(out, " (made as {rule} of its published size)")?;
        }
        if let Some(description) = description {
            write!(out, ", {description}")?;
        }
        writeln!(out, ", {}", subject.file_bytes.decimal())?;
        writeln!(out, "{} {}, {} threads", engine.name, engine.version, settings.threads)?;
        writeln!(out, "{machine}, {cpu}, {date}\n")
    }

    fn speeds(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let mut grid = Grid::new(&[
            ("", Align::Left),
            ("tokens", Align::Right),
            ("measured", Align::Right),
            ("±", Align::Right),
            ("predicted", Align::Right),
            ("likely", Align::Right),
        ]);
        for (name, timed, compared) in self.tests() {
            let tokens = match timed.depth {
                0 => timed.tokens.to_string(),
                depth => format!("{} at depth {depth}", timed.tokens),
            };
            let rates = &timed.tokens_per_second;
            grid.push(vec![
                name.to_owned(),
                tokens,
                rates.mean.to_string(),
                rates.stddev.map_or_else(|| "one run".to_owned(), |stddev| format!("{:.2}", stddev.0)),
                compared.map_or_else(
                    || "nothing".to_owned(),
                    |compared| TokenRate(compared.tokens_per_second).to_string(),
                ),
                compared.map_or_else(String::new, |compared| {
                    format!("{:.1} to {:.1}", compared.interval.low, compared.interval.high)
                }),
            ]);
        }
        grid.text(style, out)
    }

    fn verdict(&self, verdict: &Verdict, out: &mut dyn io::Write) -> io::Result<()> {
        match verdict {
            Verdict::Confirmed => writeln!(out, "confirmed: measured where it was predicted"),
            Verdict::Corrected => {
                let off = self.tests().filter_map(|(name, _, compared)| {
                    let compared = compared.filter(|compared| !compared.within_interval)?;
                    Some(format!("{name} is {:.2} times the prediction", compared.measured_over_predicted))
                });
                writeln!(out, "corrected: {}; go by the measurement", off.collect::<Vec<_>>().join(", "))
            }
            Verdict::Disturbed => {
                let shares = self.tests().filter_map(|(name, timed, _)| {
                    Some(format!("{:.0} % of its threads' time in {name}", timed.processor_share? * 100.0))
                });
                let shares: Vec<_> = shares.collect();
                write!(out, "disturbed: something else used the machine")?;
                if !shares.is_empty() {
                    write!(out, " (the engine got {})", shares.join(" and "))?;
                }
                writeln!(out, "; measure again when it is quiet")
            }
            _ => writeln!(out, "measured; nothing was predicted for this file"),
        }
    }

    /// Says what else went on, where the speeds need an excuse.
    fn reasons(&self, verdict: &Verdict, out: &mut dyn io::Write) -> io::Result<()> {
        let Measurement { likely_reasons, conditions, .. } = &self.report.first;
        for reason in likely_reasons {
            writeln!(out, "likely because {reason}")?;
        }
        match conditions.as_ref().and_then(|conditions| conditions.load_average_at_start) {
            Some(load) if *verdict == Verdict::Disturbed => {
                writeln!(out, "in the minute before it began, {load:.1} processes ran or waited to run")
            }
            _ => Ok(()),
        }
    }

    /// What a token costs in energy, where the machine counts it.
    fn energy(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let counted: Vec<_> = self
            .tests()
            .filter_map(|(name, timed, _)| {
                let energy = timed.energy?;
                Some(format!(
                    "{name} {:.2} J a token ({:.2} kWh a million)",
                    energy.joules_per_token, energy.kilowatt_hours_per_million_tokens
                ))
            })
            .collect();
        if counted.is_empty() {
            writeln!(out, "energy: not available; this machine counts none that may be read")
        } else {
            writeln!(out, "energy: {}", counted.join(", "))
        }
    }

    /// Says what was left out, where the tool and not the user decided so.
    fn shortened(&self, out: &mut dyn io::Write) -> io::Result<()> {
        if self.report.first.settings.repetitions.is_some() {
            return Ok(());
        }
        let short: Vec<_> = self
            .tests()
            .map(|(name, timed, _)| (name, timed.tokens_per_second.repetitions()))
            .filter(|(_, repetitions)| *repetitions < FULL_REPETITIONS as usize)
            .map(|(name, repetitions)| format!("{repetitions} of {name}"))
            .collect();
        if short.is_empty() {
            return Ok(());
        }
        writeln!(
            out,
            "shortened: {} runs instead of {FULL_REPETITIONS}, to stay near a minute; `-r {FULL_REPETITIONS}` runs all",
            short.join(" and ")
        )
    }

    fn memory(&self, out: &mut dyn io::Write) -> io::Result<()> {
        if let Some(peak) = self.report.first.peak_memory_bytes {
            writeln!(out, "memory: {peak} at most, with the file's pages that were mapped")?;
        }
        for device in self.report.first.planned_memory.iter().flat_map(|plan: &MemoryPlan| &plan.devices) {
            let DeviceMemory { name, weights_bytes, repack_bytes, kv_cache_bytes, compute_bytes } = device;
            write!(out, "planned on {name}: weights {weights_bytes}")?;
            if *repack_bytes > Bytes::ZERO {
                write!(out, " ({repack_bytes} repacked)")?;
            }
            writeln!(out, ", KV cache {kv_cache_bytes}, compute {compute_bytes}")?;
        }
        Ok(())
    }
}
