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

    /// Whether a later look has certainly found other content. What says less than the first look, such as the page
    /// of a portal, does not count.
    #[must_use]
    pub fn is_replaced_by(&self, later: &Self) -> bool {
        match (self.sha256, &self.etag) {
            (Some(hash), _) => later.sha256.is_some_and(|later| later != hash),
            (None, Some(etag)) => later.etag.as_ref().is_some_and(|later| later != etag),
            (None, None) => later.bytes != self.bytes,
        }
    }
}

/// An `ETag` without its quotes and the mark of a weak one.
pub(super) fn normalized(etag: &str) -> String {
    etag.trim_start_matches("W/").trim_matches('"').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_says_as_much_as_the_first_look_confirms_other_content() {
        let identity = |bytes, hash: Option<u8>, etag: Option<&str>| Identity {
            bytes,
            sha256: hash.map(|byte| format!("{byte:02x}").repeat(32).parse().unwrap()),
            etag: etag.map(str::to_owned),
        };
        let hashed = identity(9, Some(1), Some("a"));
        assert!(hashed.is_replaced_by(&identity(9, Some(2), Some("a"))));
        for same in [identity(5, None, None), identity(5, None, Some("b")), identity(9, Some(1), Some("b"))] {
            assert!(!hashed.is_replaced_by(&same), "{same:?}");
        }
        let tagged = identity(9, None, Some("a"));
        assert!(tagged.is_replaced_by(&identity(9, None, Some("b"))));
        assert!(!tagged.is_replaced_by(&identity(5, None, None)));
        assert!(identity(9, None, None).is_replaced_by(&identity(5, None, None)));
    }

    #[test]
    fn a_weak_etag_names_the_same_content() {
        for etag in ["\"x\"", "W/\"x\"", "x"] {
            assert_eq!(normalized(etag), "x");
        }
    }
}
