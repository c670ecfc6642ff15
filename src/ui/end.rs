use ratatui::crossterm::terminal::is_raw_mode_enabled;

use super::guide;
use crate::error::Exit;

/// Ends the process at once, whatever its other threads do, and gives the terminal back where a guide has it.
#[expect(clippy::exit, reason = "what does not end by itself has no way back to `main`")]
pub fn end_now(exit: Exit) -> ! {
    if is_raw_mode_enabled().unwrap_or(false) {
        guide::give_back();
    }
    std::process::exit(exit as i32)
}
