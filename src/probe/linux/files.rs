//! Small readers of the files that the kernel makes up: every one of them may be absent.

use std::fs;
use std::path::Path;
use std::str::FromStr;

/// The text of a file without its last newline, or `None` where it is absent, empty or unreadable.
pub(super) fn text(path: &Path) -> Option<String> {
    let mut text = fs::read_to_string(path).ok()?;
    text.truncate(text.trim_end().len());
    (!text.is_empty()).then_some(text)
}

/// The number that a file holds.
pub(super) fn number<T: FromStr>(path: &Path) -> Option<T> {
    text(path)?.trim().parse().ok()
}

/// The number that a file holds in hexadecimal, such as `0x10de`.
pub(super) fn hexadecimal(path: &Path) -> Option<u32> {
    u32::from_str_radix(text(path)?.trim_start_matches("0x"), 16).ok()
}

/// The numbers of a list as the kernel writes it, such as `0-3,8`.
pub(super) fn list(text: &str) -> impl Iterator<Item = u32> {
    text.split(',').filter_map(range).flatten()
}

fn range(part: &str) -> Option<std::ops::RangeInclusive<u32>> {
    let (first, last) = part.split_once('-').unwrap_or((part, part));
    Some(first.trim().parse().ok()?..=last.trim().parse().ok()?)
}

/// The names in a folder, sorted by their length and then their letters, so that `card10` follows `card2`.
pub(super) fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> =
        entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    names.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kernel_lists_are_ranges_and_single_numbers() {
        assert_eq!(list("0-3,8,10-11").collect::<Vec<_>>(), [0, 1, 2, 3, 8, 10, 11]);
        assert_eq!(list("").count(), 0);
    }
}
