//! One integration binary: laws and whole outputs of the program.

mod cli;
mod gguf;
mod json_schema;
mod catalog;
mod layering;
mod machine_files;
#[cfg(feature = "llama")]
mod llama;
#[cfg(unix)]
mod setup_script;
