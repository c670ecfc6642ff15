//! A table is one list of columns. Terminal and Markdown draw each column's title and formatted cells, CSV its key and
//! plain values, all from the same cell functions.

use std::borrow::Cow;

use super::{Align, Grid};
use crate::i18n::Locale;
use crate::message::{Message, Value};

/// Who reads a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// A person at a terminal, who sees what is printed around the table, too.
    Terminal,
    /// A person with a document: the table stands alone.
    Document,
    /// A program.
    Program,
}

/// A column of a table whose rows are of type `Row`.
pub struct Column<'a, Row: ?Sized> {
    key: Cow<'static, str>,
    title: Option<Message>,
    align: Align,
    readers: &'static [Reader],
    cell: Box<dyn Fn(&Row) -> Cell + 'a>,
}

/// The columns of a table, each added with a call.
pub struct Table<'a, Row: ?Sized> {
    columns: Vec<Column<'a, Row>>,
}

/// A cell, for both kinds of readers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    people: Option<Value>,
    program: Option<Value>,
}

const ALL: &[Reader] = &[Reader::Terminal, Reader::Document, Reader::Program];

impl<'a, Row: ?Sized> Column<'a, Row> {
    /// A column of words. `key` names it in CSV, with the unit where it has one.
    pub fn left<C: Into<Cell>>(
        key: impl Into<Cow<'static, str>>,
        title: impl Into<Message>,
        cell: impl Fn(&Row) -> C + 'a,
    ) -> Self {
        let cell = Box::new(move |row: &Row| cell(row).into());
        Self { key: key.into(), title: Some(title.into()), align: Align::Left, readers: ALL, cell }
    }

    /// A column of numbers.
    pub fn right<C: Into<Cell>>(
        key: impl Into<Cow<'static, str>>,
        title: impl Into<Message>,
        cell: impl Fn(&Row) -> C + 'a,
    ) -> Self {
        Self { align: Align::Right, ..Self::left(key, title, cell) }
    }

    /// A column that only programs read.
    pub fn plain<C: Into<Cell>>(key: impl Into<Cow<'static, str>>, cell: impl Fn(&Row) -> C + 'a) -> Self {
        let cell = Box::new(move |row: &Row| cell(row).into());
        Self { key: key.into(), title: None, align: Align::Left, readers: &[Reader::Program], cell }
    }

    /// The column, left out of CSV, which has the same in others.
    #[must_use]
    pub fn for_people(self) -> Self {
        Self { readers: &[Reader::Terminal, Reader::Document], ..self }
    }

    /// The column, left out on a terminal, where the same stands above or below the table.
    #[must_use]
    pub fn off_screen(self) -> Self {
        Self { readers: &[Reader::Document, Reader::Program], ..self }
    }

    fn heading(&self, reader: Reader, locale: &Locale) -> String {
        match &self.title {
            Some(title) if reader != Reader::Program => locale.say(title),
            _ => self.key.clone().into_owned(),
        }
    }
}

impl<'a, Row: ?Sized> Table<'a, Row> {
    /// A table without columns.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "an empty table is only a beginning")]
    pub const fn new() -> Self {
        Self { columns: Vec::new() }
    }

    /// Adds a column.
    pub fn push(&mut self, column: Column<'a, Row>) {
        self.columns.push(column);
    }

    /// Adds a [`Column::left`].
    pub fn left<C: Into<Cell>>(
        &mut self,
        key: impl Into<Cow<'static, str>>,
        title: impl Into<Message>,
        cell: impl Fn(&Row) -> C + 'a,
    ) {
        self.push(Column::left(key, title, cell));
    }

    /// Adds a [`Column::right`].
    pub fn right<C: Into<Cell>>(
        &mut self,
        key: impl Into<Cow<'static, str>>,
        title: impl Into<Message>,
        cell: impl Fn(&Row) -> C + 'a,
    ) {
        self.push(Column::right(key, title, cell));
    }

    /// Adds a [`Column::plain`].
    pub fn plain<C: Into<Cell>>(&mut self, key: impl Into<Cow<'static, str>>, cell: impl Fn(&Row) -> C + 'a) {
        self.push(Column::plain(key, cell));
    }

    /// The rows as `reader` gets them.
    #[must_use]
    pub fn grid<'r>(&self, rows: impl IntoIterator<Item = &'r Row>, reader: Reader, locale: &Locale) -> Grid
    where
        Row: 'r,
    {
        Grid::of(&self.columns, rows, reader, locale)
    }
}

impl Cell {
    /// The cell, with another value for programs: a number without its unit, or a name that stays the same in every
    /// language.
    #[must_use]
    pub fn plain(self, value: impl Into<Value>) -> Self {
        Self { program: Some(value.into()), ..self }
    }

    /// The cell, or this for people where it is empty.
    #[must_use]
    pub fn or(self, value: impl Into<Value>) -> Self {
        Self { people: self.people.or_else(|| Some(value.into())), ..self }
    }

    fn text(&self, reader: Reader, locale: &Locale) -> String {
        match reader {
            Reader::Terminal | Reader::Document => self.people.as_ref().map(|value| locale.show(value)),
            Reader::Program => self.program.as_ref().map(|value| plain(value, locale)),
        }
        .unwrap_or_default()
    }
}

impl<T: Into<Value>> From<T> for Cell {
    /// The same for all: programs get a number without its unit.
    fn from(value: T) -> Self {
        let value = value.into();
        Self { people: Some(value.clone()), program: Some(value) }
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(cell: Option<T>) -> Self {
        cell.map_or_else(Self::default, Into::into)
    }
}

/// A value without unit or separators; what is a sentence stays one.
fn plain(value: &Value, locale: &Locale) -> String {
    match value {
        Value::Count(number) | Value::Grouped(number) => number.to_string(),
        Value::Fixed(number, decimals) | Value::Percent(number, decimals) => format!("{number:.decimals$}"),
        Value::Bytes(bytes) | Value::FileSize(bytes) => bytes.0.to_string(),
        Value::TokenRate(rate) => format!("{:.3}", rate.0),
        Value::Bandwidth(rate) => format!("{:.0}", rate.0),
        Value::Flops(rate) => format!("{:.0}", rate.0),
        Value::Seconds(time) => format!("{:.3}", time.0),
        Value::Joules(energy) => format!("{:.3}", energy.0),
        Value::Usd(amount) => format!("{:.2}", amount.0),
        Value::UsdPerHour(price) => format!("{:.2}", price.0),
        Value::UsdPerMillionTokens(price) | Value::Quoted(price) => format!("{:.4}", price.0),
        Value::Date(day) => day.to_string(),
        Value::Text(_) | Value::Fact(_) | Value::Message(_) | Value::List(..) => locale.show(value),
    }
}

impl Grid {
    /// The rows as `reader` gets them.
    #[must_use]
    pub fn of<'r, Row: ?Sized + 'r>(
        columns: &[Column<'_, Row>],
        rows: impl IntoIterator<Item = &'r Row>,
        reader: Reader,
        locale: &Locale,
    ) -> Self {
        let columns: Vec<_> = columns.iter().filter(|column| column.readers.contains(&reader)).collect();
        let cells =
            |row: &Row| columns.iter().map(|column| (column.cell)(row).text(reader, locale)).collect();
        Self {
            columns: columns.iter().map(|column| (column.heading(reader, locale), column.align)).collect(),
            rows: rows.into_iter().map(cells).collect(),
        }
    }
}
