//! Predictions held against the published measurements in `measurements/`. The ceilings only go down.

use std::fs::File;
use std::path::Path;

use r1_advisor::calibration::{Constant, Constants, Phase, Table, Values};
use r1_advisor::catalog::{Calibration, CalibrationFile, Catalog};
use r1_advisor::validate::{
    Accuracy, Basis, Case as _, ClassAccuracy, LeftOut, LocalCase, Measurement, Validation, leaving_out_each,
    predictions, read_table, validation,
};

use crate::support::{Ran, program};

fn table(name: &str) -> Vec<Measurement> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("measurements").join(name);
    read_table(File::open(path).expect("the table")).expect("a table of measurements")
}

fn rows() -> Vec<Measurement> {
    table("throughput.csv")
}

fn class(validation: &Validation, name: &str) -> (Accuracy, Accuracy) {
    let found = |class: &&ClassAccuracy| class.class.key == name;
    let class = validation.classes.iter().find(found).unwrap_or_else(|| panic!("no class `{name}`"));
    let [decode, prefill, _] = class.of.values;
    (decode.expect("decode was measured"), prefill.expect("prefill was measured"))
}

fn below(name: &str, reached: f64, ceiling: f64) {
    assert!(reached <= ceiling, "{name}: {reached:.3} is above the ceiling of {ceiling}");
}

#[test]
fn every_row_of_the_table_is_understood() {
    let catalog = Catalog::embedded().unwrap();
    for row in &rows() {
        if let Err(error) = LocalCase::of(row, &catalog) {
            panic!("{}, {}: {error}", row.id, row.hardware);
        }
    }
}

#[test]
fn the_constants_of_the_catalog_tell_what_they_were_fitted_to() {
    let catalog = Catalog::embedded().unwrap();
    let rows = rows();
    let cases: Vec<LocalCase<'_>> = rows.iter().map(|row| LocalCase::of(row, &catalog).unwrap()).collect();
    let predicted: Vec<_> = cases.iter().map(|case| predictions(case, catalog.calibration())).collect();
    let validation = validation(&cases, &predicted, &[], Basis::Calibration { fitted: 0 });
    let (decode, _) = class(&validation, "R1");
    below("decode, median", decode.median_abs_error, 0.045);
    below("decode, p90", decode.p90_abs_error, 0.21);
    let (_, prefill) = class(&validation, "R1, since 2024-10");
    below("prefill, median", prefill.median_abs_error, 0.12);
    below("prefill, p90", prefill.p90_abs_error, 0.34);
}

#[test]
fn what_was_measured_on_an_h200_is_predicted_by_the_constants_that_were_fitted_to_it() {
    let catalog = Catalog::embedded().unwrap();
    let rows = table("h200.csv");
    let cases: Vec<LocalCase<'_>> = rows.iter().map(|row| LocalCase::of(row, &catalog).unwrap()).collect();
    let predicted: Vec<_> = cases.iter().map(|case| predictions(case, catalog.calibration())).collect();
    let (decode, prefill) =
        class(&validation(&cases, &predicted, &[], Basis::Calibration { fitted: 0 }), "R1");
    below("decode, median", decode.median_abs_error, 0.08);
    below("decode, p90", decode.p90_abs_error, 0.17);
    below("prefill, median", prefill.median_abs_error, 0.12);
}

/// Fitting once for each of 90 devices is for an optimized build: a minute otherwise.
#[cfg(not(debug_assertions))]
#[test]
fn devices_that_were_left_out_of_the_fit_are_predicted_within_the_ceilings() {
    let catalog = Catalog::embedded().unwrap();
    let rows = rows();
    let mut cases: Vec<LocalCase<'_>> =
        rows.iter().map(|row| LocalCase::of(row, &catalog).unwrap()).collect();
    let fitted = leaving_out_each(&mut cases, LeftOut::Device);
    let validation = validation(&cases, &fitted.without_group, &[], Basis::LeaveOneOut(LeftOut::Device));
    let (decode, _) = class(&validation, "R1");
    below("decode, median", decode.median_abs_error, 0.075);
    below("decode, p90", decode.p90_abs_error, 0.29);
    let (_, prefill) = class(&validation, "R1, since 2024-10");
    below("prefill, median", prefill.median_abs_error, 0.155);
    below("prefill, p90", prefill.p90_abs_error, 0.65);
    for covered in [decode.interval_coverage, prefill.interval_coverage] {
        assert!((0.75..=0.88).contains(&covered), "{covered:.3} of the measurements are in their intervals");
    }

    // What is committed is what the fit finds: other machines round a little differently.
    let text = include_str!("../../catalog/calibration.toml");
    let committed: CalibrationFile = toml::from_str(text).unwrap();
    let rows: Vec<Measurement> = ["throughput.csv", "h200.csv"].into_iter().flat_map(table).collect();
    let mut cases: Vec<LocalCase<'_>> =
        rows.iter().map(|row| LocalCase::of(row, &catalog).unwrap()).collect();
    let found = r1_advisor::validate::fit(&mut cases).moved();
    for (name, value) in &found {
        let kept = committed.constants.get(name).unwrap_or_else(|| {
            panic!("`{name}` is missing: run `cargo run --release --no-default-features --example calibrate`")
        });
        assert!((kept / value).ln().abs() < 0.02, "`{name}` is {kept} in the catalog and {value} by the fit");
    }
}

#[cfg(debug_assertions)]
#[test]
fn a_device_that_was_left_out_is_predicted_by_the_others() {
    let catalog = Catalog::embedded().unwrap();
    let rows = rows();
    let few = |row: &&Measurement| {
        ["NVIDIA GeForce RTX 4080 16GB", "NVIDIA GeForce RTX 4090 24GB"].contains(&row.hardware.as_str())
            && row.gpus() == 1
    };
    let mut cases: Vec<LocalCase<'_>> =
        rows.iter().filter(few).map(|row| LocalCase::of(row, &catalog).unwrap()).collect();
    let fitted = leaving_out_each(&mut cases, LeftOut::Device);
    let validation = validation(&cases, &fitted.without_group, &[], Basis::LeaveOneOut(LeftOut::Device));
    below("decode, median", validation.all.values[0].unwrap().median_abs_error, 0.10);
    // The file keeps what a fit moved, and only that.
    let text = toml::to_string(&CalibrationFile {
        source: "a test".to_owned(),
        constants: fitted.calibration.constants.moved(),
        spread: Vec::new(),
    });
    assert!(text.unwrap().contains("bandwidth.cuda.ada"));
}

fn validate(arguments: &[&str]) -> Ran {
    program(["validate"]).with(arguments).run()
}

#[test]
fn validate_keeps_its_contract_and_its_gates() {
    let value = validate(&["measurements/throughput.csv", "--shapes", "r1", "--format", "json"])
        .exits(0)
        .json_of("validate");
    assert_eq!((&value["rows"], &value["resolved"]), (&335.into(), &335.into()));

    let kept =
        validate(&["measurements/throughput.csv", "--max-decode-median", "50%", "--max-unresolved", "0"]);
    kept.exits(0);
    let missed = validate(&["measurements/throughput.csv", "--max-decode-median", "0.001"]);
    missed.exits(1);
    let text = missed.out();
    assert!(text.contains("MISSED decode, median error"), "{text}");
}

#[test]
fn a_table_that_is_none_is_refused_with_what_to_do() {
    for (arguments, said) in [
        (&["nowhere.csv"][..], "could not read `nowhere.csv`"),
        (&["Cargo.toml"][..], "no column `hardware`"),
    ] {
        let output = validate(arguments);
        let complaint = output.errors();
        output.exits(4);
        assert!(complaint.contains(said), "{complaint}");
    }
}

#[test]
fn a_constant_acts_on_nothing_but_what_its_row_says() {
    let catalog = Catalog::embedded().unwrap();
    let phases: Vec<Phase> =
        Constant::ROWS.iter().flat_map(|row| std::iter::repeat_n(row.phase, row.count())).collect();
    let blank = Calibration::default();
    for row in rows().iter().step_by(10) {
        let case = LocalCase::of(row, &catalog).unwrap();
        for observation in case.observations(&blank) {
            let mut constants = Constants::default();
            let before = (observation.predict)(&constants);
            for (at, phase) in phases.iter().enumerate() {
                let value = constants.values()[at];
                constants.values_mut()[at] = value * 1.3;
                let moves = (observation.predict)(&constants) != before;
                assert!(!moves || [Phase::Both, observation.phase].contains(phase), "{} {at}", row.id);
                constants.values_mut()[at] = value;
            }
        }
    }
}

/// A table of constants in Markdown, with what they were fitted to.
fn table_of<T: Table>(constants: &Values<T>) -> String {
    let mut text = String::from("| Constant | Unit | Prior | Value | Acts on | What it is |\n");
    text.push_str("| --- | --- | ---: | ---: | --- | --- |\n");
    let mut offset = 0;
    for row in T::ROWS {
        let keys = row.by.iter().map(|keys| format!(".*{}*", keys.of)).collect::<Vec<_>>().concat();
        let values = &constants.values()[offset..offset + row.count()];
        let priors = (0..row.count()).map(|at| row.prior_of(at));
        let range = |values: &mut dyn Iterator<Item = f64>| {
            let (low, high) = values.fold((f64::MAX, f64::MIN), |(a, b), one| (a.min(one), b.max(one)));
            if low < high { format!("{} to {}", short(low), short(high)) } else { short(low) }
        };
        let phase = match row.phase {
            Phase::Decode => "decode",
            Phase::Prefill => "prefill",
            Phase::Both => "both",
        };
        let source = if row.source.is_empty() { String::new() } else { format!(" ({})", row.source) };
        let line = format!(
            "| {}{keys} | {} | {} ± {:.0} % | {} | {phase} | {}{source} |\n",
            row.name,
            row.unit,
            range(&mut priors.map(|prior| prior.value)),
            row.prior.tolerance * 100.0,
            range(&mut values.iter().copied()),
            row.meaning,
        );
        text.push_str(&line);
        offset += row.count();
    }
    text
}

/// Three digits.
fn short(value: f64) -> String {
    match value {
        100.0..1e4 => format!("{value:.0}"),
        10.0..100.0 => format!("{value:.1}"),
        1.0..10.0 => format!("{value:.2}"),
        0.01..1.0 => format!("{value:.3}"),
        _ => format!("{value:.2e}"),
    }
}

#[test]
fn the_documents_list_every_constant() {
    let catalog = Catalog::embedded().unwrap();
    let text = format!(
        "# Constants of the speed models\n\n\
         What kernels reach of the peaks on data sheets. A fit moves each from its prior (a value and the standard \
         deviation of its logarithm) towards published measurements; where a name ends in a key, there is one for each \
         backend, class of GPU and so on, as a factor. `cargo test constant` compares this page with the program; with \
         `SNAPSHOTS=overwrite` it writes it.\n\n\
         ## llama.cpp on one machine\n\n\
         Fitted by `examples/calibrate.rs`, kept in `catalog/calibration.toml`, used in `src/estimate/speed`.\n\n{}\n\
         ## Served engines\n\n\
         Fitted by `examples/calibrate_serving.rs`, kept in `catalog/serving-calibration.toml`, used in \
         `src/capacity/step_time.rs`.\n\n{}",
        table_of(&catalog.calibration().constants),
        table_of(&catalog.serving_calibration().unwrap().constants),
    );
    snapbox::Assert::new().action_env("SNAPSHOTS").eq(text, snapbox::file!["../../docs/constants.md"].raw());
}
