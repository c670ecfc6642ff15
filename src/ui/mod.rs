//! Everything that a person sees while a command runs. stdout is data, stderr is people.
//!
//! Nothing else in the program prints.

mod answer;
mod end;
pub mod guide;
mod harmless;
mod line;
mod printer;
mod progress;
mod question;
mod transfer;

pub use answer::{AnswerWriter, Thoughts};
pub use end::end_now;
pub use line::{LineEditor, Typed};
pub use printer::{ColorChoice, Printer};
pub use progress::Progress;
pub use question::ask;
pub use transfer::Transfer;
