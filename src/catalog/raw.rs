//! A catalog file taken apart into its entries, before anything is known of their fields. The build reads shipped files
//! with this, the program those of the user.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::kind::Kind;

/// One entry, with the names of its sources replaced by what they stand for.
#[derive(Clone, Debug)]
pub(super) struct RawEntry<'a> {
    pub(super) kind: Kind,
    /// The path of keys to it, such as `rental.3`.
    pub(super) path: String,
    pub(super) span: Range<usize>,
    /// What says how far it can be trusted stands in a table `provenance`.
    pub(super) fields: DeTable<'a>,
}

/// What is wrong with a file, and where.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) span: Range<usize>,
    pub(super) wrong: Wrong,
}

#[derive(Debug)]
pub(super) enum Wrong {
    /// The parser's message.
    Toml(String),
    NoSource,
    UnknownSource {
        name: String,
        known: Vec<String>,
    },
    UnknownKey {
        key: String,
        known: Vec<String>,
    },
    /// A number that is none of the catalog's: below zero, infinite or not a number.
    Figure {
        figure: String,
    },
}

/// The keys of an entry's provenance.
pub(super) const PROVENANCE: [&str; 4] = ["source", "confidence", "recalled", "note"];

/// The entries of a file that may have those of `kinds`.
pub(super) fn entries<'a>(text: &'a str, kinds: &[Kind]) -> Result<Vec<RawEntry<'a>>, Fault> {
    let root = DeTable::parse(text).map_err(|error| toml(&error))?;
    let span = root.span();
    let mut table = root.into_inner();
    check_figures(&table)?;
    let sources = take_sources(&mut table)?;
    resolve_sources(&mut table, &sources)?;
    if let [kind] = kinds
        && kind.key().is_none()
    {
        return Ok(vec![RawEntry { kind: *kind, path: String::new(), span, fields: table }]);
    }
    let mut found = Vec::new();
    for (key, list) in table {
        let of_key = |kind: &&Kind| kind.key() == Some(key.get_ref().as_ref());
        let Some(kind) = kinds.iter().find(of_key) else {
            let known = kinds.iter().filter_map(|kind| kind.key()).chain(["sources"]).map(str::to_owned);
            let wrong = Wrong::UnknownKey { key: key.get_ref().to_string(), known: known.collect() };
            return Err(Fault { span: key.span(), wrong });
        };
        let span = list.span();
        let DeValue::Array(list) = list.into_inner() else {
            return Err(Fault { span, wrong: Wrong::Toml(format!("`{}` is not a list", key.get_ref())) });
        };
        for (at, entry) in list.into_iter().enumerate() {
            let (span, path) = (entry.span(), format!("{}.{at}", key.get_ref()));
            let DeValue::Table(mut fields) = entry.into_inner() else {
                return Err(Fault { span, wrong: Wrong::Toml(format!("`{path}` is not a table")) });
            };
            if *kind == Kind::Accelerator {
                // An offer: all that it says is of the price.
                gather(&mut fields, "street_price", "usd", &["date", "source", "confidence"]);
            }
            if kind.has_provenance() {
                gather(&mut fields, "provenance", "source", &PROVENANCE);
            }
            found.push(RawEntry { kind: *kind, path, span, fields });
        }
    }
    Ok(found)
}

/// Moves `first` and `others` into a table of their own. Without `first`, none of them are moved.
fn gather(fields: &mut DeTable<'_>, table: &'static str, first: &str, others: &[&str]) {
    let Some((key, value)) = fields.remove_entry(first) else { return };
    let span = key.span();
    let mut inner = DeTable::new();
    inner.insert(key, value);
    for other in others {
        if let Some((key, value)) = fields.remove_entry(*other) {
            inner.insert(key, value);
        }
    }
    let key = Spanned::new(span.clone(), Cow::Borrowed(table));
    fields.insert(key, Spanned::new(span, DeValue::Table(inner)));
}

pub(super) fn toml(error: &toml::de::Error) -> Fault {
    Fault { span: error.span().unwrap_or_default(), wrong: Wrong::Toml(error.message().to_owned()) }
}

/// Every figure here is a size, a speed, a price or a share: finite, and from zero on.
fn check_figures(table: &DeTable<'_>) -> Result<(), Fault> {
    table.iter().try_for_each(|(_, value)| check_figure(value))
}

fn check_figure(value: &Spanned<DeValue<'_>>) -> Result<(), Fault> {
    let figure = match value.get_ref() {
        DeValue::Table(table) => return check_figures(table),
        DeValue::Array(items) => return items.iter().try_for_each(check_figure),
        DeValue::Float(figure) => figure.as_str(),
        DeValue::Integer(figure) => figure.as_str(),
        _ => return Ok(()),
    };
    let is_finite = !figure.contains(['n', 'i']) && figure.parse::<f64>().is_ok_and(f64::is_finite);
    if figure.starts_with('-') || !(is_finite || matches!(value.get_ref(), DeValue::Integer(_))) {
        return Err(Fault { span: value.span(), wrong: Wrong::Figure { figure: figure.to_owned() } });
    }
    Ok(())
}

type Sources<'a> = BTreeMap<String, Cow<'a, str>>;

fn take_sources<'a>(table: &mut DeTable<'a>) -> Result<Sources<'a>, Fault> {
    let Some(sources) = table.remove("sources") else { return Ok(BTreeMap::new()) };
    let span = sources.span();
    let DeValue::Table(sources) = sources.into_inner() else {
        return Err(Fault { span, wrong: Wrong::Toml("`sources` is not a table".to_owned()) });
    };
    let mut texts = BTreeMap::new();
    for (name, text) in sources {
        let span = text.span();
        match text.into_inner() {
            DeValue::String(text) if !text.trim().is_empty() => {
                texts.insert(name.into_inner().into_owned(), text)
            }
            _ => return Err(Fault { span, wrong: Wrong::NoSource }),
        };
    }
    Ok(texts)
}

fn resolve_sources<'a>(table: &mut DeTable<'a>, sources: &Sources<'a>) -> Result<(), Fault> {
    for (key, value) in table.iter_mut() {
        let span = value.span();
        let is_source = key.get_ref() == "source" || key.get_ref().ends_with("_source");
        match value.get_mut() {
            DeValue::String(text) if is_source => match sources.get(text.as_ref()) {
                Some(full) => *text = full.clone(),
                None => check_source(text, sources).map_err(|wrong| Fault { span, wrong })?,
            },
            DeValue::Table(inner) => resolve_sources(inner, sources)?,
            DeValue::Array(items) => {
                for item in items.iter_mut() {
                    if let DeValue::Table(inner) = item.get_mut() {
                        resolve_sources(inner, sources)?;
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// A source that is no name of `[sources]` must be a link or a sentence.
fn check_source(text: &str, sources: &Sources<'_>) -> Result<(), Wrong> {
    if text.trim().is_empty() {
        return Err(Wrong::NoSource);
    }
    if text.contains("://") || text.contains(char::is_whitespace) {
        return Ok(());
    }
    Err(Wrong::UnknownSource { name: text.to_owned(), known: sources.keys().cloned().collect() })
}
