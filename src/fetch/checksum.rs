use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize, Serializer};
use sha2::Digest as _;
use sha2::digest::common::hazmat::{SerializableState as _, SerializedState};

/// A SHA-256, by which the hub names its large files.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sha256([u8; 32]);

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Sha256 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Sha256 {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A text that is no SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a SHA-256 has 64 hexadecimal digits")]
pub struct ParseSha256Error;

impl FromStr for Sha256 {
    type Err = ParseSha256Error;

    fn from_str(text: &str) -> Result<Self, ParseSha256Error> {
        let bytes = from_hex(text).ok_or(ParseSha256Error)?;
        Ok(Self(bytes.try_into().map_err(|_| ParseSha256Error)?))
    }
}

/// The SHA-256 of bytes that come one after the other. Its state can be kept, so that what was hashed before a
/// program was killed need not be read again.
#[derive(Clone)]
pub struct Checksum {
    hasher: sha2::Sha256,
    bytes: u64,
}

/// The state of a [`Checksum`] as it is kept in a journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChecksumState {
    /// How many bytes it covers, from the first on.
    pub bytes: u64,
    state: String,
}

impl Checksum {
    /// Of nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self { hasher: sha2::Sha256::new(), bytes: 0 }
    }

    /// Goes on from a state; `None` where it is none.
    #[must_use]
    pub fn resume(state: &ChecksumState) -> Option<Self> {
        let bytes = from_hex(&state.state)?;
        let state_bytes = SerializedState::<sha2::Sha256>::try_from(bytes.as_slice()).ok()?;
        let hasher = sha2::Sha256::deserialize(&state_bytes).ok()?;
        Some(Self { hasher, bytes: state.bytes })
    }

    /// How many bytes it covers.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Takes the bytes that follow.
    pub fn update(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
        self.bytes += bytes.len() as u64;
    }

    /// The state to resume from.
    #[must_use]
    pub fn state(&self) -> ChecksumState {
        ChecksumState { bytes: self.bytes, state: hex(&self.hasher.serialize()) }
    }

    /// The SHA-256 of all bytes that it was given.
    #[must_use]
    pub fn finish(self) -> Sha256 {
        Sha256(self.hasher.finalize().into())
    }
}

impl Default for Checksum {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Checksum").field("bytes", &self.bytes).finish_non_exhaustive()
    }
}

fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    text.as_bytes().chunks(2).map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 180-2, appendix B.1.
    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn it_is_the_sha_256_of_the_standard() {
        let mut checksum = Checksum::new();
        checksum.update(b"abc");
        assert_eq!(checksum.finish().to_string(), ABC);
    }

    #[test]
    fn it_goes_on_from_any_state_as_if_nothing_had_happened() {
        let bytes: Vec<u8> = (0..1000_u32).map(|i| (i * 7 % 251) as u8).collect();
        let mut whole = Checksum::new();
        whole.update(&bytes);
        let whole = whole.finish();
        for cut in [0, 1, 63, 64, 65, 500, 1000] {
            let mut before = Checksum::new();
            before.update(&bytes[..cut]);
            let kept = serde_json::to_string(&before.state()).unwrap();
            let mut after = Checksum::resume(&serde_json::from_str(&kept).unwrap()).unwrap();
            assert_eq!(after.bytes(), cut as u64);
            after.update(&bytes[cut..]);
            assert_eq!(after.finish(), whole, "{cut}");
        }
    }

    #[test]
    fn what_is_no_hash_is_not_taken_for_one() {
        for text in ["", "ba78", &ABC[1..], &format!("{}g", &ABC[1..]), &format!("{ABC}00"), "é"] {
            assert_eq!(text.parse::<Sha256>(), Err(ParseSha256Error), "{text}");
        }
        assert_eq!(ABC.to_uppercase().parse::<Sha256>().unwrap().to_string(), ABC);
        assert!(Checksum::resume(&ChecksumState { bytes: 3, state: "00".to_owned() }).is_none());
    }
}
