use super::Api;

/// Where a server listens, up to and with its version: `http://host:8000/v1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(String);

/// A text that is no address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no address of a server")]
pub struct AddressError {
    text: String,
}

impl AddressError {
    /// What the user can do now.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        "write it like `http://localhost:8000/v1`"
    }
}

impl Address {
    /// Reads what people write: with or without the scheme, the version, or the path of one request.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let wrong = || AddressError { text: text.to_owned() };
        let trimmed = text.trim();
        let (scheme, rest) = match trimmed.split_once("://") {
            Some((scheme @ ("http" | "https"), rest)) => (scheme, rest),
            Some(_) => return Err(wrong()),
            None => ("http", trimmed),
        };
        // What is asked for by `?` or `#` belongs to no server of this kind, and a name before `@` is a secret.
        if rest.is_empty() || rest.starts_with('/') || rest.contains(['?', '#', '@', ' ']) {
            return Err(wrong());
        }
        let mut path = rest.trim_end_matches('/');
        for request in [Api::Chat.path(), Api::Completions.path(), "/models"] {
            path = path.strip_suffix(request).unwrap_or(path);
        }
        let is_bare = !path.contains('/');
        Ok(Self(format!("{scheme}://{path}{}", if is_bare { "/v1" } else { "" })))
    }

    /// The address of one kind of request.
    #[must_use]
    pub fn of(&self, api: Api) -> String {
        format!("{}{}", self.0, api.path())
    }

    /// The address of the list of models.
    #[must_use]
    pub fn models(&self) -> String {
        format!("{}/models", self.0)
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_people_write_it() {
        for (text, address) in [
            ("http://localhost:8000", "http://localhost:8000/v1"),
            ("localhost:8000/", "http://localhost:8000/v1"),
            ("https://api.deepseek.com/v1", "https://api.deepseek.com/v1"),
            ("http://host/v1/chat/completions", "http://host/v1"),
            ("http://host:1/v1/completions/", "http://host:1/v1"),
            ("https://gateway/openai/deployments/r1", "https://gateway/openai/deployments/r1"),
        ] {
            assert_eq!(Address::parse(text).unwrap().as_str(), address, "{text}");
        }
        for text in ["", "http://", "ftp://host", "http://user:secret@host", "http://host/v1?key=1"] {
            assert!(Address::parse(text).is_err(), "{text}");
        }
    }
}
