//! A conversation with a model: laid out by the model's own template, answered token by token, thinking apart from the
//! answer.
//!
//! [`Chat`] keeps to the engine's trait, so that it is tested with the fake. What it says goes to a listener as it
//! comes; nothing here prints or decides where a model is put. A template is a stranger's program, and runs in a process
//! of its own.

mod answer;
mod apart;
mod error;
mod layout;
mod stream;
mod talk;
mod template;
mod thinking;

pub use answer::{Answer, Ended, Timings};
pub use apart::lay_out;
pub use error::{ChatError, TemplateLimit};
pub use stream::Utf8Stream;
pub use talk::{Chat, Heard, Settings};
pub use template::{ChatTemplate, Message, Renderer, Role};
pub use thinking::{Part, Split};
