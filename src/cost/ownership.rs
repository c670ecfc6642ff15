use serde::Serialize;

use super::{CashFlow, capital_recovery};
use crate::units::Usd;

/// Hours of a year.
const HOURS: f64 = 8760.0;

/// What is paid before the first token.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Capex {
    /// The machines.
    pub hardware: Usd,
    /// Network and cables, as a share of that.
    pub network_share: f64,
    /// Setting up.
    pub install_share: f64,
    /// Spare parts.
    pub spares_share: f64,
}

impl Capex {
    /// All of it.
    #[must_use]
    pub fn total(&self) -> Usd {
        self.hardware * (1.0 + self.network_share + self.install_share + self.spares_share)
    }
}

/// How capital is reckoned with.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Finance {
    /// Years that machines are used.
    pub years: u32,
    /// Interest, or what the money would bring elsewhere.
    pub discount_rate: f64,
    /// What the machines are worth at the end, as a share of their price.
    pub residual_share: f64,
}

/// Machines of one's own.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Ownership {
    /// What is paid before the first token.
    pub capex: Capex,
    /// How capital is reckoned with.
    pub finance: Finance,
    /// The power that the machines draw on average, without cooling.
    pub average_kw: f64,
    /// What the place draws for each watt of them.
    pub pue: f64,
    /// A kilowatt-hour.
    pub usd_per_kwh: Usd,
    /// What the place costs a year.
    pub space_per_year: Usd,
    /// Support and licences a year, as a share of the machines' price.
    pub support_share: f64,
    /// People, a year.
    pub staff_per_year: Usd,
}

/// A year of owning, by what it is paid for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct YearlyCost {
    /// Capital with its interest.
    pub capital: Usd,
    /// Power, cooling included.
    pub energy: Usd,
    /// The place.
    pub space: Usd,
    /// Support and licences.
    pub support: Usd,
    /// People.
    pub staff: Usd,
}

impl YearlyCost {
    /// All of it.
    #[must_use]
    pub fn total(&self) -> Usd {
        self.capital + self.running()
    }

    /// What is paid in a year, without capital.
    #[must_use]
    pub fn running(&self) -> Usd {
        self.energy + self.space + self.support + self.staff
    }
}

impl Ownership {
    /// What a year costs.
    #[must_use]
    pub fn yearly(&self) -> YearlyCost {
        let Finance { years, discount_rate, .. } = self.finance;
        let residual = self.residual() * (1.0 + discount_rate).powf(-f64::from(years.max(1)));
        YearlyCost {
            capital: (self.capex.total() - residual) * capital_recovery(discount_rate, years),
            energy: self.usd_per_kwh * (self.average_kw * self.pue * HOURS),
            space: self.space_per_year,
            support: self.capex.hardware * self.support_share,
            staff: self.staff_per_year,
        }
    }

    /// What the machines are worth at the end.
    #[must_use]
    pub fn residual(&self) -> Usd {
        self.capex.hardware * self.finance.residual_share
    }

    /// What is paid when.
    #[must_use]
    pub fn cash_flow(&self) -> CashFlow {
        let running = self.yearly().running();
        let mut yearly = vec![running; self.finance.years.max(1) as usize];
        if let Some(last) = yearly.last_mut() {
            *last = *last - self.residual();
        }
        CashFlow { at_start: self.capex.total(), yearly }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost::present_value;

    /// One server with eight H200: the worked example of the method.
    fn node() -> Ownership {
        Ownership {
            capex: Capex {
                hardware: Usd(350_000.0),
                network_share: 0.12,
                install_share: 0.03,
                spares_share: 0.0,
            },
            finance: Finance { years: 4, discount_rate: 0.08, residual_share: 0.15 },
            average_kw: 8.0,
            pue: 1.3,
            usd_per_kwh: Usd(0.10),
            space_per_year: Usd::ZERO,
            support_share: 0.05,
            staff_per_year: Usd(0.3 * 150_000.0),
        }
    }

    // 350 k$, 12 % network, 3 % install, 15 % residual, 4 years, 8 %, 8 kW, PUE 1.3, $0.10/kWh, 5 % support, 0.3 FTE:
    // 181 k$ a year, $2.59 a GPU-hour; capital 60 %, staff 25 %, support 10 %, energy 5 %.
    #[test]
    fn a_server_of_eight_h200_costs_181_thousand_a_year() {
        let yearly = node().yearly();
        let total = yearly.total();
        assert!((total.0 - 181_500.0).abs() < 500.0, "{total:?}");
        assert!((total.0 / 8.0 / HOURS - 2.59).abs() < 0.005);
        let share = |part: Usd| (part.share_of(total) * 100.0).round();
        assert!((share(yearly.capital) - 61.0).abs() < 1.1);
        assert!((share(yearly.staff) - 25.0).abs() < 1e-9);
        assert!((share(yearly.support) - 10.0).abs() < 1e-9);
        assert!((share(yearly.energy) - 5.0).abs() < 1e-9);
    }

    #[test]
    fn years_of_cost_are_worth_what_is_paid_when() {
        let node = node();
        let annuity = CashFlow { at_start: Usd::ZERO, yearly: vec![node.yearly().total(); 4] };
        let paid = present_value(&node.cash_flow(), 0.08);
        assert!((present_value(&annuity, 0.08).0 - paid.0).abs() < 1.0);
    }
}
