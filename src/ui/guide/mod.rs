//! The guided choice at a terminal: a use-case, limits, and the models that meet them.
//!
//! [`Guide`] is the state: keys go in, flags of `recommend` come out. It computes nothing: the models are given to it.
//! `draw` draws it, and `screen` lends it the terminal and takes that back on every way out.

mod draw;
mod limits;
mod results;
mod screen;
mod state;

pub use screen::{Ended, give_back, is_possible, run};
pub use state::{Candidate, Guide, Key, Next, Purpose};
