//! Least squares: linear systems by normal equations, and damped Gauss-Newton steps for the rest.
//!
//! The largest system, that of the speed model's constants, has about 300 unknowns and sparse slopes: summing up their
//! products takes less than factorizing a matrix of them, as `levenberg-marquardt` would for each of 90 fits.

/// The coefficients that bring `rows` times them nearest to `right`; none where the rows do not determine them.
#[must_use]
pub fn solve(rows: &[Vec<f64>], right: &[f64]) -> Option<Vec<f64>> {
    let mut normal = NormalEquations::new(rows.first()?.len());
    for (row, right) in rows.iter().zip(right) {
        normal.add(&row.iter().copied().enumerate(), *right);
    }
    normal.solve(0.0)
}

/// What squares of errors add up to, to find where their sum is least.
#[derive(Clone, Debug)]
pub struct NormalEquations {
    matrix: Vec<Vec<f64>>,
    right: Vec<f64>,
}

/// The share of a column's square that must be its own and no sum of others', for the column to count as one.
const INDEPENDENT: f64 = 1e-12;

impl NormalEquations {
    /// Of so many unknowns, without any square yet.
    #[must_use]
    pub fn new(unknowns: usize) -> Self {
        Self { matrix: vec![vec![0.0; unknowns]; unknowns], right: vec![0.0; unknowns] }
    }

    /// Adds the square of what is left of `right` by these coefficients, each with the place of its unknown.
    pub fn add(&mut self, coefficients: &(impl Iterator<Item = (usize, f64)> + Clone), right: f64) {
        for (row, coefficient) in coefficients.clone() {
            self.right[row] += coefficient * right;
            // The matrix is symmetric: the half below the diagonal is enough.
            for (column, other) in coefficients.clone().filter(|(column, _)| *column <= row) {
                self.matrix[row][column] += coefficient * other;
            }
        }
    }

    /// The unknowns, by Cholesky's factors of the matrix whose diagonal is enlarged by this share; none where it is not
    /// positive definite.
    #[must_use]
    pub fn solve(&self, damping: f64) -> Option<Vec<f64>> {
        let size = self.right.len();
        let mut factor: Vec<Vec<f64>> = Vec::with_capacity(size);
        for (row, values) in self.matrix.iter().enumerate() {
            let mut line = Vec::with_capacity(row + 1);
            for column in 0..row {
                let known = product(&line, &factor[column][..column]);
                line.push((values[column] - known) / factor[column][column]);
            }
            let diagonal = values[row] * (1.0 + damping);
            let own = diagonal - product(&line, &line);
            line.push((own > diagonal * INDEPENDENT).then(|| own.sqrt())?);
            factor.push(line);
        }
        let mut solution = self.right.clone();
        for row in 0..size {
            let known = product(&factor[row][..row], &solution[..row]);
            solution[row] = (solution[row] - known) / factor[row][row];
        }
        for row in (0..size).rev() {
            let known: f64 = (row + 1..size).map(|below| factor[below][row] * solution[below]).sum();
            solution[row] = (solution[row] - known) / factor[row][row];
        }
        Some(solution)
    }
}

fn product(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

/// What is to be made least.
pub trait Problem {
    /// The unknowns.
    type Point: Clone;

    /// How bad a point is.
    fn loss(&self, at: &Self::Point) -> f64;

    /// The loss near a point as squares of what is linear in a step.
    fn near(&self, at: &Self::Point) -> NormalEquations;

    /// The point so many steps away, against each unknown's slope.
    fn stepped(&self, at: &Self::Point, step: &[f64]) -> Self::Point;
}

/// How long and how carefully to search.
#[derive(Clone, Copy, Debug)]
pub struct Search {
    /// Times that the slopes are taken at most.
    pub rounds: u32,
    /// Steps that are tried from one point, each more damped than the one before.
    pub tries: u32,
    /// What damping is multiplied by after a step that did not help; a fourth of it is enough after one that did.
    pub growth: f64,
    /// The least damping.
    pub least_damping: f64,
    /// The share of the loss that a round must gain for another to follow.
    pub gain: f64,
}

/// Damped Gauss-Newton (Levenberg 1944, Marquardt 1963) from `start` on.
pub fn search<P: Problem>(problem: &P, start: P::Point, how: Search) -> P::Point {
    let (mut point, mut damping) = (start, 1e-2_f64);
    let mut loss = problem.loss(&point);
    for _ in 0..how.rounds {
        let near = problem.near(&point);
        let mut gain = 0.0;
        for _ in 0..how.tries {
            let Some(step) = near.solve(damping) else { break };
            let moved = problem.stepped(&point, &step);
            let next = problem.loss(&moved);
            if next < loss {
                gain = (loss - next) / loss;
                (point, loss) = (moved, next);
                damping = (damping / 4.0).max(how.least_damping);
                break;
            }
            damping *= how.growth;
        }
        if gain <= how.gain {
            break;
        }
    }
    point
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_equations_as_unknowns_are_solved_and_more_are_met_in_the_middle() {
        let near = |found: Option<Vec<f64>>, expected: &[f64]| {
            let found = found.unwrap();
            let off = |(found, expected): (&f64, &f64)| (found - expected).abs() > 1e-12;
            assert!(!found.iter().zip(expected).any(off), "{found:?}");
        };
        let square = [vec![4.0, 2.0, 0.0], vec![2.0, 5.0, 1.0], vec![0.0, 1.0, 3.0]];
        near(solve(&square, &[8.0, 15.0, 11.0]), &[1.0, 2.0, 3.0]);
        near(solve(&[vec![1.0], vec![1.0]], &[1.0, 3.0]), &[2.0]);
        assert_eq!(solve(&[vec![1.0, 2.0], vec![2.0, 4.0]], &[1.0, 2.0]), None);
        assert_eq!(solve(&[], &[]), None);
    }

    #[test]
    fn the_lowest_point_of_a_bent_valley_is_found() {
        /// Rosenbrock's function, whose least value is at (1, 1).
        struct Valley;
        impl Problem for Valley {
            type Point = [f64; 2];
            fn loss(&self, [x, y]: &[f64; 2]) -> f64 {
                (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
            }
            fn near(&self, [x, y]: &[f64; 2]) -> NormalEquations {
                let mut normal = NormalEquations::new(2);
                normal.add(&[(0, -1.0)].into_iter(), 1.0 - x);
                normal.add(&[(0, -20.0 * x), (1, 10.0)].into_iter(), 10.0 * (y - x * x));
                normal
            }
            fn stepped(&self, at: &[f64; 2], step: &[f64]) -> [f64; 2] {
                [at[0] - step[0], at[1] - step[1]]
            }
        }
        let how = Search { rounds: 200, tries: 8, growth: 4.0, least_damping: 1e-7, gain: 1e-12 };
        let [x, y] = search(&Valley, [-1.2, 1.0], how);
        assert!((x - 1.0).abs() < 1e-4 && (y - 1.0).abs() < 1e-4, "{x} {y}");
    }
}
