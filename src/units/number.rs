/// A number as people type it: `16384`, `16,384`, `16_384`, `7.9`, `1e6`. Separators stand between groups of three digits, so
/// that `16,3` is none, and neither is `inf` or `nan`. Whether it may be negative or has to be whole is the caller's.
#[must_use]
pub fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let (sign, rest) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let end = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, ',' | '_'))).unwrap_or(rest.len());
    let (whole, fraction) = rest.split_at(end);
    let separator = if whole.contains(',') { ',' } else { '_' };
    let mut groups = whole.split(separator);
    let first = groups.next().unwrap_or_default();
    let is_grouped = !whole.contains(separator)
        || ((1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3));
    let digits: String = whole.split(separator).collect();
    if !is_grouped || digits.contains(['_', ',']) || rest.starts_with(['+', '-']) {
        return None;
    }
    let begins_right = rest.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    format!("{sign}{digits}{fraction}")
        .parse::<f64>()
        .ok()
        .filter(|number| number.is_finite() && begins_right)
}

/// The number and its unit: `64 GiB`, `1.5k`, `250ms`.
#[must_use]
pub fn with_unit(text: &str) -> (&str, &str) {
    let text = text.trim();
    let number = text.trim_end_matches(|c: char| c.is_alphabetic() || c == '/');
    (number.trim_end(), &text[number.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        for (text, read) in [
            ("16384", 16_384.0),
            ("16,384", 16_384.0),
            ("16_384", 16_384.0),
            ("1,234,567.5", 1_234_567.5),
            ("7.9", 7.9),
            (".5", 0.5),
            ("1e6", 1e6),
            ("1.5E-3", 1.5e-3),
            (" 4 ", 4.0),
            ("-5", -5.0),
            ("-1,000", -1000.0),
        ] {
            assert_eq!(number(text), Some(read), "{text}");
        }
        for text in [
            "",
            "-",
            ".",
            "16,3",
            "1,2345",
            ",123",
            "1,,234",
            "1,234_567",
            "nan",
            "inf",
            "-inf",
            "infinity",
            "1e999",
            "0x10",
            "--5",
            "+-5",
            "5%",
            "five",
            "1 000",
        ] {
            assert_eq!(number(text), None, "{text}");
        }
        assert_eq!(with_unit("1.5 TiB"), ("1.5", "TiB"));
        assert_eq!(with_unit("1e6"), ("1e6", ""));
        assert_eq!(with_unit("200 tok/s"), ("200", "tok/s"));
    }
}
