//! The words of a name or a description, cut the same way in what people type and in what the catalog has. The build reads
//! this too: see `build/catalog.rs`.

use std::ops::Range;

/// A word in lower case, and where it stands in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) span: Range<usize>,
    /// Whether it stands in parentheses.
    pub(crate) inside: bool,
}

/// Brands that people glue to the number behind them: `rtx4090`, `ryzen7`, `rpi5`.
const BRANDS: &[&str] = &[
    "rtx",
    "gtx",
    "gts",
    "gt",
    "rx",
    "radeon",
    "geforce",
    "quadro",
    "tesla",
    "titan",
    "vega",
    "arc",
    "uhd",
    "hd",
    "ryzen",
    "epyc",
    "xeon",
    "threadripper",
    "ultra",
    "fx",
    "iphone",
    "pixel",
    "rpi",
    "pi",
    "graviton",
    "instinct",
    "kunpeng",
    "gen",
    "gaudi",
    "snapdragon",
    "dimensity",
    "orin",
    "xavier",
];

/// The words of a text.
pub(crate) fn words(text: &str) -> Vec<Word> {
    cut(text, &[])
}

/// The words of a pattern, in which `#` and `*` stand for characters.
pub(crate) fn pattern_words(pattern: &str) -> Vec<String> {
    cut(pattern, &['#', '*']).into_iter().map(|word| word.text).collect()
}

fn cut(text: &str, kept: &[char]) -> Vec<Word> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let mut words = Vec::new();
    let keeps_stars = kept.contains(&'*');
    let (mut start, mut depth) = (None, 0_usize);
    for (at, &(byte, c)) in chars.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| chars[before].1);
        let after = chars.get(at + 1).map(|(_, after)| *after);
        let is_sign = is_times(c) || (c == '*' && !keeps_stars);
        // A point belongs to a number or to a name of an instance: `1.5TB`, `g5.2xlarge`.
        let is_point =
            c == '.' && before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric);
        let belongs = kept.contains(&c) || is_sign || is_point || (c.is_alphanumeric() && !is_mark(c));
        let is_border = before.is_some_and(|before| is_ideograph(before) != is_ideograph(c));
        if let Some(from) = start
            && (!belongs || is_border)
        {
            push(&mut words, text, from..byte, depth > 0, keeps_stars);
            start = None;
        }
        if belongs {
            start.get_or_insert(byte);
        }
        match c {
            '(' | '（' | '[' => depth += 1,
            ')' | '）' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    if let Some(from) = start {
        push(&mut words, text, from..text.len(), depth > 0, keeps_stars);
    }
    words.retain(|word| !is_trade_mark(text, word));
    words
}

/// `(R)` and `(TM)`.
fn is_trade_mark(text: &str, word: &Word) -> bool {
    matches!(word.text.as_str(), "r" | "tm")
        && text[..word.span.start].ends_with('(')
        && text[word.span.end..].starts_with(')')
}

const fn is_mark(c: char) -> bool {
    matches!(c, '®' | '™' | '©')
}

fn is_ideograph(c: char) -> bool {
    ('\u{2e80}'..='\u{9fff}').contains(&c)
}

/// Adds a run of letters and digits, at counts and brands that are glued to it taken apart.
fn push(words: &mut Vec<Word>, text: &str, span: Range<usize>, inside: bool, keeps_stars: bool) {
    let run: Vec<(usize, char)> = text[span.clone()]
        .char_indices()
        .map(|(at, c)| {
            (span.start + at, if is_times(c) || (c == '*' && !keeps_stars) { 'x' } else { lower(c) })
        })
        .collect();
    let letters: String = run.iter().map(|(_, c)| c).collect();
    let mut from = 0;
    for to in cuts(&letters).into_iter().chain([run.len()]).filter(|to| *to > 0) {
        if to > from {
            let end = run.get(to).map_or(span.end, |(at, _)| *at);
            let text = run[from..to].iter().map(|(_, c)| c).collect();
            words.push(Word { text, span: run[from].0..end, inside });
        }
        from = to;
    }
}

const fn is_times(c: char) -> bool {
    matches!(c, '×' | '✕')
}

fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

/// Where a run is cut, in characters: behind `2x` of `2x3090`, before `x2` of `4090x2`, behind `rtx` of `rtx4090`.
fn cuts(run: &str) -> Vec<usize> {
    if !run.is_ascii() || run.contains('.') {
        return Vec::new();
    }
    let digits = run.len() - run.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = run[digits..].strip_prefix('x').unwrap_or_default();
    if (1..=2).contains(&digits) && rest.len() > 1 && rest.contains(|c: char| c.is_ascii_digit()) {
        let behind = run.len() - rest.len();
        return [behind].into_iter().chain(cuts(rest).into_iter().map(|at| at + behind)).collect();
    }
    let before = run.trim_end_matches(|c: char| c.is_ascii_digit());
    let count = run.len() - before.len();
    if let Some(name) = before.strip_suffix('x')
        && (1..=2).contains(&count)
        && name.len() > 2
        && name.ends_with(|c: char| c.is_ascii_digit() || c == 'x' || c == 's')
        && name.contains(|c: char| c.is_ascii_digit())
    {
        return cuts(name).into_iter().chain([name.len()]).collect();
    }
    let is_number = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit() || c == '#');
    // `GT2` is a size of Intel's graphics.
    let is_size = run.starts_with("gt") && run.len() < 5;
    let brand = BRANDS.iter().find(|brand| run.strip_prefix(**brand).is_some_and(is_number) && !is_size);
    brand.map(|brand| brand.len()).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_into_the_words_that_people_mean() {
        for (text, expected) in [
            ("2x3090", "2x 3090"),
            ("3090*2", "3090 x2"),
            ("2 × RTX4090", "2 x rtx 4090"),
            ("mi300x x8", "mi300x x8"),
            ("8xMI300X", "8x mi300x"),
            ("2*7900xtx", "2x 7900xtx"),
            ("7900xtx", "7900xtx"),
            ("5800X3D", "5800x3d"),
            ("i5-12400F/rtx3060ti,32GB", "i5 12400f rtx 3060ti 32gb"),
            ("Intel(R) Core(TM) i7-8750H CPU @ 2.20GHz", "intel core i7 8750h cpu 2.20ghz"),
            ("Ryzen AI Max+ 395", "ryzen ai max 395"),
            ("昇腾910B 64G显存", "昇腾 910b 64g 显存"),
            ("g5.2xlarge.", "g5.2xlarge"),
            ("Standard_ND96isr_H100_v5", "standard nd96isr h100 v5"),
            ("4x16GB", "4x 16gb"),
        ] {
            let told: Vec<_> = words(text).into_iter().map(|word| word.text).collect();
            assert_eq!(told.join(" "), expected, "{text}");
        }
    }

    #[test]
    fn a_word_knows_where_it_stands() {
        let text = "Größe 2×RTX4090 (16GB)";
        let told: Vec<_> = words(text).into_iter().map(|word| (&text[word.span], word.inside)).collect();
        let expected = [("Größe", false), ("2×", false), ("RTX", false), ("4090", false), ("16GB", true)];
        assert_eq!(told, expected);
    }
}
