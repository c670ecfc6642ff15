use std::io;

use serde::Serialize;

use super::{Align, Grid, Style, View, wrapped};
use crate::catalog::{Benchmark, Model};
use crate::tr;
use crate::units::Bytes;

/// From how many columns on the list has room for the licence.
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
    /// The row of a model whose weights take so much in `Q4_K_M`.
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

    fn grid(&self) -> Grid {
        let mut grid = Grid::new(&[
            ("size", Align::Left),
            ("id", Align::Left),
            ("parameters", Align::Right),
            ("active_parameters", Align::Right),
            ("context_tokens", Align::Right),
            ("q4_k_m_bytes", Align::Right),
            ("aime24_percent", Align::Right),
            ("math500_percent", Align::Right),
            ("gpqa_diamond_percent", Align::Right),
            ("licence", Align::Left),
        ]);
        let optional = |number: Option<f64>| number.map_or_else(String::new, |number| number.to_string());
        for row in &self.list.models {
            grid.push(vec![
                row.size.to_owned(),
                row.id.to_owned(),
                row.parameters.to_string(),
                row.active_parameters.to_string(),
                row.context_tokens.to_string(),
                row.q4_k_m_bytes.map_or_else(String::new, |bytes| bytes.0.to_string()),
                optional(row.aime24_percent),
                optional(row.math500_percent),
                optional(row.gpqa_diamond_percent),
                row.licence.to_owned(),
            ]);
        }
        grid
    }

    fn draw(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let lang = style.lang;
        let [size, active, licence] =
            [tr!(lang, "size", "规模"), tr!(lang, "active", "激活"), tr!(lang, "licence", "许可证")];
        let mut columns = vec![
            (size.as_str(), Align::Left),
            ("id", Align::Left),
            ("B", Align::Right),
            (&active, Align::Right),
            ("Q4_K_M", Align::Right),
            ("AIME", Align::Right),
            ("MATH", Align::Right),
            ("GPQA", Align::Right),
            (&licence, Align::Left),
        ];
        columns.truncate(if style.width < WITH_LICENCE { columns.len() - 1 } else { columns.len() });
        let mut grid = Grid::new(&columns);
        let score =
            |number: Option<f64>| number.map_or_else(|| "–".to_owned(), |number| format!("{number:.1}"));
        for row in &self.list.models {
            let mut cells = vec![
                row.size.to_owned(),
                row.id.to_owned(),
                billions(row.parameters),
                billions(row.active_parameters),
                row.q4_k_m_bytes.map_or_else(|| "–".to_owned(), |bytes| bytes.decimal().to_string()),
                score(row.aime24_percent),
                score(row.math500_percent),
                score(row.gpqa_diamond_percent),
                row.licence_in_a_word().to_owned(),
            ];
            cells.truncate(columns.len());
            grid.push(cells);
        }
        grid.text(style, out)?;
        writeln!(out)?;
        let legend = tr!(
            lang,
            "B: billions of parameters, and those that each token reads. Q4_K_M: the weights at 4 bits. AIME 2024, \
             MATH-500 and GPQA Diamond: percent solved at the first try, as published; – where nothing was.",
            "B：参数量，以十亿计；激活：每个 token 读取的参数量。Q4_K_M：4 比特的权重大小。AIME 2024、MATH-500 和 \
             GPQA Diamond：公布的一次作答正确率，百分比；没有公布的写 –。"
        );
        wrapped("", &legend, style, out)?;
        let next = tr!(
            lang,
            "All about one, with sources: r1-advisor models show 70b",
            "某个模型的全部信息和来源：r1-advisor models show 70b"
        );
        wrapped("", &next, style, out)
    }
}

/// Parameters in billions, to three digits.
pub(super) fn billions(parameters: u64) -> String {
    let billions = parameters as f64 / 1e9;
    match billions {
        b if b >= 99.95 => format!("{b:.0}"),
        b if b >= 9.995 => format!("{b:.1}"),
        b => format!("{b:.2}"),
    }
}
