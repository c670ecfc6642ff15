//! A client of `OpenAI`-compatible servers, as vLLM, SGLang, llama-server, Ollama and the hosted APIs are: requests a
//! completion as a stream, and notes when its tokens came.
//!
//! Times are the moments at which bytes were read here, so that the network is in them, as it is for a user. Nothing
//! here decides on a load or makes statistics, and only `bench` calls it. The key is sent to the endpoint alone:
//! redirects are not followed.

mod address;
mod arrival;
mod chunk;
mod client;
mod coherence;
mod dialect;
mod failure;
mod open_files;
mod replay;
mod reply;
mod sse;
mod thinking;

pub use address::{Address, AddressError};
pub use chunk::Usage;
pub use client::{ApiKey, Client, Question};
pub use coherence::Coherence;
pub use dialect::{Api, Dialect};
pub use failure::{Failure, Phase};
pub use open_files::raise_open_files;
pub use replay::replay;
pub use reply::{Reply, TokenCount};
pub use sse::{Endless, Event, SseParser};
