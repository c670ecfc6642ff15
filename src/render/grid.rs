mod narrow;

use std::io;

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle};

use unicode_width::UnicodeWidthChar as _;

use super::Style;
use super::text::{columns, lines};
use narrow::Layout;

/// Columns of a terminal from one cell to the next.
const GAP: usize = 3;

/// Rows under headers: one table, drawn for a terminal, as CSV or as Markdown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grid {
    pub(super) columns: Vec<(String, Align)>,
    pub(super) rows: Vec<Vec<String>>,
}

/// On which side of its column a cell stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

impl Grid {
    /// A grid with these columns.
    #[must_use]
    pub fn new(columns: &[(&str, Align)]) -> Self {
        let columns = columns.iter().map(|(name, align)| ((*name).to_owned(), *align)).collect();
        Self { columns, rows: Vec::new() }
    }

    /// Adds a row; it must have a cell for every column.
    pub fn push(&mut self, cells: Vec<String>) {
        debug_assert_eq!(cells.len(), self.columns.len());
        self.rows.push(cells);
    }

    /// How many columns it has.
    #[must_use]
    pub fn width(&self) -> usize {
        self.columns.len()
    }

    /// The names of the columns, and on which side their cells stand.
    #[must_use]
    pub fn columns(&self) -> &[(String, Align)] {
        &self.columns
    }

    /// The rows.
    #[must_use]
    pub fn rows(&self) -> &[Vec<String>] {
        &self.rows
    }

    /// Whether it has no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Draws it for a terminal: as a table where that has room, else with its sentences, or all cells, under their rows.
    pub fn text(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        match Layout::of(self, style) {
            Layout::Table => self.lines(style).iter().try_for_each(|line| writeln!(out, "{line}")),
            Layout::SentencesBelow { sentences } => self.with_sentences_below(&sentences, style, out),
            Layout::Paragraphs => self.paragraphs(style, out),
        }
    }

    /// The lines of a table: names, a rule, and the rows.
    fn lines(&self, style: Style<'_>) -> Vec<String> {
        let rows: Vec<_> = self.rows.iter().map(|row| self.broken(row, style)).collect();
        let mut table = Table::new();
        table
            .load_style(TableStyle::new().header_separator(LineStyle::new('─', '─', '─', '─')))
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(style.width)
            .set_header(self.columns.iter().map(|(name, _)| name))
            .add_rows(&rows);
        for (index, (column, (_, align))) in table.column_iter_mut().zip(&self.columns).enumerate() {
            column.set_cell_alignment(match align {
                Align::Left => CellAlignment::Left,
                Align::Right => CellAlignment::Right,
            });
            if !self.is_prose(index) {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
        table.lines().map(|line| line.trim_end().to_owned()).collect()
    }

    /// A row whose longest text is in lines where it is Chinese: the table breaks lines at spaces only.
    fn broken(&self, row: &[String], style: Style<'_>) -> Vec<String> {
        let width = |column: usize| {
            let cells = self.rows.iter().map(|row| columns(&row[column]));
            cells.chain([columns(&self.columns[column].0)]).max().unwrap_or(0)
        };
        let Some(longest) = (0..self.width()).max_by_key(|column| width(*column)) else {
            return row.to_vec();
        };
        let others: usize = (0..self.width()).filter(|column| *column != longest).map(width).sum();
        let room = usize::from(style.width).saturating_sub(others + GAP * self.width() + 1).max(20);
        let mut row = row.to_vec();
        if row[longest].chars().any(|character| character.width() == Some(2)) {
            row[longest] = lines(&row[longest], room).join("\n");
        }
        row
    }

    /// Writes it as CSV.
    pub fn csv(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let mut writer = csv::Writer::from_writer(out);
        // The crate's own conversion loses of a closed pipe that it is one.
        let kind = |error: csv::Error| match error.into_kind() {
            csv::ErrorKind::Io(error) => error,
            other => io::Error::other(format!("{other:?}")),
        };
        writer.write_record(self.columns.iter().map(|(name, _)| name)).map_err(kind)?;
        for row in &self.rows {
            writer.write_record(row).map_err(kind)?;
        }
        writer.flush()
    }

    /// Writes it as a Markdown table.
    pub fn markdown(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let line = |out: &mut dyn io::Write, cells: &mut dyn Iterator<Item = &str>| {
            for cell in cells {
                write!(out, "| {} ", cell.replace('|', "\\|").replace('\n', " "))?;
            }
            writeln!(out, "|")
        };
        line(out, &mut self.columns.iter().map(|(name, _)| name.as_str()))?;
        line(
            out,
            &mut self.columns.iter().map(|(_, align)| match align {
                Align::Left => "---",
                Align::Right => "---:",
            }),
        )?;
        for row in &self.rows {
            line(out, &mut row.iter().map(String::as_str))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid() -> Grid {
        let mut grid = Grid::new(&[("model", Align::Left), ("GiB", Align::Right)]);
        grid.push(vec!["7b|8b".into(), "4.4".into()]);
        grid
    }

    #[test]
    fn markdown_escapes_what_would_end_a_cell() {
        let mut out = Vec::new();
        grid().markdown(&mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "| model | GiB |\n| --- | ---: |\n| 7b\\|8b | 4.4 |\n");
    }

    #[test]
    fn csv_has_a_header() {
        let mut out = Vec::new();
        grid().csv(&mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "model,GiB\n7b|8b,4.4\n");
    }
}
