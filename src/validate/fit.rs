//! The constants that bring predictions nearest to measurements, and stay near to what was believed before.
//!
//! Damped Gauss-Newton (Levenberg 1944, Marquardt 1963) over the logarithms of the constants, with a loss that grows
//! only linearly with large errors (pseudo-Huber), so that a wrong row does not bend the rest.

use std::collections::BTreeMap;

use super::case::Case;
use super::summary::{Prediction, Predictions, quantile};
use crate::calibration::{Constant, Constants, Quantity, Setting, Spread, Spreads};
use crate::catalog::Calibration;
use crate::estimate::PreparedSpeed;

/// Errors of decode and of prefill, as logarithms, up to which the loss grows with their square.
const DECODE_SCALE: f64 = 0.07;
const PREFILL_SCALE: f64 = 0.15;

/// Measurements of one device that count in full; more of them count with the root of their number.
const OFTEN: f64 = 4.0;

/// A step in a logarithm to take a derivative over.
const STEP: f64 = 1e-4;

/// What a fit found.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// The constants, and how far measurements lie from predictions made without their device.
    pub calibration: Calibration,
    /// Decode and prefill of each case, predicted by constants that were fitted without its device.
    pub without_device: Vec<Predictions>,
}

/// The constants that fit `cases` best.
#[must_use]
pub fn fit(cases: &[Case<'_>]) -> Constants {
    let blank = Calibration::default();
    let observations = observations(cases, &blank);
    let all: Vec<&Observation<'_>> = observations.iter().collect();
    solve(&all, Constants::default(), 40)
}

/// Fits once with everything, and once without each device to predict it.
#[must_use]
pub fn leaving_out_each_device(cases: &[Case<'_>]) -> Fitted {
    let blank = Calibration::default();
    let observations = observations(cases, &blank);
    let everything: Vec<&Observation<'_>> = observations.iter().collect();
    let whole = solve(&everything, Constants::default(), 40);
    let mut devices: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, case) in cases.iter().enumerate() {
        devices.entry(case.device()).or_default().push(at);
    }
    let mut logs: Vec<[Option<f64>; 2]> = vec![[None, None]; cases.len()];
    for left_out in devices.values() {
        let kept: Vec<&Observation<'_>> =
            observations.iter().filter(|observation| !left_out.contains(&observation.case)).collect();
        let constants = solve(&kept, whole.clone(), 8);
        for observation in observations.iter().filter(|observation| left_out.contains(&observation.case)) {
            logs[observation.case][observation.quantity as usize] = observation.predicted(&constants);
        }
    }
    let spreads = spreads(&observations, &logs, cases, &blank);
    let mut without_device = vec![[None, None]; cases.len()];
    for observation in &observations {
        let Some(log) = logs[observation.case][observation.quantity as usize] else { continue };
        let setting = cases[observation.case].speed(&blank).setting();
        let (low, high) = spreads.factors(observation.quantity, setting);
        let predicted = log.exp();
        without_device[observation.case][observation.quantity as usize] = Some(Prediction {
            predicted,
            low: predicted * low,
            high: predicted * high,
            measured: observation.measured.exp(),
        });
    }
    Fitted { calibration: Calibration { constants: whole, spreads, lessons: Vec::new() }, without_device }
}

/// One measured speed.
struct Observation<'a> {
    case: usize,
    quantity: Quantity,
    /// The logarithm of what was measured.
    measured: f64,
    speed: PreparedSpeed<'a>,
    decode_depth: f64,
    prompt: (u32, u32),
    batch: f64,
    /// How much it counts: less where one device was measured often, for the constants are for all.
    weight: f64,
    /// The constants that its prediction depends on.
    used: Vec<usize>,
}

impl Observation<'_> {
    /// The logarithm of the prediction by `constants`.
    fn predicted(&self, constants: &Constants) -> Option<f64> {
        Some(match self.quantity {
            Quantity::Decode => -self.speed.decode_time(constants, self.decode_depth)?.0.ln(),
            Quantity::Prefill => {
                let time = self.speed.prefill_time(constants, self.prompt.0, self.prompt.1)?;
                (self.batch / time.0).ln()
            }
        })
    }

    const fn scale(&self) -> f64 {
        match self.quantity {
            Quantity::Decode => DECODE_SCALE,
            Quantity::Prefill => PREFILL_SCALE,
        }
    }

    /// The constants that move the prediction when they move.
    fn find_used(&mut self) {
        let mut constants = Constants::default();
        let before = self.predicted(&constants);
        for at in 0..constants.values().len() {
            let value = constants.values()[at];
            constants.values_mut()[at] = value * 1.3;
            if self.predicted(&constants) != before {
                self.used.push(at);
            }
            constants.values_mut()[at] = value;
        }
    }
}

fn observations<'c>(cases: &'c [Case<'_>], calibration: &'c Calibration) -> Vec<Observation<'c>> {
    let mut observations = Vec::new();
    for (at, case) in cases.iter().enumerate() {
        let measured = [
            (Quantity::Decode, case.row.decode_tokens_per_second),
            (Quantity::Prefill, case.row.prefill_tokens_per_second),
        ];
        for (quantity, measured) in measured {
            let Some(measured) = measured.filter(|rate| *rate > 0.0) else { continue };
            let prompt = case.prompt();
            let mut observation = Observation {
                case: at,
                quantity,
                measured: measured.ln(),
                speed: case.speed(calibration),
                decode_depth: case.decode_depth(),
                prompt,
                batch: f64::from(case.config.micro_batch.min(prompt.0).max(1)),
                weight: 1.0,
                used: Vec::new(),
            };
            observation.find_used();
            if !observation.used.is_empty() {
                observations.push(observation);
            }
        }
    }
    let mut often: BTreeMap<(String, Quantity), f64> = BTreeMap::new();
    for observation in &observations {
        *often.entry((cases[observation.case].device(), observation.quantity)).or_default() += 1.0;
    }
    for observation in &mut observations {
        let times = often[&(cases[observation.case].device(), observation.quantity)];
        // Decoding on a card behind one lane of a single-board computer waits for that computer's launches, and tells
        // little of the card.
        let machine = &cases[observation.case].machine;
        let one_lane = machine.gpus.iter().any(|gpu| gpu.pcie.is_some_and(|link| link.width == 1));
        let telling = if one_lane && observation.quantity == Quantity::Decode { 0.05 } else { 1.0 };
        observation.weight = (OFTEN / times).sqrt().min(1.0) * telling;
    }
    observations
}

/// The loss over all observations and how far the constants are from what was believed.
fn loss(observations: &[&Observation<'_>], constants: &Constants, free: &[Free]) -> f64 {
    let errors: f64 = observations
        .iter()
        .filter_map(|observation| {
            let error = (observation.predicted(constants)? - observation.measured) / observation.scale();
            Some(2.0 * (error.hypot(1.0) - 1.0) * observation.weight)
        })
        .sum();
    errors + free.iter().map(|free| free.distance(constants).powi(2)).sum::<f64>()
}

/// A constant that the observations depend on.
struct Free {
    at: usize,
    prior: f64,
    tolerance: f64,
}

impl Free {
    /// How far the constant is from what was believed, in standard deviations.
    fn distance(&self, constants: &Constants) -> f64 {
        (constants.values()[self.at] / self.prior).ln() / self.tolerance
    }
}

fn solve(observations: &[&Observation<'_>], start: Constants, rounds: u32) -> Constants {
    let all = Constant::all();
    let mut places = vec![usize::MAX; all.len()];
    let mut free = Vec::new();
    for observation in observations {
        for at in &observation.used {
            if places[*at] == usize::MAX {
                places[*at] = free.len();
                let prior = all[*at].prior();
                free.push(Free { at: *at, prior: prior.value, tolerance: prior.tolerance });
            }
        }
    }
    let mut constants = start;
    // A constant that only the device left out moved falls back to what was believed.
    for (at, constant) in all.iter().enumerate() {
        if places[at] == usize::MAX {
            constants.values_mut()[at] = constant.prior().value;
        }
    }
    let mut damping = 1e-2;
    let mut current = loss(observations, &constants, &free);
    for _ in 0..rounds {
        let (normal, gradient) = normal_equations(observations, &constants, &free, &places);
        let mut improved = false;
        for _ in 0..6 {
            let mut damped = normal.clone();
            for (at, row) in damped.iter_mut().enumerate() {
                row[at] *= 1.0 + damping;
            }
            let Some(step) = cholesky_solve(damped, &gradient) else { break };
            let mut moved = constants.clone();
            for (free, step) in free.iter().zip(&step) {
                moved.values_mut()[free.at] *= (-step).clamp(-1.0, 1.0).exp();
            }
            let next = loss(observations, &moved, &free);
            if next < current {
                let gain = (current - next) / current;
                (constants, current, improved) = (moved, next, gain > 1e-5);
                damping = (damping / 4.0_f64).max(1e-7);
                break;
            }
            damping *= 4.0;
        }
        if !improved {
            break;
        }
    }
    constants
}

fn normal_equations(
    observations: &[&Observation<'_>],
    constants: &Constants,
    free: &[Free],
    places: &[usize],
) -> (Vec<Vec<f64>>, Vec<f64>) {
    let size = free.len();
    let (mut normal, mut gradient) = (vec![vec![0.0; size]; size], vec![0.0; size]);
    let mut moved = constants.clone();
    for observation in observations {
        let Some(predicted) = observation.predicted(constants) else { continue };
        let scale = observation.scale();
        let error = (predicted - observation.measured) / scale;
        let weight = observation.weight / error.hypot(1.0);
        let slopes: Vec<f64> = observation
            .used
            .iter()
            .map(|at| {
                let value = constants.values()[*at];
                moved.values_mut()[*at] = value * STEP.exp();
                let slope = observation.predicted(&moved).unwrap_or(predicted) - predicted;
                moved.values_mut()[*at] = value;
                slope / STEP / scale
            })
            .collect();
        for (first, slope) in observation.used.iter().zip(&slopes) {
            gradient[places[*first]] += slope * error * weight;
            for (second, other) in observation.used.iter().zip(&slopes) {
                normal[places[*first]][places[*second]] += slope * other * weight;
            }
        }
    }
    for (at, free) in free.iter().enumerate() {
        normal[at][at] += free.tolerance.powi(-2);
        gradient[at] += free.distance(constants) / free.tolerance;
    }
    (normal, gradient)
}

/// Solves a symmetric positive definite system; `None` where it is not.
pub(super) fn cholesky_solve(mut matrix: Vec<Vec<f64>>, right: &[f64]) -> Option<Vec<f64>> {
    let size = right.len();
    for column in 0..size {
        for row in column..size {
            let (above, rest) = matrix.split_at_mut(row);
            let pivot_row = if row == column { &rest[0] } else { &above[column] };
            let known: f64 =
                rest[0][..column].iter().zip(&pivot_row[..column]).map(|(one, other)| one * other).sum();
            let value = rest[0][column] - known;
            matrix[row][column] = if row == column {
                (value > 0.0).then(|| value.sqrt())?
            } else {
                value / matrix[column][column]
            };
        }
    }
    let mut solution = right.to_vec();
    for row in 0..size {
        let known: f64 = matrix[row][..row].iter().zip(&solution).map(|(one, other)| one * other).sum();
        solution[row] = (solution[row] - known) / matrix[row][row];
    }
    for row in (0..size).rev() {
        let known: f64 = (row + 1..size).map(|below| matrix[below][row] * solution[below]).sum();
        solution[row] = (solution[row] - known) / matrix[row][row];
    }
    Some(solution)
}

/// How far measurements lie from predictions that were made without their device: the tenth and the ninetieth
/// percentile, of few measurements drawn towards those of all.
fn spreads(
    observations: &[Observation<'_>],
    logs: &[[Option<f64>; 2]],
    cases: &[Case<'_>],
    blank: &Calibration,
) -> Spreads {
    let mut groups: BTreeMap<(Quantity, Setting), Vec<f64>> = BTreeMap::new();
    let mut together: BTreeMap<Quantity, Vec<f64>> = BTreeMap::new();
    for observation in observations {
        let Some(log) = logs[observation.case][observation.quantity as usize] else { continue };
        let setting = cases[observation.case].speed(blank).setting();
        let ratio = observation.measured - log;
        groups.entry((observation.quantity, setting)).or_default().push(ratio);
        together.entry(observation.quantity).or_default().push(ratio);
    }
    let ends = |ratios: &mut Vec<f64>| {
        ratios.sort_by(f64::total_cmp);
        Some((quantile(ratios, 0.1)?, quantile(ratios, 0.9)?))
    };
    let all: BTreeMap<Quantity, (f64, f64)> =
        together.iter_mut().filter_map(|(quantity, ratios)| Some((*quantity, ends(ratios)?))).collect();
    let processors: BTreeMap<Quantity, (f64, f64)> = [Quantity::Decode, Quantity::Prefill]
        .into_iter()
        .filter_map(|quantity| Some((quantity, ends(groups.get_mut(&(quantity, Setting::Cpu))?)?)))
        .collect();
    let spread = |((quantity, setting), mut ratios): ((Quantity, Setting), Vec<f64>)| {
        let (low, high) = ends(&mut ratios)?;
        // The part in RAM is what a shared run is unsure of.
        let (all_low, all_high) = match processors.get(&quantity) {
            Some(ends) if setting == Setting::Mixed => *ends,
            _ => all[&quantity],
        };
        // As if ten more measurements had been as those of everything.
        let own = ratios.len() as f64 / (ratios.len() as f64 + 10.0);
        let mix = |own_end: f64, all_end: f64| (own_end * own + all_end * (1.0 - own)).exp();
        Some(Spread {
            quantity,
            setting,
            low: mix(low, all_low).min(0.95),
            high: mix(high, all_high).max(1.05),
            measurements: u32::try_from(ratios.len()).unwrap_or(u32::MAX),
        })
    };
    let mut spreads: Vec<Spread> = groups.into_iter().filter_map(spread).collect();
    spreads.extend(spreads_of_a_device(observations, logs, cases));
    Spreads(spreads)
}

/// Measurements of a device that say how far its others lie, once a prediction is corrected by one of them.
const ENOUGH_OF_A_DEVICE: usize = 3;

/// How far measurements lie from predictions that were corrected by the device's others: what a measurement of one
/// model on a machine is worth for the next.
fn spreads_of_a_device(
    observations: &[Observation<'_>],
    logs: &[[Option<f64>; 2]],
    cases: &[Case<'_>],
) -> Vec<Spread> {
    let mut devices: BTreeMap<(Quantity, String, Setting), Vec<f64>> = BTreeMap::new();
    for observation in observations {
        let Some(log) = logs[observation.case][observation.quantity as usize] else { continue };
        let key = (observation.quantity, cases[observation.case].device(), observation.speed.setting());
        devices.entry(key).or_default().push(observation.measured - log);
    }
    let mut left: BTreeMap<Quantity, Vec<f64>> = BTreeMap::new();
    for ((quantity, ..), ratios) in devices {
        if ratios.len() >= ENOUGH_OF_A_DEVICE {
            let count = ratios.len() as f64;
            let sum: f64 = ratios.iter().sum();
            left.entry(quantity)
                .or_default()
                .extend(ratios.iter().map(|ratio| ratio - (sum - ratio) / (count - 1.0)));
        }
    }
    let spread = |(quantity, mut ratios): (Quantity, Vec<f64>)| {
        ratios.sort_by(f64::total_cmp);
        Some(Spread {
            quantity,
            setting: Setting::Scaled,
            low: quantile(&ratios, 0.1)?.exp().min(0.95),
            high: quantile(&ratios, 0.9)?.exp().max(1.05),
            measurements: u32::try_from(ratios.len()).unwrap_or(u32::MAX),
        })
    };
    left.into_iter().filter_map(spread).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_positive_definite_system_is_solved() {
        let matrix = vec![vec![4.0, 2.0, 0.0], vec![2.0, 5.0, 1.0], vec![0.0, 1.0, 3.0]];
        let solution = cholesky_solve(matrix, &[8.0, 15.0, 11.0]).unwrap();
        for (found, expected) in solution.iter().zip([1.0, 2.0, 3.0]) {
            assert!((found - expected).abs() < 1e-12, "{solution:?}");
        }
        assert_eq!(cholesky_solve(vec![vec![-1.0]], &[1.0]), None);
    }
}
