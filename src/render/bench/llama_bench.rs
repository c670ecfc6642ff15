//! Measurements in llama-bench's words: its Markdown table, as people post it, and its rows as JSON lines and as SQL,
//! as `tools/llama-bench/llama-bench.cpp` of llama.cpp prints them.

use std::io;
use std::time::Duration;

use serde_json::{Map, Value};

use crate::bench::{Measurement, Timed};
use crate::engine::{Device, DeviceKind};
use crate::run_config::SplitMode;

/// A test as llama-bench counts them.
struct Row<'a> {
    measurement: &'a Measurement,
    timed: &'a Timed,
    prompt: bool,
    backends: &'a str,
}

/// The tests of all measurements.
fn rows<'a, 'm: 'a>(measurements: impl Iterator<Item = &'m Measurement>, backends: &'a str) -> Vec<Row<'a>> {
    measurements
        .flat_map(|measurement| {
            let prefill = measurement.prefill.iter().map(|timed| (timed, true));
            let decode = measurement.decode.iter().map(|timed| (timed, false));
            prefill.chain(decode).map(move |(timed, prompt)| Row { measurement, timed, prompt, backends })
        })
        .collect()
}

/// The backends that llama-bench names: those of the devices, or the CPU where there is no other.
#[must_use]
pub(super) fn backends(devices: &[Device]) -> String {
    let mut names: Vec<&str> = devices
        .iter()
        .filter(|device| device.kind != DeviceKind::Cpu)
        .map(|device| device.name.trim_end_matches(|c: char| c.is_ascii_digit()))
        .collect();
    names.dedup();
    if names.is_empty() { "CPU".to_owned() } else { names.join(",") }
}

/// The Markdown table.
pub(super) fn markdown<'a>(
    measurements: impl Iterator<Item = &'a Measurement> + Clone,
    devices: &[Device],
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let backends = backends(devices);
    let rows = rows(measurements.clone(), &backends);
    let differs = |cell: fn(&Row<'_>) -> String, default: &str| rows.iter().any(|row| cell(row) != default);
    let columns: Vec<&Column> = COLUMNS
        .iter()
        .filter(|column| match column.shown {
            Shown::Always => true,
            Shown::WithGpu => backends != "CPU",
            Shown::OnCpu => backends == "CPU" || differs(column.cell, ""),
            Shown::Unless(default) => differs(column.cell, default),
        })
        .collect();
    let line = |cells: Vec<String>, out: &mut dyn io::Write| writeln!(out, "| {} |", cells.join(" | "));
    line(columns.iter().map(|column| column.pad(column.name)).collect(), out)?;
    let rules = columns
        .iter()
        .map(|column| format!("{}{}", "-".repeat(column.width - 1), if column.right { ":" } else { "-" }));
    line(rules.collect(), out)?;
    for row in &rows {
        line(columns.iter().map(|column| column.pad(&(column.cell)(row))).collect(), out)?;
    }
    let engine = measurements.last().map(|measurement| measurement.engine.version.clone());
    writeln!(out, "\nbuild: {}", engine.unwrap_or_default())
}

struct Column {
    name: &'static str,
    width: usize,
    right: bool,
    shown: Shown,
    cell: fn(&Row<'_>) -> String,
}

/// When llama-bench shows a column.
enum Shown {
    Always,
    WithGpu,
    OnCpu,
    Unless(&'static str),
}

impl Column {
    fn pad(&self, text: &str) -> String {
        let width = self.width;
        if self.right { format!("{text:>width$}") } else { format!("{text:<width$}") }
    }
}

macro_rules! columns {
    ($($name:literal, $width:literal, $right:literal, $shown:expr, $cell:expr;)+) => {
        &[$(Column { name: $name, width: $width, right: $right, shown: $shown, cell: $cell },)+]
    };
}

const COLUMNS: &[Column] = columns! {
    "model", 30, false, Shown::Always, |row| row.measurement.description.clone().unwrap_or_default();
    "size", 10, true, Shown::Always, |row| binary(row.measurement.weights_bytes.map_or(0, |bytes| bytes.0));
    "params", 10, true, Shown::Always, |row| count(row.measurement.parameters.unwrap_or(0));
    "backend", 10, false, Shown::Always, |row| row.backends.to_owned();
    "ngl", 3, true, Shown::WithGpu, |row| gpu_layers(row);
    "n_cpu_moe", 10, true, Shown::Unless("0"), |row| row.measurement.settings.expert_layers_in_ram.to_string();
    "threads", 7, true, Shown::OnCpu, |row| row.measurement.settings.threads.to_string();
    "n_batch", 7, true, Shown::Unless("2048"), |row| row.measurement.settings.run.batch.to_string();
    "n_ubatch", 8, true, Shown::Unless("512"), |row| row.measurement.settings.run.micro_batch.to_string();
    "type_k", 6, true, Shown::Unless("f16"), |row| row.measurement.settings.run.kv_type.to_string();
    "type_v", 6, true, Shown::Unless("f16"), |row| row.measurement.settings.run.value_type().to_string();
    "main_gpu", 10, true, Shown::Unless("0"), |row| row.measurement.settings.main_gpu.to_string();
    "sm", 6, false, Shown::Unless("layer"), |row| split_mode(row);
    "fa", 3, true, Shown::Always, |row| u8::from(row.measurement.settings.run.flash_attention).to_string();
    "ts", 12, false, Shown::Unless("0.00"), |row| tensor_split(row);
    "lm", 10, false, Shown::Unless("auto"), |row| load_mode(row).to_owned();
    "test", 15, true, Shown::Always, |row| row.test();
    "t/s", 20, true, Shown::Always, |row| {
        let rates = &row.timed.tokens_per_second;
        format!("{:.2} ± {:.2}", rates.mean.0, rates.stddev.map_or(0.0, |stddev| stddev.0))
    };
};

impl Row<'_> {
    fn test(&self) -> String {
        let kind = if self.prompt { "pp" } else { "tg" };
        let depth = match self.timed.depth {
            0 => String::new(),
            depth => format!(" @ d{depth}"),
        };
        format!("{kind}{}{depth}", self.timed.tokens)
    }

    /// llama-bench's fields in its order, with its defaults where we have no such setting.
    fn fields(&self) -> Vec<(&'static str, Value)> {
        let Measurement { settings, engine, subject, .. } = self.measurement;
        let tokens = |here: bool| if here { self.timed.tokens } else { 0 };
        let rates = &self.timed.tokens_per_second;
        let nanoseconds = |rate: f64| nanoseconds(self.timed.tokens, rate);
        let (commit, number) = build(&engine.version);
        vec![
            ("build_commit", commit.into()),
            ("build_number", number.into()),
            ("cpu_info", self.measurement.cpu.clone().into()),
            ("gpu_info", self.measurement.gpus.join(", ").into()),
            ("backends", self.backends.into()),
            ("model_filename", filename(subject).into()),
            ("model_type", self.measurement.description.clone().unwrap_or_default().into()),
            ("model_size", self.measurement.weights_bytes.map_or(0, |bytes| bytes.0).into()),
            ("model_n_params", self.measurement.parameters.unwrap_or(0).into()),
            ("n_batch", settings.run.batch.into()),
            ("n_ubatch", settings.run.micro_batch.into()),
            ("n_threads", settings.threads.into()),
            ("cpu_mask", "0x0".into()),
            ("cpu_strict", false.into()),
            ("poll", 50.into()),
            ("type_k", settings.run.kv_type.to_string().into()),
            ("type_v", settings.run.value_type().to_string().into()),
            ("n_gpu_layers", settings.gpu_layers.map_or(-1, i64::from).into()),
            ("n_cpu_moe", settings.expert_layers_in_ram.into()),
            ("split_mode", settings.split_mode.to_string().into()),
            ("main_gpu", settings.main_gpu.into()),
            ("no_kv_offload", false.into()),
            ("flash_attn", u8::from(settings.run.flash_attention).into()),
            ("devices", "auto".into()),
            ("tensor_split", tensor_split(self).into()),
            ("tensor_buft_overrides", "none".into()),
            ("load_mode", load_mode(self).into()),
            ("lazy_mode", "auto".into()),
            ("embeddings", false.into()),
            ("no_op_offload", 0.into()),
            ("no_host", false.into()),
            ("repack", true.into()),
            ("fit_target", 0.into()),
            ("fit_min_ctx", 0.into()),
            ("n_prompt", tokens(self.prompt).into()),
            ("n_gen", tokens(!self.prompt).into()),
            ("n_depth", self.timed.depth.into()),
            ("test_time", self.measurement.started_at.to_string().into()),
            ("avg_ns", nanoseconds(rates.mean.0).into()),
            (
                "stddev_ns",
                spread(&rates.samples.iter().map(|rate| nanoseconds(rate.0)).collect::<Vec<_>>()).into(),
            ),
            ("avg_ts", rates.mean.0.into()),
            ("stddev_ts", rates.stddev.map_or(0.0, |stddev| stddev.0).into()),
        ]
    }
}

/// The sample standard deviation, in whole nanoseconds.
fn spread(times: &[u64]) -> u64 {
    let count = times.len() as f64;
    if times.len() < 2 {
        return 0;
    }
    let mean = times.iter().map(|time| *time as f64).sum::<f64>() / count;
    let squares: f64 = times.iter().map(|time| (*time as f64 - mean).powi(2)).sum();
    whole_nanoseconds((squares / (count - 1.0)).sqrt() / 1e9)
}

fn nanoseconds(tokens: u32, rate: f64) -> u64 {
    whole_nanoseconds(f64::from(tokens) / rate)
}

fn whole_nanoseconds(seconds: f64) -> u64 {
    Duration::try_from_secs_f64(seconds).map_or(0, |time| time.as_nanos() as u64)
}

/// The rows as JSON, one a line.
pub(super) fn json_lines<'a>(
    measurements: impl Iterator<Item = &'a Measurement>,
    devices: &[Device],
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let backends = backends(devices);
    for row in rows(measurements, &backends) {
        let mut line: Map<String, Value> =
            row.fields().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let rates = &row.timed.tokens_per_second.samples;
        let nanoseconds = rates.iter().map(|rate| nanoseconds(row.timed.tokens, rate.0));
        line.insert("samples_ns".to_owned(), nanoseconds.collect::<Vec<_>>().into());
        line.insert("samples_ts".to_owned(), rates.iter().map(|rate| rate.0).collect::<Vec<_>>().into());
        serde_json::to_writer(&mut *out, &line)?;
        writeln!(out)?;
    }
    Ok(())
}

/// The rows as statements that make and fill a table of `SQLite`.
pub(super) fn sql<'a>(
    measurements: impl Iterator<Item = &'a Measurement>,
    devices: &[Device],
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let backends = backends(devices);
    let rows = rows(measurements, &backends);
    let Some(first) = rows.first() else { return Ok(()) };
    let columns = first.fields();
    let typed: Vec<_> = columns
        .iter()
        .map(|(name, value)| {
            let kind = match value {
                Value::String(_) => "TEXT",
                Value::Number(number) if number.is_f64() => "REAL",
                _ => "INTEGER",
            };
            format!("  {name} {kind}")
        })
        .collect();
    writeln!(out, "CREATE TABLE IF NOT EXISTS llama_bench (\n{}\n);\n", typed.join(",\n"))?;
    let names: Vec<_> = columns.iter().map(|(name, _)| *name).collect();
    for row in &rows {
        let values: Vec<_> = row.fields().iter().map(|(_, value)| literal(value)).collect();
        writeln!(out, "INSERT INTO llama_bench ({}) VALUES ({});", names.join(", "), values.join(", "))?;
    }
    Ok(())
}

fn literal(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.replace('\'', "''"),
        Value::Bool(yes) => u8::from(*yes).to_string(),
        other => other.to_string(),
    };
    format!("'{text}'")
}

fn binary(bytes: u64) -> String {
    let mebibytes = bytes as f64 / f64::from(1 << 20);
    if mebibytes < 1024.0 { format!("{mebibytes:.2} MiB") } else { format!("{:.2} GiB", mebibytes / 1024.0) }
}

fn count(parameters: u64) -> String {
    let millions = parameters as f64 / 1e6;
    if millions < 1000.0 { format!("{millions:.2} M") } else { format!("{:.2} B", millions / 1000.0) }
}

fn gpu_layers(row: &Row<'_>) -> String {
    row.measurement.settings.gpu_layers.map_or(-1, i64::from).to_string()
}

fn split_mode(row: &Row<'_>) -> String {
    match row.measurement.settings.split_mode {
        SplitMode::Layer => "layer".to_owned(),
        other => other.to_string(),
    }
}

fn tensor_split(row: &Row<'_>) -> String {
    let shares = &row.measurement.settings.tensor_split;
    if shares.is_empty() {
        return "0.00".to_owned();
    }
    shares.iter().map(|share| format!("{share:.2}")).collect::<Vec<_>>().join("/")
}

fn load_mode(row: &Row<'_>) -> &'static str {
    if row.measurement.settings.mapped { "auto" } else { "none" }
}

fn filename(subject: &crate::bench::Subject) -> String {
    match (&subject.file, &subject.model, &subject.quant) {
        (Some(file), _, _) => file.display().to_string(),
        (None, Some(model), Some(quant)) => format!("{model}:{quant} (random weights)"),
        _ => String::new(),
    }
}

/// llama.cpp's commit and number in its version, such as `b7000-0123abc`.
fn build(version: &str) -> (String, u64) {
    let word = version.split_whitespace().next().unwrap_or_default();
    let (number, commit) = word.split_once('-').unwrap_or((word, word));
    (commit.to_owned(), number.trim_start_matches('b').parse().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_counts_are_written_as_llama_bench_writes_them() {
        assert_eq!(binary(1_117_320_736), "1.04 GiB");
        assert_eq!(binary(934_000_000), "890.73 MiB");
        assert_eq!(count(1_777_088_000), "1.78 B");
        assert_eq!(count(596_049_920), "596.05 M");
        assert_eq!(spread(&[10, 20, 30]), 10);
        assert_eq!(literal(&Value::from("it's")), "'it''s'");
    }
}
