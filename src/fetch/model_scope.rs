//! ModelScope: another hub, in China, that has copies of some repositories under the same names.

use std::env;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::hub::{LONGEST_LISTING, ListedFile, Readable, is_length};
use super::place::{encoded, safe_path};
use super::{Client, FetchError, Found, Identity, Listing, Place};

/// Where it is, unless `MODELSCOPE_ENDPOINT` names a mirror.
const HUB: &str = "https://modelscope.cn";

/// The main branch there.
const MASTER: &str = "master";

/// ModelScope, or a mirror of it.
#[derive(Clone, Debug)]
pub struct ModelScope {
    endpoint: String,
}

/// Its answer: `GET /api/v1/models/OWNER/NAME/repo/files?Revision=REVISION&Recursive=true`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    data: Data,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Data {
    files: Vec<Readable<Entry>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    path: String,
    size: Option<Readable<u64>>,
    sha256: Option<Readable<String>>,
    r#type: Option<Readable<String>>,
}

impl Listing {
    /// What ModelScope answers when it is asked for the files of a repository.
    pub fn of_model_scope_json(repository: &str, answer: &[u8]) -> Result<Self, serde_json::Error> {
        let answer: Answer = serde_json::from_slice(answer)?;
        let file = |entry: Entry| {
            let is_folder = entry.r#type.and_then(Readable::value).as_deref() == Some("tree");
            (!is_folder).then(|| ListedFile {
                bytes: entry.size.and_then(Readable::value).filter(|bytes| is_length(*bytes)),
                sha256: entry.sha256.and_then(Readable::value).and_then(|hash| hash.parse().ok()),
                path: entry.path,
            })
        };
        Ok(Self {
            repository: repository.to_owned(),
            revision: MASTER.to_owned(),
            commit: None,
            files: answer.data.files.into_iter().filter_map(Readable::value).filter_map(file).collect(),
        })
    }
}

impl ModelScope {
    /// The one that `MODELSCOPE_ENDPOINT` names, as its own tools have it, or the real one.
    #[must_use]
    pub fn from_environment() -> Self {
        let set = env::var("MODELSCOPE_ENDPOINT").ok().filter(|endpoint| !endpoint.trim().is_empty());
        let endpoint = set.unwrap_or_else(|| HUB.to_owned());
        Self { endpoint: endpoint.trim().trim_end_matches('/').to_owned() }
    }

    /// The files of a repository.
    pub fn listing(&self, client: &Client, repository: &str) -> Result<Listing, FetchError> {
        let url = format!(
            "{}/api/v1/models/{repository}/repo/files?Revision={MASTER}&Recursive=true",
            self.endpoint
        );
        client.patiently(|| {
            let answer = client.small(&url, LONGEST_LISTING)?;
            Listing::of_model_scope_json(repository, &answer)
                .map_err(|source| FetchError::Listing { url: url.clone(), source })
        })
    }

    /// A file of a repository, as it is listed, and where it is.
    pub fn find(&self, client: &Client, listing: &Listing, path: &str) -> Result<Found, FetchError> {
        let file = listing.listed(path)?;
        let url =
            format!("{}/models/{}/resolve/{MASTER}/{}", self.endpoint, listing.repository, encoded(path));
        let place = Place::Url(url.clone());
        match (file.bytes, file.sha256) {
            (Some(bytes), Some(sha256)) => Ok(Found {
                place,
                url,
                commit: None,
                identity: Identity { bytes, sha256: Some(sha256), etag: Some(sha256.to_string()) },
            }),
            _ => client.find(&place),
        }
    }

    /// Where its own tools keep the files of a repository: `MODELSCOPE_CACHE`, with dots in names masked. They look
    /// there before they fetch (`find_reusable_legacy_repo_dir` in `modelscope/hub/utils/utils.py`).
    pub fn folder(repository: &str, path: &str) -> Result<PathBuf, FetchError> {
        let unsafe_name = || FetchError::UnsafeName { name: repository.to_owned() };
        let (owner, name) = repository.split_once('/').ok_or_else(unsafe_name)?;
        let folder =
            Self::folder_of_all().join(safe_path(owner)?).join(safe_path(&name.replace('.', "___"))?);
        let path = safe_path(path)?;
        Ok(match path.parent() {
            Some(parent) => folder.join(parent),
            None => folder,
        })
    }

    /// The folder in which its own tools keep all models.
    #[must_use]
    pub fn folder_of_all() -> PathBuf {
        use etcetera::BaseStrategy as _;
        let set = env::var_os("MODELSCOPE_CACHE").filter(|path| !path.is_empty()).map(PathBuf::from);
        let cache = set.unwrap_or_else(|| {
            let home = etcetera::choose_base_strategy()
                .map_or_else(|_| env::temp_dir(), |places| places.home_dir().to_owned());
            home.join(Path::new(".cache/modelscope"))
        });
        cache.join("models")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_go_where_the_tools_of_model_scope_look() {
        let folder = ModelScope::folder("unsloth/DeepSeek-R1-Distill-Qwen-1.5B-GGUF", "a/b.gguf").unwrap();
        assert!(folder.ends_with("models/unsloth/DeepSeek-R1-Distill-Qwen-1___5B-GGUF/a"), "{folder:?}");
        assert!(ModelScope::folder("../x", "a").is_err());
        assert!(ModelScope::folder("o/r", "../a").is_err());
    }
}
