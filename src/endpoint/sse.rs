/// Reads server-sent events as bytes come, wherever packets cut them.
///
/// As the HTML standard has it (section 9.2.6, "Interpreting an event stream"): lines end with LF, CR or both, the
/// `data` of an event is joined with LF, and a blank line ends it. A byte is decoded when its line is whole, so that no
/// character is torn. A line or event may have [`MOST_BYTES`]; what is longer has no end.
#[derive(Debug, Default)]
pub struct SseParser {
    line: Vec<u8>,
    name: String,
    data: String,
    has_data: bool,
    after_carriage_return: bool,
    begun: bool,
}

/// The most that a line, or the data of an event, may have: tokens with all their probabilities take some kilobytes.
pub const MOST_BYTES: usize = 1 << 20;

/// A line or an event that does not end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Endless;

/// An event of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event<'a> {
    /// Its `event` field; empty where there is none, as in most streams of completions.
    pub name: &'a str,
    /// Its data.
    pub data: &'a str,
}

impl SseParser {
    /// Takes the next bytes, and hands over each event that they end.
    pub fn push(&mut self, mut bytes: &[u8], event: &mut dyn FnMut(Event<'_>)) -> Result<(), Endless> {
        if std::mem::take(&mut self.after_carriage_return) && bytes.first() == Some(&b'\n') {
            bytes = &bytes[1..];
        }
        while let Some(end) = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            if self.line.is_empty() {
                self.line(&bytes[..end], event);
            } else {
                self.line.extend_from_slice(&bytes[..end]);
                let line = std::mem::take(&mut self.line);
                self.line(&line, event);
            }
            let is_pair = bytes[end] == b'\r' && bytes.get(end + 1) == Some(&b'\n');
            self.after_carriage_return = bytes[end] == b'\r' && end + 1 == bytes.len();
            bytes = &bytes[end + 1 + usize::from(is_pair)..];
        }
        self.line.extend_from_slice(bytes);
        if self.line.len().max(self.data.len()) > MOST_BYTES { Err(Endless) } else { Ok(()) }
    }

    /// The stream has ended. The standard drops an event that no blank line ended; servers that close behind their last
    /// line mean it, so it is handed over.
    pub fn end(mut self, event: &mut dyn FnMut(Event<'_>)) {
        let line = std::mem::take(&mut self.line);
        self.line(&line, event);
        self.line(b"", event);
    }

    fn line(&mut self, line: &[u8], event: &mut dyn FnMut(Event<'_>)) {
        let line = match line.strip_prefix(b"\xef\xbb\xbf") {
            Some(rest) if !self.begun => rest,
            _ => line,
        };
        self.begun = true;
        if line.is_empty() {
            if std::mem::take(&mut self.has_data) {
                event(Event { name: &self.name, data: &self.data });
                self.data.clear();
            }
            self.name.clear();
            return;
        }
        if let Some(name) = field(line, b"event") {
            self.name = String::from_utf8_lossy(name).into_owned();
        }
        // Comments, which servers send to keep a connection open, and the other fields say nothing here.
        let Some(value) = field(line, b"data") else { return };
        if self.has_data {
            self.data.push('\n');
        }
        self.has_data = true;
        self.data.push_str(&String::from_utf8_lossy(value));
    }
}

/// The value of a field, where the line has it.
fn field<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    match line.strip_prefix(name)? {
        [b':', b' ', value @ ..] | [b':', value @ ..] => Some(value),
        [] => Some(&[]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn events(parts: &[&[u8]]) -> Vec<String> {
        named(parts).into_iter().map(|(_, data)| data).collect()
    }

    fn named(parts: &[&[u8]]) -> Vec<(String, String)> {
        let mut events = Vec::new();
        let mut parser = SseParser::default();
        for part in parts {
            let mut keep = |event: Event<'_>| events.push((event.name.to_owned(), event.data.to_owned()));
            parser.push(part, &mut keep).unwrap();
        }
        parser.end(&mut |event| events.push((event.name.to_owned(), event.data.to_owned())));
        events
    }

    #[test]
    fn an_event_has_the_name_that_stands_before_its_end() {
        let pair = |name: &str, data: &str| (name.to_owned(), data.to_owned());
        assert_eq!(
            named(&[b"event: error\ndata: gone\n\ndata: a\n\nevent:x\n\ndata: b\n\n"]),
            [pair("error", "gone"), pair("", "a"), pair("", "b")]
        );
    }

    #[test]
    fn a_line_or_an_event_without_end_is_given_up() {
        let mut parser = SseParser::default();
        let mut pushed = (0..2000).map(|_| parser.push(&[b'x'; 1024], &mut |_| {}));
        assert!(pushed.any(|pushed| pushed == Err(Endless)));
        let mut parser = SseParser::default();
        let line = [b"data: ".as_slice(), &[b'x'; 1024], b"\n"].concat();
        assert!((0..2000).any(|_| parser.push(&line, &mut |_| {}) == Err(Endless)));
    }

    #[test]
    fn the_examples_of_the_standard_are_read_as_it_says() {
        // HTML standard, section 9.2.6: the stock ticker, comments and ids, and the colon with and without a space.
        assert_eq!(events(&[b"data: YHOO\ndata: +2\ndata: 10\n\n"]), ["YHOO\n+2\n10"]);
        let stream =
            b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n";
        assert_eq!(events(&[stream]), ["first event", "second event", " third event"]);
        assert_eq!(events(&[b"data\n\ndata\ndata\n\n"]), ["", "\n"]);
        assert_eq!(events(&[b"data:test\n\ndata: test\n\n"]), ["test", "test"]);
        assert_eq!(events(&[b"\xef\xbb\xbfdata: a\r\n\r\ndata: b\r\rdatum: c\n\n"]), ["a", "b"]);
    }

    #[test]
    fn a_stream_that_ends_without_a_blank_line_has_a_last_event() {
        assert_eq!(events(&[b"data: 1\n\ndata: [DONE]"]), ["1", "[DONE]"]);
    }

    proptest! {
        #[test]
        fn packets_may_cut_it_anywhere(cuts in prop::collection::vec(0_usize..80, 0..8)) {
            let stream = "data: {\"a\": \"思考\"}\r\n\r\n: ping\n\ndata: x\rdata: é\r\r\ndata: [DONE]\n\n".as_bytes();
            let mut cuts: Vec<_> = cuts.into_iter().map(|cut| cut.min(stream.len())).collect();
            cuts.extend([0, stream.len()]);
            cuts.sort_unstable();
            let parts: Vec<_> = cuts.windows(2).map(|cut| &stream[cut[0]..cut[1]]).collect();
            prop_assert_eq!(events(&parts), events(&[stream]));
        }
    }
}
