//! The words: puts a [`Message`] together in the reader's language and currency, from the Fluent files of `i18n/`.
//! A language is a folder there; nothing here names one but English.

mod amounts;
mod bundle;
mod json;

use std::collections::BTreeMap;

use clap::builder::PossibleValue;

use crate::message::messages::LANGUAGES;
use crate::message::{Content, Message, Value};
pub use bundle::HelpTexts;
pub use json::drawn;

/// A language that there are words of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Lang(usize);

impl Lang {
    /// English: the language of code, and of people who speak none of the others.
    pub const EN: Self = Self(0);

    /// Every language, English first.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..LANGUAGES.len()).map(Self)
    }

    /// The language of a locale such as `zh_CN.UTF-8`, as `LC_ALL`, `LC_MESSAGES` and `LANG` name it: the same tag, else
    /// the same language (Simplified Chinese is nearer to Traditional than English is), else English.
    #[must_use]
    pub fn of_locale(locale: &str) -> Self {
        let tag = locale.split(['.', '@']).next().unwrap_or_default().replace('_', "-");
        let language = tag.split('-').next().unwrap_or_default();
        let by = |same: &dyn Fn(Self) -> bool| Self::all().find(|lang| same(*lang));
        by(&|lang| lang.tag().eq_ignore_ascii_case(&tag))
            .or_else(|| by(&|lang| lang.short().eq_ignore_ascii_case(language)))
            .unwrap_or(Self::EN)
    }

    /// The texts of clap's help; English has them in the code.
    #[must_use]
    pub fn help(self) -> Option<HelpTexts> {
        HelpTexts::of(self.0)
    }

    /// Its tag, such as `zh-CN`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        LANGUAGES[self.0].name
    }

    /// The language alone, such as `zh`.
    #[must_use]
    pub fn short(self) -> &'static str {
        self.tag().split('-').next().unwrap_or_default()
    }
}

impl clap::ValueEnum for Lang {
    fn value_variants<'a>() -> &'a [Self] {
        // As many as any program speaks; the first ones are those of the folders.
        const ALL: [Lang; 64] = {
            let mut all = [Lang(0); 64];
            let mut at = 0;
            while at < all.len() {
                all[at] = Lang(at);
                at += 1;
            }
            all
        };
        &ALL[..LANGUAGES.len()]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.short()).alias(self.tag()).help(LANGUAGES[self.0].own_name))
    }
}

/// What amounts of money are shown in.
#[derive(Clone, Debug, PartialEq)]
pub struct Currency {
    /// The mark before an amount.
    pub symbol: String,
    /// How many of it a US dollar is.
    pub per_usd: f64,
}

impl Default for Currency {
    fn default() -> Self {
        Self { symbol: "$".to_owned(), per_usd: 1.0 }
    }
}

/// The language and currency of the reader.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Locale {
    /// The language.
    pub lang: Lang,
    /// The currency.
    pub currency: Currency,
    /// Translations of sentences of the catalog that go over the shipped ones, by their English.
    pub sentences: BTreeMap<String, String>,
}

impl Locale {
    /// A language, with money in US dollars.
    #[must_use]
    pub fn new(lang: Lang) -> Self {
        Self { lang, ..Self::default() }
    }

    /// The same language, with money in another currency.
    #[must_use]
    pub fn paying_in(&self, currency: Currency) -> Self {
        Self { currency, ..self.clone() }
    }

    /// The message in words.
    #[must_use]
    pub fn say(&self, message: &Message) -> String {
        let said = match message.content() {
            Content::Verbatim(words) => words.clone(),
            Content::Known(..) => message.place().map_or_else(String::new, |(file, values)| {
                bundle::text(self.lang.0, file, message.code(), values, self)
            }),
        };
        match message.cause() {
            Some(why) => self.say(&crate::message!(Cause { what: said, why })),
            None => said,
        }
    }

    /// One amount as it stands in a text.
    #[must_use]
    pub fn show(&self, value: impl Into<Value>) -> String {
        self.amount(&value.into())
    }
}

/// A message of `i18n/` in words: `say!(locale, Cause { what, why })`.
#[macro_export]
macro_rules! say {
    ($locale:expr, $($message:tt)+) => {
        $locale.say(&$crate::message!($($message)+))
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::list;

    fn chinese() -> Locale {
        Locale::new(Lang::of_locale("zh_CN.UTF-8"))
    }

    #[test]
    fn a_chinese_locale_gets_chinese_and_every_unknown_one_english() {
        for locale in ["zh_CN.UTF-8", "zh", "zh-Hans-CN", "ZH_TW.Big5"] {
            assert_eq!(Lang::of_locale(locale).tag(), "zh-CN", "{locale}");
        }
        for other in ["", "C", "POSIX", "en_US.UTF-8", "de_DE@euro", "zho_XX"] {
            assert_eq!(Lang::of_locale(other), Lang::EN, "{other}");
        }
    }

    #[test]
    fn causes_and_lists_are_joined_as_the_language_does() {
        let message =
            crate::message!(Cause { what: list(["a", "b", "c"]), why: Message::verbatim("killed") });
        assert_eq!(Locale::default().say(&message), "a, b and c: killed");
        assert_eq!(chinese().say(&message), "a、b、c：killed");
        assert_eq!(Locale::default().say(&Message::verbatim("x").because(message)), "x: a, b and c: killed");
    }

    #[test]
    fn a_message_in_json_becomes_a_sentence_with_its_code_beside() {
        let message = crate::message!(Cause { what: "a", why: 2_u32 });
        let data = serde_json::json!({ "hint": message, "notes": [message, "as it is"], "n": 1 });
        assert_eq!(
            drawn(data, &chinese()),
            serde_json::json!({
                "hint": "a：2", "hint_code": "cause",
                "notes": ["a：2", "as it is"], "notes_codes": ["cause", "verbatim"], "n": 1,
            })
        );
    }
}
