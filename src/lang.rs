//! The language that people are spoken to in. What programs read is English in both.

/// A language of the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, clap::ValueEnum)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

impl Lang {
    /// The language of a locale such as `zh_CN.UTF-8`, as `LC_ALL`, `LC_MESSAGES` and `LANG` name it. What is not
    /// Chinese gets English. Traditional Chinese gets Simplified: it is nearer than English.
    #[must_use]
    pub fn of_locale(locale: &str) -> Self {
        let language = locale.split(['_', '-', '.', '@']).next().unwrap_or_default();
        if language.eq_ignore_ascii_case("zh") { Self::Zh } else { Self::En }
    }
}

/// A text in the language asked for: both are written side by side, so that a change of one is not forgotten in the
/// other, and are checked by the compiler like those of [`format!`].
///
/// ```
/// use r1_advisor::{lang::Lang, tr};
///
/// let size = "18.5 GiB";
/// assert_eq!(tr!(Lang::En, "{size} of weights", "权重 {size}"), "18.5 GiB of weights");
/// assert_eq!(tr!(Lang::Zh, "{size} of weights", "权重 {size}"), "权重 18.5 GiB");
/// assert_eq!(tr!(Lang::En, "{count} GPUs", "{count} 块 GPU", count = 1 + 1), "2 GPUs");
/// ```
#[macro_export]
macro_rules! tr {
    ($lang:expr, $en:literal, $zh:literal $(, $name:ident = $value:expr)* $(,)?) => {
        match $lang {
            $crate::lang::Lang::En => format!($en $(, $name = $value)*),
            $crate::lang::Lang::Zh => format!($zh $(, $name = $value)*),
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chinese_locale_speaks_chinese_and_every_other_english() {
        for chinese in ["zh_CN.UTF-8", "zh", "zh-Hans-CN", "ZH_TW.Big5"] {
            assert_eq!(Lang::of_locale(chinese), Lang::Zh, "{chinese}");
        }
        for other in ["", "C", "POSIX", "en_US.UTF-8", "de_DE@euro", "zho_XX"] {
            assert_eq!(Lang::of_locale(other), Lang::En, "{other}");
        }
    }
}
