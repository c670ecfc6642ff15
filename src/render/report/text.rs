use std::io;

use super::document::Block;
use crate::render::{Style, wrapped};

/// Draws blocks for a terminal.
pub(super) fn write(blocks: &[Block], style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    for block in blocks {
        match block {
            Block::Warning(text) => wrapped("! ", text, style, out)?,
            Block::Choice(text) | Block::Note { text, .. } => wrapped("", text, style, out)?,
            Block::Text(parts) => {
                wrapped("", &parts.concat(), style, out)?;
                writeln!(out)?;
            }
            Block::Bullets(lines) => {
                for line in lines {
                    wrapped("  - ", line, style, out)?;
                }
                writeln!(out)?;
            }
            Block::Table(table) => table.grid(|name, _| name.to_owned()).text(style, out)?,
            // Only the brief form is drawn here, which has none of the others.
            _ => {}
        }
    }
    Ok(())
}
