use std::path::PathBuf;

use clap::Args;

use crate::needs::typed::{FlagError, size, whole};
use crate::units::Bytes;

/// The machine that a command is about: this one, unless a flag says otherwise.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Machine (default: this one)")]
pub struct MachineArgs {
    /// A machine file that `probe --save` wrote; or a machine in words: 'raspberry pi 5', 'mac studio m3 ultra 512',
    /// 'dgx h100', '2x RTX 4090, 128GB'
    #[arg(long, value_name = "FILE|NAME", conflicts_with_all = ["gpu", "ram", "cpu"])]
    pub machine: Option<PathBuf>,
    /// A GPU by name: 4090, '2x RTX 3090', 'mi300x x8', '4060 ti 16gb', 'm2 ultra 192'; '3090 + 4090', or the flag
    /// twice, for two kinds; 'none' for no GPU
    #[arg(long, value_name = "NAME")]
    pub gpu: Vec<String>,
    /// How many of that GPU
    #[arg(long, value_name = "N", requires = "gpu", value_parser = whole::<u32>(1..=64))]
    pub gpu_count: Option<u32>,
    /// Main memory, such as 64GiB; 64 is 64 GiB
    #[arg(long, value_name = "SIZE", value_parser = memory_size)]
    pub ram: Option<Bytes>,
    /// A CPU by name, such as 'EPYC 9654', 7950x or 'i7-8750H'; '2x EPYC 9654' for two sockets
    #[arg(long, value_name = "NAME")]
    pub cpu: Option<String>,
    /// Threads to decode with
    #[arg(long, short = 't', value_name = "N", value_parser = whole::<u32>(1..=1024))]
    pub threads: Option<u32>,
}

impl MachineArgs {
    /// Whether another machine than the one at hand is meant.
    #[must_use]
    pub fn is_another(&self) -> bool {
        self.machine.is_some() || !self.gpu.is_empty() || self.ram.is_some() || self.cpu.is_some()
    }
}

/// A size of main memory, of which there is some.
fn memory_size(text: &str) -> Result<Bytes, FlagError> {
    match size(text)? {
        Bytes::ZERO => Err(FlagError::Size { text: text.to_owned() }),
        size => Ok(size),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn main_memory_may_be_written_without_its_unit() {
        for text in ["64", "64g", "64GB", "64 GiB", " 64 ", "6.4e1", "65,536 MiB"] {
            assert_eq!(memory_size(text), Ok(Bytes::gib(64)), "{text}");
        }
        for text in ["0", "137438953472", "lots", "-4"] {
            assert!(memory_size(text).is_err(), "{text}");
        }
    }
}
