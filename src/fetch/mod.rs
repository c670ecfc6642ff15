//! Files on other machines, over HTTP: a part of one, asked for by range, or all of it, fetched into a folder.
//!
//! Only commands call this. [`Client`] asks; [`Store`] knows where files go; [`fetch`] brings one there.

mod address;
mod checksum;
mod client;
mod download;
mod error;
mod hub;
mod local;
mod model_scope;
mod place;
mod remote_file;
mod removal;
mod settings;
mod store;

pub use address::is_remote;
pub use checksum::{Checksum, ParseSha256Error, Sha256};
pub use client::Client;
pub use download::{
    Crew, Fetched, Identity, PartialFile, Watcher, fetch, hash_file, inspect_partial, present_bytes,
    remove_partial,
};
pub use error::FetchError;
pub use hub::{Found, Listing, quant_in};
pub use local::{Keeper, LocalFile, LocalModel, LocalPlaces};
pub use model_scope::ModelScope;
pub use place::{MAIN, Place, Remote};
pub use remote_file::RemoteFile;
pub use removal::Removal;
pub use settings::HubSettings;
pub use store::{Spot, Store};
