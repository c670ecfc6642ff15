//! Fits the speed model's constants to published measurements and writes `catalog/calibration.toml`:
//!
//! ```sh
//! cargo run --release --no-default-features --example calibrate            # fit, print the accuracy, write
//! cargo run --release --no-default-features --example calibrate -- --check # fit and print only
//! ```

use std::error::Error;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use r1_advisor::catalog::{CalibrationFile, Catalog};
use r1_advisor::i18n::Locale;
use r1_advisor::validate::{
    Accuracy, Basis, LeftOut, LocalCase, Measurement, Prediction, cases, leaving_out_each, read_table,
    validation,
};

/// How the ids of this project's own measurements begin.
const OWN: char = 'M';

fn main() -> Result<(), Box<dyn Error>> {
    let only_check = std::env::args().any(|argument| argument == "--check");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let catalog = Catalog::embedded()?;
    let mut rows: Vec<Measurement> = read_table(File::open(root.join("measurements/throughput.csv"))?)?;
    // What this project measured itself is fitted to, and is no test.
    rows.extend(read_table::<Measurement>(File::open(root.join("measurements/h200.csv"))?)?);
    let mut out = std::io::stdout().lock();
    let (mut cases, unresolved) = cases::<LocalCase<'_>>(&rows, &catalog);
    for (row, reason) in &unresolved {
        let reason = Locale::default().say(&reason.message());
        writeln!(out, "unresolved {}: {}: {reason}", row.id, row.hardware)?;
    }
    let fitted = leaving_out_each(&mut cases, LeftOut::Device);
    let own = |case: &LocalCase<'_>| case.row.id.starts_with(OWN);
    let published = cases.iter().position(own).unwrap_or(cases.len());
    let result = validation(
        &cases[..published],
        &fitted.without_group[..published],
        &unresolved,
        Basis::LeaveOneOut(LeftOut::Device),
    );
    writeln!(
        out,
        "{} rows, {} resolved; each device predicted without its own rows:",
        result.rows, result.resolved
    )?;
    for class in
        result.classes.iter().filter(|class| matches!(class.by, "shape" | "age" | "place" | "backend"))
    {
        let text = |accuracy: &Option<Accuracy>| {
            accuracy.map_or_else(String::new, |accuracy| {
                format!(
                    "n {:3} median {:5.1} % p90 {:5.1} % covered {:3.0} % bias {:+5.1} %",
                    accuracy.rows,
                    accuracy.median_abs_error * 100.0,
                    accuracy.p90_abs_error * 100.0,
                    accuracy.interval_coverage * 100.0,
                    accuracy.bias * 100.0
                )
            })
        };
        writeln!(out, "{:22} decode  {}", class.class.key, text(&class.of.values[0]))?;
        writeln!(out, "{:22} prefill {}", "", text(&class.of.values[1]))?;
    }
    for (case, [decode, prefill, _]) in cases.iter().zip(&fitted.without_group).skip(published) {
        let ratio = |prediction: &Option<Prediction>| {
            prediction.map_or_else(|| "–".to_owned(), |rate| format!("{:.2}", rate.predicted / rate.measured))
        };
        let Measurement { shape, quant, context_depth, .. } = case.row;
        writeln!(
            out,
            "{shape} {quant} at {}: {} of the decode and {} of the prefill that were measured",
            context_depth.unwrap_or(0),
            ratio(decode),
            ratio(prefill)
        )?;
    }
    if !only_check {
        let file = CalibrationFile {
            source: format!(
                "Fitted by examples/calibrate.rs to {} rows of measurements/throughput.csv and h200.csv",
                cases.len()
            ),
            constants: fitted.calibration.constants.moved(),
            spread: fitted.calibration.spreads.0,
        };
        let text = toml::to_string(&file)?;
        fs::write(root.join("catalog/calibration.toml"), text)?;
    }
    Ok(())
}
