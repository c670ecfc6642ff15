use serde::{Deserialize, Serialize};

use crate::units::{Bytes, Seconds};

/// Memory and processor time that a process has used.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProcessUsage {
    /// The most main memory that it ever held, mapped pages of files included.
    pub peak_bytes: Bytes,
    /// What it holds now that belongs to no file, where the system reports it.
    pub anonymous_bytes: Option<Bytes>,
    /// What it holds now of files, the mapped model among them, where the system reports it.
    pub file_bytes: Option<Bytes>,
    /// Its time on processors, over all threads, where the system reports it.
    pub processor_seconds: Option<Seconds>,
}

impl ProcessUsage {
    /// Use of this process.
    #[must_use]
    pub fn of_this_process() -> Self {
        let resources = Resources::of_this_process();
        let held = std::fs::read_to_string("/proc/self/status").ok();
        let held = held.and_then(|status| Held::read(&status)).unwrap_or(Held {
            peak: resources.as_ref().map_or(Bytes::ZERO, |resources| resources.peak),
            anonymous: None,
            file: None,
        });
        Self {
            peak_bytes: held.peak,
            anonymous_bytes: held.anonymous,
            file_bytes: held.file,
            processor_seconds: resources.map(|resources| resources.processor_time),
        }
    }
}

/// What Linux says in `/proc/PID/status`: proc(5).
#[derive(Debug, PartialEq, Eq)]
struct Held {
    peak: Bytes,
    anonymous: Option<Bytes>,
    file: Option<Bytes>,
}

impl Held {
    fn read(status: &str) -> Option<Self> {
        let kib = |key: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))?;
            line.trim().strip_suffix(" kB")?.parse().ok().map(Bytes::kib)
        };
        Some(Self { peak: kib("VmHWM")?, anonymous: kib("RssAnon"), file: kib("RssFile") })
    }
}

/// Of every Unix: getrusage(2).
struct Resources {
    peak: Bytes,
    processor_time: Seconds,
}

impl Resources {
    #[cfg(unix)]
    fn of_this_process() -> Option<Self> {
        // SAFETY: an all-zero `rusage` is a valid value of this plain C struct.
        let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
        // SAFETY: the pointer is to a live `rusage` that the call fills, and it is used for nothing else.
        if unsafe { libc::getrusage(libc::RUSAGE_SELF, &raw mut usage) } != 0 {
            return None;
        }
        // macOS counts bytes, everybody else kibibytes.
        let unit = if cfg!(target_os = "macos") { Bytes(1) } else { Bytes::kib(1) };
        let seconds = |time: libc::timeval| Seconds(time.tv_sec as f64 + time.tv_usec as f64 / 1e6);
        Some(Self {
            peak: unit * u64::try_from(usage.ru_maxrss).unwrap_or(0),
            processor_time: seconds(usage.ru_utime) + seconds(usage.ru_stime),
        })
    }

    #[cfg(not(unix))]
    fn of_this_process() -> Option<Self> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_from_the_kernels_own_words() {
        let status =
            "Name:\tr1-advisor\nVmHWM:\t 1185024 kB\nVmRSS:\t 9 kB\nRssAnon:\t  102400 kB\nRssFile:\t 4 kB\n";
        assert_eq!(
            Held::read(status),
            Some(Held {
                peak: Bytes::kib(1_185_024),
                anonymous: Some(Bytes::mib(100)),
                file: Some(Bytes::kib(4)),
            })
        );
        assert_eq!(Held::read("VmHWM:\tmuch kB\n"), None);
    }

    #[cfg(unix)]
    #[test]
    fn this_process_takes_memory_and_time() {
        assert!(Resources::of_this_process().unwrap().peak > Bytes::kib(100));
        let spent = || ProcessUsage::of_this_process().processor_seconds.unwrap().0;
        let before = spent();
        while spent() < before + 0.001 {}
    }
}
