//! The constants of the model of served engines, fitted as those of local speed are: damped Gauss-Newton over their
//! logarithms, a loss that grows linearly with large errors, and what was believed before as a weight on each.

use std::collections::BTreeMap;

use super::case::{ServingCase, ServingPredictions, held};
use crate::calibration::{ServingConstant, ServingConstants, ServingSpread};
use crate::catalog::ServingCalibration;
use crate::validate::fit::cholesky_solve;
use crate::validate::summary::quantile;

/// Errors, as logarithms, up to which the loss grows with their square.
const SCALE: f64 = 0.12;

/// Measurements of one deployment that count in full; more of them count with the root of their number.
const OFTEN: f64 = 4.0;

/// A step in a logarithm to take a slope over: wide, for a simulation is not smooth.
const STEP: f64 = 0.04;

/// What a fit found.
#[derive(Clone, Debug)]
pub struct ServingFitted {
    /// The constants, and how far measurements lie from predictions made without their deployment.
    pub calibration: ServingCalibration,
    /// Each case, predicted by constants that were fitted without its deployment.
    pub without_deployment: Vec<ServingPredictions>,
}

/// Fits once with everything, and once without each deployment to predict it.
#[must_use]
pub fn fit_leaving_out_each_deployment(cases: &[ServingCase<'_>]) -> ServingFitted {
    let everything: Vec<usize> = (0..cases.len()).collect();
    let whole = solve(cases, &everything, ServingConstants::default(), 12);
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, case) in cases.iter().enumerate() {
        groups.entry(case.group()).or_default().push(at);
    }
    let mut predicted = vec![None; cases.len()];
    for left_out in groups.values() {
        let kept: Vec<usize> = (0..cases.len()).filter(|at| !left_out.contains(at)).collect();
        let constants = solve(cases, &kept, whole.clone(), 3);
        for at in left_out {
            predicted[*at] = cases[*at].predicted(&constants);
        }
    }
    let (tpot, throughput) = spreads(cases, &predicted);
    ServingFitted {
        calibration: ServingCalibration { constants: whole, tpot, throughput },
        without_deployment: cases
            .iter()
            .zip(&predicted)
            .map(|(case, predicted)| {
                predicted.map_or([None, None], |two| held(case, two, (tpot, throughput)))
            })
            .collect(),
    }
}

/// How far measurements lie from predictions that were made without them, where the concurrency is stated.
fn spreads(cases: &[ServingCase<'_>], predicted: &[Option<(f64, f64)>]) -> (ServingSpread, ServingSpread) {
    let (mut tpot, mut throughput) = (Vec::new(), Vec::new());
    for (case, predicted) in cases.iter().zip(predicted) {
        let Some((time, rate)) = predicted.filter(|_| case.states_concurrency()) else { continue };
        tpot.extend(case.row.tpot_ms.map(|measured| measured / time));
        throughput.extend(case.output_throughput.map(|measured| measured / rate));
    }
    let spread = |mut ratios: Vec<f64>| {
        ratios.sort_by(f64::total_cmp);
        ServingSpread {
            low: quantile(&ratios, 0.1).unwrap_or(0.5).min(0.95),
            high: quantile(&ratios, 0.9).unwrap_or(2.0).max(1.05),
            measurements: u32::try_from(ratios.len()).unwrap_or(u32::MAX),
        }
    };
    (spread(tpot), spread(throughput))
}

/// The errors of the cases as weighted residuals, and then how far each constant is from what was believed.
fn residuals(
    cases: &[ServingCase<'_>],
    chosen: &[usize],
    weights: &[f64],
    constants: &ServingConstants,
) -> Vec<f64> {
    let mut all = Vec::with_capacity(2 * chosen.len() + constants.values().len());
    for at in chosen {
        let case = &cases[*at];
        let predicted = if weights[*at] > 0.0 { case.predicted(constants) } else { None };
        for (predicted, measured) in [
            (predicted.map(|two| two.0), case.row.tpot_ms),
            (predicted.map(|two| two.1), case.output_throughput),
        ] {
            all.push(match (predicted, measured) {
                (Some(predicted), Some(measured)) => {
                    let error = (predicted / measured).ln() / SCALE;
                    (2.0 * (error.hypot(1.0) - 1.0) * weights[*at]).sqrt().copysign(error)
                }
                _ => 0.0,
            });
        }
    }
    for (constant, value) in ServingConstant::all().iter().zip(constants.values()) {
        let prior = constant.prior();
        all.push((value / prior.value).ln() / prior.tolerance);
    }
    all
}

/// What each case counts: less where one deployment was measured often, and nothing where it is odd or unbounded.
fn weights(cases: &[ServingCase<'_>]) -> Vec<f64> {
    let counts = |case: &ServingCase<'_>| case.states_concurrency() && !case.is_odd();
    let mut often: BTreeMap<String, f64> = BTreeMap::new();
    for case in cases.iter().filter(|case| counts(case)) {
        *often.entry(case.group()).or_default() += 1.0;
    }
    let weight = |case: &ServingCase<'_>| {
        if counts(case) { (OFTEN / often[&case.group()]).sqrt().min(1.0) } else { 0.0 }
    };
    cases.iter().map(weight).collect()
}

fn solve(
    cases: &[ServingCase<'_>],
    chosen: &[usize],
    start: ServingConstants,
    rounds: u32,
) -> ServingConstants {
    let weights = weights(cases);
    let mut constants = start;
    let mut at = residuals(cases, chosen, &weights, &constants);
    let loss = |residuals: &[f64]| residuals.iter().map(|one| one * one).sum::<f64>();
    let mut damping = 1e-2;
    for _ in 0..rounds {
        let slopes = slopes(cases, chosen, &weights, &constants, &at);
        let product = |one: &[f64], other: &[f64]| one.iter().zip(other).map(|(a, b)| a * b).sum::<f64>();
        let normal: Vec<Vec<f64>> =
            slopes.iter().map(|one| slopes.iter().map(|other| product(one, other)).collect()).collect();
        let gradient: Vec<f64> = slopes.iter().map(|one| product(one, &at)).collect();
        let mut gain = 0.0;
        for _ in 0..5 {
            let mut damped = normal.clone();
            for (at, row) in damped.iter_mut().enumerate() {
                row[at] *= 1.0 + damping;
            }
            let Some(step) = cholesky_solve(damped, &gradient) else { break };
            let mut moved = constants.clone();
            for (value, step) in moved.values_mut().iter_mut().zip(&step) {
                *value *= (-step).clamp(-0.7, 0.7).exp();
            }
            let next = residuals(cases, chosen, &weights, &moved);
            if loss(&next) < loss(&at) {
                gain = 1.0 - loss(&next) / loss(&at);
                (constants, at) = (moved, next);
                damping = (damping / 4.0_f64).max(1e-6);
                break;
            }
            damping *= 5.0;
        }
        if gain < 1e-4 {
            break;
        }
    }
    constants
}

/// For each constant, how the residuals move with its logarithm.
fn slopes(
    cases: &[ServingCase<'_>],
    chosen: &[usize],
    weights: &[f64],
    constants: &ServingConstants,
    at: &[f64],
) -> Vec<Vec<f64>> {
    let mut moved = constants.clone();
    (0..constants.values().len())
        .map(|index| {
            let value = constants.values()[index];
            moved.values_mut()[index] = value * STEP.exp();
            let next = residuals(cases, chosen, weights, &moved);
            moved.values_mut()[index] = value;
            next.iter().zip(at).map(|(next, at)| (next - at) / STEP).collect()
        })
        .collect()
}
