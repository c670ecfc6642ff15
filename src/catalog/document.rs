//! One TOML file of the catalog: read as a value, with errors that know their line.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{CatalogError, Problem};
use crate::error::nearest;

/// One TOML file, embedded or of the user.
#[derive(Debug)]
pub(super) struct Document {
    /// What to call it in errors: a path that can be opened.
    pub(super) name: String,
    pub(super) text: Cow<'static, str>,
}

impl Document {
    /// The value that the file holds, with the names of its `[sources]` replaced by what they stand for.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, CatalogError> {
        let mut table = DeTable::parse(&self.text).map_err(|error| self.toml(&error))?;
        let sources = self.take_sources(table.get_mut())?;
        self.resolve_sources(table.get_mut(), &sources)?;
        T::deserialize(toml::Deserializer::from(table)).map_err(|error| self.toml(&error))
    }

    /// `problem` at the value of `path`, such as `accelerator.3.memory_gib`; where the file does not have that,
    /// at the nearest thing around it.
    pub(super) fn problem(&self, path: &str, problem: Problem) -> CatalogError {
        self.at(self.locate(path), problem)
    }

    /// The line of the value of `path`, from 1.
    pub(super) fn line(&self, path: &str) -> usize {
        self.position(self.locate(path).start).0
    }

    fn take_sources<'a>(
        &self,
        table: &mut DeTable<'a>,
    ) -> Result<BTreeMap<String, Cow<'a, str>>, CatalogError> {
        let Some(sources) = table.remove("sources") else { return Ok(BTreeMap::new()) };
        let span = sources.span();
        let DeValue::Table(sources) = sources.into_inner() else {
            return Err(self.at(span, Problem::Toml { message: "`sources` is not a table".to_owned() }));
        };
        let mut texts = BTreeMap::new();
        for (name, text) in sources {
            let span = text.span();
            match text.into_inner() {
                DeValue::String(text) if !text.trim().is_empty() => {
                    texts.insert(name.into_inner().into_owned(), text)
                }
                _ => return Err(self.at(span, Problem::NoSource)),
            };
        }
        Ok(texts)
    }

    fn resolve_sources<'a>(
        &self,
        table: &mut DeTable<'a>,
        sources: &BTreeMap<String, Cow<'a, str>>,
    ) -> Result<(), CatalogError> {
        for (key, value) in table.iter_mut() {
            let span = value.span();
            let is_source = key.get_ref() == "source" || key.get_ref().ends_with("_source");
            match value.get_mut() {
                DeValue::String(text) if is_source => {
                    if let Some(full) = sources.get(text.as_ref()) {
                        *text = full.clone();
                    } else {
                        self.check_source(text, sources, span)?;
                    }
                }
                DeValue::Table(inner) => self.resolve_sources(inner, sources)?,
                DeValue::Array(items) => {
                    for item in items.iter_mut() {
                        if let DeValue::Table(inner) = item.get_mut() {
                            self.resolve_sources(inner, sources)?;
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// A source that is no name of `[sources]` must be a link or a sentence.
    fn check_source(
        &self,
        text: &str,
        sources: &BTreeMap<String, Cow<'_, str>>,
        span: Range<usize>,
    ) -> Result<(), CatalogError> {
        if text.trim().is_empty() {
            return Err(self.at(span, Problem::NoSource));
        }
        if text.contains("://") || text.contains(char::is_whitespace) {
            return Ok(());
        }
        let nearest = nearest(text, sources.keys().map(String::as_str)).map(str::to_owned);
        Err(self.at(span, Problem::UnknownSource { name: text.to_owned(), nearest }))
    }

    fn toml(&self, error: &toml::de::Error) -> CatalogError {
        self.at(error.span().unwrap_or_default(), Problem::of_toml(error.message()))
    }

    fn at(&self, span: Range<usize>, problem: Problem) -> CatalogError {
        let (line, column) = self.position(span.start);
        CatalogError::Invalid { file: self.name.clone(), line, column, problem }
    }

    /// Line and column of a byte, from 1.
    fn position(&self, byte: usize) -> (usize, usize) {
        let before = &self.text[..byte.min(self.text.len())];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }

    fn locate(&self, path: &str) -> Range<usize> {
        // Only after an error, so the file is parsed once more rather than keeping every span at hand.
        let Ok(root) = DeTable::parse(&self.text) else { return 0..0 };
        let mut span = 0..0;
        let mut here = Spanned::new(root.span(), DeValue::Table(root.into_inner()));
        for step in path.split('.').filter(|step| !step.is_empty()) {
            let next = match here.into_inner() {
                DeValue::Table(mut table) => table.remove(step),
                DeValue::Array(items) => {
                    step.parse().ok().and_then(|index: usize| items.into_iter().nth(index))
                }
                _ => None,
            };
            let Some(next) = next else { break };
            span = next.span();
            here = next;
        }
        span
    }
}
