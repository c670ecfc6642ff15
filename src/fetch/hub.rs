//! What the hub says of a file or of a repository, before any of it is fetched.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde::Deserialize;
use serde::de::IgnoredAny;
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

/// No file is longer: what says so is wrong, and sums of such lengths are no numbers any more.
const LONGEST_FILE: u64 = 1 << 50;

/// Quants that are named where another is wanted; no repository has more.
const MOST_NAMED: usize = 64;

/// The longest name of a quant, such as `UD-IQ2_XXS`, with room.
const LONGEST_QUANT: usize = 24;

/// Names that one that is not there is compared with, and how long they may be: beyond, no help is worth the time.
const MOST_COMPARED: usize = 4096;
const LONGEST_COMPARED: usize = 255;

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
    sha: Option<Readable<String>>,
    siblings: Vec<Readable<Sibling>>,
}

#[derive(Deserialize)]
struct Sibling {
    rfilename: String,
    size: Option<Readable<u64>>,
    lfs: Option<Readable<LargeFile>>,
}

#[derive(Deserialize)]
struct LargeFile {
    sha256: Option<Readable<String>>,
    size: Option<Readable<u64>>,
}

/// A value, where it is of the kind that it is to be: one that is not says nothing against the others.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Readable<T> {
    Yes(T),
    No(IgnoredAny),
}

impl<T> Readable<T> {
    pub(super) fn value(self) -> Option<T> {
        match self {
            Self::Yes(value) => Some(value),
            Self::No(IgnoredAny) => None,
        }
    }
}

impl Sibling {
    fn listed(self) -> ListedFile {
        let lfs = self.lfs.and_then(Readable::value);
        let (size, sha256) = lfs.map_or((None, None), |lfs| (lfs.size, lfs.sha256));
        ListedFile {
            path: self.rfilename,
            bytes: size
                .and_then(Readable::value)
                .or_else(|| self.size.and_then(Readable::value))
                .filter(|bytes| is_length(*bytes)),
            sha256: sha256.and_then(Readable::value).and_then(|hash| hash.parse().ok()),
        }
    }
}

/// What the answers on the way to a file say of it: the hub's redirect, and the store's where that says more.
#[derive(Default)]
struct Told {
    commit: Option<String>,
    linked_etag: Option<String>,
    linked_size: Option<u64>,
}

impl Told {
    fn note(&mut self, answer: &Response<Body>) {
        self.commit =
            self.commit.take().or_else(|| said(answer, "X-Repo-Commit").filter(|commit| is_commit(commit)));
        self.linked_etag = self.linked_etag.take().or_else(|| said(answer, "X-Linked-Etag"));
        self.linked_size = self.linked_size.or_else(|| said(answer, "X-Linked-Size")?.parse().ok());
    }

    const fn is_enough(&self) -> bool {
        self.linked_etag.is_some() && self.linked_size.is_some()
    }
}

/// The value of a header, without quotes.
fn said(answer: &Response<Body>, name: &str) -> Option<String> {
    header(answer, name).map(|value| normalized(value.trim()))
}

impl Found {
    /// The place at the commit, where the server reports one: what is there cannot become another file.
    pub(super) fn pinned(&self) -> Place {
        match (&self.place, &self.commit) {
            (Place::Hub { repository, path, .. }, Some(commit)) => {
                let (repository, path) = (repository.clone(), path.clone());
                Place::Hub { repository, revision: commit.clone(), path }
            }
            (place, _) => place.clone(),
        }
    }
}

impl Client {
    /// The files of a repository of the hub.
    pub fn listing(&self, repository: &str, revision: &str) -> Result<Listing, FetchError> {
        let url = format!("{}/api/models/{repository}/revision/{revision}?blobs=true", self.endpoint());
        self.patiently(|| {
            let answer = self.small(&url, LONGEST_LISTING)?;
            Listing::of_json(repository, revision, &answer)
                .map_err(|source| FetchError::Listing { url: url.clone(), source })
        })
    }

    /// What the server says of a file, without the file.
    pub fn find(&self, place: &Place) -> Result<Found, FetchError> {
        let url = place.url(self.endpoint());
        let told = RefCell::new(Told::default());
        // The hub answers with a redirect that says all of the file; where it leads, other names are in use.
        let is_enough = |response: &Response<Body>| {
            told.borrow_mut().note(response);
            told.borrow().is_enough()
        };
        let answer = match self.patiently(|| self.ask(&url, &Asked::Head, is_enough)) {
            // Signed URLs are for one method, and some servers know but one.
            Err(FetchError::Status { status: 400 | 403 | 405 | 501, .. }) => {
                self.patiently(|| self.ask(&url, &Asked::Part(0..1), |_| false))?
            }
            answer => answer?,
        }
        .response;
        let mut told = told.into_inner();
        told.note(&answer);
        let range_total = || said(&answer, "Content-Range")?.rsplit_once('/')?.1.parse().ok();
        let length = || match answer.status().as_u16() {
            206 | 416 => range_total(),
            _ => said(&answer, "Content-Length")?.parse().ok(),
        };
        let bytes = told
            .linked_size
            .or_else(length)
            .filter(|bytes| is_length(*bytes))
            .ok_or(FetchError::NoLength { url })?;
        let sha256 = told.linked_etag.as_ref().and_then(|etag| etag.parse().ok());
        Ok(Found {
            url: at_commit(self, place, told.commit.as_deref()),
            identity: Identity { bytes, sha256, etag: told.linked_etag.or_else(|| said(&answer, "ETag")) },
            place: place.clone(),
            commit: told.commit,
        })
    }
}

impl Listing {
    /// What the hub answers when it is asked for the files of a repository. Entries that are none are left out.
    pub fn of_json(repository: &str, revision: &str, answer: &[u8]) -> Result<Self, serde_json::Error> {
        let answer: Answer = serde_json::from_slice(answer)?;
        Ok(Self {
            repository: repository.to_owned(),
            revision: revision.to_owned(),
            commit: answer.sha.and_then(Readable::value).filter(|commit| is_commit(commit)),
            files: answer.siblings.into_iter().filter_map(Readable::value).map(Sibling::listed).collect(),
        })
    }

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
        let wanted = quant.trim().to_ascii_uppercase();
        let mut known = BTreeSet::new();
        for file in self.files.iter().filter(|file| is_gguf(&file.path)) {
            let Some(found) = quant_in(&file.path) else { continue };
            if found == wanted {
                let parts: Vec<String> = ShardName::parse(&file.path)
                    .map_or_else(|| vec![file.path.clone()], |s| s.names().collect());
                for path in &parts {
                    safe_path(path)?;
                }
                return Ok(parts);
            }
            if known.len() < MOST_NAMED && found.len() <= LONGEST_QUANT {
                known.insert(found);
            }
        }
        Err(FetchError::NoSuchQuant {
            repository: self.repository.clone(),
            quant: quant.to_owned(),
            known: known.into_iter().collect(),
        })
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

pub(super) const fn is_length(bytes: u64) -> bool {
    bytes <= LONGEST_FILE
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
    let (stem, ending) = name.split_at_checked(name.len().checked_sub(".gguf".len())?)?;
    if !ending.eq_ignore_ascii_case(".gguf") {
        return None;
    }
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
    let comparable = known.filter(|known| known.len() <= LONGEST_COMPARED).take(MOST_COMPARED);
    comparable.min_by_key(|known| distance(known)).map(str::to_owned)
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
            ("deepseek-r1:7b-q4_K_M", None),
            ("模型-Q4_K_M.gguf", Some("Q4_K_M")),
            ("模型", None),
            ("aa模gguf", None),
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
    fn entries_that_are_no_files_say_nothing_against_the_others() {
        let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let answer = format!(
            r#"{{"sha": 7, "siblings": [{{"size": 1}}, null, 5, {{"rfilename": ["a"]}}, {{"rfilename": "a-Q4_0.gguf",
            "size": -1, "lfs": "no"}}, {{"rfilename": "b-Q8_0.gguf", "size": 7, "lfs": {{"sha256": "{hash}",
            "size": 1e30}}}}]}}"#
        );
        let listing = Listing::of_json("o/r", "main", answer.as_bytes()).unwrap();
        assert_eq!(listing.commit, None);
        let told: Vec<_> = listing
            .files
            .iter()
            .map(|file| (file.path.as_str(), file.bytes, file.sha256.is_some()))
            .collect();
        assert_eq!(told, [("a-Q4_0.gguf", None, false), ("b-Q8_0.gguf", Some(7), true)]);
        for no_list in ["", "{}", r#"{"error": "x"}"#, r#"{"siblings": null}"#, "[]", "<html>"] {
            assert!(Listing::of_json("o/r", "main", no_list.as_bytes()).is_err(), "{no_list}");
        }
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
