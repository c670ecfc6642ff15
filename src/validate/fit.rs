//! The constants that bring predictions nearest to measurements, and stay near to their priors.
//!
//! Damped Gauss-Newton over the logarithms of the constants, with a loss that grows only linearly with large errors
//! (pseudo-Huber), so that a wrong row does not bend the rest.

use std::collections::BTreeMap;

use super::case::{Case, LeftOut, beside};
use super::summary::{MEASURES, Measures, Predictions};
use crate::calibration::{Phase, Prior, Table, Values};
use crate::least_squares::{NormalEquations, Problem, Search, search};

/// How the constants of a kind of case are fitted.
#[derive(Clone, Copy, Debug)]
pub struct Scheme {
    /// How long to search; from the priors, and from the constants of everything when a group is left out.
    pub search: Search,
    /// Rounds when a group is left out.
    pub rounds_without_group: u32,
    /// The step in a logarithm over which slopes are taken.
    pub step: f64,
    /// How far a logarithm moves in one round at most.
    pub reach: f64,
    /// How large errors weigh.
    pub robust: Robust,
    /// Measurements of one name that count in full; more of them count with the root of their number.
    pub often: f64,
    /// How often predictions are aligned with what the fit goes by; 1 where both are the same.
    pub alignments: u32,
}

/// How the loss enters the normal equations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Robust {
    /// The squares of errors by the weights that they have at the point: for smooth predictions.
    Reweighted,
    /// The squares of the loss's root, whose slopes are taken as they are: for predictions that jump.
    Rooted,
}

/// What a fit found.
#[derive(Clone, Debug)]
pub struct Fitted<C> {
    /// The constants, and how far measurements lie from predictions made without their group.
    pub calibration: C,
    /// Each case, predicted by constants that were fitted without its group.
    pub without_group: Vec<Predictions>,
}

/// What was measured of a case, with what predicts it.
pub struct Observation<'a, T> {
    /// What it counts: 1 in full, 0 for nothing.
    pub trust: f64,
    /// The error of each measure, as a logarithm, up to which the loss grows with its square.
    pub scale: [f64; MEASURES],
    /// Observations with this name count less the more of them there are, for the constants are for all.
    pub often: String,
    /// What it depends on; both where that is not known.
    pub phase: Phase,
    /// What was measured, of each measure that it is about.
    pub measured: Measures,
    /// Predicts them.
    pub predict: Predict<'a, T>,
}

/// The measures by any constants, where they are known.
pub type Predict<'a, T> = Box<dyn Fn(&Values<T>) -> Measures + 'a>;

impl<T: Table> Observation<'_, T> {
    /// Fills in the measures that it is about.
    pub(super) fn predict_into(&self, constants: &Values<T>, predicted: &mut Measures) {
        let known = (self.predict)(constants);
        for measure in 0..MEASURES {
            if self.measured[measure].is_some() {
                predicted[measure] = known[measure];
            }
        }
    }

    /// The logarithms of predicted over measured, in scales; 0 where one of them is unknown.
    fn errors(&self, constants: &Values<T>) -> [f64; MEASURES] {
        let predicted = (self.predict)(constants);
        std::array::from_fn(|measure| match (predicted[measure], self.measured[measure]) {
            (Some(predicted), Some(measured)) => (predicted / measured).ln() / self.scale[measure],
            _ => 0.0,
        })
    }

    /// The constants that move a prediction when they move.
    fn used(&self) -> Vec<usize> {
        let mut constants = Values::default();
        let before = self.errors(&constants).map(f64::to_bits);
        let phases = T::ROWS.iter().flat_map(|row| std::iter::repeat_n(row.phase, row.count()));
        let acts = |phase| phase == self.phase || phase == Phase::Both || self.phase == Phase::Both;
        let mut moves = |at: usize| {
            let value = constants.values()[at];
            constants.values_mut()[at] = value * 1.3;
            let moved = self.errors(&constants).map(f64::to_bits) != before;
            constants.values_mut()[at] = value;
            moved
        };
        phases.enumerate().filter(|(at, phase)| acts(*phase) && moves(*at)).map(|(at, _)| at).collect()
    }
}

/// An observation of one of the cases.
struct Fittable<'a, T> {
    case: usize,
    weight: f64,
    used: Vec<usize>,
    observation: Observation<'a, T>,
}

/// The constants that fit `cases` best.
#[must_use]
pub fn fit<'a, C: Case<'a>>(cases: &mut [C]) -> Values<C::Table> {
    let blank = C::Calibration::default();
    let mut constants = Values::default();
    for _ in 0..C::SCHEME.alignments {
        for case in cases.iter_mut() {
            case.align(&constants);
        }
        let observations = fittable(cases, &blank);
        constants = solve(observations.iter().collect(), constants, C::SCHEME);
    }
    constants
}

/// Fits once with everything, and once without each group to predict it.
#[must_use]
pub fn leaving_out_each<'a, C: Case<'a>>(cases: &mut [C], left_out: LeftOut) -> Fitted<C::Calibration> {
    let whole = fit(cases);
    let predicted = without_each(cases, &whole, |case| case.group(left_out));
    let calibration = C::calibration(cases, whole, &predicted);
    let without_group =
        cases.iter().zip(predicted).map(|(case, two)| beside(case, two, &calibration)).collect();
    Fitted { calibration, without_group }
}

/// Each case as constants predict it that were fitted without those of its name, from the constants of everything on.
#[must_use]
pub fn without_each<'a, C: Case<'a>>(
    cases: &[C],
    whole: &Values<C::Table>,
    name: impl Fn(&C) -> String,
) -> Vec<Measures> {
    let blank = C::Calibration::default();
    let observations = fittable(cases, &blank);
    let mut scheme = C::SCHEME;
    scheme.search.rounds = scheme.rounds_without_group;
    let groups: Vec<String> = cases.iter().map(name).collect();
    let mut members: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, group) in groups.iter().enumerate() {
        members.entry(group).or_default().push(at);
    }
    let mut predicted = vec![[None; MEASURES]; cases.len()];
    for (group, left_out) in members {
        let others = observations.iter().filter(|one| groups[one.case] != group).collect();
        let constants = solve(others, whole.clone(), scheme);
        for at in left_out {
            predicted[at] = cases[at].predicted(&constants, &blank);
        }
    }
    predicted
}

fn fittable<'c, 'a, C: Case<'a>>(cases: &'c [C], blank: &'c C::Calibration) -> Vec<Fittable<'c, C::Table>> {
    let mut all = Vec::new();
    for (case, of_case) in cases.iter().enumerate() {
        for observation in of_case.observations(blank) {
            let used = observation.used();
            if !used.is_empty() {
                all.push(Fittable { case, weight: observation.trust, used, observation });
            }
        }
    }
    let mut often: BTreeMap<String, f64> = BTreeMap::new();
    for one in all.iter().filter(|one| one.weight > 0.0) {
        *often.entry(one.observation.often.clone()).or_default() += 1.0;
    }
    for one in all.iter_mut().filter(|one| one.weight > 0.0) {
        one.weight *= (C::SCHEME.often / often[&one.observation.often]).sqrt().min(1.0);
    }
    all
}

/// Observations, and the constants that they depend on.
struct Fitting<'o, 'a, T> {
    observations: Vec<&'o Fittable<'a, T>>,
    /// The places of the constants that may move, with their priors.
    free: Vec<(usize, Prior)>,
    /// Where among them each constant is.
    places: Vec<usize>,
    scheme: Scheme,
}

fn solve<T: Table>(mut observations: Vec<&Fittable<'_, T>>, start: Values<T>, scheme: Scheme) -> Values<T> {
    observations.retain(|one| one.weight > 0.0);
    let priors: Vec<Prior> = Values::<T>::priors().collect();
    let mut places = vec![usize::MAX; priors.len()];
    let mut free = Vec::new();
    for at in observations.iter().flat_map(|one| &one.used) {
        if places[*at] == usize::MAX {
            places[*at] = free.len();
            free.push((*at, priors[*at]));
        }
    }
    let mut constants = start;
    // A constant that only the group left out moved falls back to its prior.
    for (at, prior) in priors.iter().enumerate().filter(|(at, _)| places[*at] == usize::MAX) {
        constants.values_mut()[at] = prior.value;
    }
    search(&Fitting { observations, free, places, scheme }, constants, scheme.search)
}

/// How far a constant is from its prior, in standard deviations.
fn distance(value: f64, prior: Prior) -> f64 {
    (value / prior.value).ln() / prior.tolerance
}

impl Robust {
    /// What stands for an error in the sum of squares, and its slope, where the error is another a step away.
    fn linear(self, (error, moved): (f64, f64), weight: f64, step: f64) -> (f64, f64) {
        let root = |error: f64| (2.0 * (error.hypot(1.0) - 1.0) * weight).sqrt().copysign(error);
        let factor = (weight / error.hypot(1.0)).sqrt();
        match self {
            Self::Reweighted => (error * factor, (moved - error) / step * factor),
            Self::Rooted => (root(error), (root(moved) - root(error)) / step),
        }
    }
}

impl<T: Table> Problem for Fitting<'_, '_, T> {
    type Point = Values<T>;

    fn loss(&self, constants: &Values<T>) -> f64 {
        let of_errors = |one: &&Fittable<'_, T>| {
            let errors = one.observation.errors(constants);
            errors.map(|error| 2.0 * (error.hypot(1.0) - 1.0) * one.weight).iter().sum::<f64>()
        };
        let errors: f64 = self.observations.iter().map(of_errors).sum();
        let far = |(at, prior): &(usize, Prior)| distance(constants.values()[*at], *prior).powi(2);
        errors + self.free.iter().map(far).sum::<f64>()
    }

    fn near(&self, constants: &Values<T>) -> NormalEquations {
        let Scheme { step, robust, .. } = self.scheme;
        let mut normal = NormalEquations::new(self.free.len());
        let mut moved = constants.clone();
        for one in &self.observations {
            let errors = one.observation.errors(constants);
            let slopes: Vec<[f64; MEASURES]> = one
                .used
                .iter()
                .map(|at| {
                    let value = constants.values()[*at];
                    moved.values_mut()[*at] = value * step.exp();
                    let there = one.observation.errors(&moved);
                    moved.values_mut()[*at] = value;
                    there
                })
                .collect();
            for measure in (0..MEASURES).filter(|measure| one.observation.measured[*measure].is_some()) {
                let linear = |there: f64| robust.linear((errors[measure], there), one.weight, step);
                let coefficients: Vec<(usize, f64)> = one
                    .used
                    .iter()
                    .zip(&slopes)
                    .map(|(at, there)| (self.places[*at], linear(there[measure]).1))
                    .collect();
                normal.add(&coefficients.iter().copied(), linear(errors[measure]).0);
            }
        }
        for (place, (at, prior)) in self.free.iter().enumerate() {
            let far = distance(constants.values()[*at], *prior);
            normal.add(&std::iter::once((place, prior.tolerance.recip())), far);
        }
        normal
    }

    fn stepped(&self, constants: &Values<T>, step: &[f64]) -> Values<T> {
        let mut moved = constants.clone();
        for ((at, _), step) in self.free.iter().zip(step) {
            moved.values_mut()[*at] *= (-step).clamp(-self.scheme.reach, self.scheme.reach).exp();
        }
        moved
    }
}
