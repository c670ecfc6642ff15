//! Lists and ranges of numbers, as llama-bench takes them: `128,512`, `1-4`, `1-8+2`, `128-1024*2`.

use std::ops::RangeInclusive;

use crate::both;
use crate::lang::Text;

/// What is no list of numbers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.told())]
pub(in crate::commands) enum NumbersError {
    /// Nothing to count with.
    NoNumber { part: String },
    /// Smaller or larger than makes sense.
    OutOfRange { number: u32, range: RangeInclusive<u32> },
    /// A step of nothing.
    NoStep { part: String },
    /// The end lies before the start.
    NoEnd { part: String },
    /// Too many to wait for.
    TooMany { count: usize },
}

impl NumbersError {
    /// What is wrong.
    pub(in crate::commands) fn told(&self) -> Text {
        match self {
            Self::NoNumber { part } => both!(
                "`{part}` is no number and no range such as `128-512`, `1-8+2` or `128-1024*2`",
                "`{part}` 不是数，也不是 `128-512`、`1-8+2` 或 `128-1024*2` 这样的范围"
            ),
            Self::OutOfRange { number, range } => {
                let (least, most) = (range.start(), range.end());
                both!("{number} is not in {least}..={most}", "{number} 不在 {least}..={most} 之内")
            }
            Self::NoStep { part } => both!("the step of `{part}` leads nowhere", "`{part}` 的步长无法前进"),
            Self::NoEnd { part } => both!("`{part}` never reaches its end", "`{part}` 永远到不了终点"),
            Self::TooMany { count } => {
                both!("these are {count} numbers; {MOST} are the most", "共有 {count} 个数，最多 {MOST} 个")
            }
        }
    }
}

/// Numbers to try one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbers(pub Vec<u32>);

/// A clap parser for numbers within `range`.
pub(super) fn numbers(range: RangeInclusive<u32>) -> impl Fn(&str) -> Result<Numbers, NumbersError> + Clone {
    move |text| parse(text, &range)
}

/// All numbers of a flag that may be given several times, or `default` where it was not given.
pub(super) fn all(given: &[Numbers], default: u32) -> Vec<u32> {
    let all: Vec<u32> = given.iter().flat_map(|numbers| numbers.0.iter().copied()).collect();
    if all.is_empty() { vec![default] } else { all }
}

fn parse(text: &str, range: &RangeInclusive<u32>) -> Result<Numbers, NumbersError> {
    let parts = text.split(',').map(|part| steps(part.trim(), range));
    let numbers: Vec<u32> = parts.collect::<Result<Vec<_>, _>>()?.concat();
    match numbers.len() {
        ..=MOST => Ok(Numbers(numbers)),
        count => Err(NumbersError::TooMany { count }),
    }
}

/// More take too long to wait for.
const MOST: usize = 256;

/// llama-bench's `first[-last[(+|*)step]]`.
fn steps(part: &str, range: &RangeInclusive<u32>) -> Result<Vec<u32>, NumbersError> {
    let number = |text: &str| {
        let number = text.parse::<u32>().map_err(|_| NumbersError::NoNumber { part: part.to_owned() })?;
        if range.contains(&number) {
            Ok(number)
        } else {
            Err(NumbersError::OutOfRange { number, range: range.clone() })
        }
    };
    let Some((first, rest)) = part.split_once('-') else { return Ok(vec![number(part)?]) };
    let (last, factor, step) = match (rest.split_once('*'), rest.split_once('+')) {
        (Some((last, step)), _) => (last, true, step),
        (None, Some((last, step))) => (last, false, step),
        (None, None) => (rest, false, "1"),
    };
    let (first, last) = (number(first)?, number(last)?);
    let step = step.parse::<u32>().ok().filter(|step| *step > u32::from(factor));
    let step = step.ok_or_else(|| NumbersError::NoStep { part: part.to_owned() })?;
    if first > last || (factor && first == 0) {
        return Err(NumbersError::NoEnd { part: part.to_owned() });
    }
    let next = |number: &u32| {
        let next = if factor { number.checked_mul(step) } else { number.checked_add(step) };
        next.filter(|next| *next <= last)
    };
    Ok(std::iter::successors(Some(first), next).take(MOST + 1).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Vec<u32>, NumbersError> {
        parse(text, &(0..=4096)).map(|numbers| numbers.0)
    }

    #[test]
    fn lists_and_ranges_are_read_as_llama_bench_reads_them() {
        assert_eq!(parsed("512"), Ok(vec![512]));
        assert_eq!(parsed("128,512"), Ok(vec![128, 512]));
        assert_eq!(parsed("128-512*2"), Ok(vec![128, 256, 512]));
        assert_eq!(parsed("1-8+3"), Ok(vec![1, 4, 7]));
        assert_eq!(parsed("1-3,8"), Ok(vec![1, 2, 3, 8]));
        assert_eq!(parsed("100-512*2"), Ok(vec![100, 200, 400]));
    }

    #[test]
    fn what_leads_nowhere_is_refused_in_words() {
        for (text, said) in [
            ("many", "is no number"),
            ("", "is no number"),
            ("5-1", "never reaches its end"),
            ("0-8*2", "never reaches its end"),
            ("1-8*1", "leads nowhere"),
            ("1-8+0", "leads nowhere"),
            ("9999", "is not in 0..=4096"),
            ("1-4096", "256 are the most"),
        ] {
            let error = parsed(text).expect_err(text);
            assert!(error.to_string().contains(said), "{text}: {error}");
        }
    }
}
