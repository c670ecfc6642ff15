//! A count and a name, as people type them: `2x RTX 3090`, `4090 x2`, `2*3090`, `dual 3090`.

/// A name with a count, such as `2x RTX 3090`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted<'a> {
    /// Without the count.
    pub name: &'a str,
    /// 1 where none is typed.
    pub count: u32,
}

/// No machine has more of one thing.
const MOST: u32 = 64;

/// A number before a name, with nothing between, counts up to here: `8 RTX 4090`.
const MOST_WITHOUT_SIGN: u32 = 16;

/// Words that count.
const WORDS: &[(&str, u32)] = &[
    ("single", 1),
    ("one", 1),
    ("dual", 2),
    ("two", 2),
    ("three", 3),
    ("quad", 4),
    ("four", 4),
    ("eight", 8),
];

impl<'a> Counted<'a> {
    /// A count of one.
    #[must_use]
    pub const fn one(name: &'a str) -> Self {
        Self { name, count: 1 }
    }

    /// The name with the count before or behind it. `None` where there is no count.
    #[must_use]
    pub fn in_text(text: &'a str) -> Option<Self> {
        Self::in_front(text).or_else(|| Self::behind(text))
    }

    /// The count before an `x`, or a word that counts. In `7900 XTX` and `7900XTX` the number is a part of the name.
    #[must_use]
    pub fn in_front(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, rest) = text.split_at(digits);
        let Some(count) = number.parse().ok().filter(|count: &u32| *count <= MOST) else {
            let (word, name) = text.split_once(' ')?;
            let (_, count) = WORDS.iter().find(|(known, _)| word.eq_ignore_ascii_case(known))?;
            return Some(Self { name: name.trim(), count: *count });
        };
        let name = match rest.trim_start().strip_prefix(['x', 'X', '×', '*']) {
            Some(name) => name.trim(),
            // `8 RTX 4090`, but not `64 core`.
            None if rest.starts_with(' ') && count <= MOST_WITHOUT_SIGN && is_numbered(rest) => rest.trim(),
            None => return None,
        };
        (!name.is_empty()).then_some(Self { name, count })
    }

    /// The count behind an `x`. In `MI300X 8` and `MLU370-X8` the letter is a part of the name.
    fn behind(text: &'a str) -> Option<Self> {
        let text = text.trim().trim_end_matches(')');
        let before = text.trim_end_matches(|c: char| c.is_ascii_digit());
        let count = text[before.len()..].parse().ok().filter(|count: &u32| *count <= MOST)?;
        let sign = before.trim_end();
        let name = sign.strip_suffix(['x', 'X', '×', '*'])?;
        let letter = sign.ends_with(['x', 'X']);
        let glued = name.ends_with(|c: char| c.is_ascii_digit()) && sign.len() == before.len();
        let apart = name.ends_with([' ', '(', ')']);
        let name = name.trim_end_matches([' ', '(']);
        ((!letter || glued || apart) && !name.is_empty()).then_some(Self { name, count })
    }
}

/// Whether a name has a number that is not one of cores.
fn is_numbered(name: &str) -> bool {
    let name = name.trim().to_ascii_lowercase();
    name.contains(|c: char| c.is_ascii_digit()) && !name.starts_with("core")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_stands_before_or_behind_a_name_as_people_type_it() {
        for (text, name, count) in [
            ("2x RTX 3090", "RTX 3090", 2),
            ("8xH20", "H20", 8),
            ("4 × RTX 4090", "RTX 4090", 4),
            ("2*3090", "3090", 2),
            ("2 * 3090", "3090", 2),
            ("2x7900xtx", "7900xtx", 2),
            ("2 RTX 4090", "RTX 4090", 2),
            ("4 4090", "4090", 4),
            ("dual 3090", "3090", 2),
            ("Quad RTX 4090", "RTX 4090", 4),
            ("RTX 4090 x2", "RTX 4090", 2),
            ("RTX 4090 x 2", "RTX 4090", 2),
            ("RTX 4090 ×2", "RTX 4090", 2),
            ("4090x2", "4090", 2),
            ("3090*2", "3090", 2),
            ("mi300x x8", "mi300x", 8),
            ("mi300x*8", "mi300x", 8),
            ("MI300X (x8)", "MI300X", 8),
            ("7900 XTX x2", "7900 XTX", 2),
            ("EPYC 9654 x2", "EPYC 9654", 2),
            ("0x H100", "H100", 0),
        ] {
            assert_eq!(Counted::in_text(text), Some(Counted { name, count }), "{text}");
        }
    }

    #[test]
    fn a_number_that_is_part_of_a_name_is_no_count() {
        for text in [
            "7900 XTX",
            "7900xtx",
            "4090",
            "RTX 4090",
            "mi300x 8",
            "MLU370-X8",
            "64 core EPYC",
            "32-core EPYC 9354",
            "2",
            "x2",
            "2x",
            "Snapdragon 8 Gen 3",
            "Raspberry Pi 5",
            "m2 ultra 192",
            "i7-8750H",
            "",
        ] {
            assert_eq!(Counted::in_text(text), None, "{text}");
        }
    }
}
