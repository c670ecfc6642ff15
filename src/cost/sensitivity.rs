use serde::Serialize;

use crate::units::Usd;

/// How far a cost swings when one assumption does.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Swing<D> {
    /// The assumption.
    pub driver: D,
    /// Its low, usual and high value.
    pub values: [f64; 3],
    /// A year's cost at its low and at its high value.
    #[serde(rename = "yearly_costs_usd")]
    pub costs: [Usd; 2],
}

impl<D> Swing<D> {
    /// How far apart the costs are.
    #[must_use]
    pub fn width(&self) -> Usd {
        Usd((self.costs[1].0 - self.costs[0].0).abs())
    }
}

/// The swings of `drivers`, the widest first: each has three values, and `cost` is asked for the cost with that driver at
/// a value and all others at their usual ones.
#[must_use]
pub fn tornado<D: Copy>(drivers: &[(D, [f64; 3])], cost: impl Fn(D, f64) -> Usd) -> Vec<Swing<D>> {
    let mut swings: Vec<Swing<D>> = drivers
        .iter()
        .map(|(driver, values)| Swing {
            driver: *driver,
            values: *values,
            costs: [cost(*driver, values[0]), cost(*driver, values[2])],
        })
        .collect();
    swings.sort_by(|a, b| b.width().0.total_cmp(&a.width().0));
    swings
}

/// Where between `low` and `high` `difference` changes its sign, if it does once there: by bisection.
#[must_use]
pub fn flip_point(mut low: f64, mut high: f64, difference: impl Fn(f64) -> f64) -> Option<f64> {
    let at_low = difference(low);
    if at_low == 0.0 {
        return Some(low);
    }
    if at_low.signum() == difference(high).signum() {
        return None;
    }
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if difference(middle).signum() == at_low.signum() {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(f64::midpoint(low, high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_widest_swing_comes_first() {
        let drivers = [("power", [0.06, 0.1, 0.2]), ("price", [0.85, 1.0, 1.3])];
        let cost = |driver: &str, value: f64| match driver {
            "power" => Usd(1000.0 + value * 100.0),
            _ => Usd(1000.0 * value + 10.0),
        };
        let swings = tornado(&drivers, cost);
        assert_eq!(swings[0].driver, "price");
        assert!((swings[0].width().0 - 450.0).abs() < 1e-9);
    }

    #[test]
    fn a_flip_is_found_where_the_sign_changes() {
        let flip = flip_point(0.0, 1.0, |share| share - 0.31).unwrap();
        assert!((flip - 0.31).abs() < 1e-9);
        assert_eq!(flip_point(0.5, 1.0, |share| share), None);
    }
}
