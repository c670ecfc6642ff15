use serde::{Deserialize, Serialize};

use crate::units::Bytes;

/// The name under which a plan lists what stands in main memory.
pub const MAIN_MEMORY: &str = "CPU";

/// What a model and a session take, device by device, main memory last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemoryPlan {
    /// The devices that hold something.
    pub devices: Vec<DeviceMemory>,
}

/// What one device holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceMemory {
    /// The engine's name for it, such as `CUDA0`, or [`MAIN_MEMORY`].
    pub name: String,
    /// Weights, repacked ones included.
    pub weights_bytes: Bytes,
    /// The share of the weights that is kept rearranged for the CPU's vector units, so that the file's own
    /// pages are not what is read.
    pub repack_bytes: Bytes,
    /// Cached keys and values.
    pub kv_cache_bytes: Bytes,
    /// Scratch for the graph, and its inputs and outputs.
    pub compute_bytes: Bytes,
}

impl DeviceMemory {
    /// Everything that it holds.
    #[must_use]
    pub fn total(&self) -> Bytes {
        self.weights_bytes + self.kv_cache_bytes + self.compute_bytes
    }
}

impl MemoryPlan {
    /// A sum over all devices, such as `plan.sum(DeviceMemory::total)`.
    #[must_use]
    pub fn sum(&self, part: impl Fn(&DeviceMemory) -> Bytes) -> Bytes {
        self.devices.iter().map(part).sum()
    }
}

/// What a process holds in main memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResidentMemory {
    /// The most that it ever held.
    pub peak_bytes: Bytes,
    /// What it holds now that belongs to no file, where the system tells.
    pub anonymous_bytes: Option<Bytes>,
    /// What it holds now of files, the mapped model among them, where the system tells.
    pub file_bytes: Option<Bytes>,
}

impl ResidentMemory {
    /// What this process holds.
    #[must_use]
    pub fn of_this_process() -> Self {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        Self::from_status(&status).unwrap_or_else(|| Self {
            peak_bytes: peak_of_this_process(),
            anonymous_bytes: None,
            file_bytes: None,
        })
    }

    /// Reads `/proc/PID/status`, as proc(5) has it.
    fn from_status(status: &str) -> Option<Self> {
        let kib = |key: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))?;
            line.trim().strip_suffix(" kB")?.parse().ok().map(Bytes::kib)
        };
        Some(Self { peak_bytes: kib("VmHWM")?, anonymous_bytes: kib("RssAnon"), file_bytes: kib("RssFile") })
    }
}

#[cfg(unix)]
fn peak_of_this_process() -> Bytes {
    // SAFETY: an all-zero `rusage` is a valid value of this plain C struct.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: the pointer is to a live `rusage` that the call fills, and it is used for nothing else.
    if unsafe { libc::getrusage(libc::RUSAGE_SELF, &raw mut usage) } != 0 {
        return Bytes::ZERO;
    }
    let peak = u64::try_from(usage.ru_maxrss).unwrap_or(0);
    // macOS counts bytes, everybody else kibibytes: getrusage(2) of each.
    if cfg!(target_os = "macos") { Bytes(peak) } else { Bytes::kib(peak) }
}

#[cfg(not(unix))]
fn peak_of_this_process() -> Bytes {
    Bytes::ZERO
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peak_memory_is_read_from_the_kernels_own_words() {
        let status =
            "Name:\tr1-advisor\nVmHWM:\t 1185024 kB\nVmRSS:\t 9 kB\nRssAnon:\t  102400 kB\nRssFile:\t 4 kB\n";
        assert_eq!(
            ResidentMemory::from_status(status),
            Some(ResidentMemory {
                peak_bytes: Bytes::kib(1_185_024),
                anonymous_bytes: Some(Bytes::mib(100)),
                file_bytes: Some(Bytes::kib(4)),
            })
        );
        assert_eq!(ResidentMemory::from_status("VmHWM:\tmuch kB\n"), None);
    }

    #[test]
    fn this_process_holds_something() {
        assert!(ResidentMemory::of_this_process().peak_bytes > Bytes::kib(100));
        #[cfg(unix)]
        assert!(peak_of_this_process() > Bytes::kib(100));
    }
}
