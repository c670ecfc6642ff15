//! The place where models are kept, and what can still be written there.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::machine::Disk;
use crate::units::Bytes;

/// The folder of the Hugging Face cache, as its own tools find it: `HF_HUB_CACHE`, `HF_HOME`,
/// `XDG_CACHE_HOME`, else `~/.cache`.
pub(super) fn models_folder(variable: impl Fn(&str) -> Option<OsString>, home: &Path) -> PathBuf {
    let path = |name| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    path("HF_HUB_CACHE").unwrap_or_else(|| {
        path("HF_HOME")
            .unwrap_or_else(|| {
                path("XDG_CACHE_HOME").unwrap_or_else(|| home.join(".cache")).join("huggingface")
            })
            .join("hub")
    })
}

/// What is free where `folder` is or would be made, where the system reports it.
#[must_use]
pub fn read(folder: &Path) -> Option<Disk> {
    let there = folder.ancestors().find(|ancestor| ancestor.exists())?;
    Some(Disk { path: folder.to_owned(), free_bytes: free(there)? })
}

#[cfg(unix)]
fn free(folder: &Path) -> Option<Bytes> {
    let filesystem = rustix::fs::statvfs(folder).ok()?;
    Some(Bytes(filesystem.f_bavail) * filesystem.f_frsize)
}

#[cfg(not(unix))]
fn free(_folder: &Path) -> Option<Bytes> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_go_where_the_hub_tools_put_them() {
        let home = Path::new("/home/ada");
        let of = |set: &[(&str, &str)]| {
            models_folder(
                |name| set.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value)),
                home,
            )
        };
        assert_eq!(of(&[]), Path::new("/home/ada/.cache/huggingface/hub"));
        assert_eq!(of(&[("XDG_CACHE_HOME", "/big")]), Path::new("/big/huggingface/hub"));
        assert_eq!(of(&[("HF_HOME", "/data/hf"), ("XDG_CACHE_HOME", "/big")]), Path::new("/data/hf/hub"));
        assert_eq!(of(&[("HF_HUB_CACHE", "/models"), ("HF_HOME", "/data/hf")]), Path::new("/models"));
        assert_eq!(of(&[("HF_HOME", "")]), Path::new("/home/ada/.cache/huggingface/hub"));
    }

    #[test]
    fn a_folder_that_is_not_there_yet_has_the_space_of_its_parent() {
        let disk = read(Path::new("/tmp/not/there/yet")).expect("a disk");
        assert_eq!(disk.path, Path::new("/tmp/not/there/yet"));
        assert!(disk.free_bytes > Bytes::ZERO);
    }
}
