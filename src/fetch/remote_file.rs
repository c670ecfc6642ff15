use std::fmt;
use std::io::{self, Read};
use std::ops::Range;

use ureq::http::Response;
use ureq::{Body, BodyReader};

use super::client::header;
use super::retry::Pace;
use super::{Client, FetchError};
use crate::gguf::{Header, ReadError, read_header};
use crate::units::Bytes;

/// The first range. Most headers of R1 files take 5 to 8 MiB, nearly all of it vocabulary; a shard's, or one
/// that lies, takes less.
const FIRST_PART: u64 = 1 << 20;

/// The largest range.
const LARGEST_PART: u64 = 16 << 20;

/// A file on another machine, read from its beginning: part after part, each twice as long as the one before, and
/// none before it is needed. A server that knows no parts sends the whole file; of that, too, only what is read
/// is taken, and dropping this drops the connection.
pub struct RemoteFile<'a> {
    client: &'a Client,
    url: String,
    /// The part that is being read, and how much of it is still to come; unknown where the server does not say.
    body: BodyReader<'static>,
    left: Option<u64>,
    pace: Pace,
    /// Offset of the next byte in the file.
    at: u64,
    /// How long the next part is.
    next_part: u64,
    length: Option<Bytes>,
}

impl Client {
    /// Reads the header of the GGUF file at `url`, and no more of the file than the next power of two.
    pub fn read_header(&self, url: &str) -> Result<Header, FetchError> {
        let file = RemoteFile::open(self, url)?;
        // Without a length there is no telling that the file is cut short.
        let length = file.length().unwrap_or(Bytes(u64::MAX));
        read_header(file, length).map_err(|error| match error {
            ReadError::Read(error) => match error.downcast::<FetchError>() {
                Ok(error) => error,
                Err(error) => FetchError::Header { url: url.to_owned(), source: ReadError::Read(error) },
            },
            source => FetchError::Header { url: url.to_owned(), source },
        })
    }
}

impl<'a> RemoteFile<'a> {
    /// Asks for the first part of the file at `url`.
    pub fn open(client: &'a Client, url: &str) -> Result<Self, FetchError> {
        let asked = 0..FIRST_PART;
        let answer = client.get(url, &asked)?;
        let (left, length) = match answer.status().as_u16() {
            206 => {
                let part = part(url, &asked, &answer)?;
                (Some(part.bytes), part.of)
            }
            // Nothing is the only file without a first byte.
            416 => (Some(0), Some(Bytes::ZERO)),
            _ => {
                let length = answer.body().content_length();
                (length, length.map(Bytes))
            }
        };
        Ok(Self {
            client,
            url: url.to_owned(),
            body: answer.into_body().into_reader(),
            left,
            pace: Pace::new(client.patience()),
            at: 0,
            next_part: 2 * FIRST_PART,
            length,
        })
    }

    /// The length of the whole file, where the server says it.
    #[must_use]
    pub fn length(&self) -> Option<Bytes> {
        self.length
    }

    fn ask_for_more(&mut self) -> Result<(), FetchError> {
        let end = self.at + self.next_part;
        let asked = self.at..self.length.map_or(end, |length| end.min(length.0));
        let answer = self.client.get(&self.url, &asked)?;
        let part = part(&self.url, &asked, &answer)?;
        if self.length.is_some() && part.of.is_some() && part.of != self.length {
            return Err(wrong_range(&self.url, &asked, &answer));
        }
        (self.left, self.body) = (Some(part.bytes), answer.into_body().into_reader());
        self.pace = Pace::new(self.client.patience());
        self.next_part = LARGEST_PART.min(2 * self.next_part);
        Ok(())
    }
}

impl Read for RemoteFile<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.length.is_some_and(|length| self.at >= length.0) || buffer.is_empty() {
            return Ok(0);
        }
        if self.left == Some(0) {
            self.ask_for_more().map_err(io::Error::other)?;
        }
        let wanted = self.left.map_or(buffer.len(), |left| buffer.len().min(left as usize));
        let broken_off =
            |source| io::Error::other(FetchError::BrokenOff { url: self.url.clone(), at: self.at, source });
        let read = match self.body.read(&mut buffer[..wanted]) {
            Ok(0) if self.left.is_some() => return Err(broken_off(None)),
            Ok(read) => read,
            Err(error) => return Err(broken_off(Some(error))),
        };
        if !self.pace.came(read) {
            return Err(broken_off(Some(io::ErrorKind::TimedOut.into())));
        }
        self.at += read as u64;
        self.left = self.left.map(|left| left - read as u64);
        Ok(read)
    }
}

impl fmt::Debug for RemoteFile<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteFile")
            .field("at", &self.at)
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}

/// A part of a file: how long it is, and how long the file, where the server says.
struct Part {
    bytes: u64,
    of: Option<Bytes>,
}

/// The part that an answer says that it is: `Content-Range: bytes FIRST-LAST/LENGTH` (RFC 9110, section 14.4).
/// It must begin where it was asked to, and be no longer.
fn part(url: &str, asked: &Range<u64>, answer: &Response<Body>) -> Result<Part, FetchError> {
    let parse = || {
        let (range, of) = header(answer, "Content-Range")?.trim().strip_prefix("bytes ")?.split_once('/')?;
        let (first, last) = range.split_once('-')?;
        let (first, last): (u64, u64) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
        let of = if of.trim() == "*" { None } else { Some(of.trim().parse::<u64>().ok()?) };
        let is_right = first == asked.start
            && (first..asked.end).contains(&last)
            && of.is_none_or(|of| last < of)
            && answer.status().as_u16() == 206;
        is_right.then(|| Part { bytes: last - first + 1, of: of.map(Bytes) })
    };
    parse().ok_or_else(|| wrong_range(url, asked, answer))
}

fn wrong_range(url: &str, asked: &Range<u64>, answer: &Response<Body>) -> FetchError {
    FetchError::WrongRange {
        url: url.to_owned(),
        asked: format!("{}-{}", asked.start, asked.end - 1),
        answered: header(answer, "Content-Range").unwrap_or("no range").to_owned(),
    }
}
