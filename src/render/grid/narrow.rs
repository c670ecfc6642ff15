//! A grid where lines are too short for all of its columns: sentences go under their row, and where even the figures
//! have no room, each row becomes a paragraph that names its cells.

use std::io;

use super::{Align, GAP, Grid};
use crate::render::Style;
use crate::render::text::{columns, lines, wrapped};

/// The fewest columns of a terminal in which a sentence is still read with ease.
const SENTENCE: usize = 24;

/// How far what belongs to a row stands in.
const INDENT: &str = "    ";

/// How a grid can be drawn in so many columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// As a table.
    Table,
    /// As a table whose sentences stand under their rows.
    SentencesBelow {
        /// Their columns.
        sentences: Vec<usize>,
    },
    /// As a paragraph for each row.
    Paragraphs,
}

impl Layout {
    /// The first layout that has room in the width of `style`.
    pub(super) fn of(grid: &Grid, style: Style<'_>) -> Self {
        let room = usize::from(style.width);
        let least: Vec<usize> = (0..grid.width()).map(|column| grid.least_width(column)).collect();
        let takes = |columns: &mut dyn Iterator<Item = usize>| {
            columns.map(|column| least[column] + GAP).sum::<usize>().saturating_sub(1)
        };
        if takes(&mut (0..grid.width())) <= room {
            return Self::Table;
        }
        let (sentences, others): (Vec<usize>, Vec<usize>) =
            (0..grid.width()).partition(|column| grid.has_sentences(*column));
        if !sentences.is_empty() && takes(&mut others.into_iter()) <= room {
            Self::SentencesBelow { sentences }
        } else {
            Self::Paragraphs
        }
    }
}

impl Grid {
    /// The columns of a terminal that a column's longest cell takes.
    fn natural_width(&self, column: usize) -> usize {
        let cells = self.rows.iter().map(|row| columns(&row[column]));
        cells.chain([columns(&self.columns[column].0)]).max().unwrap_or(0)
    }

    /// Whether a column holds sentences, and not names or figures.
    pub(super) fn has_sentences(&self, column: usize) -> bool {
        self.is_prose(column) && self.natural_width(column) > SENTENCE
    }

    /// Whether a column's cells may be broken into lines: figures, and names in one word, are for copying.
    pub(super) fn is_prose(&self, column: usize) -> bool {
        self.columns[column].1 == Align::Left && self.rows.iter().any(|row| row[column].contains(' '))
    }

    /// The fewest columns of a terminal that a column can be read in.
    fn least_width(&self, column: usize) -> usize {
        if !self.is_prose(column) {
            return self.natural_width(column);
        }
        let longest_word = |text: &str| lines(text, 1).iter().map(|word| columns(word)).max().unwrap_or(0);
        let cells = self.rows.iter().map(|row| longest_word(&row[column]));
        let word = cells.chain([longest_word(&self.columns[column].0)]).max().unwrap_or(0);
        if self.has_sentences(column) {
            word.max(SENTENCE)
        } else {
            word.max(8).min(self.natural_width(column))
        }
    }

    /// Draws the table without its sentences, and these under their rows.
    pub(super) fn with_sentences_below(
        &self,
        sentences: &[usize],
        style: Style<'_>,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        let rest = |cells: &[String]| -> Vec<String> {
            let cells = cells.iter().enumerate().filter(|(column, _)| !sentences.contains(column));
            cells.map(|(_, cell)| cell.clone()).collect()
        };
        let kept = self.columns.iter().enumerate().filter(|(column, _)| !sentences.contains(column));
        let columns = kept.map(|(_, column)| column.clone()).collect();
        let short = Self { columns, rows: self.rows.iter().map(|row| rest(row)).collect() };
        let mut table = short.lines(style);
        // Cells of few words may take several lines; then nobody could tell which line is whose.
        if table.len() != short.rows.len() + HEAD {
            return self.paragraphs(style, out);
        }
        let rows = table.split_off(HEAD);
        for line in table {
            writeln!(out, "{line}")?;
        }
        for (line, row) in rows.iter().zip(&self.rows) {
            writeln!(out, "{line}")?;
            for column in sentences.iter().filter(|column| !row[**column].is_empty()) {
                let label = match sentences.len() {
                    1 => String::new(),
                    _ => format!("{}: ", self.columns[*column].0),
                };
                wrapped(INDENT, &format!("{label}{}", row[*column]), style, out)?;
            }
        }
        Ok(())
    }

    /// Draws each row as a paragraph: what it is of, and under it the other cells with their names.
    pub(super) fn paragraphs(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let room = usize::from(style.width).saturating_sub(INDENT.len()).max(20);
        let first_name = self.columns.iter().position(|(_, align)| *align == Align::Left).unwrap_or(0);
        for row in &self.rows {
            let head: Vec<&str> =
                row[..=first_name].iter().map(String::as_str).filter(|cell| !cell.is_empty()).collect();
            wrapped("", &head.join(" "), style, out)?;
            let named = self.columns.iter().zip(row).enumerate().skip(first_name + 1);
            let named = named.filter(|(_, (_, cell))| !cell.is_empty());
            let (sentences, figures): (Vec<_>, Vec<_>) =
                named.partition(|(column, (_, cell))| self.is_prose(*column) && columns(cell) > SENTENCE);
            let items = figures.iter().map(|(_, ((name, _), cell))| format!("{name} {cell}"));
            for line in joined(items, room) {
                writeln!(out, "{INDENT}{line}")?;
            }
            for (_, ((name, _), cell)) in sentences {
                wrapped(INDENT, &format!("{name}: {cell}"), style, out)?;
            }
        }
        Ok(())
    }
}

/// The lines that stand over the rows of a table.
const HEAD: usize = 2;

/// Items in lines of at most so many columns, none broken that has room in one.
fn joined(items: impl Iterator<Item = String>, room: usize) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for item in items {
        match all.last_mut() {
            Some(line) if columns(line) + columns(&item) + 3 <= room => {
                line.push_str(" · ");
                line.push_str(&item);
            }
            _ => all.push(item),
        }
    }
    all.iter().flat_map(|line| lines(line, room)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Locale;

    fn drawn(width: u16) -> String {
        let mut grid = Grid::new(&[
            ("#", Align::Right),
            ("model", Align::Left),
            ("memory", Align::Right),
            ("verdict", Align::Left),
        ]);
        for (number, why) in [("1", "it fits with nine GiB to spare"), ("2", "")] {
            grid.push(vec![number.into(), "r1-distill-qwen-7b:Q4_K_M".into(), "5.1 GiB".into(), why.into()]);
        }
        let mut out = Vec::new();
        grid.text(Style { width, locale: &Locale::default() }, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn where_all_has_room_it_is_a_table() {
        let wide = drawn(100);
        assert_eq!(wide.lines().count(), 4);
        assert!(wide.lines().nth(2).unwrap().ends_with("it fits with nine GiB to spare"), "{wide}");
    }

    #[test]
    fn a_sentence_stands_under_its_row_where_it_has_no_room_beside_it() {
        let rows: Vec<String> = drawn(60).lines().skip(2).map(str::to_owned).collect();
        assert_eq!(
            rows,
            [
                "  1   r1-distill-qwen-7b:Q4_K_M   5.1 GiB",
                "    it fits with nine GiB to spare",
                "  2   r1-distill-qwen-7b:Q4_K_M   5.1 GiB",
            ]
        );
    }

    #[test]
    fn where_no_table_has_room_each_row_is_a_paragraph() {
        assert_eq!(
            drawn(30),
            "1 r1-distill-qwen-7b:Q4_K_M\n    memory 5.1 GiB\n    verdict: it fits with nine\n    GiB to spare\n\
             2 r1-distill-qwen-7b:Q4_K_M\n    memory 5.1 GiB\n"
        );
    }
}
