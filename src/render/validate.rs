use std::io;

use serde::Serialize;

use super::text::wrapped;
use super::{Align, Grid, Style, View, digits};
use crate::i18n::Locale;
use crate::message::{Message, Value, clauses, enumeration, percent};
use crate::validate::{
    About, Accuracy, Basis, Bound, ClassAccuracy, Gate, Kind, Named, PerRow, UnresolvedRow, Validation,
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

    fn grid(&self) -> Grid {
        accuracy(&self.data.validation, &Locale::default())
    }

    fn records(&self) -> Grid {
        let Validation { kind, per_row, .. } = &self.data.validation;
        let figures = kind.figures.map(|key| format!("{key}{}", kind.column_suffix));
        let mut columns = vec![("id", Align::Left), ("hardware", Align::Left)];
        columns.extend(match kind.is_served {
            true => vec![("model", Align::Left), ("engine", Align::Left), ("concurrency", Align::Right)],
            false => vec![("target", Align::Left)],
        });
        columns.push(("resolved", Align::Left));
        columns.extend(figures.iter().map(|name| (name.as_str(), Align::Right)));
        let mut grid = Grid::new(&columns);
        for row in per_row {
            let mut cells = vec![row.id.clone(), row.hardware.clone()];
            cells.extend(match &row.about {
                About::Local { target } => vec![target.clone()],
                About::Served { model, engine, concurrency } => {
                    let concurrency = concurrency.map(|count| count.to_string()).unwrap_or_default();
                    vec![model.clone(), engine.clone(), concurrency]
                }
            });
            cells.push(row.resolved.clone().unwrap_or_default());
            let number = |figure: Option<f64>| figure.map(|value| format!("{value:.3}")).unwrap_or_default();
            cells.extend(row.figures.values.map(number));
            grid.push(cells);
        }
        grid
    }

    fn draw(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let (validation, locale) = (&self.data.validation, style.locale);
        let Validation { kind, rows, resolved, basis, .. } = validation;
        let first = match kind.is_served {
            true => say!(locale, ValidateResolvedServed { resolved, rows }),
            false => say!(locale, ValidateResolved { resolved, rows }),
        };
        let basis = match basis {
            Basis::Calibration { fitted } => say!(locale, ValidateBasisCatalog { fitted }),
            Basis::LeaveOneOut if kind.is_served => say!(locale, ValidateBasisDeployment),
            Basis::LeaveOneOut => say!(locale, ValidateBasisDevice),
        };
        writeln!(out, "{first}\n{basis}\n")?;
        accuracy(validation, locale).text(style, out)?;
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
        (true, _) => message!(ValidateOutput),
    }
}

/// The accuracy of everything, which comes first, and of each class of rows.
fn accuracy(validation: &Validation, locale: &Locale) -> Grid {
    let mut columns = vec![(say!(locale, ValidateRows), Align::Left), (String::new(), Align::Left)];
    for measure in [0, 1] {
        let median = [title(validation.kind, measure), message!(ValidateMedian), message!(ValidateP90)];
        let names = median.into_iter().chain([message!(ValidateCovered), message!(ValidateBias)]);
        columns.extend(names.map(|name| (locale.say(&name), Align::Right)));
    }
    let columns: Vec<(&str, Align)> = columns.iter().map(|(name, align)| (name.as_str(), *align)).collect();
    let mut grid = Grid::new(&columns);
    let mut push = |by: String, class: &str, of: &Named<Option<Accuracy>, 2>| {
        // A space that does not break: a class is read as one.
        let names = [by, class.replace(' ', "\u{a0}")];
        let cells = of.values.iter().flat_map(|accuracy| cells(accuracy.as_ref(), locale));
        grid.push(names.into_iter().chain(cells).collect());
    };
    push(say!(locale, ValidateAll), "", &validation.all);
    let mut before = "";
    for class in &validation.classes {
        let by = if class.by == before { "" } else { class.by };
        push(by.to_owned(), &locale.say(&class.class.words), &class.of);
        before = class.by;
    }
    grid
}

fn cells(accuracy: Option<&Accuracy>, locale: &Locale) -> Vec<String> {
    match accuracy {
        Some(accuracy) => vec![
            accuracy.rows.to_string(),
            locale.show(percent(accuracy.median_abs_error, 0)),
            locale.show(percent(accuracy.p90_abs_error, 0)),
            locale.show(percent(accuracy.interval_coverage, 0)),
            say!(locale, UnitPercent { number: format!("{:+.0}", accuracy.bias * 100.0) }),
        ],
        None => vec![String::new(); 5],
    }
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
    let first = [(message!(ValidateId), Align::Left), (message!(ValidateHardware), Align::Left)];
    let (heading, others) = if validation.kind.is_served {
        let others = [
            (message!(ValidateEngine), Align::Left),
            (message!(ValidateInFlight), Align::Right),
            (message!(ValidateTpotMilliseconds), Align::Right),
            (message!(ValidateRate), Align::Right),
        ];
        (message!(ValidateWorst), others.to_vec())
    } else {
        let measures = [0, 1].map(|measure| (title(validation.kind, measure), Align::Right));
        (message!(ValidateWorstRates), [&[(message!(ValidateModel), Align::Left)], &measures[..]].concat())
    };
    writeln!(out, "\n{}", style.locale.say(&heading))?;
    let names: Vec<(String, Align)> =
        first.into_iter().chain(others).map(|(name, align)| (style.locale.say(&name), align)).collect();
    let names: Vec<(&str, Align)> = names.iter().map(|(name, align)| (name.as_str(), *align)).collect();
    let mut grid = Grid::new(&names);
    for row in worst {
        let mut cells = vec![row.id.clone(), row.hardware.clone()];
        cells.extend(match &row.about {
            About::Local { target } => vec![target.clone()],
            About::Served { engine, concurrency, .. } => {
                vec![engine.clone(), concurrency.map_or_else(|| "–".to_owned(), |count| count.to_string())]
            }
        });
        cells.extend(row.figures.values.chunks(2).map(pair));
        grid.push(cells);
    }
    grid.text(style, out)
}

/// What was predicted and what was measured, in a cell.
fn pair(figures: &[Option<f64>]) -> String {
    match figures {
        [Some(predicted), Some(measured)] => format!("{}/{}", digits(*predicted), digits(*measured)),
        _ => "–".to_owned(),
    }
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
        let verdict = match gate.is_kept {
            true => say!(locale, ValidatePassed),
            false => say!(locale, ValidateMissed),
        };
        let gate = say!(locale, ValidateGate { what, reached, limit: percent(gate.limit, 1) });
        writeln!(out, "{verdict} {gate}")?;
    }
    Ok(())
}
