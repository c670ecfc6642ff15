//! Fits the constants of the model of served engines to published measurements and writes
//! `catalog/serving-calibration.toml`:
//!
//! ```sh
//! cargo run --release --no-default-features --example calibrate_serving            # fit, print, write
//! cargo run --release --no-default-features --example calibrate_serving -- --check # fit and print only
//! ```

use std::error::Error;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use r1_advisor::catalog::{Catalog, ServingCalibrationFile};
use r1_advisor::i18n::Locale;
use r1_advisor::validate::{
    Accuracy, Basis, Named, ServedCase, Validation, cases, leaving_out_each_group, predictions, read_table,
    validation,
};

fn main() -> Result<(), Box<dyn Error>> {
    let only_check = std::env::args().any(|argument| argument == "--check");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let catalog = Catalog::embedded()?;
    let rows = read_table(File::open(root.join("measurements/serving.csv"))?)?;
    let (cases, unresolved) = cases::<ServedCase<'_>>(&rows, &catalog);
    let mut out = std::io::stdout().lock();
    for (row, reason) in &unresolved {
        let reason = Locale::default().say(&reason.message());
        writeln!(out, "unresolved {}: {}: {reason}", row.id, row.hardware)?;
    }
    let fitted = leaving_out_each_group(&cases);
    let in_sample: Vec<_> = cases.iter().map(|case| predictions(case, &fitted.calibration)).collect();
    writeln!(out, "\nwith every deployment in the fit:")?;
    print(&validation(&cases, &in_sample, &unresolved, Basis::Calibration { fitted: 0 }), &mut out)?;
    writeln!(out, "\neach deployment predicted without its own rows:")?;
    print(&validation(&cases, &fitted.without_group, &unresolved, Basis::LeaveOneOut), &mut out)?;
    if !only_check {
        let file = ServingCalibrationFile {
            source: format!(
                "Fitted by examples/calibrate_serving.rs to the rows of measurements/serving.csv that state a concurrency, {} measured times and {} throughputs",
                fitted.calibration.tpot.measurements, fitted.calibration.throughput.measurements
            ),
            constants: fitted.calibration.constants.moved(),
            tpot: fitted.calibration.tpot,
            throughput: fitted.calibration.throughput,
        };
        fs::write(root.join("catalog/serving-calibration.toml"), toml::to_string(&file)?)?;
    }
    Ok(())
}

fn print(validation: &Validation, out: &mut dyn std::io::Write) -> std::io::Result<()> {
    let text = |accuracy: &Option<Accuracy>| {
        accuracy.map_or_else(String::new, |accuracy| {
            format!(
                "n {:3} median {:5.1} % p90 {:5.1} % bias {:+5.1} %",
                accuracy.rows,
                accuracy.median_abs_error * 100.0,
                accuracy.p90_abs_error * 100.0,
                accuracy.bias * 100.0
            )
        })
    };
    writeln!(out, "{} of {} rows", validation.resolved, validation.rows)?;
    let mut line = |class: &str, of: &Named<Option<Accuracy>, 2>| {
        let [tpot, throughput] = of.values.each_ref().map(text);
        writeln!(out, "{class:24} TPOT {tpot:50} throughput {throughput}")
    };
    line("all", &validation.all)?;
    for class in &validation.classes {
        line(&class.class.key, &class.of)?;
    }
    Ok(())
}
