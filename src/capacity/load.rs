use serde::Serialize;

use crate::units::Seconds;

/// Who asks, and how often.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct People {
    /// Named users.
    pub users: f64,
    /// Requests that each makes on a working day.
    pub requests_per_user_day: f64,
    /// The share of a day's requests that the busiest hour has: 0.12 to 0.20 where people work.
    pub peak_hour_share: f64,
    /// How much busier the busiest minutes of that hour are than its mean: 1.2 to 1.5.
    pub burst: f64,
}

impl People {
    /// Requests of a day.
    #[must_use]
    pub fn requests_per_day(&self) -> f64 {
        self.users * self.requests_per_user_day
    }

    /// Requests a second when it matters.
    #[must_use]
    pub fn peak_rate(&self) -> f64 {
        self.requests_per_day() * self.peak_hour_share / 3600.0 * self.burst
    }

    /// Requests a second in each hour of a day whose busiest hour has its share: a hill around 14 o'clock, as steep as
    /// that takes.
    #[must_use]
    pub fn hourly_rates(&self) -> [f64; 24] {
        let shares = |steep: f64| {
            let mut shares = [0.0; 24];
            for (hour, share) in shares.iter_mut().enumerate() {
                let angle = (hour as f64 - 14.0) / 24.0 * std::f64::consts::TAU;
                *share = (steep * angle.cos()).exp();
            }
            let sum: f64 = shares.iter().sum();
            shares.map(|share| share / sum)
        };
        let (mut low, mut high) = (0.0, 30.0);
        for _ in 0..50 {
            let middle = f64::midpoint(low, high);
            if shares(middle)[14] < self.peak_hour_share { low = middle } else { high = middle }
        }
        shares(low).map(|share| share * self.requests_per_day() / 3600.0)
    }
}

/// Requests in flight when they come at `rate` and each stays for `time` (Little, 1961).
#[must_use]
pub fn in_flight(rate: f64, time: Seconds) -> f64 {
    rate * time.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const THOUSAND: People =
        People { users: 1000.0, requests_per_user_day: 20.0, peak_hour_share: 0.15, burst: 1.3 };

    // 1000 users × 20 a day, 15 % in the busiest hour, burst 1.3: 1.08 requests a second; at 87.5 s each 95 in flight.
    #[test]
    fn a_thousand_users_are_a_request_a_second_and_95_in_flight() {
        assert!((THOUSAND.peak_rate() - 1.083).abs() < 0.001);
        assert!((in_flight(THOUSAND.peak_rate(), Seconds(87.5)) - 94.8).abs() < 0.1);
    }

    #[test]
    fn the_hours_of_a_day_add_up_and_the_busiest_has_its_share() {
        let rates = THOUSAND.hourly_rates();
        let requests: f64 = rates.iter().map(|rate| rate * 3600.0).sum();
        assert!((requests - 20_000.0).abs() < 1e-6);
        assert!((rates[14] * 3600.0 / requests - 0.15).abs() < 1e-6);
    }
}
