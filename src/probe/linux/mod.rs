//! Linux: the files of `/proc` and `/sys`, and NVIDIA's library.

mod amd;
mod arm;
mod cgroup;
pub(super) mod cpu;
mod drm;
mod files;
mod intel;
mod memory;
mod nvidia;

use std::path::Path;

use super::ProbeError;
use super::host::Host;
use crate::message::Message;

/// The machine whose files are under `root`, of which this process may run `usable_threads`.
pub(super) fn read(root: &Path, usable_threads: u32, notes: &mut Vec<Message>) -> Result<Host, ProbeError> {
    let mut cards = nvidia::cards(root, notes);
    cards.extend(amd::cards(root, notes));
    cards.extend(intel::cards(root, notes));
    Ok(Host {
        name: files::text(&root.join("proc/sys/kernel/hostname")),
        processors: cpu::read(root, usable_threads)?,
        memory: memory::read(root)?,
        cards,
    })
}
