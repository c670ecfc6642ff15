//! One kind of entry: what is shipped, under the user's files. A later layer changes the fields that it gives of an entry
//! that is there, and adds those that are not.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

use serde::Deserialize as _;
use serde::de::DeserializeOwned;
use toml::de::{DeTable, DeValue};
use toml::{Deserializer, Spanned};

use super::kind::Kind;
use super::layer::{Document, Layer};
use super::raw::{self, Fault, RawEntry};
use super::{Catalog, CatalogError, Named, Problem, check};
use crate::error::nearest;
use crate::message;
use crate::message::Message;

/// An entry of the catalog.
pub(super) trait Entry: DeserializeOwned {
    const KIND: Kind;
    /// What it is called where a name is wrong.
    const NAMED: Named;
    /// Keys of its prices. Who changes one says its day and its source.
    const PRICES: &'static [&'static str] = &[];
    /// Keys that say something of a price, and are nothing to another one.
    const LAPSE: &'static [&'static str] = &[];

    /// What an entry of a later layer changes it by; once in a layer.
    fn id(&self) -> &str;

    /// Names that no other entry of its kind may have.
    fn aliases(&self) -> &[String] {
        &[]
    }

    /// Everything that it may be called, in any case.
    fn names(&self) -> Vec<Cow<'_, str>> {
        vec![Cow::Borrowed(self.id())]
    }

    /// The place of the entry that is called `name`; else the nearest name.
    fn find(entries: &[Self], name: &str) -> Result<usize, Option<String>> {
        let is_called = |entry: &Self| entry.names().iter().any(|known| known.eq_ignore_ascii_case(name));
        entries.iter().position(is_called).ok_or_else(|| {
            let known: Vec<_> = entries.iter().flat_map(Self::names).collect();
            nearest(name, known.iter().map(AsRef::as_ref)).map(str::to_owned)
        })
    }

    /// Puts all in their order, where that is another than the files'.
    fn arrange(_: &mut [Self]) {}

    /// What must hold of its id and its values.
    fn check(&self, catalog: &Catalog) -> Result<(), Violation>;
}

/// A value that cannot be.
#[derive(Debug)]
pub(super) struct Violation {
    /// The path of keys to it, from the entry.
    pub(super) path: String,
    /// What must hold.
    pub(super) rule: Message,
}

/// An entry as the build left it.
#[derive(Debug)]
pub(super) struct Shipped {
    file: &'static str,
    line: usize,
    json: &'static str,
}

/// By [`Kind`].
static SHIPPED: [&[Shipped]; Kind::FILES.len()] = include!(concat!(env!("OUT_DIR"), "/catalog.rs"));

impl Shipped {
    fn entry<T: DeserializeOwned>(&self) -> Result<T, CatalogError> {
        serde_json::from_str(self.json).map_err(|error| CatalogError::Invalid {
            file: self.file.to_owned(),
            line: self.line,
            column: 1,
            problem: Problem::of_toml(&error.to_string(), None),
        })
    }
}

/// The entries of a kind, read when first used.
#[derive(Debug)]
pub(super) struct Table<T>(OnceLock<Vec<T>>);

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self(OnceLock::new())
    }
}

impl<T: Entry> Table<T> {
    pub(super) fn all(&self, catalog: &Catalog) -> Result<&[T], CatalogError> {
        if self.0.get().is_none() {
            let mut entries = read(catalog)?;
            T::arrange(&mut entries);
            return Ok(self.0.get_or_init(|| entries));
        }
        Ok(self.read())
    }

    /// Those that were read; none before.
    pub(super) fn read(&self) -> &[T] {
        self.0.get().map_or(&[], Vec::as_slice)
    }

    /// The entry that is called `name`, in any case.
    pub(super) fn named(&self, catalog: &Catalog, name: &str) -> Result<&T, CatalogError> {
        let (entries, name) = (self.all(catalog)?, name.trim());
        let unknown = |nearest| CatalogError::Unknown { kind: T::NAMED, name: name.to_owned(), nearest };
        T::find(entries, name).map(|at| &entries[at]).map_err(unknown)
    }
}

/// That an entry of another kind is there: a price names what it is of.
pub(super) fn must_know<T: Entry>(key: &str, id: &str, known: &[T]) -> Result<(), Violation> {
    if known.iter().any(|entry| entry.id() == id) {
        return Ok(());
    }
    let rule = match nearest(id, known.iter().map(Entry::id)) {
        Some(near) => message!(CatalogRuleReferenceNear { id, near }),
        None => message!(CatalogRuleReference { id }),
    };
    Err(check::broken(key, rule))
}

/// All entries: those of later layers over those of earlier ones, new ones at the end.
fn read<T: Entry>(catalog: &Catalog) -> Result<Vec<T>, CatalogError> {
    let shipped = SHIPPED[T::KIND as usize];
    let entries = shipped.iter().map(Shipped::entry).collect::<Result<Vec<T>, _>>()?;
    if !catalog.layers.iter().any(|layer| layer.has(T::KIND)) {
        // A test checks what is shipped.
        return Ok(entries);
    }
    let mut merged = Merged { entries, origins: shipped.iter().map(Origin::Shipped).collect() };
    for (number, layer) in catalog.layers.iter().enumerate() {
        merged.add(number + 1, layer, catalog)?;
    }
    merged.check_aliases()?;
    Ok(merged.entries)
}

/// Where an entry is from.
enum Origin<'a> {
    Shipped(&'static Shipped),
    Own { layer: usize, document: &'a Document, path: String, fields: toml::Table },
}

impl Origin<'_> {
    fn place(&self) -> String {
        match self {
            Self::Shipped(Shipped { file, line, .. }) => format!("{file}:{line}"),
            Self::Own { document, path, .. } => format!("{}:{}", document.name, document.line(path)),
        }
    }

    /// The number of its layer.
    fn layer(&self) -> usize {
        match self {
            Self::Shipped(_) => 0,
            Self::Own { layer, .. } => *layer,
        }
    }

    fn fields(&self) -> toml::Table {
        match self {
            Self::Shipped(shipped) => serde_json::from_str(shipped.json).unwrap_or_default(),
            Self::Own { fields, .. } => fields.clone(),
        }
    }
}

/// Layers over one another.
struct Merged<'a, T> {
    entries: Vec<T>,
    /// Of each entry.
    origins: Vec<Origin<'a>>,
}

impl<'a, T: Entry> Merged<'a, T> {
    fn add(&mut self, number: usize, layer: &'a Layer, catalog: &Catalog) -> Result<(), CatalogError> {
        for document in &layer.documents {
            for own in document.entries(T::KIND)? {
                let problem =
                    |path: &str, problem| document.problem(&format!("{}.{path}", own.path), problem);
                let id = own.fields.get("id").and_then(|id| id.get_ref().as_str()).unwrap_or_default();
                let known = self.known(id.trim(), layer);
                if let Ok(at) = known
                    && self.origins[at].layer() == number
                {
                    return Err(problem("id", self.taken(id, at)));
                }
                let base = known.as_ref().ok().map(|at| self.origins[*at].fields());
                let (entry, fields) = over::<T>(base, &own).map_err(|Fault { span, wrong }| {
                    let new = known.as_ref().err().map(|nearest| (id, nearest.clone()));
                    match Problem::of(wrong, new) {
                        // Perhaps only its id is misspelt.
                        incomplete @ Problem::Incomplete { .. } => problem("id", incomplete),
                        other => document.at(span, other),
                    }
                })?;
                let entry: T = entry;
                if let Err(Violation { path, rule }) = entry.check(catalog) {
                    return Err(problem(&path, Problem::Impossible { rule }));
                }
                let origin = Origin::Own { layer: number, document, path: own.path.clone(), fields };
                if let Ok(at) = known {
                    (self.entries[at], self.origins[at]) = (entry, origin);
                } else {
                    self.entries.push(entry);
                    self.origins.push(origin);
                }
            }
        }
        Ok(())
    }

    /// The place of the entry that a file means by `id`; else the nearest id.
    fn known(&self, id: &str, layer: &Layer) -> Result<usize, Option<String>> {
        if let Some(at) = self.entries.iter().position(|entry| entry.id().eq_ignore_ascii_case(id)) {
            return Ok(at);
        }
        match T::find(&self.entries, id) {
            Ok(at) if !layer.by_any_name => Err(Some(self.entries[at].id().to_owned())),
            found => found,
        }
    }

    fn taken(&self, name: &str, by: usize) -> Problem {
        Problem::Duplicate {
            name: name.to_owned(),
            owner: self.entries[by].id().to_owned(),
            place: self.origins[by].place(),
        }
    }

    fn check_aliases(&self) -> Result<(), CatalogError> {
        let ids = self.entries.iter().enumerate().map(|(at, entry)| (entry.id().to_lowercase(), at));
        let mut owners: HashMap<String, usize> = ids.collect();
        for (at, entry) in self.entries.iter().enumerate() {
            for (number, alias) in entry.aliases().iter().enumerate() {
                let owner = *owners.entry(alias.to_lowercase()).or_insert(at);
                if owner == at {
                    continue;
                }
                // The entry that came later is the one to change.
                let (older, newer, key) = if self.origins[at].layer() >= self.origins[owner].layer() {
                    (owner, at, format!(".aliases.{number}"))
                } else {
                    (at, owner, String::new())
                };
                if let Origin::Own { document, path, .. } = &self.origins[newer] {
                    return Err(document.problem(&format!("{path}{key}"), self.taken(alias, older)));
                }
            }
        }
        Ok(())
    }
}

/// An entry of a user's file with what it does not give from the one that it changes, and its fields.
fn over<T: Entry>(base: Option<toml::Table>, own: &RawEntry<'_>) -> Result<(T, toml::Table), Fault> {
    let mut fields = own.fields.clone();
    let mut text = String::new();
    if let Some(mut base) = base {
        fields.remove("id");
        if T::PRICES.iter().any(|key| fields.contains_key(*key)) {
            base.retain(|key, _| !["date", "provenance"].contains(&key) && !T::LAPSE.contains(&key));
        }
        believe(&mut fields, if T::KIND == Kind::Accelerator { "street_price" } else { "provenance" });
        text = base.to_string();
    }
    let base = DeTable::parse(&text).map_err(|error| raw::toml(&error))?;
    fill(&mut fields, base.into_inner(), &own.span);
    let merged = Spanned::new(own.span.clone(), fields);
    let read = T::deserialize(Deserializer::from(merged.clone())).and_then(|entry| {
        let fields = toml::Table::deserialize(Deserializer::from(merged))?;
        Ok((entry, fields))
    });
    read.map_err(|error| raw::toml(&error))
}

/// An offer of one's own is trusted, unless it says otherwise.
fn believe(fields: &mut DeTable<'_>, table: &str) {
    if let Some(DeValue::Table(table)) = fields.get_mut(table).map(Spanned::get_mut) {
        let text = |text| Cow::Borrowed(text);
        let confidence = table.entry(Spanned::new(0..0, text("confidence")));
        confidence.or_insert_with(|| Spanned::new(0..0, DeValue::String(text("high"))));
    }
}

/// Adds the fields of `base` that `own` does not give. A table within is a field of its own where it has a source of its
/// own, or is of another kind.
fn fill<'a>(own: &mut DeTable<'a>, base: DeTable<'a>, span: &Range<usize>) {
    for (key, value) in base {
        match (own.get_mut(key.get_ref().as_ref()).map(Spanned::get_mut), value.into_inner()) {
            (None, value) => {
                own.insert(Spanned::new(span.clone(), key.into_inner()), Spanned::new(span.clone(), value));
            }
            (Some(DeValue::Table(given)), DeValue::Table(inner)) if is_continued(given, &inner) => {
                fill(given, inner, span);
            }
            _ => {}
        }
    }
}

fn is_continued(given: &DeTable<'_>, base: &DeTable<'_>) -> bool {
    let kind = |table: &DeTable<'_>| Some(table.get("kind")?.get_ref().as_str()?.to_owned());
    !base.contains_key("source") && kind(given).is_none_or(|given| Some(given) == kind(base))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{
        Accelerator, AnswerLength, ApiPrice, CalibrationFile, CpuPlatform, Currency, Host, MachinePrice,
        Model, NamedMachine, PowerPrice, Quant, ReferenceShape, Rental, ServingCalibrationFile, Site,
        UseCase,
    };

    /// Entries are not checked when the program starts: that every shipped one is possible is known from here.
    fn audit<T: Entry>(catalog: &Catalog) {
        let mut owners: HashMap<String, String> = HashMap::new();
        let shipped = SHIPPED[T::KIND as usize];
        assert!(!shipped.is_empty(), "no {:?}", T::KIND);
        for Shipped { file, line, json } in shipped {
            let entry: T =
                serde_json::from_str(json).unwrap_or_else(|error| panic!("{file}:{line}: {error}"));
            if let Err(Violation { path, rule }) = entry.check(catalog) {
                panic!("{file}:{line}: {path}: {rule}");
            }
            for name in entry.aliases().iter().map(String::as_str).chain([entry.id()]) {
                let owner = owners.insert(name.to_lowercase(), entry.id().to_owned());
                assert!(owner.is_none_or(|owner| owner == entry.id()), "{file}:{line}: {name} stands twice");
            }
        }
        let ids: std::collections::BTreeSet<_> = owners.into_values().collect();
        assert_eq!(ids.len(), shipped.len(), "ids of {:?} stand twice", T::KIND);
    }

    #[test]
    fn every_shipped_entry_is_possible() {
        let catalog = Catalog::embedded().unwrap();
        audit::<Model>(&catalog);
        audit::<Accelerator>(&catalog);
        audit::<Quant>(&catalog);
        audit::<CpuPlatform>(&catalog);
        audit::<Host>(&catalog);
        audit::<NamedMachine>(&catalog);
        audit::<UseCase>(&catalog);
        audit::<AnswerLength>(&catalog);
        audit::<CalibrationFile>(&catalog);
        audit::<ServingCalibrationFile>(&catalog);
        audit::<ReferenceShape>(&catalog);
        audit::<ApiPrice>(&catalog);
        audit::<Rental>(&catalog);
        audit::<MachinePrice>(&catalog);
        audit::<PowerPrice>(&catalog);
        audit::<Site>(&catalog);
        audit::<Currency>(&catalog);
    }
}
