//! The command line that repeats a choice made by keys: the one typed, with the flags that were set instead.

use std::borrow::Cow;

/// The arguments of the command line, without `--interactive` and what is set anew, and then `flags`; quoted for a
/// shell.
pub(super) fn command_line(typed: impl IntoIterator<Item = String>, flags: &[String]) -> String {
    let mut words = vec!["r1-advisor".to_owned()];
    let mut typed = typed.into_iter().peekable();
    while let Some(word) = typed.next() {
        let (name, value) =
            word.split_once('=').map_or((word.as_str(), None), |(name, value)| (name, Some(value)));
        match name {
            "--interactive" => {}
            // A short flag may have its value in the same word.
            _ if is_context(name) && sets(flags, "--context") => {
                if word == "-c" {
                    typed.next();
                }
            }
            _ if name.starts_with("--") && sets(flags, name) => {
                // A switch has no value to pass over.
                let takes_value = typed.peek().is_some_and(|_| has_value(flags, name));
                if value.is_none() && takes_value {
                    typed.next();
                }
            }
            _ => words.push(word),
        }
    }
    words.extend(flags.iter().cloned());
    words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

fn is_context(name: &str) -> bool {
    name.starts_with("-c")
}

fn sets(flags: &[String], name: &str) -> bool {
    flags.iter().any(|flag| flag == name)
}

fn has_value(flags: &[String], name: &str) -> bool {
    let at = flags.iter().position(|flag| flag == name);
    at.and_then(|at| flags.get(at + 1)).is_some_and(|value| !value.starts_with("--"))
}

fn quoted(word: &str) -> Cow<'_, str> {
    // Only a NUL cannot be quoted, and no argument has one.
    shlex::try_quote(word).unwrap_or(Cow::Borrowed(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn again(typed: &[&str], flags: &[&str]) -> String {
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        command_line(owned(typed), &owned(flags))
    }

    #[test]
    fn what_was_typed_stays_and_what_is_set_anew_goes() {
        let flags = ["--use-case", "coding", "--context", "32k", "--local-only"];
        assert_eq!(
            again(
                &[
                    "recommend",
                    "--interactive",
                    "--gpu",
                    "2x RTX 3090",
                    "--use-case=chat",
                    "-c",
                    "8k",
                    "--local-only",
                    "--ram",
                    "64",
                ],
                &flags,
            ),
            "r1-advisor recommend --gpu '2x RTX 3090' --ram 64 --use-case coding --context 32k --local-only"
        );
        assert_eq!(
            again(&["--lang", "zh", "recommend", "-c16k", "--interactive", "--use-case", "chat"], &flags),
            "r1-advisor --lang zh recommend --use-case coding --context 32k --local-only"
        );
    }

    #[test]
    fn what_is_not_set_anew_stays_as_it_was() {
        assert_eq!(
            again(&["recommend", "--interactive", "-c", "8k", "--min", "aime24=50"], &["--use-case", "chat"]),
            "r1-advisor recommend -c 8k --min 'aime24=50' --use-case chat"
        );
    }
}
