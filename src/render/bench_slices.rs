//! A model foretold from slices of its layers, drawn.

use std::io;

use crate::bench::{Extrapolation, LayerKind, Parts};
use crate::units::Seconds;

/// Says from what it was foretold, and what a token is made of.
pub(super) fn draw(extrapolation: &Extrapolation, out: &mut dyn io::Write) -> io::Result<()> {
    let Extrapolation { layers, slices, prefill, decode, shortage } = extrapolation;
    let counts: Vec<_> = slices.iter().map(|slice| slice.layers.to_string()).collect();
    writeln!(out, "foretold from slices of {} of {layers} layers, run in turns", counts.join(", "))?;
    for (name, parts, whole) in [("prefill", prefill, "the prompt"), ("decode", decode, "a token")] {
        match parts {
            Some(parts) if parts.fixed_seconds < 0.0 => writeln!(
                out,
                "  {name}: {}; {whole} takes {}, less {}, for what of the last layer nobody asks for",
                likely(parts),
                by_layer(parts),
                time(-parts.fixed_seconds)
            )?,
            Some(parts) => writeln!(
                out,
                "  {name}: {}; {whole} takes {} for embedding, output and the engine's own work, {}",
                likely(parts),
                time(parts.fixed_seconds),
                by_layer(parts)
            )?,
            None if slices.iter().any(|slice| slice.decode_seconds_per_token.is_some()) => writeln!(
                out,
                "  {name}: not told; the slices contradict each other, so something else used the machine"
            )?,
            None => {}
        }
    }
    if let Some(shortage) = shortage {
        writeln!(
            out,
            "the whole does not fit here: {} of {} are needed and {} are free; these are the speeds of a machine like \
             this one with as much",
            shortage.needed_bytes, shortage.device, shortage.available_bytes
        )?;
    }
    Ok(())
}

fn likely(parts: &Parts) -> String {
    let digits = usize::from(parts.interval.high < 20.0) + usize::from(parts.interval.high < 1.0);
    format!("likely {:.digits$} to {:.digits$} tok/s", parts.interval.low, parts.interval.high)
}

fn by_layer(parts: &Parts) -> String {
    let layer = |kind| if kind == LayerKind::Experts { "layers of experts" } else { "layers" };
    let said = parts
        .layers
        .iter()
        .map(|part| format!("{} for each of {} {}", time(part.seconds), part.count, layer(part.kind)));
    said.collect::<Vec<_>>().join(", ")
}

/// Short times, which whole milliseconds would hide.
fn time(seconds: f64) -> String {
    if seconds.abs() < 0.0995 { format!("{:.2} ms", seconds * 1e3) } else { Seconds(seconds).to_string() }
}
