//! What the control groups, version 1 and 2, allow this process.

use std::path::{Path, PathBuf};

use super::files;
use crate::probe::host::MemoryLimit;
use crate::units::Bytes;

/// The names under which the two versions keep the same things.
struct Version {
    filesystem: &'static str,
    limit: &'static str,
    usage: &'static str,
    reclaimable: &'static str,
}

const VERSIONS: [Version; 2] = [
    Version {
        filesystem: "cgroup2",
        limit: "memory.max",
        usage: "memory.current",
        reclaimable: "inactive_file",
    },
    Version {
        filesystem: "cgroup",
        limit: "memory.limit_in_bytes",
        usage: "memory.usage_in_bytes",
        reclaimable: "total_inactive_file",
    },
];

/// The smallest limit, or `None` where no group limits memory. A limit may well be beyond physical memory.
pub(super) fn memory_limit(root: &Path) -> Option<MemoryLimit> {
    let groups = files::text(&root.join("proc/self/cgroup"))?;
    let mounts = files::text(&root.join("proc/self/mountinfo"))?;
    let limits = VERSIONS.iter().filter_map(|version| {
        let mount = mounts.lines().filter_map(Mount::parse).find(|mount| mount.holds_memory(version))?;
        let group = groups.lines().find_map(|line| group_path(line, version))?;
        let limits = mount.folders(root, group).into_iter().filter_map(|folder| limit_at(&folder, version));
        limits.min_by_key(|limit| limit.limit)
    });
    limits.min_by_key(|limit| limit.limit)
}

/// The path of this process's group, from a line of `/proc/self/cgroup` (`id:controllers:path`).
fn group_path<'a>(line: &'a str, version: &Version) -> Option<&'a str> {
    let mut fields = line.splitn(3, ':');
    let (_, controllers, path) = (fields.next()?, fields.next()?, fields.next()?);
    let named = match version.filesystem {
        "cgroup2" => controllers.is_empty(),
        _ => controllers.split(',').any(|controller| controller == "memory"),
    };
    named.then_some(path)
}

/// A line of `/proc/self/mountinfo` (proc(5)).
struct Mount<'a> {
    /// The part of the hierarchy that is mounted: not `/` inside a container that shares the host's groups.
    part: &'a str,
    point: &'a str,
    filesystem: &'a str,
    options: &'a str,
}

impl<'a> Mount<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        let (before, after) = line.split_once(" - ")?;
        let mut before = before.split(' ').skip(3);
        let mut after = after.split(' ');
        Some(Self {
            part: before.next()?,
            point: before.next()?,
            filesystem: after.next()?,
            options: after.nth(1)?,
        })
    }

    fn holds_memory(&self, version: &Version) -> bool {
        self.filesystem == version.filesystem
            && (version.filesystem == "cgroup2" || self.options.split(',').any(|option| option == "memory"))
    }

    /// The folders of a group and of its ancestors, as far as they are mounted.
    fn folders(&self, root: &Path, group: &str) -> Vec<PathBuf> {
        let point = root.join(self.point.trim_start_matches('/'));
        // A path outside the mounted part is seen from another namespace: the mount itself is our group then.
        let inside = Path::new(group).strip_prefix(self.part).unwrap_or(Path::new(""));
        inside.ancestors().map(|ancestor| point.join(ancestor)).collect()
    }
}

fn limit_at(folder: &Path, version: &Version) -> Option<MemoryLimit> {
    // `max` is no number, and thereby no limit; version 1 writes a number near 2^63 instead.
    let limit = files::number(&folder.join(version.limit)).filter(|limit| *limit < 1 << 60)?;
    let usage: u64 = files::number(&folder.join(version.usage)).unwrap_or(0);
    let statistics = files::text(&folder.join("memory.stat")).unwrap_or_default();
    let reclaimable = statistics
        .lines()
        .find_map(|line| line.strip_prefix(version.reclaimable)?.trim().parse().ok())
        .unwrap_or(0);
    Some(MemoryLimit { limit: Bytes(limit), used: Bytes(usage.saturating_sub(reclaimable)) })
}
