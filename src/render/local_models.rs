use std::io;
use std::path::PathBuf;

use serde::Serialize;

use super::{Cell, Column, Grid, Reader, Style, Table, View, wrapped};
use crate::message::{Message, file_size};
use crate::units::Bytes;
use crate::{message, say};

/// The models on this machine, listed.
#[derive(Debug)]
pub struct LocalModelsView {
    /// The list.
    pub list: LocalList,
}

/// The models on this machine.
#[derive(Debug, Serialize)]
pub struct LocalList {
    /// Whole or not, R1's or unlike; the cache's first.
    pub models: Vec<LocalRow>,
    /// Downloads that are not whole yet.
    pub partials: Vec<PartialRow>,
    /// GGUF files of other models, which are not listed.
    pub others: usize,
}

/// A model on this machine.
#[derive(Debug, Serialize)]
pub struct LocalRow {
    /// The catalog's id.
    pub model: String,
    /// Its quant, where its name or its header tells.
    pub quant: Option<String>,
    /// Whose files they are: `hub_cache`, `folder`, `lm_studio`, `ollama`.
    pub keeper: &'static str,
    /// What its keeper calls it.
    pub name: String,
    /// What its files take.
    pub bytes: Bytes,
    /// Whether it can be run: all files are there and their headers are right.
    pub is_whole: bool,
    /// How many files it is split into.
    pub parts: u32,
    /// Its files that are there, in order.
    pub paths: Vec<PathBuf>,
}

/// A download that is not whole yet.
#[derive(Debug, Serialize)]
pub struct PartialRow {
    /// What it will be.
    pub source: String,
    /// How much of it is there.
    pub present_bytes: Bytes,
    /// How long it will be.
    pub bytes: Bytes,
    /// Where it is.
    pub path: PathBuf,
}

/// A keeper as people call it.
fn keeper(key: &str) -> Message {
    match key {
        "hub_cache" => message!(CommandsHubCache),
        "lm_studio" => "LM Studio".into(),
        "ollama" => "Ollama".into(),
        "folder" => message!(CommandsFolder),
        key => key.into(),
    }
}

impl LocalRow {
    /// What its keeper calls it, and what is wrong with it.
    fn called(&self) -> Message {
        let (name, there) = (&self.name, self.paths.len() as u32);
        if self.is_whole {
            name.as_str().into()
        } else if there < self.parts {
            message!(CommandsShardsMissing { name, there, parts: self.parts })
        } else {
            message!(CommandsDamaged { name })
        }
    }
}

impl View for LocalModelsView {
    type Data = LocalList;

    fn data(&self) -> &LocalList {
        &self.list
    }

    fn table(&self, reader: Reader, style: Style<'_>) -> Grid {
        let mut table = Table::<LocalRow>::new();
        let target = |row: &LocalRow| match &row.quant {
            Some(quant) => format!("{}:{quant}", row.model),
            None => row.model.clone(),
        };
        table.push(Column::left("target", message!(CommandsColumnModel), target).for_people());
        table.plain("model", |row| row.model.clone());
        table.plain("quant", |row| row.quant.clone());
        table.plain("keeper", |row| row.keeper);
        table.right("bytes", message!(CommandsColumnSize), |row| file_size(row.bytes));
        table.plain("is_whole", |row| row.is_whole.to_string());
        table.plain("path", |row| row.paths.first().map(|path| path.display().to_string()));
        table.push(
            Column::left("place", message!(CommandsColumnPlace), |row: &LocalRow| keeper(row.keeper))
                .for_people(),
        );
        table.left("name", message!(CommandsColumnName), |row| Cell::from(row.called()).plain(&row.name));
        table.grid(&self.list.models, reader, style.locale)
    }

    fn draw(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let (list, locale) = (&self.list, style.locale);
        if list.models.is_empty() {
            writeln!(out, "{}", say!(locale, CommandsNoLocalModels))?;
        } else {
            self.table(Reader::Terminal, style).text(style, out)?;
            let total: Bytes = list.models.iter().map(|row| row.bytes).sum();
            writeln!(out, "{}", say!(locale, CommandsTotal { size: file_size(total) }))?;
        }
        if !list.partials.is_empty() {
            writeln!(out, "\n{}", say!(locale, CommandsPartials))?;
            for row in &list.partials {
                let (present, whole) = (file_size(row.present_bytes), file_size(row.bytes));
                writeln!(out, "  {}  {}", row.source, say!(locale, CommandsPartial { present, whole }))?;
            }
        }
        if list.others > 0 {
            writeln!(out, "\n{}", say!(locale, CommandsOtherModels { count: list.others }))?;
        }
        if list.models.is_empty() {
            wrapped("", &say!(locale, CommandsNoLocalModelsNext), style, out)?;
        }
        Ok(())
    }
}
