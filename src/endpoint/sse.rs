/// Reads server-sent events as bytes come, wherever packets cut them.
///
/// As the HTML standard has it (section 9.2.6, "Interpreting an event stream"): lines end with LF, CR or both, the
/// `data` of an event is joined with LF, and a blank line ends it. A byte is decoded when its line is whole, so that no
/// character is torn.
#[derive(Debug, Default)]
pub struct SseParser {
    line: Vec<u8>,
    data: String,
    has_data: bool,
    after_carriage_return: bool,
    begun: bool,
}

impl SseParser {
    /// Takes the next bytes, and hands over the data of each event that they end.
    pub fn push(&mut self, mut bytes: &[u8], event: &mut dyn FnMut(&str)) {
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
    }

    /// The stream has ended. The standard drops an event that no blank line ended; servers that close behind their last
    /// line mean it, so it is handed over.
    pub fn end(mut self, event: &mut dyn FnMut(&str)) {
        let line = std::mem::take(&mut self.line);
        self.line(&line, event);
        self.line(b"", event);
    }

    fn line(&mut self, line: &[u8], event: &mut dyn FnMut(&str)) {
        let line = match line.strip_prefix(b"\xef\xbb\xbf") {
            Some(rest) if !self.begun => rest,
            _ => line,
        };
        self.begun = true;
        if line.is_empty() {
            if std::mem::take(&mut self.has_data) {
                event(&self.data);
                self.data.clear();
            }
            return;
        }
        // Comments, which servers send to keep a connection open, and the other fields say nothing here.
        let Some(rest) = line.strip_prefix(b"data") else { return };
        let value = match rest {
            [b':', b' ', value @ ..] | [b':', value @ ..] => value,
            [] => rest,
            _ => return,
        };
        if self.has_data {
            self.data.push('\n');
        }
        self.has_data = true;
        self.data.push_str(&String::from_utf8_lossy(value));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn events(parts: &[&[u8]]) -> Vec<String> {
        let mut events = Vec::new();
        let mut parser = SseParser::default();
        for part in parts {
            parser.push(part, &mut |data| events.push(data.to_owned()));
        }
        parser.end(&mut |data| events.push(data.to_owned()));
        events
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
