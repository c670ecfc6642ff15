//! What comes from elsewhere: names in files, the words of servers and of other programs. The printer makes it harmless
//! (`ui`), and what is saved or sent on has no secrets in it.

use std::borrow::Cow;
use std::sync::{PoisonError, RwLock};

/// What stands in a text in place of a secret.
const HIDDEN: &str = "***";

/// Shorter words are no secrets, and stand in other texts by chance.
const SHORTEST: usize = 6;

/// What people give for a key where a server wants some key and looks at none. They are words, and no secrets.
const PLACEHOLDERS: [&str; 8] = [
    "ollama",
    "lm-studio",
    "anything",
    "api-key",
    "no-key-required",
    "not-needed",
    "placeholder",
    "sk-no-key-required",
];

static SECRETS: RwLock<Vec<String>> = RwLock::new(Vec::new());

/// Has [`without_secrets`] leave out this key or token from now on, also as JSON writes it.
pub fn keep_secret(secret: &str) {
    let is_word = PLACEHOLDERS.iter().any(|word| secret.eq_ignore_ascii_case(word));
    if secret.len() < SHORTEST || is_word {
        return;
    }
    let quoted = serde_json::Value::from(secret).to_string();
    let mut secrets = SECRETS.write().unwrap_or_else(PoisonError::into_inner);
    for form in [secret, quoted.trim_matches('"')] {
        if !secrets.iter().any(|known| known == form) {
            secrets.push(form.to_owned());
        }
    }
    // Of one that holds another, nothing is to be left.
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
}

/// The text without the secrets that are known: a server may well repeat the key that it was sent.
#[must_use]
pub fn without_secrets(text: &str) -> Cow<'_, str> {
    let secrets = SECRETS.read().unwrap_or_else(PoisonError::into_inner);
    let met = secrets.iter().filter(|secret| text.contains(secret.as_str()));
    met.fold(Cow::Borrowed(text), |text, secret| text.replace(secret.as_str(), HIDDEN).into())
}

/// Whether a character steers a terminal, or turns the order of what stands behind it, instead of being shown: the
/// controls of ISO 6429 (C0, DEL, C1) but for those of lines and columns, and the embeddings, overrides and isolates of
/// the Unicode bidirectional algorithm (UAX 9). Marks of direction, which Arabic and Hebrew are written with, do neither.
#[must_use]
pub const fn steers(character: char) -> bool {
    match character {
        '\n' | '\t' => false,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_secret_is_in_no_text_and_a_placeholder_is_a_word() {
        keep_secret("hf_a\"secret");
        keep_secret("ollama");
        keep_secret("abc");
        assert_eq!(without_secrets("401: bad key hf_a\"secret"), "401: bad key ***");
        assert_eq!(without_secrets(r#"{"key":"hf_a\"secret"}"#), r#"{"key":"***"}"#);
        assert_eq!(without_secrets("http://ollama:11434 abc"), "http://ollama:11434 abc");
    }

    #[test]
    fn what_steers_is_told_from_what_is_shown() {
        for character in ['\u{1b}', '\r', '\u{8}', '\u{7f}', '\u{9b}', '\u{202e}', '\u{2066}'] {
            assert!(steers(character), "{character:?}");
        }
        for character in ['a', '\n', '\t', 'é', '思', '\u{200f}', '🦀', '\u{fffd}'] {
            assert!(!steers(character), "{character:?}");
        }
    }
}
