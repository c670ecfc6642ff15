use crate::units::Usd;

/// The share of a sum that must be paid back each year for `years` at `rate`: `r(1+r)^n / ((1+r)^n - 1)`. Without
/// interest it is a straight line.
#[must_use]
pub fn capital_recovery(rate: f64, years: u32) -> f64 {
    let years = f64::from(years.max(1));
    if rate.abs() < 1e-9 {
        return 1.0 / years;
    }
    let grown = (1.0 + rate).powf(years);
    rate * grown / (grown - 1.0)
}

/// What is paid when: at the start, and at the end of each year.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CashFlow {
    /// At the start.
    pub at_start: Usd,
    /// At the end of each year; what comes back is negative.
    pub yearly: Vec<Usd>,
}

impl CashFlow {
    /// All of it, without interest.
    #[must_use]
    pub fn total(&self) -> Usd {
        self.at_start + self.yearly.iter().copied().sum()
    }

    /// What was paid by the end of each year, the start first.
    #[must_use]
    pub fn cumulative(&self) -> Vec<Usd> {
        let mut paid = self.at_start;
        let mut all = vec![paid];
        for year in &self.yearly {
            paid += *year;
            all.push(paid);
        }
        all
    }
}

/// What a flow of payments is worth today.
#[must_use]
pub fn present_value(flow: &CashFlow, rate: f64) -> Usd {
    let mut value = flow.at_start;
    let mut discount = 1.0;
    for year in &flow.yearly {
        discount /= 1.0 + rate;
        value += *year * discount;
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_percent_over_four_years_is_30_percent_a_year() {
        assert!((capital_recovery(0.08, 4) - 0.301_921).abs() < 1e-6);
        assert!((capital_recovery(0.0, 4) - 0.25).abs() < 1e-12);
    }

    #[test]
    fn paying_the_recovered_capital_each_year_is_worth_the_capital() {
        let yearly = Usd(1000.0) * capital_recovery(0.08, 4);
        let flow = CashFlow { at_start: Usd::ZERO, yearly: vec![yearly; 4] };
        assert!((present_value(&flow, 0.08).0 - 1000.0).abs() < 1e-9);
        assert_eq!(flow.cumulative().len(), 5);
    }
}
