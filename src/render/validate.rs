use std::io;

use serde::Serialize;

use super::text::wrapped;
use super::{Cell, Column, Grid, Reader, Style, Table, View, digits};
use crate::i18n::Locale;
use crate::message::{Message, Value, clauses, enumeration, fixed, percent};
use crate::validate::{
    About, Accuracy, Basis, Bound, ClassAccuracy, Gate, Kind, LeftOut, MEASURES, Named, PerRow,
    UnresolvedRow, Validation,
};
use crate::{message, say};

/// How many of the worst rows are shown.
const WORST: usize = 10;

/// A class whose median error is above this is named as badly predicted, if it has a few rows.
const BAD: f64 = 0.25;

/// Predictions held against measurements.
#[derive(Debug)]
pub struct ValidationView {
    /// The document.
    pub data: ValidationData,
}

/// The errors, and the limits on them.
#[derive(Debug, Serialize)]
pub struct ValidationData {
    /// The errors.
    #[serde(flatten)]
    pub validation: Validation,
    /// Limits, and whether they were met.
    pub gates: Vec<Gate>,
}

impl View for ValidationView {
    type Data = ValidationData;

    fn data(&self) -> &ValidationData {
        &self.data
    }

    fn table(&self, reader: Reader, style: Style<'_>) -> Grid {
        let validation = &self.data.validation;
        match reader {
            Reader::Program => rows(validation.kind).grid(&validation.per_row, reader, style.locale),
            Reader::Terminal | Reader::Document => {
                let classes = classes(validation, style.locale);
                accuracy(validation.kind).grid(&classes, reader, style.locale)
            }
        }
    }

    fn draw(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let (validation, locale) = (&self.data.validation, style.locale);
        let Validation { kind, rows, resolved, basis, .. } = validation;
        let first = if kind.is_served {
            say!(locale, ValidateResolvedServed { resolved, rows })
        } else {
            say!(locale, ValidateResolved { resolved, rows })
        };
        let basis = match basis {
            Basis::Calibration { fitted } => say!(locale, ValidateBasisCatalog { fitted }),
            Basis::LeaveOneOut(LeftOut::Source) => say!(locale, ValidateBasisSource),
            Basis::LeaveOneOut(LeftOut::Group) => say!(locale, ValidateBasisGroup),
            Basis::LeaveOneOut(LeftOut::Device) if kind.is_served => say!(locale, ValidateBasisDeployment),
            Basis::LeaveOneOut(LeftOut::Device) => say!(locale, ValidateBasisDevice),
        };
        writeln!(out, "{first}\n{basis}\n")?;
        self.table(Reader::Terminal, style).text(style, out)?;
        wrapped("", &say!(locale, ValidateLegend), style, out)?;
        if kind.is_served {
            wrapped("", &say!(locale, ValidateLegendServed), style, out)?;
        }
        if let Some(bad) = badly_predicted(validation) {
            wrapped("", &locale.say(&bad), style, out)?;
        }
        draw_worst(validation, style, out)?;
        for UnresolvedRow { id, hardware, reason } in &validation.unresolved {
            let line = say!(locale, ValidateNotPredicted { id, hardware, reason });
            wrapped("  ", &line, style, out)?;
        }
        draw_gates(validation, &self.data.gates, locale, out)
    }
}

/// The name of a measure in the accuracy.
fn title(kind: &Kind, measure: usize) -> Message {
    match (kind.is_served, measure) {
        (false, 0) => message!(ValidateDecode),
        (false, _) => message!(ValidatePrefill),
        (true, 0) => message!(ValidateTpot),
        (true, 1) => message!(ValidateOutput),
        (true, _) => message!(ValidateTtft),
    }
}

/// A class of rows, and how well it is predicted.
struct Class<'a> {
    by: Value,
    words: String,
    of: &'a Named<Option<Accuracy>, MEASURES>,
}

/// Everything, which comes first, and each class; a way to divide is named where it begins.
fn classes<'a>(validation: &'a Validation, locale: &Locale) -> Vec<Class<'a>> {
    let mut classes =
        vec![Class { by: message!(ValidateAll).into(), words: String::new(), of: &validation.all }];
    for same in validation.classes.chunk_by(|a, b| a.by == b.by) {
        classes.extend(same.iter().enumerate().map(|(at, class)| Class {
            by: if at == 0 { class.by.into() } else { "".into() },
            // A space that does not break: a class is read as one.
            words: locale.say(&class.class.words).replace(' ', "\u{a0}"),
            of: &class.of,
        }));
    }
    classes
}

fn accuracy<'a>(kind: &Kind) -> Table<'static, Class<'a>> {
    let mut table = Table::new();
    table.left("by", message!(ValidateRows), |class: &Class<'_>| class.by.clone());
    table.left("class", Message::verbatim(""), |class| class.words.clone());
    for measure in 0..kind.measures.len() {
        let of = move |class: &Class<'_>| class.of.values[measure];
        table.right("rows", title(kind, measure), move |class| of(class).map(|it| it.rows));
        table.right("median_abs_error", message!(ValidateMedian), move |class| {
            of(class).map(|it| percent(it.median_abs_error, 0))
        });
        table.right("p90_abs_error", message!(ValidateP90), move |class| {
            of(class).map(|it| percent(it.p90_abs_error, 0))
        });
        table.right("interval_coverage", message!(ValidateCovered), move |class| {
            of(class).map(|it| percent(it.interval_coverage, 0))
        });
        table.right("bias", message!(ValidateBias), move |class| {
            of(class).map(|it| message!(UnitPercent { number: format!("{:+.0}", it.bias * 100.0) }))
        });
    }
    table
}

/// What was predicted and measured: all of it for programs, in a cell of each measure for people.
fn rows(kind: &Kind) -> Table<'static, PerRow> {
    let mut table = Table::new();
    table.left("id", message!(ValidateId), |row: &PerRow| row.id.clone());
    table.left("hardware", message!(ValidateHardware), |row| row.hardware.clone());
    if kind.is_served {
        table.plain("model", |row| match &row.about {
            About::Served { model, .. } => Some(model.clone()),
            About::Local { .. } => None,
        });
        table.left("engine", message!(ValidateEngine), |row| match &row.about {
            About::Served { engine, .. } => Some(engine.clone()),
            About::Local { .. } => None,
        });
        table.right("concurrency", message!(ValidateInFlight), |row| match row.about {
            About::Served { concurrency, .. } => Cell::from(concurrency).or("–"),
            About::Local { .. } => Cell::default(),
        });
    } else {
        table.left("target", message!(ValidateModel), |row| match &row.about {
            About::Local { target } => Some(target.clone()),
            About::Served { .. } => None,
        });
    }
    table.plain("resolved", |row| row.resolved.clone());
    for (at, key) in kind.figures.iter().enumerate() {
        let figure = move |row: &PerRow| row.figures.values[at].map(|value| fixed(value, 3));
        table.plain(format!("{key}{}", kind.column_suffix), figure);
    }
    for measure in 0..kind.measures.len() {
        let title = match (kind.is_served, measure) {
            (true, 0) => message!(ValidateTpotMilliseconds),
            (true, 1) => message!(ValidateRate),
            (true, _) => message!(ValidateTtftMilliseconds),
            (false, measure) => title(kind, measure),
        };
        let pair = move |row: &PerRow| match row.figures.values[2 * measure..2 * measure + 2] {
            [Some(predicted), Some(measured)] => format!("{}/{}", digits(predicted), digits(measured)),
            _ => "–".to_owned(),
        };
        table.push(Column::right("predicted_and_measured", title, pair).for_people());
    }
    table
}

/// The classes with a large median error.
fn badly_predicted(validation: &Validation) -> Option<Message> {
    let bad = |(measure, accuracy): (usize, &Option<Accuracy>)| {
        accuracy.filter(|accuracy| accuracy.rows >= 2 && accuracy.median_abs_error > BAD).map(|accuracy| {
            let (measure, error) = (title(validation.kind, measure), percent(accuracy.median_abs_error, 0));
            message!(ValidateBadError { measure, error })
        })
    };
    let class = |of: &ClassAccuracy| {
        let errors: Vec<Message> = of.of.values.iter().enumerate().filter_map(bad).collect();
        let (by, class) = (of.by, &of.class.words);
        let named = !errors.is_empty();
        named.then(|| message!(ValidateBadClass { by, class, errors: enumeration(errors) }))
    };
    let classes: Vec<Message> = validation.classes.iter().filter_map(class).collect();
    let named = !classes.is_empty();
    named.then(|| message!(ValidateBad { limit: percent(BAD, 0), classes: clauses(classes) }))
}

fn draw_worst(validation: &Validation, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let mut worst: Vec<&PerRow> = validation.per_row.iter().filter(|row| row.worst_error() > 0.0).collect();
    worst.sort_by(|a, b| b.worst_error().total_cmp(&a.worst_error()));
    worst.truncate(WORST);
    if worst.is_empty() {
        return Ok(());
    }
    let heading =
        if validation.kind.is_served { message!(ValidateWorst) } else { message!(ValidateWorstRates) };
    writeln!(out, "\n{}", style.locale.say(&heading))?;
    rows(validation.kind).grid(worst, Reader::Terminal, style.locale).text(style, out)
}

/// Which limits were met.
fn draw_gates(
    validation: &Validation,
    gates: &[Gate],
    locale: &Locale,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    if !gates.is_empty() {
        writeln!(out)?;
    }
    for gate in gates {
        let measure = match gate.measure {
            Some(1) if validation.kind.is_served => message!(ValidateOutputThroughput),
            measure => title(validation.kind, measure.unwrap_or_default()),
        };
        let what = match gate.bound {
            Bound::Median => message!(ValidateGateMedian { measure }),
            Bound::P90 => message!(ValidateGateP90 { measure }),
            Bound::LeastCoverage => message!(ValidateGateLeastCoverage { measure }),
            Bound::MostCoverage => message!(ValidateGateMostCoverage { measure }),
            Bound::Unresolved => message!(ValidateGateUnresolved),
        };
        let reached: Value = match gate.reached {
            Some(reached) => percent(reached, 1),
            None => message!(ValidateNothingMeasured).into(),
        };
        let verdict = if gate.is_kept { say!(locale, ValidatePassed) } else { say!(locale, ValidateMissed) };
        let gate = say!(locale, ValidateGate { what, reached, limit: percent(gate.limit, 1) });
        writeln!(out, "{verdict} {gate}")?;
    }
    Ok(())
}
