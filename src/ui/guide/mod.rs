//! The guided choice at a terminal: a use-case, limits, and the models that keep them.
//!
//! [`Guide`] is the state: keys go in, flags of `recommend` come out. It reckons nothing: what the models are is told to
//! it. It is drawn by `draw`, and `screen` lends it the terminal and takes that back on every way out.

mod draw;
mod limits;
mod results;
mod screen;
mod state;

pub use screen::{Ended, is_possible, run};
pub use state::{Candidate, Guide, Key, Next, Purpose};
