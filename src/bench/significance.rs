//! Whether two lists of samples differ by more than chance: Welch's t-test.

use serde::Serialize;

/// What Welch's test says of two lists of samples.
///
/// Of the few tests for means it is the one that does not take for granted that both scatter alike: B. L. Welch, "The
/// generalization of Student's problem when several different population variances are involved", Biometrika 34 (1947).
/// It takes the means as normally distributed, as means of repetitions nearly are.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Welch {
    /// The difference of the means in their standard error.
    pub t: f64,
    /// The degrees of freedom, by Welch and Satterthwaite.
    pub degrees_of_freedom: f64,
    /// How often chance alone would show such a difference or a larger one.
    pub p: f64,
    /// Where the true difference lies 19 times of 20: its lower end.
    pub difference_low: f64,
    /// Its upper end.
    pub difference_high: f64,
}

impl Welch {
    /// Holds `b` against `a`; none of fewer than two samples each, or of samples that do not scatter at all.
    #[must_use]
    pub fn of(a: &[f64], b: &[f64]) -> Option<Self> {
        let (a, b) = (Sample::of(a)?, Sample::of(b)?);
        let (of_a, of_b) = (a.variance / a.count, b.variance / b.count);
        let error = (of_a + of_b).sqrt();
        if error == 0.0 {
            return None;
        }
        let difference = b.mean - a.mean;
        let degrees_of_freedom =
            (of_a + of_b).powi(2) / (of_a.powi(2) / (a.count - 1.0) + of_b.powi(2) / (b.count - 1.0));
        let t = difference / error;
        let reach = quantile(degrees_of_freedom) * error;
        Some(Self {
            t,
            degrees_of_freedom,
            p: two_sided(t, degrees_of_freedom),
            difference_low: difference - reach,
            difference_high: difference + reach,
        })
    }

    /// Whether chance would show it less than one time in 20.
    #[must_use]
    pub fn is_significant(&self) -> bool {
        self.p < 0.05
    }
}

struct Sample {
    count: f64,
    mean: f64,
    variance: f64,
}

impl Sample {
    fn of(values: &[f64]) -> Option<Self> {
        if values.len() < 2 {
            return None;
        }
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0);
        Some(Self { count, mean, variance })
    }
}

/// How often |t| or more comes by chance: the regularized incomplete beta function at ν / (ν + t²).
fn two_sided(t: f64, degrees: f64) -> f64 {
    incomplete_beta(degrees / 2.0, 0.5, degrees / (degrees + t * t))
}

/// The t that chance stays below in 19 of 20 cases.
fn quantile(degrees: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    while two_sided(high, degrees) > 0.05 {
        high *= 2.0;
    }
    for _ in 0..100 {
        let middle = f64::midpoint(low, high);
        if two_sided(middle, degrees) > 0.05 { low = middle } else { high = middle }
    }
    high
}

/// The regularized incomplete beta function, by its continued fraction (DLMF 8.17.22), which converges fast below the
/// mean; above it the symmetry of 8.17.4 helps.
fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta(b, a, 1.0 - x);
    }
    let front = (a * x.ln() + b * (1.0 - x).ln() + ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b)).exp() / a;
    front * beta_fraction(a, b, x)
}

/// The continued fraction of DLMF 8.17.22, from its front to its end by Lentz's method.
fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    let not_zero = |value: f64| if value.abs() < f64::MIN_POSITIVE { f64::MIN_POSITIVE } else { value };
    let (mut above, mut below) = (1.0, 1.0 / not_zero(1.0 - (a + b) * x / (a + 1.0)));
    let mut value = below;
    for step in 1..300 {
        let step = f64::from(step);
        let even = step * (b - step) * x / ((a + 2.0 * step - 1.0) * (a + 2.0 * step));
        let odd = -(a + step) * (a + b + step) * x / ((a + 2.0 * step) * (a + 2.0 * step + 1.0));
        for term in [even, odd] {
            below = 1.0 / not_zero(1.0 + term * below);
            above = not_zero(1.0 + term / above);
            value *= above * below;
        }
        if (above * below - 1.0).abs() < 1e-15 {
            break;
        }
    }
    value
}

/// The logarithm of the gamma function for a positive argument: Stirling's series (DLMF 5.11.1), from 10 on, where three
/// terms are exact to a double, and the recurrence below.
fn ln_gamma(x: f64) -> f64 {
    if x < 10.0 {
        return ln_gamma(x + 1.0) - x.ln();
    }
    let inverse = 1.0 / x;
    let series =
        inverse / 12.0 - inverse.powi(3) / 360.0 + inverse.powi(5) / 1260.0 - inverse.powi(7) / 1680.0;
    (x - 0.5) * x.ln() - x + 0.5 * std::f64::consts::TAU.ln() + series
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn near(value: f64, expected: f64, within: f64) {
        assert!((value - expected).abs() < within, "{value}, not {expected}");
    }

    #[test]
    fn the_table_of_students_distribution_comes_out() {
        // Two-sided 5 %: the t-table of the NIST handbook, https://www.itl.nist.gov/div898/handbook/eda/section3/eda3672.htm
        for (degrees, t) in
            [(1.0, 12.706), (2.0, 4.303), (5.0, 2.571), (10.0, 2.228), (30.0, 2.042), (100.0, 1.984)]
        {
            near(quantile(degrees), t, 6e-4);
        }
        near(two_sided(0.0, 7.0), 1.0, 1e-12);
        // With one degree of freedom it is Cauchy's distribution: 1 - 2 arctan(t) / π.
        near(two_sided(3.0, 1.0), 1.0 - 2.0 * 3_f64.atan() / std::f64::consts::PI, 1e-12);
    }

    #[test]
    fn scipy_computes_the_same() {
        // `scipy.stats.ttest_ind(b, a, equal_var=False)` of SciPy 1.17.1.
        let welch = Welch::of(&[20.1, 20.4, 19.8, 20.2, 20.0], &[19.2, 19.9, 18.7, 19.5, 19.1]).unwrap();
        near(welch.t, -3.652_570_306_136_473, 1e-9);
        near(welch.degrees_of_freedom, 5.865_878_440_790_682, 1e-9);
        near(welch.p, 0.011_106_145_051_470_34, 1e-9);
        near(welch.difference_low, -1.372_389_404_969_089_5, 1e-9);
        near(welch.difference_high, -0.267_610_595_030_911_2, 1e-9);
        assert!(welch.is_significant());
    }

    #[test]
    fn a_single_sample_says_nothing() {
        assert_eq!(Welch::of(&[1.0], &[2.0, 3.0]), None);
        assert_eq!(Welch::of(&[1.0, 1.0], &[1.0, 1.0]), None);
    }

    proptest! {
        #[test]
        fn the_interval_holds_no_difference_where_and_only_where_the_test_is_not_significant(
            a in prop::collection::vec(1.0..100.0_f64, 2..9), b in prop::collection::vec(1.0..100.0_f64, 2..9),
        ) {
            if let Some(welch) = Welch::of(&a, &b) {
                let holds_nothing = welch.difference_low <= 0.0 && welch.difference_high >= 0.0;
                prop_assert!((0.0..=1.0 + 1e-12).contains(&welch.p));
                prop_assert!(holds_nothing != welch.is_significant() || (welch.p - 0.05).abs() < 1e-6);
                let turned = Welch::of(&b, &a).unwrap();
                prop_assert!((turned.t + welch.t).abs() < 1e-9 && (turned.p - welch.p).abs() < 1e-9);
            }
        }
    }
}
