use serde::{Deserialize, Serialize};

use super::Sha256;

/// What two downloads must share to be the same file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Length of the file.
    pub bytes: u64,
    /// SHA-256, where known.
    pub sha256: Option<Sha256>,
    /// The server's `ETag`, without quotes.
    pub etag: Option<String>,
}

impl Identity {
    /// Whether both are certainly the same content: without a hash or an etag there is no telling.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.bytes == other.bytes
            && match (self.sha256, other.sha256) {
                (Some(a), Some(b)) => a == b,
                _ => self.etag.is_some() && self.etag == other.etag,
            }
    }
}

/// An `ETag` without its quotes and the mark of a weak one.
pub(super) fn normalized(etag: &str) -> String {
    etag.trim_start_matches("W/").trim_matches('"').to_owned()
}
