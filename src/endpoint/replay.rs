use std::time::Instant;

use super::arrival::Arrival;
use super::reply::Incoming;
use super::{Endless, Event, Failure, Reply, SseParser};

/// The answer that a recorded stream of events holds, as if all of it had come at once.
pub fn replay(stream: &[u8]) -> Result<Reply, Failure> {
    let (mut parser, mut incoming) = (SseParser::default(), Incoming::default());
    let arrival = Arrival::prompt(Instant::now());
    let mut wrong = Ok(());
    let mut take = |event: Event<'_>| {
        if wrong.is_ok() {
            wrong = incoming.event(event, arrival);
        }
    };
    parser.push(stream, &mut take).map_err(|Endless| Failure::Endless)?;
    parser.end(&mut take);
    wrong?;
    incoming.whole()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recorded_stream_is_read_as_a_served_one() {
        let stream = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\ndata: [DONE]\n\n";
        assert_eq!(replay(stream.as_bytes()).unwrap().answer_pieces, 1);
        assert!(replay(b"data: no JSON\n\n").is_err());
    }
}
