use super::harmless::harmless;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

/// Asks a person yes or no; Enter means no. `None` where stdin or stderr is not a terminal.
#[must_use]
pub fn ask(question: &str) -> Option<bool> {
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return None;
    }
    let mut stderr = anstream::stderr();
    write!(stderr, "{} [y/N] ", harmless(question)).and_then(|()| stderr.flush()).ok()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).ok()?;
    Some(is_yes(&answer))
}

fn is_yes(answer: &str) -> bool {
    matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
}

#[cfg(test)]
mod tests {
    use super::is_yes;

    #[test]
    fn only_yes_is_yes() {
        for (answer, yes) in [("y\n", true), (" YES ", true), ("", false), ("\n", false), ("yep", false)] {
            assert_eq!(is_yes(answer), yes, "{answer:?}");
        }
    }
}
