use std::fmt;
use std::str::FromStr;

use crate::error::{Exit, Failure};
use crate::message;
use crate::message::{Message, enumeration};

/// The engine in the child process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EngineKind {
    /// The bundled llama.cpp.
    #[default]
    Llama,
    /// The fake, which may fail on purpose.
    Fake(Option<FakeFailure>),
}

/// How the fake fails: the ways that the real one was seen to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FakeFailure {
    /// Refuses to load the file.
    Refuse,
    /// Aborts when a session is opened, as ggml does when a GPU has too little memory.
    Abort,
    /// Is killed while it loads, as the kernel does when main memory runs out.
    Kill,
    /// Never ends its first prefill.
    Hang,
    /// Aborts in its fourth decode.
    Late,
    /// Never ends an answer, at the pace of a slow machine, as small models do that repeat themselves.
    Endless,
    /// Aborts in the middle of its first answer.
    Collapse,
}

impl FakeFailure {
    const ALL: [(Self, &'static str); 7] = [
        (Self::Refuse, "refuse"),
        (Self::Abort, "abort"),
        (Self::Kill, "kill"),
        (Self::Hang, "hang"),
        (Self::Late, "late"),
        (Self::Endless, "endless"),
        (Self::Collapse, "collapse"),
    ];
}

impl fmt::Display for EngineKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Llama => f.write_str("llama"),
            Self::Fake(None) => f.write_str("fake"),
            Self::Fake(Some(failure)) => {
                let name = FakeFailure::ALL.iter().find(|(known, _)| known == failure).map(|(_, name)| name);
                write!(f, "fake:{}", name.unwrap_or(&""))
            }
        }
    }
}

/// A text that is no engine.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message())]
pub struct ParseEngineKindError {
    text: String,
}

impl Failure for ParseEngineKindError {
    fn message(&self) -> Message {
        let failures = enumeration(FakeFailure::ALL.map(|(_, name)| format!("`{name}`")));
        message!(EngineUnknownKind { text: &self.text, failures })
    }

    fn exit(&self) -> Exit {
        Exit::Usage
    }
}

impl FromStr for EngineKind {
    type Err = ParseEngineKindError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let failure = |name: &str| {
            FakeFailure::ALL.iter().find(|(_, known)| *known == name).map(|(failure, _)| *failure)
        };
        match text.split_once(':') {
            None if text == "llama" => Some(Self::Llama),
            None if text == "fake" => Some(Self::Fake(None)),
            Some(("fake", name)) => failure(name).map(|failure| Self::Fake(Some(failure))),
            _ => None,
        }
        .ok_or_else(|| ParseEngineKindError { text: text.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_engine_reads_back_as_written() {
        let fakes = FakeFailure::ALL.map(|(failure, _)| EngineKind::Fake(Some(failure)));
        for kind in [EngineKind::Llama, EngineKind::Fake(None)].into_iter().chain(fakes) {
            assert_eq!(kind.to_string().parse(), Ok(kind));
        }
        assert!("fake:".parse::<EngineKind>().is_err());
    }
}
