//! What is made when the program is compiled: the messages of `i18n/`, the entries of
//! `catalog/`, and the C++ halves of `src/engine/llama`.
#![expect(clippy::print_stdout, reason = "how a build script speaks to Cargo")]

mod catalog;
#[cfg(feature = "llama")]
mod engine;
mod messages;

fn main() {
    println!("cargo::rerun-if-changed=build");
    catalog::compile();
    messages::generate();
    #[cfg(feature = "llama")]
    engine::shims::compile();
    #[cfg(feature = "portable")]
    engine::libraries::put_beside_the_program();
}
