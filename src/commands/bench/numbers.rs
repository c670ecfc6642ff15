//! Lists and ranges of numbers, as llama-bench takes them: `128,512`, `1-4`, `1-8+2`, `128-1024*2`.

use std::ops::RangeInclusive;

use crate::commands::typed::{MOST as MOST_NUMBER, whole};
use crate::message;
use crate::message::Message;

/// What is wrong with a list of numbers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message())]
pub(crate) enum NumbersError {
    /// Neither a number nor a range.
    NoNumber { part: String },
    /// Smaller or larger than makes sense.
    OutOfRange { number: u32, range: RangeInclusive<u32> },
    /// A step that does not advance.
    NoStep { part: String },
    /// The end lies before the start.
    NoEnd { part: String },
    /// More than [`MOST`].
    TooMany { count: usize },
}

impl NumbersError {
    pub(crate) fn message(&self) -> Message {
        match self {
            Self::NoNumber { part } => message!(BenchNumbersNone { part }),
            Self::OutOfRange { number, range } => {
                message!(BenchNumbersRange { number, least: range.start(), most: range.end() })
            }
            Self::NoStep { part } => message!(BenchNumbersStep { part }),
            Self::NoEnd { part } => message!(BenchNumbersEnd { part }),
            Self::TooMany { count } => message!(BenchNumbersMany { count, most: MOST }),
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
        let number = whole::<u32>(0..=MOST_NUMBER)(text)
            .map_err(|_| NumbersError::NoNumber { part: part.to_owned() })?;
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
    fn what_leads_nowhere_is_refused() {
        for (text, code) in [
            ("many", "bench-numbers-none"),
            ("", "bench-numbers-none"),
            ("5-1", "bench-numbers-end"),
            ("0-8*2", "bench-numbers-end"),
            ("1-8*1", "bench-numbers-step"),
            ("1-8+0", "bench-numbers-step"),
            ("9999", "bench-numbers-range"),
            ("1-4096", "bench-numbers-many"),
        ] {
            assert_eq!(parsed(text).expect_err(text).message().code(), code, "{text}");
        }
    }
}
