//! The language that people are spoken to in. What programs read is English in both.

use std::cell::Cell;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

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
    ($lang:expr, $en:literal, $zh:literal $($values:tt)*) => {
        match $lang {
            $crate::lang::Lang::En => format!($en $($values)*),
            $crate::lang::Lang::Zh => format!($zh $($values)*),
        }
    };
}

/// A text in every language, for what is told before anybody knows to whom: [`both!`](crate::both) makes one.
///
/// One that was made of a plain string is the same in all: names, and the words of other programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// In English.
    pub en: String,
    /// In Simplified Chinese.
    pub zh: String,
}

impl Text {
    /// The text in a language.
    #[must_use]
    pub fn told(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }
}

impl<T: Into<String>> From<T> for Text {
    fn from(text: T) -> Self {
        let en = text.into();
        Self { zh: en.clone(), en }
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, english: &&str) -> bool {
        self.en == *english
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.en)
    }
}

thread_local! {
    static WRITTEN: Cell<Lang> = const { Cell::new(Lang::En) };
}

/// Does `work`, in which every [`Text`] is serialized in that language. Elsewhere it is in English: what is kept in
/// files does not depend on who wrote it.
pub fn written_in<T>(lang: Lang, work: impl FnOnce() -> T) -> T {
    let before = WRITTEN.replace(lang);
    let done = work();
    WRITTEN.set(before);
    done
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.told(WRITTEN.get()))
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

/// A [`Text`], written side by side as for [`tr!`].
///
/// ```
/// use r1_advisor::{both, lang::Lang};
///
/// let name = "7x";
/// let text = both!("no model is called `{name}`", "没有名为 `{name}` 的模型");
/// assert_eq!(text.told(Lang::Zh), "没有名为 `7x` 的模型");
/// ```
#[macro_export]
macro_rules! both {
    ($en:literal, $zh:literal $($values:tt)*) => {
        $crate::lang::Text { en: format!($en $($values)*), zh: format!($zh $($values)*) }
    };
}

/// An error that tells itself in every language; what it prints as is its English.
pub trait Told: std::error::Error {
    /// What happened, without the causes.
    fn told(&self) -> Text;

    /// What the user can do now.
    fn hint(&self) -> Option<Text> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_written_in_the_language_asked_for_and_kept_in_english() {
        let text = crate::both!("main memory is assumed", "内存容量为假定值");
        let json = |text: &Text| serde_json::to_string(text).unwrap();
        assert_eq!(written_in(Lang::Zh, || json(&text)), "\"内存容量为假定值\"");
        assert_eq!(json(&text), "\"main memory is assumed\"");
    }

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
