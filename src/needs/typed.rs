//! Values as people type them, on the command line and in needs files: `32k`, `3%`, `2min`, `$2,500`.

use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::{EnumValueParser, ValueParser};

use super::{Priority, Privacy};
use crate::catalog::{Benchmark, Licence};
use crate::message;
use crate::message::{Message, alternatives};
use crate::run_config::KvType;
use crate::units::{Bytes, Seconds, number, with_unit};

/// A text that a flag cannot take.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{}", self.message())]
pub enum FlagError {
    /// Not a length in tokens.
    Tokens {
        /// What was typed.
        text: String,
    },
    /// Not a share.
    Share {
        /// What was typed.
        text: String,
    },
    /// Not a percentage.
    Percent {
        /// What was typed.
        text: String,
    },
    /// Not a span of time.
    Span {
        /// What was typed.
        text: String,
    },
    /// Not an amount of money.
    Money {
        /// What was typed.
        text: String,
    },
    /// Not a limit on a benchmark.
    Minimum {
        /// What was typed.
        text: String,
    },
    /// No benchmark of that name.
    Benchmark {
        /// What was typed.
        name: String,
        /// The nearest name.
        nearest: Option<String>,
    },
    /// No model has that licence.
    Licence {
        /// What was typed.
        name: String,
    },
    /// Not one of a closed set of words.
    Choice {
        /// What was typed.
        text: String,
        /// The words, in the order that they are shown.
        known: Vec<String>,
    },
    /// Not a size of memory.
    Size {
        /// What was typed.
        text: String,
    },
    /// Not a whole number within limits.
    Whole {
        /// What was typed.
        text: String,
        /// The least and the most.
        range: RangeInclusive<u64>,
    },
    /// Not a day.
    Day {
        /// What was typed.
        text: String,
    },
    /// Not a day, a month or a year.
    Date {
        /// What was typed.
        text: String,
    },
    /// Not a currency.
    Currency {
        /// What was typed.
        text: String,
    },
    /// Not a number that is large enough.
    Positive {
        /// What was typed.
        text: String,
    },
    /// Not a number within limits.
    Within {
        /// What was typed.
        text: String,
        /// The largest that is taken.
        most: f64,
    },
    /// Not a number of layers.
    Layers {
        /// What was typed.
        text: String,
    },
    /// Not the shares of GPUs.
    GpuShares {
        /// What was typed.
        text: String,
    },
}

impl FlagError {
    /// What is wrong with it, and how it is written.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::Tokens { text } => message!(NeedsNotTokens { text }),
            Self::Share { text } => message!(NeedsNotAShare { text }),
            Self::Percent { text } => message!(NeedsNotAPercentage { text }),
            Self::Span { text } => message!(NeedsNotATime { text }),
            Self::Money { text } => message!(NeedsNotMoney { text }),
            Self::Minimum { text } => message!(NeedsNotAMinimum { text }),
            Self::Benchmark { name, nearest: Some(nearest) } => {
                message!(NeedsUnknownBenchmarkNear { name, nearest })
            }
            Self::Benchmark { name, nearest: None } => message!(NeedsUnknownBenchmark { name }),
            Self::Licence { name } => {
                message!(NeedsUnknownLicence { name, known: alternatives(Licence::KNOWN) })
            }
            Self::Choice { text, known } => {
                message!(NeedsNotAChoice {
                    text,
                    known: alternatives(known.iter().map(|word| format!("`{word}`")))
                })
            }
            Self::Size { text } => message!(NeedsNotASize { text }),
            Self::Whole { text, range } => match number(text).filter(|number| number.fract() == 0.0) {
                Some(_) => message!(NeedsWholeOutOfRange { text, least: *range.start(), most: *range.end() }),
                None => message!(NeedsNotWhole { text }),
            },
            Self::Day { text } => message!(NeedsNotADay { text }),
            Self::Date { text } => message!(NeedsNotADate { text }),
            Self::Currency { text } => message!(NeedsNotACurrency { text }),
            Self::Positive { text } => message!(NeedsNotPositive { text }),
            Self::Within { text, most } => message!(NeedsNotWithin { text, most: most.to_string() }),
            Self::Layers { text } => message!(NeedsNotLayers { text }),
            Self::GpuShares { text } => message!(NeedsNotGpuShares { text }),
        }
    }
}

/// A value that can be read from what people type, alike on the command line and in a file.
pub trait Typed: Clone + Send + Sync + Sized + 'static {
    /// The value of a text.
    fn read(text: &str) -> Result<Self, FlagError>;

    /// The same for a flag; closed sets are listed in help.
    fn parser() -> ValueParser {
        ValueParser::new(Self::read)
    }
}

macro_rules! typed {
    ($(from_str $from:ty;)* $(choice $choice:ty;)* $(own $own:ty = $read:expr;)*) => {
        $(impl Typed for $from {
            fn read(text: &str) -> Result<Self, FlagError> {
                text.parse()
            }
        })*
        $(impl Typed for $choice {
            fn read(text: &str) -> Result<Self, FlagError> {
                choice(text)
            }

            fn parser() -> ValueParser {
                EnumValueParser::<Self>::new().into()
            }
        })*
        $(impl Typed for $own {
            fn read(text: &str) -> Result<Self, FlagError> {
                $read(text)
            }
        })*
    };
}

typed! {
    from_str Tokens;
    from_str Percent;
    from_str Span;
    from_str Money;
    from_str Positive;
    from_str Minimum;
    from_str LicenceName;
    from_str AskedCurrency;
    choice KvType;
    choice Privacy;
    choice Priority;
    own String = |text: &str| Ok(text.to_owned());
    own PathBuf = |text: &str| Ok(PathBuf::from(text));
    own jiff::civil::Date = day;
    own Share = |text: &str| share(text).map(Share);
    own Jobs = |text: &str| within(text, 1e4).map(Jobs);
    own Sequences = |text: &str| whole(1..=256)(text).map(Sequences);
    own Years = |text: &str| whole(1..=10)(text).map(Years);
    own Bytes = |text: &str| size(text);
}

fn choice<T: clap::ValueEnum>(text: &str) -> Result<T, FlagError> {
    T::from_str(text, false).map_err(|_| {
        let values = T::value_variants().iter().filter_map(clap::ValueEnum::to_possible_value);
        let known = values.map(|value| value.get_name().to_owned()).collect();
        FlagError::Choice { text: text.to_owned(), known }
    })
}

/// Reads a whole number within `range`, for every flag that takes one.
pub fn whole<T: TryFrom<u64>>(
    range: RangeInclusive<u64>,
) -> impl Fn(&str) -> Result<T, FlagError> + Clone + Send + Sync + 'static {
    move |text| {
        #[expect(clippy::cast_sign_loss, reason = "from zero on")]
        let read = || {
            number(text).filter(|number| *number >= 0.0 && number.fract() == 0.0).map(|number| number as u64)
        };
        // A seed may have more digits than a float.
        let number = text.trim().parse().ok().or_else(read);
        let number =
            number.filter(|number| range.contains(number)).and_then(|number| T::try_from(number).ok());
        number.ok_or_else(|| FlagError::Whole { text: text.to_owned(), range: range.clone() })
    }
}

/// The most that a number of the flags is: that of 32 bits.
pub const MOST: u64 = u32::MAX as u64;

/// More GiB of memory than any machine has.
const MOST_GIB: f64 = 65_536.0;

/// A size of memory: `64GiB`, `64 GB`; a bare number is GiB, as memory is sold.
pub fn size(text: &str) -> Result<Bytes, FlagError> {
    let bare = number(text).filter(|gib| (0.0..=MOST_GIB).contains(gib));
    let bytes = bare.map(|gib| Bytes::gib(1).share(gib)).or_else(|| text.parse().ok());
    bytes.ok_or_else(|| FlagError::Size { text: text.to_owned() })
}

/// A share of one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share(pub f64);

/// Full-time jobs, which may be none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Jobs(pub f64);

/// Conversations at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sequences(pub u32);

/// A term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Years(pub u32);

macro_rules! number {
    ($($of:ty),+) => {
        $(impl From<$of> for f64 {
            fn from(typed: $of) -> Self {
                typed.0.into()
            }
        })+
    };
}

number!(Share, Jobs, Positive, Money, Percent, Tokens, Years);

/// A currency and what a US dollar is worth in it, as of a day: `CNY=7.1@2026-11-20`, or of the catalog `CNY`.
#[derive(Clone, Debug, PartialEq)]
pub struct AskedCurrency {
    /// Such as `CNY`.
    pub code: String,
    /// What a US dollar is worth, and of which day.
    pub rate: Option<(f64, jiff::civil::Date)>,
}

impl FromStr for AskedCurrency {
    type Err = FlagError;

    fn from_str(text: &str) -> Result<Self, FlagError> {
        let wrong = || FlagError::Currency { text: text.to_owned() };
        let (code, rate) = match text.split_once('=') {
            None => (text, None),
            Some((code, rate)) => {
                let (rate, date) = rate.split_once('@').ok_or_else(wrong)?;
                let rate = positive(rate).map_err(|_| wrong())?;
                (code, Some((rate, date.trim().parse().map_err(|_| wrong())?)))
            }
        };
        let code = code.trim().to_ascii_uppercase();
        let is_code = code.len() == 3 && code.chars().all(|c| c.is_ascii_uppercase());
        if is_code { Ok(Self { code, rate }) } else { Err(wrong()) }
    }
}

/// A length in tokens: `8192`, `8k`, `128K`, `1M`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tokens(pub u32);

impl FromStr for Tokens {
    type Err = FlagError;

    fn from_str(text: &str) -> Result<Self, FlagError> {
        context_length(text).map(Self)
    }
}

/// A percentage: `3` or `3%`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Percent(pub f64);

impl FromStr for Percent {
    type Err = FlagError;

    fn from_str(text: &str) -> Result<Self, FlagError> {
        let percent = number(text.trim().trim_end_matches('%'));
        let percent = percent.filter(|percent| (0.0..=100.0).contains(percent));
        percent.map(Self).ok_or_else(|| FlagError::Percent { text: text.to_owned() })
    }
}

/// The longest span that anybody means: a week is for ever, and no clock runs over.
const FOR_EVER: f64 = 604_800.0;

/// A span of time: `90`, `90s`, `1.5min`, `1h`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span(pub Seconds);

impl From<Span> for Seconds {
    fn from(span: Span) -> Self {
        span.0
    }
}

impl From<Span> for std::time::Duration {
    fn from(span: Span) -> Self {
        Self::from_secs_f64(span.0.0)
    }
}

impl FromStr for Span {
    type Err = FlagError;

    fn from_str(text: &str) -> Result<Self, FlagError> {
        let (written, unit) = with_unit(text);
        let scale = match unit.to_ascii_lowercase().as_str() {
            "ms" => 1e-3,
            "" | "s" | "sec" | "second" | "seconds" => 1.0,
            "m" | "min" | "minute" | "minutes" => 60.0,
            "h" | "hour" | "hours" => 3600.0,
            _ => 0.0,
        };
        let seconds = number(written).map(|number| (number * scale).min(FOR_EVER));
        let seconds = seconds.filter(|seconds| seconds.is_finite() && *seconds > 0.0);
        seconds.map(|seconds| Self(Seconds(seconds))).ok_or_else(|| FlagError::Span { text: text.to_owned() })
    }
}

/// An amount of US dollars: `2500`, `$2,500`, `2.5k`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Money(pub f64);

impl FromStr for Money {
    type Err = FlagError;

    fn from_str(text: &str) -> Result<Self, FlagError> {
        let (written, unit) = with_unit(text.trim().trim_start_matches('$'));
        let scale = match unit {
            "" => Some(1.0),
            "k" | "K" => Some(1e3),
            "m" | "M" => Some(1e6),
            _ => None,
        };
        let dollars = number(written).zip(scale).map(|(number, scale)| number * scale);
        let dollars = dollars.filter(|dollars| dollars.is_finite() && *dollars >= 0.0);
        dollars.map(Self).ok_or_else(|| FlagError::Money { text: text.to_owned() })
    }
}

/// A number above zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Positive(pub f64);

impl FromStr for Positive {
    type Err = FlagError;

    fn from_str(text: &str) -> Result<Self, FlagError> {
        positive(text).map(Self)
    }
}

/// A number above zero; an amount may have its `$` and its commas.
pub fn positive(text: &str) -> Result<f64, FlagError> {
    let number = number(text.trim().trim_start_matches('$')).filter(|number| *number > 0.0);
    number.ok_or_else(|| FlagError::Positive { text: text.to_owned() })
}

/// A day.
pub fn day(text: &str) -> Result<jiff::civil::Date, FlagError> {
    text.trim().parse().map_err(|_| FlagError::Day { text: text.to_owned() })
}

/// A number from zero to `most`.
pub fn within(text: &str, most: f64) -> Result<f64, FlagError> {
    let number = number(text).filter(|number| (0.0..=most).contains(number));
    number.ok_or_else(|| FlagError::Within { text: text.to_owned(), most })
}

/// An amount of US dollars, which may be nothing.
pub fn money(text: &str) -> Result<f64, FlagError> {
    text.parse::<Money>().map(|money| money.0)
}

/// A limit on a published benchmark: `aime24=50`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Minimum {
    /// The benchmark.
    pub benchmark: Benchmark,
    /// The least that must have been published.
    pub score: f64,
}

impl FromStr for Minimum {
    type Err = FlagError;

    fn from_str(text: &str) -> Result<Self, FlagError> {
        let malformed = || FlagError::Minimum { text: text.to_owned() };
        let (name, score) = text.split_once(['=', ':']).ok_or_else(malformed)?;
        let score = number(score.trim().trim_end_matches('%'));
        Ok(Self { benchmark: benchmark(name)?, score: score.ok_or_else(malformed)? })
    }
}

/// A benchmark as people name it: `aime24`, `AIME 2024`, `gpqa`, `LiveCodeBench`.
pub fn benchmark(name: &str) -> Result<Benchmark, FlagError> {
    use clap::ValueEnum as _;

    let plain = |name: &str| -> String {
        name.to_ascii_lowercase().replace("20", "").chars().filter(char::is_ascii_alphanumeric).collect()
    };
    let asked = plain(name);
    let shortened = Benchmark::value_variants().iter().filter(|known| {
        let known = plain(&known.to_string());
        !asked.is_empty() && (known == asked || known.strip_suffix("diamond") == Some(&asked))
    });
    let by_key = Benchmark::value_variants().iter().find(|known| plain(&known.key()) == asked);
    by_key.or_else(|| shortened.into_iter().next()).copied().ok_or_else(|| {
        let keys: Vec<String> = Benchmark::value_variants().iter().map(|known| known.key()).collect();
        FlagError::Benchmark {
            name: name.trim().to_owned(),
            nearest: crate::error::nearest(name.trim(), keys.iter().map(String::as_str)).map(str::to_owned),
        }
    })
}

/// A licence that the catalog's models are under, in any case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LicenceName(pub String);

impl FromStr for LicenceName {
    type Err = FlagError;

    fn from_str(text: &str) -> Result<Self, FlagError> {
        let name = text.trim();
        let known = Licence::KNOWN.into_iter().find(|known| known.eq_ignore_ascii_case(name));
        known.map(|known| Self(known.to_owned())).ok_or_else(|| FlagError::Licence { name: name.to_owned() })
    }
}

/// A context length as people type it: `8192`, `8k`, `128K`, `1M`.
pub fn context_length(text: &str) -> Result<u32, FlagError> {
    let (written, unit) = with_unit(text);
    let scale = match unit {
        "" => Some(1.0),
        "k" | "K" => Some(1024.0),
        "m" | "M" => Some(1024.0 * 1024.0),
        _ => None,
    };
    let tokens = number(written).zip(scale).map(|(number, scale)| number * scale);
    let tokens = tokens.filter(|tokens| (1.0..=MOST as f64).contains(tokens) && tokens.fract() == 0.0);
    #[expect(clippy::cast_sign_loss, reason = "from one on")]
    let tokens = tokens.map(|tokens| tokens as u32);
    tokens.ok_or_else(|| FlagError::Tokens { text: text.to_owned() })
}

/// A share of one: `0.1`, or `10%`.
pub fn share(text: &str) -> Result<f64, FlagError> {
    ratio(text).ok().filter(|share| *share <= 1.0).ok_or_else(|| FlagError::Share { text: text.to_owned() })
}

/// A ratio, which may be more than one where it is in percent: `0.1`, `10%`, `150%`.
pub fn ratio(text: &str) -> Result<f64, FlagError> {
    let (written, scale) = text.trim().strip_suffix('%').map_or((text, 1.0), |number| (number, 0.01));
    let number = number(written).map(|number| number * scale);
    let number = number.filter(|number| (0.0..=10.0).contains(number) && (scale < 1.0 || *number <= 1.0));
    number.ok_or_else(|| FlagError::Share { text: text.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_parse_with_and_without_percent() {
        assert_eq!((share("0.1"), share("10 %")), (Ok(0.1), Ok(0.1)));
        assert!(share("-1").is_err() && share("ten").is_err() && share("150%").is_err());
        assert_eq!(ratio("150%"), Ok(1.5));
    }

    #[test]
    fn context_lengths_parse_as_people_type_them() {
        assert_eq!(context_length("8192"), Ok(8192));
        assert_eq!(context_length("32k"), Ok(32_768));
        assert_eq!(context_length("128K"), Ok(131_072));
        assert_eq!(context_length("1M"), Ok(1_048_576));
        for wrong in ["0", "-1", "k", "many", "99999999k", "9999M"] {
            assert!(context_length(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn spans_amounts_and_percentages_parse_as_people_type_them() {
        let span = |text: &str| text.parse::<Span>().map(|span| span.0.0);
        assert_eq!(
            (span("90"), span("2min"), span("1.5 h"), span("250ms")),
            (Ok(90.0), Ok(120.0), Ok(5400.0), Ok(0.25))
        );
        for wrong in ["", "s", "-1s", "0", "soon", "5 parsecs", "nan", "inf"] {
            assert!(span(wrong).is_err(), "{wrong}");
        }
        let money = |text: &str| text.parse::<Money>().map(|money| money.0);
        assert_eq!((money("$2,500"), money("2.5k"), money("0")), (Ok(2500.0), Ok(2500.0), Ok(0.0)));
        assert!(money("-1").is_err() && money("much").is_err());
        assert_eq!(("3%".parse(), "3".parse()), (Ok(Percent(3.0)), Ok(Percent(3.0))));
        assert!("300%".parse::<Percent>().is_err());
    }

    #[test]
    fn benchmarks_go_by_the_names_that_people_have_for_them() {
        for (name, known) in [
            ("aime24", Benchmark::Aime24),
            ("AIME 2024", Benchmark::Aime24),
            ("aime-2025", Benchmark::Aime25),
            ("gpqa", Benchmark::GpqaDiamond),
            ("gpqa_diamond", Benchmark::GpqaDiamond),
            ("LiveCodeBench", Benchmark::Livecodebench),
            ("math-500", Benchmark::Math500),
        ] {
            assert_eq!(benchmark(name), Ok(known), "{name}");
        }
        let nearest = Some("aime24".to_owned());
        assert_eq!(benchmark("amie24"), Err(FlagError::Benchmark { name: "amie24".to_owned(), nearest }));
        assert_eq!("aime24=50".parse(), Ok(Minimum { benchmark: Benchmark::Aime24, score: 50.0 }));
        assert!("aime24".parse::<Minimum>().is_err() && "aime24=good".parse::<Minimum>().is_err());
    }
}
