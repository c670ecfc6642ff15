//! The GPUs that the kernel's graphics subsystem lists under `/sys/class/drm`, as far as all makers share it.

use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};

use super::files;
use crate::machine::{PciId, PcieLink};
use crate::message;
use crate::message::Message;

/// A card of `/sys/class/drm`.
pub(super) struct Device {
    /// `/sys/class/drm/cardN`.
    pub(super) card: PathBuf,
    /// The PCI device.
    pub(super) folder: PathBuf,
    pub(super) pci_id: PciId,
    /// Steppings of one device that are sold under several names differ in it.
    pub(super) revision: u32,
    /// The kernel's driver and, where it has one of its own, its version.
    pub(super) driver: Option<String>,
}

/// The cards of one maker.
pub(super) fn devices(root: &Path, vendor: u16) -> Vec<Device> {
    let drm = root.join("sys/class/drm");
    let cards = files::names(&drm).into_iter().filter(|name| {
        // `card0` is a card; `card0-HDMI-A-1` is a socket on it.
        name.strip_prefix("card")
            .is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
    });
    cards.filter_map(|name| device(root, drm.join(name), vendor)).collect()
}

fn device(root: &Path, card: PathBuf, vendor: u16) -> Option<Device> {
    let folder = card.join("device");
    let id = |file| u16::try_from(files::hexadecimal(&folder.join(file))?).ok();
    let pci_id = PciId { vendor: id("vendor")?, device: id("device")? };
    if pci_id.vendor != vendor {
        return None;
    }
    let driver = std::fs::read_link(folder.join("driver")).ok().and_then(|link| {
        let name = link.file_name()?.to_str()?.to_owned();
        let version = files::text(&root.join("sys/module").join(&name).join("version"));
        Some(version.map_or(name.clone(), |version| format!("{name} {version}")))
    });
    Some(Device {
        revision: files::hexadecimal(&folder.join("revision")).unwrap_or(0),
        card,
        folder,
        pci_id,
        driver,
    })
}

impl Device {
    /// The enforced power limit, in watts: hwmon counts in microwatts.
    pub(super) fn power_limit_watts(&self, file: &str) -> Option<f64> {
        let monitors = self.folder.join("hwmon");
        let microwatts: f64 = files::names(&monitors)
            .into_iter()
            .find_map(|monitor| files::number(&monitors.join(monitor).join(file)))?;
        (microwatts > 0.0).then_some(microwatts / 1e6)
    }

    /// The link to the host: the narrowest on the way up.
    ///
    /// Cards bring a switch of their own, and the link behind it always runs at full width: the one that counts
    /// is nearer to the root. Speeds are the highest that both ends can (idle links slow down), widths those that
    /// are connected.
    pub(super) fn link(&self) -> Option<PcieLink> {
        let folder = self.folder.canonicalize().ok()?;
        let links = folder.ancestors().map_while(|device| {
            Some(PcieLink {
                generation: generation(&files::text(&device.join("max_link_speed"))?)?,
                width: files::number(&device.join("current_link_width")).filter(|width| *width > 0)?,
            })
        });
        links.reduce(|narrowest, link| PcieLink {
            generation: narrowest.generation.min(link.generation),
            width: narrowest.width.min(link.width),
        })
    }

    /// What keeps a program from computing on this card, though the kernel lists it, and what to do about it.
    pub(super) fn obstacle(&self, root: &Path) -> Option<Message> {
        let nodes = files::names(&self.folder.join("drm"));
        let node = nodes.iter().find(|name| name.starts_with("renderD"))?;
        let path = root.join("dev/dri").join(node);
        match OpenOptions::new().read(true).write(true).open(path) {
            Ok(_) => None,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Some(message!(ProbeNodeMissing { node }))
            }
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                Some(message!(ProbeNodeDenied { node }))
            }
            Err(error) => Some(message!(ProbeNodeFailed { node }).because(error)),
        }
    }
}

/// The generation of a link speed such as `16.0 GT/s PCIe`.
fn generation(speed: &str) -> Option<u32> {
    Some(match speed.split_whitespace().next()? {
        "2.5" => 1,
        "5.0" | "5" => 2,
        "8.0" | "8" => 3,
        "16.0" | "16" => 4,
        "32.0" | "32" => 5,
        "64.0" | "64" => 6,
        _ => return None,
    })
}
