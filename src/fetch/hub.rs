//! What the hub says of a file or of a repository, before any of it is fetched.

use serde::Deserialize;
use ureq::Body;
use ureq::http::Response;

use super::checksum::Sha256;
use super::client::{Asked, header};
use super::identity::normalized;
use super::place::safe_path;
use super::{Client, FetchError, Identity, Place};
use crate::gguf::ShardName;

/// A list of files is at most this long; a thousand files take some 300 KB.
pub(super) const LONGEST_LISTING: u64 = 32 << 20;

/// A file as its server describes it.
#[derive(Clone, Debug)]
pub struct Found {
    /// The place that was requested.
    pub place: Place,
    /// The URL of its bytes: at the commit, where the server reports one.
    pub url: String,
    /// The commit of its repository.
    pub commit: Option<String>,
    /// Length and hash.
    pub identity: Identity,
}

/// The files of a repository.
#[derive(Clone, Debug)]
pub struct Listing {
    /// The repository, as `OWNER/REPO`.
    pub repository: String,
    pub(super) revision: String,
    pub(super) commit: Option<String>,
    pub(super) files: Vec<ListedFile>,
}

#[derive(Clone, Debug)]
pub(super) struct ListedFile {
    pub(super) path: String,
    pub(super) bytes: Option<u64>,
    pub(super) sha256: Option<Sha256>,
}

/// The hub's answer: `GET /api/models/OWNER/REPO/revision/REVISION?blobs=true`.
#[derive(Deserialize)]
struct Answer {
    sha: Option<String>,
    #[serde(default)]
    siblings: Vec<Sibling>,
}

#[derive(Deserialize)]
struct Sibling {
    rfilename: String,
    size: Option<u64>,
    lfs: Option<LargeFile>,
}

#[derive(Deserialize)]
struct LargeFile {
    sha256: Option<String>,
    size: Option<u64>,
}

impl Client {
    /// The files of a repository of the hub.
    pub fn listing(&self, repository: &str, revision: &str) -> Result<Listing, FetchError> {
        let url = format!("{}/api/models/{repository}/revision/{revision}?blobs=true", self.endpoint());
        let answer = self.patiently(|| self.ask(&url, &Asked::Small, |_| false))?;
        let body = answer.response.into_body().into_with_config().limit(LONGEST_LISTING).reader();
        let answer: Answer =
            serde_json::from_reader(body).map_err(|source| FetchError::Listing { url, source })?;
        let files = answer.siblings.into_iter().map(|file| {
            let lfs = file.lfs.as_ref();
            ListedFile {
                bytes: lfs.and_then(|lfs| lfs.size).or(file.size),
                sha256: lfs.and_then(|lfs| lfs.sha256.as_deref()?.parse().ok()),
                path: file.rfilename,
            }
        });
        Ok(Listing {
            repository: repository.to_owned(),
            revision: revision.to_owned(),
            commit: answer.sha.filter(|commit| is_commit(commit)),
            files: files.collect(),
        })
    }

    /// What the server says of a file, without the file.
    pub fn find(&self, place: &Place) -> Result<Found, FetchError> {
        let url = place.url(self.endpoint());
        // The hub answers with a redirect that says all of the file; where it leads, other names are in use.
        let is_hubs = |response: &Response<Body>| header(response, "X-Linked-Etag").is_some();
        let answer = match self.patiently(|| self.ask(&url, &Asked::Head, is_hubs)) {
            // Signed URLs are for one method, and some servers know but one.
            Err(FetchError::Status { status: 400 | 403 | 405 | 501, .. }) => {
                self.patiently(|| self.ask(&url, &Asked::Part(0..1), |_| false))?
            }
            answer => answer?,
        }
        .response;
        let said = |name| header(&answer, name).map(|value| value.trim().trim_matches('"').to_owned());
        let range_total = || said("Content-Range")?.rsplit_once('/')?.1.parse().ok();
        let length = || match answer.status().as_u16() {
            206 | 416 => range_total(),
            _ => said("Content-Length")?.parse().ok(),
        };
        let etag = said("X-Linked-Etag").or_else(|| said("ETag")).map(|etag| normalized(&etag));
        let bytes = said("X-Linked-Size").and_then(|size| size.parse().ok()).or_else(length);
        let commit = said("X-Repo-Commit").filter(|commit| is_commit(commit));
        Ok(Found {
            url: at_commit(self, place, commit.as_deref()),
            identity: Identity {
                bytes: bytes.ok_or(FetchError::NoLength { url })?,
                sha256: said("X-Linked-Etag").and_then(|etag| etag.parse().ok()),
                etag,
            },
            place: place.clone(),
            commit,
        })
    }
}

impl Listing {
    /// A file of the repository, as it is listed; `None` where the list lacks its length or hash.
    pub fn find(&self, client: &Client, path: &str) -> Result<Option<Found>, FetchError> {
        let file = self.listed(path)?;
        let place = Place::Hub {
            repository: self.repository.clone(),
            revision: self.revision.clone(),
            path: path.to_owned(),
        };
        Ok(file.bytes.zip(file.sha256).map(|(bytes, sha256)| Found {
            url: at_commit(client, &place, self.commit.as_deref()),
            place,
            commit: self.commit.clone(),
            identity: Identity { bytes, sha256: Some(sha256), etag: Some(sha256.to_string()) },
        }))
    }

    pub(super) fn listed(&self, path: &str) -> Result<&ListedFile, FetchError> {
        self.files.iter().find(|file| file.path == path).ok_or_else(|| {
            let known = self.files.iter().map(|file| file.path.as_str()).filter(|path| is_gguf(path));
            FetchError::NoSuchFile {
                repository: self.repository.clone(),
                path: path.to_owned(),
                nearest: nearest_path(path, known),
            }
        })
    }

    /// The paths of the model in that quant: one file, or all that it is split into.
    pub fn of_quant(&self, quant: &str) -> Result<Vec<String>, FetchError> {
        let mut models: Vec<(String, Vec<String>)> = Vec::new();
        for file in self.files.iter().filter(|file| is_gguf(&file.path)) {
            let parts =
                ShardName::parse(&file.path).map_or_else(|| vec![file.path.clone()], |s| s.names().collect());
            let first = parts[0].clone();
            let Some(found) = quant_in(&first).filter(|_| !models.iter().any(|(_, parts)| parts[0] == first))
            else {
                continue;
            };
            models.push((found, parts));
        }
        let wanted = quant.trim().to_ascii_uppercase();
        let Some((_, parts)) = models.iter().find(|(found, _)| *found == wanted) else {
            let mut known: Vec<String> = models.into_iter().map(|(found, _)| found).collect();
            known.sort();
            known.dedup();
            let repository = self.repository.clone();
            return Err(FetchError::NoSuchQuant { repository, quant: quant.to_owned(), known });
        };
        for path in parts {
            safe_path(path)?;
        }
        Ok(parts.clone())
    }
}

/// The URL of the bytes of a file: at the commit, so that they cannot change in between.
fn at_commit(client: &Client, place: &Place, commit: Option<&str>) -> String {
    match (place, commit) {
        (Place::Hub { repository, path, .. }, Some(commit)) => {
            let revision = commit.to_owned();
            Place::Hub { repository: repository.clone(), revision, path: path.clone() }.url(client.endpoint())
        }
        _ => place.url(client.endpoint()),
    }
}

fn is_commit(text: &str) -> bool {
    text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_gguf(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    // The half of a model that sees pictures, and the data that quantizers learn from.
    ending == Some("gguf") && !name.contains("mmproj") && !name.contains("imatrix")
}

/// The quant in the name of a file: what stands before `.gguf` or the shard's number, from the last `-` or `.` on
/// that a name of a quant begins after.
#[must_use]
pub fn quant_in(path: &str) -> Option<String> {
    let name = path.rsplit('/').next()?;
    let stem = &name[..name.len().checked_sub(".gguf".len())?];
    let stem = match stem.rsplit_once("-of-") {
        Some((before, _)) if ShardName::parse(path).is_some() => before.rsplit_once('-')?.0,
        _ => stem,
    };
    let upper = stem.to_ascii_uppercase();
    let at = upper.rfind(['-', '.']).map_or(0, |at| at + 1);
    let (before, quant) = upper.split_at(at);
    let is_quant = ["Q", "IQ", "TQ", "BF", "F", "MXFP"].iter().any(|kind| {
        quant.strip_prefix(kind).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    });
    let dynamic = before.strip_suffix('-').is_some_and(|before| before == "UD" || before.ends_with("-UD"));
    is_quant.then(|| if dynamic { format!("UD-{quant}") } else { quant.to_owned() })
}

/// The path among `known` that is nearest to one that is not there, by the name of the file.
fn nearest_path<'a>(path: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let distance = |known: &str| {
        strsim::osa_distance(&name(path), &name(known))
            + usize::from(path.contains('/') != known.contains('/'))
    };
    known.min_by_key(|known| distance(known)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Failure as _;
    use crate::message;
    use crate::message::enumeration;

    #[test]
    fn the_quant_is_read_from_the_names_that_the_hubs_use() {
        for (path, quant) in [
            ("DeepSeek-R1-Distill-Qwen-7B-Q4_K_M.gguf", Some("Q4_K_M")),
            ("DeepSeek-R1-Q4_K_M/DeepSeek-R1-Q4_K_M-00001-of-00009.gguf", Some("Q4_K_M")),
            ("DeepSeek-R1-UD-IQ1_S/DeepSeek-R1-UD-IQ1_S-00001-of-00003.gguf", Some("UD-IQ1_S")),
            ("deepseek-r1-7b.q8_0.gguf", Some("Q8_0")),
            ("DeepSeek-R1-Distill-Qwen-7B-f16.gguf", Some("F16")),
            ("DeepSeek-R1-BF16-00001-of-00030.gguf", Some("BF16")),
            ("DeepSeek-R1-Distill-Qwen-7B.gguf", None),
            ("model-F.gguf", None),
            (".gguf", None),
        ] {
            assert_eq!(quant_in(path).as_deref(), quant, "{path}");
        }
    }

    fn listing(paths: &[&str]) -> Listing {
        let file = |path: &&str| ListedFile { path: (*path).to_owned(), bytes: Some(1), sha256: None };
        Listing {
            repository: "o/r".to_owned(),
            revision: "main".to_owned(),
            commit: None,
            files: paths.iter().map(file).collect(),
        }
    }

    #[test]
    fn a_quant_is_one_file_or_all_of_a_split_model() {
        let listing = listing(&[
            "README.md",
            "m-Q4_K_M.gguf",
            "mmproj-m-Q8_0.gguf",
            "m-UD-Q2_K_XL-00001-of-00002.gguf",
            "m-UD-Q2_K_XL-00002-of-00002.gguf",
        ]);
        assert_eq!(listing.of_quant("q4_k_m").unwrap(), ["m-Q4_K_M.gguf"]);
        assert_eq!(listing.of_quant("UD-Q2_K_XL").unwrap().len(), 2);
        let error = listing.of_quant("Q8_0").unwrap_err();
        let known = enumeration(["Q4_K_M", "UD-Q2_K_XL"]);
        assert_eq!(error.hint(), Some(message!(FetchNoSuchQuantHint { known })));
    }

    #[test]
    fn a_file_that_is_not_there_brings_the_nearest_one() {
        let listing = listing(&["README.md", "m-Q4_K_M.gguf", "m-Q4_K_S.gguf", "m-Q8_0.gguf"]);
        let client = Client::new("http://x", None, std::time::Duration::from_secs(1));
        let error = listing.find(&client, "m-Q8_O.gguf").unwrap_err();
        assert_eq!(error.message(), message!(FetchNoSuchFile { repository: "o/r", path: "m-Q8_O.gguf" }));
        assert_eq!(error.hint(), Some(message!(FetchNearestHint { nearest: "m-Q8_0.gguf" })));
    }
}
