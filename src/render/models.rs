use std::io;

use serde::Serialize;

use super::{Cell, Grid, Reader, Style, Table, View, wrapped};
use crate::catalog::{Benchmark, Model};
use crate::message::{Message, Value, file_size, fixed};
use crate::units::Bytes;
use crate::{message, say};

/// The width from which the list has room for the licence.
const WITH_LICENCE: u16 = 94;

/// The models of the catalog, listed.
#[derive(Debug)]
pub struct ModelsView<'a> {
    /// The list.
    pub list: ModelList<'a>,
}

/// The models of the catalog.
#[derive(Debug, Serialize)]
pub struct ModelList<'a> {
    /// Smallest first.
    pub models: Vec<ModelRow<'a>>,
}

/// What tells models apart.
#[derive(Debug, Serialize)]
pub struct ModelRow<'a> {
    id: &'a str,
    name: &'a str,
    size: &'a str,
    aliases: &'a [String],
    parameters: u64,
    active_parameters: u64,
    context_tokens: u32,
    released: jiff::civil::Date,
    licence: &'a str,
    aime24_percent: Option<f64>,
    math500_percent: Option<f64>,
    gpqa_diamond_percent: Option<f64>,
    /// Weights in `Q4_K_M`, as computed from the tensor layout.
    q4_k_m_bytes: Option<Bytes>,
}

impl<'a> ModelRow<'a> {
    /// The row of a model whose weights in `Q4_K_M` take `q4_k_m_bytes`.
    #[must_use]
    pub fn new(model: &'a Model, q4_k_m_bytes: Option<Bytes>) -> Self {
        let score = |benchmark| model.benchmarks.get(&benchmark).map(|score| score.score);
        Self {
            id: &model.id,
            name: &model.name,
            size: &model.size,
            aliases: &model.aliases,
            parameters: model.parameters,
            active_parameters: model.active_parameters,
            context_tokens: model.architecture.context_trained,
            released: model.released,
            licence: &model.licence.id,
            aime24_percent: score(Benchmark::Aime24),
            math500_percent: score(Benchmark::Math500),
            gpqa_diamond_percent: score(Benchmark::GpqaDiamond),
            q4_k_m_bytes,
        }
    }

    /// The licence in a word, for a narrow column.
    fn licence_in_a_word(&self) -> &str {
        if self.licence.contains("Llama") { "MIT + Llama" } else { self.licence }
    }
}

impl<'a> View for ModelsView<'a> {
    type Data = ModelList<'a>;

    fn data(&self) -> &ModelList<'a> {
        &self.list
    }

    fn table(&self, reader: Reader, style: Style<'_>) -> Grid {
        let score = |number: Option<f64>| {
            Cell::from(number.map(|number| Cell::from(fixed(number, 1)).plain(number.to_string()))).or("–")
        };
        let name = Message::verbatim;
        let mut table = Table::<ModelRow<'_>>::new();
        table.left("size", message!(ModelsSize), |row| row.size.to_owned());
        table.left("id", message!(ModelsId), |row| row.id.to_owned());
        table
            .right("parameters", name("B"), |row| Cell::from(billions(row.parameters)).plain(row.parameters));
        table.right("active_parameters", message!(ModelsActive), |row| {
            Cell::from(billions(row.active_parameters)).plain(row.active_parameters)
        });
        table.plain("context_tokens", |row| row.context_tokens);
        table
            .right("q4_k_m_bytes", name("Q4_K_M"), |row| Cell::from(row.q4_k_m_bytes.map(file_size)).or("–"));
        table.right("aime24_percent", name("AIME"), |row| score(row.aime24_percent));
        table.right("math500_percent", name("MATH"), |row| score(row.math500_percent));
        table.right("gpqa_diamond_percent", name("GPQA"), |row| score(row.gpqa_diamond_percent));
        if reader != Reader::Terminal || style.width >= WITH_LICENCE {
            table.left("licence", message!(ModelsLicence), |row| {
                Cell::from(row.licence_in_a_word()).plain(row.licence)
            });
        }
        table.grid(&self.list.models, reader, style.locale)
    }

    fn draw(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        self.table(Reader::Terminal, style).text(style, out)?;
        writeln!(out)?;
        wrapped("", &say!(style.locale, ModelsLegend), style, out)?;
        wrapped("", &say!(style.locale, ModelsNext), style, out)
    }
}

/// Parameters in billions, to three digits.
pub(super) fn billions(parameters: u64) -> Value {
    let billions = parameters as f64 / 1e9;
    match billions {
        b if b >= 99.95 => fixed(b, 0),
        b if b >= 9.995 => fixed(b, 1),
        b => fixed(b, 2),
    }
}
