//! What the tests share: the program in a clean environment, servers that misbehave, homes, models and machines.

pub(crate) mod fixtures;
pub(crate) mod home;
pub(crate) mod hub;
pub(crate) mod place;
pub(crate) mod program;
pub(crate) mod schema;
pub(crate) mod server;
pub(crate) mod talking_model;
#[cfg(unix)]
pub(crate) mod terminal;

pub(crate) use home::Home;
pub(crate) use hub::{Hub, sha256, tiny_model};
pub(crate) use place::Place;
pub(crate) use program::{Program, Ran, program, run};
pub(crate) use server::{Asked, Server, respond};
