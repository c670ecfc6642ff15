use url::Url;

use super::Api;
use crate::error::{Exit, Failure};
use crate::message;
use crate::message::{Message, keep_secret};

/// Where a server listens, up to and with its version: `http://host:8000/v1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(String);

/// A text that is no address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message())]
pub struct AddressError {
    text: String,
}

impl Failure for AddressError {
    fn message(&self) -> Message {
        message!(EndpointNotAnAddress { text: &self.text })
    }

    fn hint(&self) -> Option<Message> {
        Some(message!(EndpointNotAnAddressHint))
    }

    fn exit(&self) -> Exit {
        Exit::Usage
    }
}

impl Address {
    /// Reads what people write: with or without the scheme, the version, or the path of one request.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        let wrong = || {
            hide_keys(text);
            AddressError { text: text.to_owned() }
        };
        let url = if text.contains("://") { Url::parse(text) } else { Url::parse(&format!("http://{text}")) };
        let mut url = url.map_err(|_| wrong())?;
        // A query belongs to no server of this kind, and a name before `@` is a secret.
        let is_plain = url.query().is_none() && url.fragment().is_none();
        if !matches!(url.scheme(), "http" | "https") || !is_plain || url.authority().contains('@') {
            return Err(wrong());
        }
        let mut path = url.path().trim_end_matches('/');
        for request in [Api::Chat.path(), Api::Completions.path(), "/models"] {
            path = path.strip_suffix(request).unwrap_or(path);
        }
        let path = if path.is_empty() { "/v1" } else { path }.to_owned();
        url.set_path(&path);
        Ok(Self(url.into()))
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

/// Has what may be a key in an address that is refused be shown nowhere: a password, and the values of a query.
fn hide_keys(text: &str) {
    let behind_scheme = text.split_once("://").map_or(text, |(_, rest)| rest);
    let authority = behind_scheme.split(['/', '?', '#']).next().unwrap_or_default();
    let password =
        authority.rsplit_once('@').map(|(user, _)| user.split_once(':').map_or(user, |(_, it)| it));
    let query = text.split_once('?').map_or("", |(_, query)| query);
    let values = query.split(['&', '#']).filter_map(|pair| Some(pair.split_once('=')?.1));
    password.into_iter().chain(values).for_each(keep_secret);
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
            ("HTTP://[::1]:80/v1", "http://[::1]/v1"),
            ("https://gateway/openai/deployments/r1", "https://gateway/openai/deployments/r1"),
        ] {
            assert_eq!(Address::parse(text).unwrap().as_str(), address, "{text}");
        }
        for text in ["", "http://", "ftp://host", "http://user:secret@host", "http://host/v1?key=1"] {
            assert!(Address::parse(text).is_err(), "{text}");
        }
    }
}
