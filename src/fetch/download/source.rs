use std::ops::Range;
use std::sync::Mutex;

use ureq::Body;
use ureq::http::Response;
use url::Origin;

use crate::fetch::address::origin;
use crate::fetch::client::{Answer, Asked, header};
use crate::fetch::identity::normalized;
use crate::fetch::{Client, FetchError, Found};

/// A file that is requested in many parts, and must be the same each time.
#[derive(Debug)]
pub(super) struct Source {
    client: Client,
    pub(super) found: Found,
    /// Where the last redirect led: asked first the next time, as long as it answers. Signed URLs expire.
    located: Mutex<Option<String>>,
    /// What each host calls the content, by its first answer.
    etags: Mutex<Vec<(Origin, String)>>,
}

/// The body of an answer.
pub(super) enum Sent {
    /// The beginning of the requested part, of this length.
    Part { body: Response<Body>, bytes: u64 },
    /// The whole file, whatever was requested.
    Whole(Response<Body>),
}

impl Source {
    pub(super) fn new(client: Client, found: Found) -> Self {
        Self { client, found, located: Mutex::default(), etags: Mutex::default() }
    }

    pub(super) fn url(&self) -> String {
        self.found.url.clone()
    }

    /// Asks for a part of the file.
    pub(super) fn part(&self, part: &Range<u64>) -> Result<Sent, FetchError> {
        let sent = self.ask_for_part(part);
        if sent.as_ref().is_err_and(FetchError::is_doubtful) {
            // Another node may know better.
            *self.located.lock().expect("no holder panics") = None;
        }
        sent
    }

    fn ask_for_part(&self, part: &Range<u64>) -> Result<Sent, FetchError> {
        let Answer { url, response } = self.ask(&Asked::Segment(part.clone()))?;
        match response.status().as_u16() {
            206 => {
                let bytes = self.part_of(part, &response)?;
                self.check_etag(&url, &response)?;
                Ok(Sent::Part { body: response, bytes })
            }
            200 => self.whole_of(&url, response),
            // The file has become shorter.
            _ => Err(self.changed("length", &self.found.identity.bytes, header(&response, "Content-Range"))),
        }
    }

    /// Asks for the whole file.
    pub(super) fn whole(&self) -> Result<Response<Body>, FetchError> {
        let Answer { url, response } = self.ask(&Asked::Whole)?;
        match self.whole_of(&url, response)? {
            Sent::Whole(body) | Sent::Part { body, .. } => Ok(body),
        }
    }

    fn ask(&self, asked: &Asked) -> Result<Answer, FetchError> {
        let located = self.located.lock().expect("no holder panics").clone();
        if let Some(url) = located {
            let error = match self.client.ask(&url, asked, |_| false) {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            // The next one asks anew where the file is, unless another has done so already.
            self.located.lock().expect("no holder panics").take_if(|known| *known == url);
            if !matches!(error, FetchError::Status { status: 400..=410, .. }) {
                return Err(error);
            }
        }
        let answer = self.client.ask(&self.found.url, asked, |_| false)?;
        *self.located.lock().expect("no holder panics") =
            (answer.url != self.found.url).then(|| answer.url.clone());
        Ok(answer)
    }

    /// The length of the part that the answer says it is: `Content-Range: bytes FIRST-LAST/LENGTH` (RFC 9110,
    /// section 14.4). It must begin where it was asked to, be no longer, and be of a file of the right length.
    fn part_of(&self, asked: &Range<u64>, answer: &Response<Body>) -> Result<u64, FetchError> {
        let said = header(answer, "Content-Range").unwrap_or("no range");
        let wrong = || self.wrong_range(asked, said);
        let parse = || {
            let (range, of) = said.trim().strip_prefix("bytes ")?.split_once('/')?;
            let (first, last) = range.split_once('-')?;
            Some((first.trim().parse::<u64>().ok()?, last.trim().parse::<u64>().ok()?, of.trim()))
        };
        let (first, last, of) = parse().ok_or_else(wrong)?;
        if of != "*" && of.parse() != Ok(self.found.identity.bytes) {
            return Err(self.changed("length", &self.found.identity.bytes, Some(of)));
        }
        if first != asked.start || !(first..asked.end).contains(&last) {
            return Err(wrong());
        }
        let bytes = last - first + 1;
        if answer.body().content_length().is_some_and(|length| length != bytes) {
            return Err(wrong());
        }
        Ok(bytes)
    }

    /// That the answer is not of the part that was requested.
    pub(super) fn wrong_range(&self, asked: &Range<u64>, answered: &str) -> FetchError {
        let asked = format!("{}-{}", asked.start, asked.end - 1);
        FetchError::WrongRange { url: self.url(), asked, answered: answered.to_owned() }
    }

    fn whole_of(&self, url: &str, response: Response<Body>) -> Result<Sent, FetchError> {
        let length = response.body().content_length();
        if length.is_some_and(|length| length != self.found.identity.bytes) {
            let found = length.map(|length| length.to_string());
            return Err(self.changed("length", &self.found.identity.bytes, found.as_deref()));
        }
        self.check_etag(url, &response)?;
        Ok(Sent::Whole(response))
    }

    /// Each host has its own word for the content, and must keep to it.
    fn check_etag(&self, url: &str, answer: &Response<Body>) -> Result<(), FetchError> {
        // The hash says what the content is; nodes of one mirror may each have a word of their own for it.
        if self.found.identity.sha256.is_some() {
            return Ok(());
        }
        let Some(etag) = header(answer, "ETag").map(normalized) else { return Ok(()) };
        let host = origin(url);
        let mut etags = self.etags.lock().expect("no holder panics");
        match etags.iter().find(|(known, _)| *known == host) {
            None => {
                let identity = &self.found.identity;
                let first = identity.etag.as_ref().filter(|_| identity.sha256.is_none());
                if let Some(was) = first.filter(|was| host == origin(&self.found.url) && **was != etag) {
                    return Err(self.changed("ETag", was, Some(&etag)));
                }
                etags.push((host, etag));
            }
            Some((_, was)) if *was == etag => {}
            Some((_, was)) => return Err(self.changed("ETag", was, Some(&etag))),
        }
        Ok(())
    }

    fn changed(&self, what: &'static str, was: &dyn std::fmt::Display, found: Option<&str>) -> FetchError {
        FetchError::Changed { url: self.url(), what, was: was.to_string(), found: found.map(str::to_owned) }
    }
}
