use std::collections::BTreeMap;

use super::case::LocalCase;
use crate::calibration::{Quantity, Setting, Spread, Spreads};
use crate::catalog::Calibration;
use crate::validate::summary::{Measures, tenths};
use crate::validate::{Case as _, LeftOut};

/// Measurements of a device that say how far its others lie, once a prediction is corrected by one of them.
const ENOUGH_OF_A_DEVICE: usize = 3;

/// How many measurements like those of everything are added to those of a setting.
const OF_EVERYTHING: f64 = 10.0;

/// How far measurements lie from predictions that were made without their device: the tenth and the ninetieth
/// percentile, of few measurements drawn towards those of all.
pub(super) fn spreads(cases: &[LocalCase<'_>], predicted: &[Measures]) -> Spreads {
    let blank = Calibration::default();
    let mut by_device: BTreeMap<(Quantity, String, Setting), Vec<f64>> = BTreeMap::new();
    let mut by_setting: BTreeMap<(Quantity, Setting), Vec<f64>> = BTreeMap::new();
    let mut together: BTreeMap<Quantity, Vec<f64>> = BTreeMap::new();
    for (case, predicted) in cases.iter().zip(predicted) {
        let setting = case.speed(&blank).setting();
        for (at, quantity) in [Quantity::Decode, Quantity::Prefill].into_iter().enumerate() {
            let (Some(predicted), Some(measured)) = (predicted[at], case.measured()[at]) else { continue };
            let ratio = (measured / predicted).ln();
            by_device.entry((quantity, case.group(LeftOut::Device), setting)).or_default().push(ratio);
            by_setting.entry((quantity, setting)).or_default().push(ratio);
            together.entry(quantity).or_default().push(ratio);
        }
    }
    let of_setting = |((quantity, setting), ratios): (&(Quantity, Setting), &Vec<f64>)| {
        let (low, high) = tenths(ratios)?;
        // The part in RAM is what a shared run is unsure of.
        let on_cpu = by_setting.get(&(*quantity, Setting::Cpu)).filter(|_| *setting == Setting::Mixed);
        let (all_low, all_high) = tenths(on_cpu.unwrap_or(&together[quantity]))?;
        let own = ratios.len() as f64 / (ratios.len() as f64 + OF_EVERYTHING);
        let mix = |own_end: f64, all_end: f64| own_end * own + all_end * (1.0 - own);
        Some(spread(*quantity, *setting, (mix(low, all_low), mix(high, all_high)), ratios.len()))
    };
    let mut spreads: Vec<Spread> = by_setting.iter().filter_map(of_setting).collect();
    spreads.extend(spreads_of_a_device(by_device));
    Spreads(spreads)
}

/// How far measurements lie from predictions that were corrected by the device's others: what a measurement of one
/// model on a machine is worth for the next.
fn spreads_of_a_device(by_device: BTreeMap<(Quantity, String, Setting), Vec<f64>>) -> Vec<Spread> {
    let mut left: BTreeMap<Quantity, Vec<f64>> = BTreeMap::new();
    for ((quantity, ..), ratios) in by_device {
        if ratios.len() >= ENOUGH_OF_A_DEVICE {
            let count = ratios.len() as f64;
            let sum: f64 = ratios.iter().sum();
            let of_others = |ratio: &f64| ratio - (sum - ratio) / (count - 1.0);
            left.entry(quantity).or_default().extend(ratios.iter().map(of_others));
        }
    }
    left.into_iter()
        .filter_map(|(quantity, ratios)| {
            Some(spread(quantity, Setting::Scaled, tenths(&ratios)?, ratios.len()))
        })
        .collect()
}

/// A spread by the logarithms of its ends, which never claims to be surer than 5 %.
fn spread(quantity: Quantity, setting: Setting, (low, high): (f64, f64), measurements: usize) -> Spread {
    Spread {
        quantity,
        setting,
        low: low.exp().min(0.95),
        high: high.exp().max(1.05),
        measurements: u32::try_from(measurements).unwrap_or(u32::MAX),
    }
}
