use std::fs;
use std::path::Path;

use crate::machine::Conditions;
use crate::units::Seconds;

/// Ticks of the kernel's clock in a second, as programs see them: `USER_HZ` is 100 on all that Linux runs on.
const TICKS_PER_SECOND: f64 = 100.0;

/// What a machine is busy with, at one moment. Only Linux has all of it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Activity {
    load_average: Option<f64>,
    processors: Option<Ticks>,
    throttle_events: Option<u64>,
    hottest_celsius: Option<f64>,
    swapped_pages: Option<u64>,
}

/// Processors' time since the start of the machine.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Ticks {
    busy: f64,
    stolen: f64,
    all: f64,
}

impl Activity {
    /// What the machine under `root` is busy with now.
    #[must_use]
    pub fn under(root: &Path) -> Self {
        let read = |path: &str| fs::read_to_string(root.join(path)).ok();
        Self {
            load_average: load_average(read("proc/loadavg")),
            processors: read("proc/stat").and_then(|text| Ticks::read(&text)),
            throttle_events: throttle_events(root),
            hottest_celsius: hottest(root),
            swapped_pages: read("proc/vmstat").and_then(|text| {
                let count = |key: &str| -> Option<u64> {
                    text.lines().find_map(|line| line.strip_prefix(key)?.trim().parse().ok())
                };
                Some(count("pswpin ")? + count("pswpout ")?)
            }),
        }
    }

    /// What went on until `end`, of which this program and its engine took `own` of processor time.
    #[must_use]
    pub fn until(&self, end: &Self, own: Option<Seconds>) -> Conditions {
        let grown = |from: Option<u64>, to: Option<u64>| Some(to?.saturating_sub(from?));
        let ticks = self.processors.zip(end.processors).filter(|(from, to)| to.all > from.all);
        let share = |part: f64, (from, to): (Ticks, Ticks)| (part / (to.all - from.all)).clamp(0.0, 1.0);
        Conditions {
            load_average_at_start: self.load_average,
            others_processor_share: ticks
                .zip(own)
                .map(|(ticks, own)| share(ticks.1.busy - ticks.0.busy - own.0 * TICKS_PER_SECOND, ticks)),
            steal_share: ticks.map(|ticks| share(ticks.1.stolen - ticks.0.stolen, ticks)),
            throttle_events: grown(self.throttle_events, end.throttle_events),
            hottest_celsius: end.hottest_celsius,
            swapped_pages: grown(self.swapped_pages, end.swapped_pages),
        }
    }
}

impl Ticks {
    /// The first line of `/proc/stat`: user, nice, system, idle, iowait, irq, softirq, steal (proc(5)). What guests take is
    /// in `user` already.
    fn read(text: &str) -> Option<Self> {
        let line = text.lines().next()?.strip_prefix("cpu ")?;
        let ticks: Vec<f64> = line.split_whitespace().map_while(|word| word.parse().ok()).collect();
        let [user, nice, system, idle, waiting, irq, softirq, stolen, ..] = ticks[..] else { return None };
        let busy = user + nice + system + irq + softirq;
        Some(Self { busy, stolen, all: busy + idle + waiting + stolen })
    }
}

/// The average of the last minute, from the text of `/proc/loadavg` on Linux.
#[cfg(target_os = "linux")]
fn load_average(text: Option<String>) -> Option<f64> {
    text?.split(' ').next()?.parse().ok()
}

#[cfg(not(target_os = "linux"))]
fn load_average(_text: Option<String>) -> Option<f64> {
    sysinfo::System::load_average().ok().map(|average| average.one)
}

/// How often all cores were throttled, where the processor counts it.
fn throttle_events(root: &Path) -> Option<u64> {
    let cores = fs::read_dir(root.join("sys/devices/system/cpu")).ok()?;
    let counts = cores.filter_map(|core| {
        let path = core.ok()?.path().join("thermal_throttle/core_throttle_count");
        fs::read_to_string(path).ok()?.trim().parse::<u64>().ok()
    });
    counts.reduce(|sum, count| sum + count)
}

fn hottest(root: &Path) -> Option<f64> {
    let zones = fs::read_dir(root.join("sys/class/thermal")).ok()?;
    let celsius = zones.filter_map(|zone| {
        let millidegrees: f64 =
            fs::read_to_string(zone.ok()?.path().join("temp")).ok()?.trim().parse().ok()?;
        Some(millidegrees / 1000.0)
    });
    // A sensor that is not connected reads as absurdly cold or hot.
    celsius.filter(|celsius| (-50.0..200.0).contains(celsius)).reduce(f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        root
    }

    #[test]
    fn what_others_took_is_what_was_taken_and_was_not_ours() {
        let files = |stat, swapped, throttled| {
            let vmstat = format!("nr_free_pages 9\npswpin {swapped}\npswpout 5\n");
            let throttled = format!("{throttled}\n");
            tree(&[
                ("proc/loadavg", "3.25 2.00 1.00 2/345 678\n"),
                ("proc/stat", stat),
                ("proc/vmstat", &vmstat),
                ("sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count", &throttled),
                ("sys/class/thermal/thermal_zone0/temp", "71500\n"),
                ("sys/class/thermal/thermal_zone1/temp", "-274000\n"),
            ])
        };
        let before = files("cpu  100 0 50 800 0 0 0 10 0 0\ncpu0 1 2\n", 1, 2);
        let after = files("cpu  500 0 150 1200 0 0 0 110 0 0\n", 8, 5);
        let (before, after) = (Activity::under(before.path()), Activity::under(after.path()));
        // 1000 ticks passed: 500 busy, 100 stolen, 400 idle; three seconds of the busy ones were ours.
        let conditions = before.until(&after, Some(Seconds(3.0)));
        assert_eq!(
            conditions,
            Conditions {
                load_average_at_start: Some(3.25),
                others_processor_share: Some(0.2),
                steal_share: Some(0.1),
                throttle_events: Some(3),
                hottest_celsius: Some(71.5),
                swapped_pages: Some(7),
            }
        );
    }

    #[test]
    fn a_system_that_tells_nothing_is_not_an_error() {
        let nothing = Activity::under(tree(&[]).path());
        assert_eq!(nothing.until(&nothing, Some(Seconds(1.0))), Conditions::default());
    }
}
