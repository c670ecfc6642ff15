use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{DEEPEST, Keeper, LocalFile, LocalModel, walk};
use crate::units::Bytes;

/// The kind of layer that is a GGUF file.
const MODEL: &str = "application/vnd.ollama.image.model";

/// The parts of names that Ollama leaves out.
const DEFAULT_HOST: &str = "registry.ollama.ai/";
const DEFAULT_OWNER: &str = "library/";

/// `manifests/HOST/OWNER/MODEL/TAG`.
#[derive(Deserialize)]
struct Manifest {
    layers: Vec<Layer>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Layer {
    media_type: String,
    digest: String,
}

/// The models that Ollama has; their weights are GGUF files named by their hash.
pub(super) fn models(root: &Path) -> Vec<LocalModel> {
    let manifests = root.join("manifests");
    let mut found = Vec::new();
    walk(&manifests, DEEPEST, &mut |path| {
        let Ok(name) = path.strip_prefix(&manifests) else { return };
        found.extend(of_manifest(root, path, &called(name)));
    });
    found
}

/// What Ollama calls a model: `deepseek-r1:7b` for `registry.ollama.ai/library/deepseek-r1/7b`.
fn called(path: &Path) -> String {
    let text = path.to_string_lossy();
    let (model, tag) = text.rsplit_once(['/', '\\']).unwrap_or((&text, "latest"));
    let model = model.strip_prefix(DEFAULT_HOST).unwrap_or(model);
    format!("{}:{tag}", model.strip_prefix(DEFAULT_OWNER).unwrap_or(model))
}

fn of_manifest(root: &Path, path: &Path, name: &str) -> Option<LocalModel> {
    let manifest: Manifest = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
    let layers: Vec<&Layer> = manifest.layers.iter().filter(|layer| layer.media_type == MODEL).collect();
    let files: Vec<LocalFile> = layers.iter().filter_map(|layer| blob(root, &layer.digest)).collect();
    let parts = u32::try_from(layers.len()).ok()?;
    (!files.is_empty()).then(|| LocalModel {
        keeper: Keeper::Ollama,
        root: root.to_owned(),
        name: name.to_owned(),
        files,
        parts,
    })
}

fn blob(root: &Path, digest: &str) -> Option<LocalFile> {
    // Nothing but a hash may become a path.
    let sha256: super::Sha256 = digest.strip_prefix("sha256:")?.parse().ok()?;
    let path: PathBuf = root.join("blobs").join(format!("sha256-{sha256}"));
    let bytes = Bytes(fs::metadata(&path).ok()?.len());
    Some(LocalFile { path, bytes, sha256: Some(sha256) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_have_the_names_that_ollama_shows() {
        for (path, name) in [
            ("registry.ollama.ai/library/deepseek-r1/7b", "deepseek-r1:7b"),
            ("registry.ollama.ai/ada/r1/latest", "ada/r1:latest"),
            ("hf.co/bartowski/DeepSeek-R1-GGUF/Q4_K_M", "hf.co/bartowski/DeepSeek-R1-GGUF:Q4_K_M"),
        ] {
            assert_eq!(called(Path::new(path)), name);
        }
    }

    #[test]
    fn a_manifest_cannot_lead_out_of_the_blobs() {
        let root = tempfile::tempdir().unwrap();
        assert!(blob(root.path(), "sha256:../../etc/passwd").is_none());
        assert!(blob(root.path(), "md5:00").is_none());
    }
}
