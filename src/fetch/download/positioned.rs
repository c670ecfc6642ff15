//! Reads and writes at places of a file that several threads share.

use std::fs::File;
use std::io;
use std::ops::Range;

/// Writes all of `bytes` at `at`.
pub(super) fn write_all_at(file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
    #[cfg(unix)]
    return std::os::unix::fs::FileExt::write_all_at(file, bytes, at);
    #[cfg(windows)]
    {
        use std::os::windows::fs::FileExt as _;
        let mut done = 0;
        while done < bytes.len() {
            done += file.seek_write(&bytes[done..], at + done as u64)?;
        }
        Ok(())
    }
}

/// Fills `buffer` from what is at `at`.
pub(super) fn read_exact_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<()> {
    #[cfg(unix)]
    return std::os::unix::fs::FileExt::read_exact_at(file, buffer, at);
    #[cfg(windows)]
    {
        use std::os::windows::fs::FileExt as _;
        let mut done = 0;
        while done < buffer.len() {
            match file.seek_read(&mut buffer[done..], at + done as u64)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                read => done += read,
            }
        }
        Ok(())
    }
}

/// Asks the system to begin writing a part of the file to the disk, where it can be asked that.
pub(super) fn begin_writing_at(file: &File, range: Range<u64>) {
    #[cfg(target_os = "linux")]
    {
        use std::os::fd::AsRawFd as _;
        let (start, length) = (i64::try_from(range.start), i64::try_from(range.end - range.start));
        if let (Ok(start), Ok(length)) = (start, length) {
            // SAFETY: takes numbers only, and the descriptor is that of an open file. What it answers changes nothing:
            // it says no where a file system cannot do it.
            unsafe {
                libc::sync_file_range(file.as_raw_fd(), start, length, libc::SYNC_FILE_RANGE_WRITE);
            }
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = (file, range);
}
