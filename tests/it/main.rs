//! One integration binary: laws and whole outputs of the program.

mod gguf;
mod layering;
#[cfg(feature = "llama")]
mod llama;
#[cfg(unix)]
mod setup_script;
