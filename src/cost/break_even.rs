use super::{ApiRates, TokenVolume};
use crate::units::{Usd, UsdPerMillionTokens};

/// The share of a replica's capacity above which owning it is cheaper than calling: above 1, never. `at_capacity` is
/// what it would serve in a year at its limit within the promise.
#[must_use]
pub fn break_even_utilisation(owning: Usd, rates: &ApiRates, at_capacity: &TokenVolume) -> f64 {
    owning.share_of(rates.bill(at_capacity))
}

/// Tokens a month above which owning is cheaper than a price for all tokens alike.
#[must_use]
pub fn break_even_volume(owning: Usd, blended: UsdPerMillionTokens) -> f64 {
    owning.0 / 12.0 / blended.0 * 1e6
}

/// Months until what owning saves has paid for the machines, of what another way costs in each year; beyond those it
/// costs as much as in the last. `None` where that is never.
#[must_use]
pub fn payback(capex: Usd, others: &[Usd], running_per_year: Usd) -> Option<f64> {
    let mut left = capex.0;
    let mut months = 0.0;
    let saved = |other: &Usd| (*other - running_per_year).0 / 12.0;
    for saved in others.iter().map(saved) {
        if saved > 0.0 && left <= saved * 12.0 {
            return Some(months + left / saved);
        }
        left -= saved * 12.0;
        months += 12.0;
    }
    let saved = others.last().map(saved).filter(|saved| *saved > 0.0)?;
    Some(months + left / saved)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECONDS: f64 = 8760.0 * 3600.0;
    const OWNING: Usd = Usd(181_400.0);

    fn rates(input: f64, output: f64) -> ApiRates {
        ApiRates {
            input: UsdPerMillionTokens(input),
            cached_input: None,
            output: UsdPerMillionTokens(output),
        }
    }

    // SGLang TP8 on 8 H200, 1k/1k, 64 in flight: 1789 output tok/s. At 20 % $8.04 for a million of all tokens; against
    // $0.50/2.15 it breaks even at 121 %, which is never, against $1.35/5.40 at 48 %.
    #[test]
    fn the_same_server_is_a_loss_at_a_tight_promise() {
        let volume = TokenVolume { input: 1789.0 * SECONDS, cached_input: 0.0, output: 1789.0 * SECONDS };
        assert!((OWNING.per_million(volume.total() * 0.2).0 - 8.04).abs() < 0.01);
        assert!((break_even_utilisation(OWNING, &rates(0.50, 2.15), &volume) - 1.21).abs() < 0.01);
        assert!((break_even_utilisation(OWNING, &rates(1.35, 5.40), &volume) - 0.48).abs() < 0.01);
    }

    // TensorRT-LLM with attention in parallel, 1k/2k, 1024 in flight: 11,489 output tok/s; $1.67 at 20 %, 21 %, 8 %.
    #[test]
    fn and_a_bargain_at_a_loose_one() {
        let output = 11_489.0 * SECONDS;
        let volume = TokenVolume { input: output / 2.0, cached_input: 0.0, output };
        assert!((OWNING.per_million(volume.total() * 0.2).0 - 1.67).abs() < 0.01);
        assert!((break_even_utilisation(OWNING, &rates(0.50, 2.15), &volume) - 0.21).abs() < 0.01);
        assert!((break_even_utilisation(OWNING, &rates(1.35, 5.40), &volume) - 0.08).abs() < 0.01);
    }

    #[test]
    fn what_saves_nothing_is_never_paid_back() {
        assert_eq!(payback(Usd(100.0), &[Usd(10.0)], Usd(10.0)), None);
        assert_eq!(payback(Usd(120.0), &[Usd(240.0)], Usd(120.0)), Some(12.0));
        assert_eq!(payback(Usd(360.0), &[Usd(240.0)], Usd(120.0)), Some(36.0));
        // 100 in the first year and 200 in the second leave 60 of 360, which the third saves in 30 a month.
        let rising = [220.0, 320.0, 480.0].map(Usd);
        assert_eq!(payback(Usd(360.0), &rising, Usd(120.0)), Some(26.0));
        assert_eq!(payback(Usd(10.0), &[Usd(100.0), Usd(0.0)], Usd(90.0)), Some(12.0));
        assert_eq!(payback(Usd(20.0), &[Usd(100.0), Usd(0.0)], Usd(90.0)), None);
        assert!((break_even_volume(Usd(12_000.0), UsdPerMillionTokens(2.0)) - 5e8).abs() < 1.0);
    }
}
