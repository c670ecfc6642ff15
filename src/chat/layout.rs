//! Runs a chat template: a program in Jinja, as Transformers runs it (`chat_template_utils.py`).

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Serde};
use minijinja::{Environment, Error, ErrorKind, Value, context};
use serde::{Deserialize, Serialize};
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

use super::Message;

/// A template, and what it is to lay out.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Sheet {
    pub(super) source: String,
    pub(super) bos: String,
    pub(super) eos: String,
    /// The conversation; none where the template is only to be read.
    pub(super) messages: Option<Vec<Message>>,
}

/// What became of a [`Sheet`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Laid {
    /// The conversation as the model is to read it.
    Text(String),
    /// The template is wrong: what, and why that.
    Wrong(Vec<String>),
    /// It writes more than [`MOST_BYTES`].
    TooLong,
}

/// The most that a template may write: some million tokens.
pub(super) const MOST_BYTES: usize = 16 << 20;

/// A file's program may be hostile; one that does more than this for a conversation is ended.
const MOST_STEPS: u64 = 50_000_000;

const NAME: &str = "chat";

impl Sheet {
    /// Lays it out in this process, which a hostile template may take down.
    pub(super) fn laid(self) -> Laid {
        match self.rendered() {
            Ok(text) if text.len() > MOST_BYTES => Laid::TooLong,
            Ok(text) => Laid::Text(text),
            Err(error) => {
                let mut causes = vec![error.to_string()];
                let mut cause = std::error::Error::source(&error);
                while let Some(error) = cause {
                    causes.push(error.to_string());
                    cause = error.source();
                }
                Laid::Wrong(causes)
            }
        }
    }

    fn rendered(self) -> Result<String, Error> {
        let mut environment = Environment::new();
        // As Transformers sets Jinja up (`_compile_jinja_template`).
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?;
        environment.set_syntax(syntax);
        environment.set_fuel(Some(MOST_STEPS));
        environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
        environment.add_function("raise_exception", |message: String| -> Result<String, Error> {
            Err(Error::new(ErrorKind::InvalidOperation, message))
        });
        environment.add_function("strftime_now", strftime_now);
        environment.add_filter("tojson", tojson);
        environment.add_template_owned(NAME, self.source)?;
        let Some(messages) = self.messages else { return Ok(String::new()) };
        environment.get_template(NAME)?.render(context! {
            messages => Value::from(Serde(&messages)),
            bos_token => self.bos,
            eos_token => self.eos,
            add_generation_prompt => true,
            // Some copies of the templates close the thought at once where this is not said.
            enable_thinking => true,
        })
    }
}

/// The time now in UTC, as `strftime` of C writes it.
fn strftime_now(format: &str) -> Result<String, Error> {
    let now = jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::now());
    jiff::fmt::strtime::format(format, now)
        .map_err(|error| Error::new(ErrorKind::InvalidOperation, error.to_string()))
}

/// JSON as Python's `json.dumps(value, ensure_ascii=False)` writes it: nothing is escaped for HTML, as Jinja's own filter
/// would.
#[expect(clippy::needless_pass_by_value, reason = "as the template engine hands it over")]
fn tojson(value: &Value, arguments: Kwargs) -> Result<Value, Error> {
    let indent: Option<usize> = arguments.get("indent")?;
    let sorted: Option<bool> = arguments.get("sort_keys")?;
    // What Python may be asked beside changes nothing that a template can count on.
    let _: (Option<bool>, Option<Value>) = (arguments.get("ensure_ascii")?, arguments.get("separators")?);
    arguments.assert_all_used()?;
    let wrong = |error: serde_json::Error| Error::new(ErrorKind::BadSerialization, error.to_string());
    let mut document = serde_json::to_value(value).map_err(wrong)?;
    if sorted == Some(true) {
        document.sort_all_objects();
    }
    let mut bytes = Vec::new();
    match indent {
        Some(spaces) => {
            let spaces = " ".repeat(spaces.min(64));
            let pretty = PrettyFormatter::with_indent(spaces.as_bytes());
            document.serialize(&mut Serializer::with_formatter(&mut bytes, pretty)).map_err(wrong)?;
        }
        None => document.serialize(&mut Serializer::with_formatter(&mut bytes, Spaced)).map_err(wrong)?,
    }
    Ok(Value::from(String::from_utf8_lossy(&bytes).into_owned()))
}

/// `{"a": 1, "b": [2, 3]}`
struct Spaced;

impl Formatter for Spaced {
    fn begin_array_value<W: ?Sized + std::io::Write>(
        &mut self,
        out: &mut W,
        first: bool,
    ) -> std::io::Result<()> {
        if first { Ok(()) } else { out.write_all(b", ") }
    }

    fn begin_object_key<W: ?Sized + std::io::Write>(
        &mut self,
        out: &mut W,
        first: bool,
    ) -> std::io::Result<()> {
        if first { Ok(()) } else { out.write_all(b", ") }
    }

    fn begin_object_value<W: ?Sized + std::io::Write>(&mut self, out: &mut W) -> std::io::Result<()> {
        out.write_all(b": ")
    }
}
