//! Whatever a server streams, it is an answer or a failure of that server, and no longer than what was sent.
#![no_main]

use libfuzzer_sys::fuzz_target;
use r1_advisor::endpoint::{Event, SseParser, replay};

fuzz_target!(|bytes: &[u8]| {
    // In one piece, and in pieces that break anywhere: the events are the same.
    let whole = events(std::iter::once(bytes));
    let size = usize::from(bytes.first().copied().unwrap_or(0)) % 7 + 1;
    assert_eq!(whole, events(bytes.chunks(size)));
    // A byte that is no UTF-8 takes three to say so.
    assert!(whole.iter().map(|(_, data)| data.len()).sum::<usize>() <= 3 * bytes.len());
    match replay(bytes) {
        Ok(reply) => assert!(reply.tokens().reasoning <= reply.tokens().output),
        Err(failure) => drop(failure.to_string()),
    }
});

fn events<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> Vec<(String, String)> {
    let (mut parser, mut events) = (SseParser::default(), Vec::new());
    let mut take = |event: Event<'_>| events.push((event.name.to_owned(), event.data.to_owned()));
    for piece in pieces {
        if parser.push(piece, &mut take).is_err() {
            return events;
        }
    }
    parser.end(&mut take);
    events
}
