//! Files on other machines, over HTTP: a part of one, asked for by range, and no more of it than is needed.
//!
//! Only commands call this. Nothing here writes a file.

mod address;
mod client;
mod error;
mod remote_file;

pub use address::is_remote;
pub use client::Client;
pub use error::FetchError;
pub use remote_file::RemoteFile;
