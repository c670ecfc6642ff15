use std::io;
use std::path::PathBuf;

use serde::Serialize;

use super::{Align, Grid, Style, View, wrapped};
use crate::lang::Lang;
use crate::tr;
use crate::units::Bytes;

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
fn keeper(key: &str, lang: Lang) -> String {
    match key {
        "hub_cache" => tr!(lang, "hub cache", "hub 缓存"),
        "lm_studio" => "LM Studio".to_owned(),
        "ollama" => "Ollama".to_owned(),
        "folder" => tr!(lang, "folder", "目录"),
        key => key.to_owned(),
    }
}

impl View for LocalModelsView {
    type Data = LocalList;

    fn data(&self) -> &LocalList {
        &self.list
    }

    fn grid(&self) -> Grid {
        let mut grid = Grid::new(&[
            ("model", Align::Left),
            ("quant", Align::Left),
            ("keeper", Align::Left),
            ("bytes", Align::Right),
            ("is_whole", Align::Left),
            ("path", Align::Left),
        ]);
        for row in &self.list.models {
            grid.push(vec![
                row.model.clone(),
                row.quant.clone().unwrap_or_default(),
                row.keeper.to_owned(),
                row.bytes.0.to_string(),
                row.is_whole.to_string(),
                row.paths.first().map_or_else(String::new, |path| path.display().to_string()),
            ]);
        }
        grid
    }

    fn draw(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let (list, lang) = (&self.list, style.lang);
        if list.models.is_empty() {
            writeln!(out, "{}", tr!(lang, "No R1 model is on this machine.", "本机没有 R1 模型。"))?;
        } else {
            let mut grid = Grid::new(&[
                (tr!(lang, "model", "模型").as_str(), Align::Left),
                (&tr!(lang, "size", "大小"), Align::Right),
                (&tr!(lang, "kept by", "存放于"), Align::Left),
                (&tr!(lang, "as", "名称"), Align::Left),
            ]);
            for row in &list.models {
                let quant = row.quant.as_ref().map_or_else(String::new, |quant| format!(":{quant}"));
                let missing = match row.paths.len() as u32 {
                    _ if row.is_whole => String::new(),
                    there if there < row.parts => {
                        let parts = row.parts;
                        tr!(lang, " ({there} of {parts} files)", "（{parts} 个文件中的 {there} 个）")
                    }
                    _ => tr!(lang, " (damaged)", "（已损坏）"),
                };
                grid.push(vec![
                    format!("{}{quant}", row.model),
                    row.bytes.decimal().to_string(),
                    keeper(row.keeper, lang),
                    format!("{}{missing}", row.name),
                ]);
            }
            grid.text(style, out)?;
            let total: Bytes = list.models.iter().map(|row| row.bytes).sum();
            writeln!(out, "{}", tr!(lang, "{} in all", "共 {}", total.decimal()))?;
        }
        if !list.partials.is_empty() {
            let heading = tr!(
                lang,
                "Not whole yet; `pull` goes on with them, `models remove` takes them away",
                "尚未下载完；`pull` 可以续传，`models remove` 可以删除"
            );
            writeln!(out, "\n{heading}")?;
            for row in &list.partials {
                let (present, whole) = (row.present_bytes.decimal(), row.bytes.decimal());
                writeln!(
                    out,
                    "  {}  {}",
                    row.source,
                    tr!(lang, "{present} of {whole}", "{present} / {whole}")
                )?;
            }
        }
        if list.others > 0 {
            let others = list.others;
            let files = if others == 1 { "GGUF of another model is" } else { "GGUFs of other models are" };
            let note = tr!(lang, "{others} {files} not listed.", "另有 {others} 个其他模型的 GGUF 未列出。");
            writeln!(out, "\n{note}")?;
        }
        if list.models.is_empty() {
            let next = tr!(
                lang,
                "What runs here: r1-advisor recommend. To fetch it: r1-advisor pull ID:QUANT",
                "看本机能运行什么：r1-advisor recommend。下载：r1-advisor pull ID:QUANT"
            );
            wrapped("", &next, style, out)?;
        }
        Ok(())
    }
}
