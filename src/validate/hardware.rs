//! Names of hardware as people write them in tables.

/// What stands outside of parentheses, and what stands inside, at commas taken apart.
pub(super) fn parts(text: &str) -> (String, Vec<String>) {
    let (mut outside, mut inside) = (String::new(), Vec::new());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('(') {
        let (within, behind) = after.split_once(')').unwrap_or((after, ""));
        outside.push_str(before);
        inside.extend(within.split([',', ';']).map(|part| part.trim().to_owned()));
        rest = behind;
    }
    outside.push_str(rest);
    (outside.split_whitespace().collect::<Vec<_>>().join(" "), inside)
}
