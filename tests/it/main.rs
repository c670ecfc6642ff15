//! One integration binary: laws and whole outputs of the program.

mod catalog;
mod layering;
