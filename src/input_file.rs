//! Files of the user's that are read in whole or in part: regular ones only, since a pipe or a device may hold a
//! program up for ever, and no longer than what people write.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

/// The longest text that is read: a machine, needs and a table of measurements take a few kilobytes.
const LONGEST_TEXT: u64 = 32 << 20;

/// Why a file is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InputFileError {
    /// It is a pipe, a socket or a device.
    #[error("not a regular file")]
    NotRegular,
    /// It is longer than any text of its kind.
    #[error("the file is too long")]
    TooLong,
}

/// Opens a regular file.
pub fn open(path: &Path) -> io::Result<File> {
    // Looked at first: opening a pipe waits for somebody to write into it.
    let metadata = fs::metadata(path)?;
    if metadata.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !metadata.is_file() {
        return Err(io::Error::other(InputFileError::NotRegular));
    }
    File::open(path)
}

/// The bytes of a regular file.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?.take(LONGEST_TEXT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST_TEXT {
        return Err(io::Error::other(InputFileError::TooLong));
    }
    Ok(bytes)
}

/// The text of a regular file.
pub fn read_to_string(path: &Path) -> io::Result<String> {
    // As the standard library says it of a file that is no text.
    String::from_utf8(read(path)?)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "stream did not contain valid UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_and_what_is_no_file_or_endless_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("needs.toml");
        fs::write(&path, "users = 5").unwrap();
        assert_eq!(read_to_string(&path).unwrap(), "users = 5");
        assert_eq!(read_to_string(folder.path()).unwrap_err().kind(), io::ErrorKind::IsADirectory);
        assert_eq!(read(&folder.path().join("none")).unwrap_err().kind(), io::ErrorKind::NotFound);
        File::create(&path).unwrap().set_len(1 << 40).unwrap();
        assert_eq!(read(&path).unwrap_err().to_string(), "the file is too long");
        fs::write(&path, b"\xff").unwrap();
        assert_eq!(read_to_string(&path).unwrap_err().kind(), io::ErrorKind::InvalidData);
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_refused() {
        assert_eq!(read(Path::new("/dev/zero")).unwrap_err().to_string(), "not a regular file");
    }
}
