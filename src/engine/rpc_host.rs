use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Exit, Failure};
use crate::message;
use crate::message::Message;

/// Where llama.cpp's `rpc-server` listens by default.
const USUAL_PORT: u16 = 50052;

/// A machine where llama.cpp's `rpc-server` listens: `HOST` or `HOST:PORT`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RpcHost {
    name: String,
    port: u16,
}

/// A text that names no such machine.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message())]
pub struct ParseRpcHostError(String);

impl Failure for ParseRpcHostError {
    fn message(&self) -> Message {
        message!(EngineNotAHost { text: &self.0 })
    }

    fn exit(&self) -> Exit {
        Exit::Usage
    }
}

impl FromStr for RpcHost {
    type Err = ParseRpcHostError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || ParseRpcHostError(text.to_owned());
        let (name, port) = match text.trim().split_once(':') {
            None => (text.trim(), USUAL_PORT),
            Some((name, port)) => (name, port.parse().map_err(|_| error())?),
        };
        // llama.cpp cuts at the colon, so that IPv6 addresses do not work.
        let is_name = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
        if name.is_empty() || port == 0 || !name.chars().all(is_name) {
            return Err(error());
        }
        Ok(Self { name: name.to_owned(), port })
    }
}

impl fmt::Display for RpcHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.name, self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_without_a_port_listens_at_the_usual_one() {
        let told = |text: &str| text.parse::<RpcHost>().map(|host| host.to_string());
        assert_eq!(told("gpu-box").as_deref(), Ok("gpu-box:50052"));
        assert_eq!(told(" 10.0.0.7:6000 ").as_deref(), Ok("10.0.0.7:6000"));
        for text in ["", ":50052", "host:", "host:0", "host:70000", "http://host", "::1", "a b"] {
            assert!(told(text).is_err(), "{text}");
        }
    }
}
