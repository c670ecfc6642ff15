//! What the system and the TOML parser say, as messages.

use std::io;

use super::Message;
use crate::input_file::InputFileError;
use crate::message;

impl From<&io::Error> for Message {
    fn from(error: &io::Error) -> Self {
        match error.get_ref().and_then(|inner| inner.downcast_ref()) {
            Some(InputFileError::NotRegular) => return message!(SystemNotRegular),
            Some(InputFileError::TooLong) => return message!(SystemTooLong),
            None => {}
        }
        match error.kind() {
            io::ErrorKind::NotFound => message!(SystemNotFound),
            io::ErrorKind::PermissionDenied => message!(SystemPermissionDenied),
            io::ErrorKind::IsADirectory => message!(SystemIsADirectory),
            io::ErrorKind::NotADirectory => message!(SystemNotADirectory),
            io::ErrorKind::AlreadyExists => message!(SystemAlreadyExists),
            io::ErrorKind::StorageFull => message!(SystemStorageFull),
            io::ErrorKind::FileTooLarge => message!(SystemFileTooLarge),
            io::ErrorKind::TimedOut => message!(SystemTimedOut),
            io::ErrorKind::ReadOnlyFilesystem => message!(SystemReadOnly),
            _ => Self::verbatim(error.to_string()),
        }
    }
}

impl From<io::Error> for Message {
    fn from(error: io::Error) -> Self {
        (&error).into()
    }
}

impl Message {
    /// What the TOML parser says is wrong. It speaks English only, so what it says often has messages here.
    #[must_use]
    pub fn of_toml(parser: &str) -> Self {
        let says = |start: &str| parser.starts_with(start);
        match () {
            () if says("duplicate key") => message!(TomlDuplicateKey { parser }),
            () if says("string values must be quoted") => message!(TomlUnquoted { parser }),
            () if says("missing comma") => message!(TomlMissingComma { parser }),
            () if says("key with no value") => message!(TomlNoValue { parser }),
            () if says("invalid basic string") || says("invalid literal string") => {
                message!(TomlOpenString { parser })
            }
            () if says("unclosed array") => message!(TomlOpenArray { parser }),
            () if says("unclosed inline table") => message!(TomlOpenInlineTable { parser }),
            () if says("unclosed table") => message!(TomlOpenTable { parser }),
            () if says("invalid type") => message!(TomlWrongType { parser }),
            () => message!(TomlOther { parser }),
        }
    }
}
