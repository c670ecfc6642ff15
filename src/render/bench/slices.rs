//! A model predicted from slices of its layers.

use std::io;

use super::{name, precise};
use crate::bench::{Extrapolation, LayerKind, LayerPart, Parts, Test};
use crate::message;
use crate::message::{Message, Value, enumeration, fixed, phrases};
use crate::render::text::paragraph;
use crate::render::{Style, wrapped};

/// From which slices it was predicted, and what a token is made of.
pub(super) fn draw(
    extrapolation: &Extrapolation,
    style: Style<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let Extrapolation { layers, slices, prefill, decode, shortage } = extrapolation;
    let counts = enumeration(slices.iter().map(|slice| slice.layers));
    paragraph(message!(BenchSlices { counts, layers }), style, out)?;
    for (test, parts) in [(Test::Prefill, prefill), (Test::Decode, decode)] {
        let said = match parts {
            Some(parts) => made_of(test, parts),
            None if slices.iter().any(|slice| slice.decode_seconds_per_token.is_some()) => {
                message!(BenchSlicesContradict { test: name(test) })
            }
            None => continue,
        };
        wrapped("  ", &style.locale.say(&said), style, out)?;
    }
    let Some(shortage) = shortage else { return Ok(()) };
    let said = message!(BenchSlicesShortage {
        needed: shortage.needed_bytes,
        device: &shortage.device,
        available: shortage.available_bytes,
    });
    paragraph(said, style, out)
}

fn made_of(test: Test, parts: &Parts) -> Message {
    let whole = match test {
        Test::Prefill => message!(BenchSlicesPrompt),
        Test::Decode => message!(BenchSlicesToken),
    };
    let (interval, layers) = (likely(parts), phrases(parts.layers.iter().map(layer)));
    let (test, fixed) = (name(test), precise(parts.fixed_seconds.abs()));
    if parts.fixed_seconds < 0.0 {
        message!(BenchSlicesLess { test, interval, whole, layers, fixed })
    } else {
        message!(BenchSlicesParts { test, interval, whole, fixed, layers })
    }
}

fn likely(parts: &Parts) -> Message {
    let digits = usize::from(parts.interval.high < 20.0) + usize::from(parts.interval.high < 1.0);
    let [low, high] = [parts.interval.low, parts.interval.high].map(|rate| fixed(rate, digits));
    message!(BenchSlicesInterval { low, high })
}

fn layer(part: &LayerPart) -> Value {
    let (time, count) = (precise(part.seconds), part.count);
    match part.kind {
        LayerKind::Dense => message!(BenchSlicesDense { time, count }),
        LayerKind::Experts => message!(BenchSlicesExperts { time, count }),
    }
    .into()
}
