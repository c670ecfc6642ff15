use maud::{Markup, html};

use super::marks::shape;
use super::{Frame, place};
use crate::render::text::{columns, lines};

/// A name at the right end of a line.
#[derive(Clone, Debug)]
pub(in crate::render) struct Label {
    /// Which series it names, where that has a marker.
    pub(in crate::render) series: Option<usize>,
    /// Where the line ends, in the frame's values.
    pub(in crate::render) at: (f64, f64),
    /// The name.
    pub(in crate::render) name: String,
}

/// From one line of text to the next.
const LINE: f64 = 13.0;

/// Names at the ends of lines, each behind the marker of its series, moved apart where they would lie on each other; a
/// line of a name has about so many letters, of which a Chinese character takes the room of two.
pub(in crate::render) fn end_labels(frame: &Frame<'_>, labels: &[Label], letters: usize) -> Markup {
    let ([_, right], [bottom, top]) = (frame.x.scale.range(), frame.y.scale.range());
    let mut placed: Vec<Placed<'_>> = labels
        .iter()
        .map(|label| Placed {
            label,
            end: frame.at(label.at.0, label.at.1),
            lines: folded(&label.name, letters),
        })
        .collect();
    placed.sort_by(|a, b| a.end.1.total_cmp(&b.end.1));
    let heights: Vec<f64> = placed.iter().map(|one| one.lines.len() as f64 * LINE + 3.0).collect();
    let wanted: Vec<f64> = placed.iter().map(|one| one.end.1).collect();
    html! {
        @for (one, y) in placed.iter().zip(apart(&wanted, &heights, (top, bottom))) {
            path class="leader" d=(format!(
                "M{} {}L{} {}", place(one.end.0 + 3.0), place(one.end.1), place(right + 12.0), place(y)
            )) {}
            @if let Some(series) = one.label.series { (shape(series, (right + 18.0, y))) }
            @for (at, words) in one.lines.iter().enumerate() {
                @let first = y + 4.0 - (one.lines.len() as f64 - 1.0) * LINE / 2.0;
                text class="label" x=(place(right + 27.0)) y=(place(first + at as f64 * LINE)) { (words) }
            }
        }
    }
}

/// A name, where its line ends in the drawing, and its lines of text.
struct Placed<'a> {
    label: &'a Label,
    end: (f64, f64),
    lines: Vec<String>,
}

/// Centres near the wanted ones, which rise, so that nothing overlaps and all stay between the ends where there is room.
fn apart(wanted: &[f64], heights: &[f64], (top, bottom): (f64, f64)) -> Vec<f64> {
    let mut placed = wanted.to_vec();
    let gap = |at: usize| f64::midpoint(heights[at - 1], heights[at]);
    for at in 1..placed.len() {
        placed[at] = placed[at].max(placed[at - 1] + gap(at));
    }
    let over = placed.last().map_or(0.0, |last| last - bottom).max(0.0);
    if let Some(last) = placed.last_mut() {
        *last -= over;
    }
    for at in (1..placed.len()).rev() {
        placed[at - 1] = placed[at - 1].min(placed[at] - gap(at));
    }
    let under = placed.first().map_or(0.0, |first| top - first).max(0.0);
    placed.iter().map(|y| y + under).collect()
}

/// A name in lines of at most so many letters, broken between words and, where one has no room, behind its hyphens.
fn folded(name: &str, letters: usize) -> Vec<String> {
    let mut folded = Vec::new();
    for line in lines(name, letters) {
        let mut rest = line.as_str();
        while columns(rest) > letters {
            let ends = rest.match_indices('-').map(|(at, _)| at + 1);
            let Some(end) = ends.take_while(|end| columns(&rest[..*end]) <= letters).last() else { break };
            folded.push(rest[..end].to_owned());
            rest = &rest[end..];
        }
        folded.push(rest.to_owned());
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_that_would_lie_on_each_other_are_moved_apart() {
        let placed = apart(&[10.0, 11.0, 12.0], &[14.0; 3], (0.0, 100.0));
        assert!(placed.windows(2).all(|pair| pair[1] - pair[0] >= 14.0 - 1e-9), "{placed:?}");
        let placed = apart(&[95.0, 99.0, 99.0], &[14.0; 3], (0.0, 100.0));
        assert!(placed[2] <= 100.0 + 1e-9 && placed.windows(2).all(|pair| pair[1] - pair[0] >= 14.0 - 1e-9));
    }

    #[test]
    fn long_names_are_folded_between_words() {
        let lines = folded("NVIDIA RTX PRO 6000 Blackwell Workstation Edition", 25);
        assert_eq!(lines, ["NVIDIA RTX PRO 6000", "Blackwell Workstation", "Edition"]);
        let lines = folded("DeepSeek-R1-Distill-Qwen-32B at DeepInfra", 22);
        assert_eq!(lines, ["DeepSeek-R1-Distill-", "Qwen-32B", "at DeepInfra"]);
    }
}
