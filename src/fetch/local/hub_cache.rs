use std::fs;
use std::path::{Path, PathBuf};

use super::folder::{Home, grouped};
use super::{DEEPEST, Keeper, LocalModel, Sha256, is_gguf, walk};

/// The models that the cache of the hub's tools holds, of all revisions; a file that two revisions share is listed once.
pub(super) fn models(root: &Path) -> Vec<LocalModel> {
    let Ok(entries) = fs::read_dir(root) else { return Vec::new() };
    let mut folders: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    folders.sort();
    folders.iter().flat_map(|folder| of_repository(root, folder)).collect()
}

fn of_repository(root: &Path, folder: &Path) -> Vec<LocalModel> {
    let repository = folder.file_name().and_then(|name| name.to_str());
    let Some(repository) = repository.and_then(|name| name.strip_prefix("models--")) else {
        return Vec::new();
    };
    let repository = repository.replacen("--", "/", 1);
    let snapshots = folder.join("snapshots");
    let Ok(entries) = fs::read_dir(&snapshots) else { return Vec::new() };
    let home = Home { keeper: Keeper::HubCache, root };
    let mut models = Vec::new();
    let mut commits: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    commits.sort();
    for commit in commits {
        let mut paths = Vec::new();
        walk(&commit, DEEPEST, &mut |path| {
            if is_gguf(path) {
                paths.push(path.to_owned());
            }
        });
        let name = |path: &Path| {
            let path = path.strip_prefix(&commit).unwrap_or(path);
            format!("{repository}/{}", path.to_string_lossy())
        };
        models.extend(grouped(&paths, &home, name, blob_hash));
    }
    models
}

/// The hash of a file of the cache: the name of the blob that its link leads to.
fn blob_hash(path: &Path) -> Option<Sha256> {
    let target = fs::read_link(path).ok()?;
    target.file_name()?.to_str()?.parse().ok()
}
