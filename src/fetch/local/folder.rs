use std::fs;
use std::path::{Path, PathBuf};

use super::{DEEPEST, Keeper, LocalFile, LocalModel, is_gguf, walk};
use crate::gguf::ShardName;
use crate::units::Bytes;

/// The models whose files are under a folder, under any names.
pub(super) fn models(folder: &Path, keeper: Keeper) -> Vec<LocalModel> {
    let mut paths = Vec::new();
    walk(folder, DEEPEST, &mut |path| {
        if is_gguf(path) {
            paths.push(path.to_owned());
        }
    });
    let name = |path: &Path| path.strip_prefix(folder).unwrap_or(path).to_string_lossy().into_owned();
    grouped(&paths, &Home { keeper, root: folder }, name, |_| None)
}

/// Where files were found.
pub(super) struct Home<'a> {
    pub(super) keeper: Keeper,
    pub(super) root: &'a Path,
}

/// Puts the files that a model is split into together, by their names.
pub(super) fn grouped(
    paths: &[PathBuf],
    home: &Home<'_>,
    name: impl Fn(&Path) -> String,
    sha256: impl Fn(&Path) -> Option<super::Sha256>,
) -> Vec<LocalModel> {
    let mut models: Vec<(PathBuf, LocalModel)> = Vec::new();
    for path in paths {
        let Ok(metadata) = fs::metadata(path) else { continue };
        let file = LocalFile { path: path.clone(), bytes: Bytes(metadata.len()), sha256: sha256(path) };
        let text = path.to_string_lossy();
        let shard = ShardName::parse(&text);
        let first =
            shard.as_ref().and_then(|shard| shard.names().next()).map_or_else(|| path.clone(), PathBuf::from);
        match models.iter_mut().find(|(known, _)| *known == first) {
            Some((_, model)) => model.files.push(file),
            None => models.push((
                first.clone(),
                LocalModel {
                    keeper: home.keeper,
                    root: home.root.to_owned(),
                    name: name(&first),
                    files: vec![file],
                    parts: shard.map_or(1, |shard| shard.count),
                },
            )),
        }
    }
    models.into_iter().map(|(_, model)| model).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_a_split_model_are_one_model_and_others_are_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let maker = folder.path().join("maker/repo");
        fs::create_dir_all(&maker).unwrap();
        for name in ["b-00002-of-00003.gguf", "b-00001-of-00003.gguf", "a.gguf", "notes.txt"] {
            fs::write(maker.join(name), "12345").unwrap();
        }
        let models = models(folder.path(), Keeper::LmStudio);
        let told: Vec<_> =
            models.iter().map(|model| (model.name.as_str(), model.bytes().0, model.is_whole())).collect();
        assert_eq!(told, [("maker/repo/a.gguf", 5, true), ("maker/repo/b-00001-of-00003.gguf", 10, false)]);
        assert!(super::models(&folder.path().join("none"), Keeper::Folder).is_empty());
    }
}
