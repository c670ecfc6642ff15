//! One integration binary: laws and whole outputs of the program.

mod gguf;
mod layering;
#[cfg(unix)]
mod setup_script;
