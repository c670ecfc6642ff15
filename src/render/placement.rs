//! Where a model runs and how long it takes, as messages.

use crate::estimate::{Device, Interval, PlacementKind, PredictedTime};
use crate::message;
use crate::message::{Message, Value};

/// A kind of placement in a word or two.
#[must_use]
pub fn placement(kind: PlacementKind) -> Message {
    match kind {
        PlacementKind::SingleGpu => message!(PlacementSingleGpu),
        PlacementKind::SplitGpus => message!(PlacementSplitGpus),
        PlacementKind::Unified => message!(PlacementUnified),
        PlacementKind::ExpertOffload => message!(PlacementExpertOffload),
        PlacementKind::PartialOffload => message!(PlacementPartialOffload),
        PlacementKind::CpuOnly => message!(PlacementCpuOnly),
    }
}

/// A device by its name; main memory has one in each language.
pub(crate) fn device(device: &Device) -> Value {
    match device {
        Device::Gpu { name, .. } => name.into(),
        Device::Ram => message!(PlacementRam).into(),
    }
}

/// A time with its range in one unit: `4 min 10 s (2.2–7.2 min)`.
pub(crate) fn time_range(time: PredictedTime) -> Message {
    let (size, unit) = match time.seconds.0 {
        seconds if seconds < 0.9995 => (1e-3, "ms"),
        seconds if seconds < 99.5 => (1.0, "s"),
        seconds if seconds < 99.5 * 60.0 => (60.0, "min"),
        _ => (3600.0, "h"),
    };
    let Interval { low, high } = time.interval;
    message!(PlacementTimeRange {
        time: time.seconds,
        low: super::digits(low / size),
        high: super::digits(high / size),
        unit,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::{Lang, Locale};
    use crate::units::Seconds;

    #[test]
    fn times_are_drawn_with_their_range_in_one_unit() {
        let time = |seconds, low, high| {
            time_range(PredictedTime { seconds: Seconds(seconds), interval: Interval { low, high } })
        };
        for (message, text) in [
            (time(23.0, 18.0, 35.0), "23 s (18–35 s)"),
            (time(86.0, 66.0, 115.0), "86 s (66–115 s)"),
            (time(250.0, 130.0, 430.0), "4 min 10 s (2.2–7.2 min)"),
            (time(1500.0, 900.0, 2400.0), "25 min (15–40 min)"),
            (time(0.8, 0.571, 1.4), "800 ms (571–1400 ms)"),
            (time(6300.0, 5460.0, 7740.0), "1 h 45 min (1.5–2.1 h)"),
        ] {
            assert_eq!(Locale::default().say(&message), text);
        }
        let chinese = Locale::new(Lang::of_locale("zh_CN"));
        assert_eq!(chinese.say(&time(100.0, 90.0, 114.0)), "1 分 40 秒（1.5–1.9 分钟）");
    }
}
