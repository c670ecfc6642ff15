//! Files on other machines, over HTTP: a range of one, or all of it into a folder.
//!
//! Only commands call this. [`Client`] sends requests, [`Store`] knows where files go, [`fetch`] downloads one.

mod address;
mod checked;
mod checksum;
mod client;
mod download;
mod error;
mod hub;
mod identity;
mod local;
mod model_scope;
mod place;
mod remote_file;
mod removal;
mod retry;
mod settings;
mod store;

pub use address::is_remote;
pub use checked::hash_file;
pub use checksum::{Checksum, ParseSha256Error, Sha256};
pub use client::Client;
pub use download::{
    Crew, Fetched, PartialFile, Watcher, fetch, inspect_partial, present_bytes, remove_partial,
};
pub use error::{Difference, FetchError, Misdirection};
pub use hub::{Found, Listing, quant_in};
pub use identity::Identity;
pub use local::{Keeper, LocalFile, LocalModel, LocalPlaces};
pub use model_scope::ModelScope;
pub use place::{MAIN, Place, Remote};
pub use remote_file::RemoteFile;
pub use removal::Removal;
pub use settings::HubSettings;
pub use store::{Spot, Store};
