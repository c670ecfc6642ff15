/// Where the values of a quantity lie along an axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::render) struct Scale {
    is_log: bool,
    domain: [f64; 2],
    range: [f64; 2],
}

/// About how many ticks an axis has.
const TICKS: f64 = 5.0;

impl Scale {
    /// Equal steps from `domain[0]` to `domain[1]` or the next tick above it, drawn from `range[0]` to `range[1]`.
    pub(in crate::render) fn linear(domain: [f64; 2], range: [f64; 2]) -> Self {
        let [low, high] = domain;
        let high = if high > low { high } else { low + 1.0 };
        let step = step(high - low);
        Self { is_log: false, domain: [low, (high / step - 1e-9).ceil() * step], range }
    }

    /// Equal factors, each end at a power of ten times 1, 2 or 5; both ends of `domain` are above nothing.
    pub(in crate::render) fn log(domain: [f64; 2], range: [f64; 2]) -> Self {
        let low = rounds().take_while(|round| *round <= domain[0] * 1.0001).last().unwrap_or(domain[0]);
        let high = rounds().find(|round| *round >= domain[1] * 0.9999).unwrap_or(domain[1]);
        Self { is_log: true, domain: [low, high.max(low * 2.0)], range }
    }

    /// Where a value is drawn; beyond the ends, at the end.
    pub(in crate::render) fn at(&self, value: f64) -> f64 {
        let [low, high] = self.domain;
        let share = if self.is_log {
            (value.max(low) / low).ln() / (high / low).ln()
        } else {
            (value - low) / (high - low)
        };
        self.range[0] + share.clamp(0.0, 1.0) * (self.range[1] - self.range[0])
    }

    /// Whether a value is within the ends.
    pub(in crate::render) fn holds(&self, value: f64) -> bool {
        (self.domain[0]..=self.domain[1]).contains(&value)
    }

    /// The ends of the drawn range.
    pub(in crate::render) fn range(&self) -> [f64; 2] {
        self.range
    }

    /// Values that are written at the axis.
    pub(in crate::render) fn ticks(&self) -> Vec<f64> {
        let [low, high] = self.domain;
        if self.is_log {
            let all: Vec<f64> = rounds().filter(|round| self.holds(*round)).collect();
            let is_power = |value: &f64| (value.log10() - value.log10().round()).abs() < 1e-9;
            return if all.len() > 8 { all.into_iter().filter(is_power).collect() } else { all };
        }
        let step = step(high - low);
        let mut ticks = Vec::new();
        let mut tick = (low / step - 1e-9).ceil() * step;
        while tick <= high + step * 1e-6 {
            ticks.push(tick);
            tick += step;
        }
        ticks
    }
}

/// A round step: 1, 2 or 5 times a power of ten.
fn step(span: f64) -> f64 {
    let rough = span / TICKS;
    let power = 10f64.powf(rough.log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0].map(|times| times * power);
    steps.into_iter().find(|step| *step >= rough * 0.999).unwrap_or(rough)
}

/// Round numbers in rising order: 1, 2 and 5 times each power of ten.
fn rounds() -> impl Iterator<Item = f64> {
    (-9..12).flat_map(|power| [1.0, 2.0, 5.0].map(|times| times * 10f64.powi(power)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_and_ticks_are_round() {
        let scale = Scale::linear([0.0, 920_400.0], [0.0, 100.0]);
        assert_eq!(scale.ticks(), [0.0, 200_000.0, 400_000.0, 600_000.0, 800_000.0, 1_000_000.0]);
        assert!((scale.at(500_000.0) - 50.0).abs() < 1e-9);
        let scale = Scale::log([0.3, 90.0], [100.0, 0.0]);
        assert!(scale.holds(0.2) && scale.holds(100.0) && !scale.holds(101.0));
        assert!(scale.at(1e9).abs() < 1e-9);
    }

    #[test]
    fn what_does_not_change_has_an_axis_all_the_same() {
        let scale = Scale::linear([0.0, 0.0], [0.0, 10.0]);
        assert!(scale.at(0.0).abs() < 1e-9 && scale.ticks().len() > 1);
    }
}
