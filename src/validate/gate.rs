use serde::Serialize;

use super::report::Validation;
use super::summary::Measures;

/// What a table of measurements must reach; shares, each of both measures in their order.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Limits {
    /// The most that the median absolute error may be.
    pub median: Measures,
    /// The most that the 90th percentile of the absolute errors may be.
    pub p90: Measures,
    /// The least and the most coverage of the intervals.
    pub coverage: [Option<f64>; 2],
    /// The most rows that may not be resolved.
    pub unresolved: Option<f64>,
}

/// What a limit is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The median absolute error.
    Median,
    /// The 90th percentile of the absolute errors.
    P90,
    /// The coverage of the intervals, from below.
    LeastCoverage,
    /// The coverage, from above: intervals that are too wide say nothing.
    MostCoverage,
    /// The share of rows that were not resolved.
    Unresolved,
}

/// A limit and what was reached.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Gate {
    /// What it is on, for programs: `decode, median error`.
    pub name: String,
    /// The bound.
    #[serde(skip)]
    pub bound: Bound,
    /// The measure that it is on; the rows are none.
    #[serde(skip)]
    pub measure: Option<usize>,
    /// The limit.
    pub limit: f64,
    /// What was reached; none where nothing was measured.
    pub reached: Option<f64>,
    /// Whether it was met.
    pub is_kept: bool,
}

/// What the limits make of a validation.
#[must_use]
pub fn gates(limits: &Limits, validation: &Validation) -> Vec<Gate> {
    let [least, most] = limits.coverage;
    let measures = 0..validation.kind.measures.len();
    let errors = measures.clone().flat_map(|measure| {
        let accuracy = validation.all.values[measure];
        [
            (Bound::Median, measure, limits.median[measure], accuracy.map(|of| of.median_abs_error)),
            (Bound::P90, measure, limits.p90[measure], accuracy.map(|of| of.p90_abs_error)),
        ]
    });
    let coverage = [(Bound::LeastCoverage, least), (Bound::MostCoverage, most)];
    let coverage = coverage.into_iter().flat_map(|(bound, limit)| {
        measures.clone().map(move |measure| {
            let covered = validation.all.values[measure].map(|accuracy| accuracy.interval_coverage);
            // A table that lacks the second measure does not miss its coverage.
            (bound, measure, limit.filter(|_| measure == 0 || covered.is_some()), covered)
        })
    });
    let unresolved = validation.unresolved.len() as f64 / validation.rows.max(1) as f64;
    let of_measures = errors.chain(coverage).map(|(bound, measure, limit, reached)| {
        let title = validation.kind.titles[measure];
        (format!("{title}, {}", bound.name()), bound, Some(measure), limit, reached)
    });
    let of_rows =
        (Bound::Unresolved.name().to_owned(), Bound::Unresolved, None, limits.unresolved, Some(unresolved));
    of_measures
        .chain([of_rows])
        .filter_map(|(name, bound, measure, limit, reached)| {
            let limit = limit?;
            let is_kept = reached.is_some_and(|reached| match bound {
                Bound::LeastCoverage => reached >= limit,
                _ => reached <= limit,
            });
            Some(Gate { name, bound, measure, limit, reached, is_kept })
        })
        .collect()
}

impl Bound {
    const fn name(self) -> &'static str {
        match self {
            Self::Median => "median error",
            Self::P90 => "p90 error",
            Self::LeastCoverage => "least coverage",
            Self::MostCoverage => "most coverage",
            Self::Unresolved => "unresolved rows",
        }
    }
}
