//! The Fluent files, each read when its first message is drawn.

use std::sync::{LazyLock, OnceLock};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use super::Locale;
use crate::message::Value;
use crate::message::messages::LANGUAGES;

type Bundle = FluentBundle<FluentResource>;

/// By language and file.
static BUNDLES: LazyLock<Vec<Vec<OnceLock<Bundle>>>> = LazyLock::new(|| {
    LANGUAGES.iter().map(|language| language.files.iter().map(|_| OnceLock::new()).collect()).collect()
});

fn bundle(lang: usize, file: usize) -> &'static Bundle {
    BUNDLES[lang][file].get_or_init(|| {
        let language = &LANGUAGES[lang];
        parsed(language.name, &on_one_line(language.files[file]))
    })
}

fn parsed(language: &str, source: &str) -> Bundle {
    let mut bundle = Bundle::new_concurrent(language.parse().into_iter().collect());
    // The marks that isolate arguments of other directions are noise in a terminal.
    bundle.set_use_isolating(false);
    // The build has read the same files; what it could not read would have failed it.
    let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(read, _)| read);
    bundle.add_resource_overriding(resource);
    bundle
}

/// The source with each text on one line: long ones are broken in the files, to be read there. A line that begins with
/// a literal such as `{ "  " }` stays a line of its own.
fn on_one_line(source: &str) -> String {
    let mut joined = String::with_capacity(source.len());
    for line in source.lines() {
        let text = line.trim_start();
        let goes_on =
            line.starts_with(' ') && !text.starts_with(['[', '*', '}']) && !text.starts_with("{ \"");
        if !goes_on {
            joined.push('\n');
        } else if joined.ends_with(|last: char| last.is_ascii()) {
            joined.push(' ');
        }
        joined.push_str(if goes_on { text } else { line });
    }
    joined
}

/// The text of a message.
pub(super) fn text<'a>(
    lang: usize,
    file: usize,
    code: &str,
    values: impl Iterator<Item = (&'static str, &'a Value)>,
    locale: &Locale,
) -> String {
    let bundle = bundle(lang, file);
    let Some(pattern) = bundle.get_message(code).and_then(|message| message.value()) else {
        return code.to_owned();
    };
    let arguments: FluentArgs = values
        .map(|(name, value)| {
            let value: FluentValue<'_> = match value {
                // A number, for plurals.
                Value::Count(count) => (*count).into(),
                other => locale.amount(other).into(),
            };
            (name, value)
        })
        .collect();
    let mut faults = Vec::new();
    bundle.format_pattern(pattern, Some(&arguments), &mut faults).into_owned()
}

/// The texts of clap's help in another language than English, which has them in the code.
pub struct HelpTexts {
    bundle: Bundle,
    source: &'static str,
}

impl HelpTexts {
    pub(super) fn of(lang: usize) -> Option<Self> {
        let source = LANGUAGES[lang].help?;
        Some(Self { bundle: parsed(LANGUAGES[lang].name, source), source })
    }

    /// The text with an id.
    #[must_use]
    pub fn text(&self, id: &str) -> Option<String> {
        let pattern = self.bundle.get_message(id)?.value()?;
        Some(self.bundle.format_pattern(pattern, None, &mut Vec::new()).into_owned())
    }

    /// The ids of all texts.
    pub fn ids(&self) -> impl Iterator<Item = &'static str> {
        let ids = self.source.lines().filter_map(|line| line.split_once(" ="));
        ids.map(|(id, _)| id).filter(|id| !id.starts_with([' ', '#']))
    }
}

#[cfg(test)]
mod tests {
    use super::on_one_line;

    #[test]
    fn a_text_that_is_broken_in_its_file_is_one_line() {
        let source = "a =\n    one\n    two { $n ->\n        [one] x\n       *[other] y\n    } three\n\nb =\n    { \"  \" }c\nd = 一，\n    二";
        let joined = "\na = one two { $n ->\n        [one] x\n       *[other] y\n    } three\n\nb =\n    { \"  \" }c\nd = 一，二";
        assert_eq!(on_one_line(source), joined);
    }
}
