//! Fits the constants of the model of served engines to published measurements and writes
//! `catalog/serving-calibration.toml`. Each constant stays near its prior, by the weight that the table gives it:
//!
//! ```sh
//! cargo run --release --no-default-features --example calibrate_serving            # fit, print, write
//! cargo run --release --no-default-features --example calibrate_serving -- --check # fit and print only
//! cargo run --release --no-default-features --example calibrate_serving -- --quick # the same without leaving out
//! ```

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use r1_advisor::calibration::{ServingConstants, ServingSpread};
use r1_advisor::catalog::{Catalog, ServingCalibration, ServingCalibrationFile};
use r1_advisor::i18n::Locale;
use r1_advisor::validate::{
    Accuracy, Basis, Case as _, LeftOut, MEASURES, Measures, Named, ServedCase, ServedMeasurement,
    Validation, cases, fit, predictions, read_table, validation, without_each,
};

/// The tables, and what a row of them is left out with.
const TABLES: [&str; 2] = ["measurements/serving.csv", "measurements/serving-exported.csv"];

/// Parts into which rows of measured configurations are divided, each predicted from the others.
const PARTS: usize = 4;

fn main() -> Result<(), Box<dyn Error>> {
    let has = |flag: &str| std::env::args().any(|argument| argument == flag);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let catalog = Catalog::embedded()?;
    let mut rows: Vec<ServedMeasurement> = Vec::new();
    for table in TABLES {
        rows.extend(read_table(File::open(root.join(table))?)?);
    }
    let (mut cases, unresolved) = cases::<ServedCase<'_>>(&rows, &catalog);
    let mut out = std::io::stdout().lock();
    if has("--verbose") {
        for (row, reason) in &unresolved {
            let reason = Locale::default().say(&reason.message());
            writeln!(out, "unresolved {}: {}: {reason}", row.id, row.hardware)?;
        }
    }
    let mut calibration = ServingCalibration::default();
    let of = |cases: &[ServedCase<'_>], calibration: &ServingCalibration| {
        let predicted: Vec<_> = cases.iter().map(|case| predictions(case, calibration)).collect();
        validation(cases, &predicted, &[], Basis::Calibration { fitted: 0 })
    };
    writeln!(out, "\nby the priors alone:")?;
    print(&of(&cases, &calibration), false, &mut out)?;
    calibration.constants = fit(&mut cases);
    calibration.measured = ServedCase::known(&cases, &calibration.constants, |_| true);
    writeln!(out, "\nwith every row in the fit:")?;
    let whole = of(&cases, &calibration);
    print(&whole, true, &mut out)?;
    if has("--verbose") {
        for row in &whole.per_row {
            writeln!(out, "row {} {:?} {:?}", row.id, row.resolved, row.figures.values)?;
        }
    }
    print_constants(&calibration.constants, &mut out)?;
    if has("--quick") {
        return Ok(());
    }
    let whole = calibration.constants.clone();
    for (what, left_out) in
        [("group", LeftOut::Group), ("source", LeftOut::Source), ("deployment", LeftOut::Device)]
    {
        writeln!(out, "\neach {what} predicted without its own rows:")?;
        let predicted = without_each(&cases, &whole, |case| case.group(left_out));
        let spreads = ServedCase::calibration(&cases, whole.clone(), &predicted).spreads;
        if left_out == LeftOut::Group {
            calibration.spreads = spreads;
        } else if left_out == LeftOut::Source {
            for (of, by_source) in calibration.spreads.iter_mut().zip(spreads) {
                of.deployed = by_source.deployed;
            }
        }
        let unknown = ServingCalibration { measured: BTreeMap::new(), ..calibration.clone() };
        print_left_out(&cases, &predicted, &unknown, left_out, &mut out)?;
    }
    writeln!(out, "\neach row of a measured configuration predicted without a fourth of the rows:")?;
    let place = |case: &ServedCase<'_>| {
        case.row().id.bytes().fold(0, |sum, byte| (sum * 31 + usize::from(byte)) % 9973)
    };
    let mut predicted = without_each(&cases, &whole, |case| (place(case) % PARTS).to_string());
    for part in 0..PARTS {
        // What is known of a configuration is so without the part, too.
        let measured = ServedCase::known(&cases, &whole, |case| place(case) % PARTS != part);
        let known = ServingCalibration { measured, ..calibration.clone() };
        for (case, predicted) in
            cases.iter().zip(&mut predicted).filter(|(case, _)| place(case) % PARTS == part)
        {
            *predicted = case.predicted(&whole, &known);
        }
    }
    let spreads = ServedCase::calibration(&cases, whole.clone(), &predicted).spreads;
    for (of, by_part) in calibration.spreads.iter_mut().zip(spreads) {
        of.measured = by_part.tuned;
    }
    print_left_out(&cases, &predicted, &calibration, LeftOut::Device, &mut out)?;
    for (what, spreads) in ["TPOT", "output", "TTFT"].iter().zip(&calibration.spreads) {
        for (of, ServingSpread { low, high, measurements }) in spreads.named() {
            writeln!(out, "{what:7} {of:9} {low:.2} to {high:.2} of the prediction, {measurements} rows")?;
        }
    }
    if !has("--check") {
        let counted = cases.iter().filter(|case| case.counts()).count();
        let source = format!(
            "Fitted by examples/calibrate_serving.rs to {counted} rows of measurements/serving.csv and measurements/serving-exported.csv that state a concurrency, and to those without one at half their weight"
        );
        let file = ServingCalibrationFile::of(&calibration, source);
        fs::write(root.join("catalog/serving-calibration.toml"), toml::to_string(&file)?)?;
    }
    Ok(())
}

fn print_left_out(
    cases: &[ServedCase<'_>],
    predicted: &[Measures],
    calibration: &ServingCalibration,
    left_out: LeftOut,
    out: &mut dyn std::io::Write,
) -> std::io::Result<()> {
    let beside: Vec<_> =
        cases.iter().zip(predicted).map(|(case, one)| case.beside(*one, calibration)).collect();
    print(&validation(cases, &beside, &[], Basis::LeaveOneOut(left_out)), true, out)
}

fn print_constants(constants: &ServingConstants, out: &mut dyn std::io::Write) -> std::io::Result<()> {
    let of_all = ServingConstants::names().zip(constants.values()).zip(ServingConstants::priors());
    for ((name, value), prior) in of_all {
        let off = (value / prior.value).ln() / prior.tolerance;
        if off.abs() > 0.05 {
            writeln!(out, "{name:36} {value:12.4e}  {off:+.1}")?;
        }
    }
    Ok(())
}

fn print(validation: &Validation, with_classes: bool, out: &mut dyn std::io::Write) -> std::io::Result<()> {
    let text = |accuracy: &Option<Accuracy>| {
        accuracy.map_or_else(String::new, |accuracy| {
            format!(
                "n {:3} {:5.1}/{:5.1} % bias {:+5.1} in {:3.0} %",
                accuracy.rows,
                accuracy.median_abs_error * 100.0,
                accuracy.p90_abs_error * 100.0,
                accuracy.bias * 100.0,
                accuracy.interval_coverage * 100.0,
            )
        })
    };
    let mut line = |class: &str, of: &Named<Option<Accuracy>, MEASURES>| {
        let [tpot, output, ttft] = of.values.each_ref().map(text);
        writeln!(out, "{class:52} TPOT {tpot:42} output {output:42} TTFT {ttft}")
    };
    line("all", &validation.all)?;
    let shown = ["arrivals", "tuning", "engine", "class", "precision", "speculative", "group"];
    for class in validation.classes.iter().filter(|class| with_classes && shown.contains(&class.by)) {
        line(&format!("{} {}", class.by, class.class.key), &class.of)?;
    }
    Ok(())
}
