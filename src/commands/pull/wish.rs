//! What is asked for, and what the hub or a server says of its files.

use super::Source;
use crate::catalog::{Artifact, Catalog, Model, Quant};
use crate::error::{Error, Exit, nearest};
use crate::fetch::{
    Client, Difference, FetchError, Found, Identity, Listing, MAIN, ModelScope, Place, Remote, is_remote,
};
use crate::gguf::ShardName;
use crate::message;
use crate::units::Bytes;

const NOT_FOUND: u16 = 404;

/// What is asked for.
#[derive(Debug)]
pub(super) enum Wish<'a> {
    /// A model of the catalog.
    Catalog {
        model: &'a Model,
        quant: &'a Quant,
        artifact: &'a Artifact,
        /// The repository on ModelScope, where it is to come from there.
        model_scope: Option<&'a str>,
    },
    /// A repository's model in a quant.
    Repository { repository: String, quant: String },
    /// A file, or all that a model is split into.
    File(Place),
}

/// A file that is wanted.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) found: Found,
    /// Who published the hash that it is checked against.
    pub(super) hash_from: HashFrom,
}

/// Who published a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HashFrom {
    /// The catalog, whose source is another one than the server's.
    Catalog,
    /// The hub itself.
    Hub,
    /// It is not published.
    Nowhere,
}

/// What the catalog knows of a file.
struct Published {
    path: String,
    identity: Option<(Option<u64>, Option<crate::fetch::Sha256>)>,
}

impl<'a> Wish<'a> {
    pub(super) fn of(
        target: &str,
        catalog: &'a Catalog,
        endpoint: &str,
        source: Source,
    ) -> Result<Self, Error> {
        if source == Source::ModelScope && is_remote(target) {
            return Err(Error::usage(message!(PullModelScopeCatalogOnly { target }))
                .hint(Some(message!(PullModelScopeCatalogOnlyHint))));
        }
        if is_remote(target) || target.starts_with(&format!("{endpoint}/")) {
            return Ok(match Remote::parse(target, endpoint)? {
                Remote::Repository { repository, quant: Some(quant) } => {
                    Self::Repository { repository, quant }
                }
                Remote::Repository { repository, quant: None } => {
                    return Err(Error::usage(message!(PullNoQuant { target })).hint(Some(message!(
                        PullNoQuantHint { like: format!("hf.co/{repository}:Q4_K_M") }
                    ))));
                }
                Remote::File(place) => Self::File(place),
            });
        }
        let (model, quant) =
            catalog.target(target).map_err(|error| Error::from(error).exiting(Exit::Usage))?;
        let Some(quant) = quant else {
            return Err(Error::usage(message!(PullNoQuant { target }))
                .hint(Some(message!(PullNoQuantHint { like: format!("{target}:Q4_K_M") }))));
        };
        let Some(artifact) = artifact(model, quant) else {
            let known = model.artifacts.iter().map(|artifact| artifact.quant.as_str());
            let near = nearest(&quant.id, known);
            let (model, quant) = (&model.id, &quant.id);
            return Err(Error::usage(message!(PullNoFile { target: format!("{model}:{quant}") }))
                .hint(near.map(|near| message!(PullNoFileHint { near: format!("{model}:{near}") }))));
        };
        let (artifact, model_scope) = match source {
            Source::HuggingFace => (artifact, None),
            Source::ModelScope => {
                let copied = copied(model).find(|copied| copied.quant == quant.id);
                let copied = copied.ok_or_else(|| not_copied(model, quant))?;
                (copied, copied.model_scope.as_deref())
            }
        };
        Ok(Self::Catalog { model, quant, artifact, model_scope })
    }

    /// What to call it.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Catalog { model, quant, .. } => format!("{}:{}", model.id, quant.id),
            Self::Repository { repository, quant } => format!("hf.co/{repository}:{quant}"),
            Self::File(place) => place.to_string(),
        }
    }

    /// Where its files are, as far as that can be told without asking; none for a repository's quant.
    pub(super) fn places(&self) -> Vec<Place> {
        match self {
            Self::Catalog { artifact, .. } => {
                published(artifact).into_iter().map(|file| place_of(artifact, &file.path)).collect()
            }
            Self::Repository { .. } => Vec::new(),
            Self::File(place) => shards(place),
        }
    }

    /// Asks what there is to know of its files.
    pub(super) fn find(&self, client: &Client, catalog: &Catalog) -> Result<Vec<Wanted>, FetchError> {
        match self {
            Self::Catalog { artifact, model_scope: Some(repository), .. } => {
                let hub = ModelScope::from_environment();
                let listing = hub
                    .listing(client, repository)
                    .map_err(|error| unknown_repository(error, repository, catalog))?;
                published(artifact)
                    .iter()
                    .map(|file| as_published(hub.find(client, &listing, &file.path)?, file))
                    .collect()
            }
            Self::Catalog { artifact, .. } => {
                let revision = artifact.revision.as_deref().unwrap_or(MAIN);
                let listed = listed(client, catalog, &artifact.repository, revision)?;
                let files = published(artifact);
                let places: Vec<Place> = files.iter().map(|file| place_of(artifact, &file.path)).collect();
                let found = find_all(client, listed, &places)
                    .map_err(|error| unknown_repository(error, &artifact.repository, catalog))?;
                found.into_iter().zip(&files).map(|(found, file)| as_published(found, file)).collect()
            }
            Self::Repository { repository, quant } => {
                let listing = match listed(client, catalog, repository, MAIN)? {
                    Listed::Files(listing) => listing,
                    Listed::None { status } => return Err(no_repository(repository, status, catalog)),
                    Listed::Unreadable(error) => return Err(error),
                };
                let place = |path: String| Place::Hub {
                    repository: repository.clone(),
                    revision: MAIN.to_owned(),
                    path,
                };
                let places: Vec<Place> = listing.of_quant(quant)?.into_iter().map(place).collect();
                Ok(find_all(client, Listed::Files(listing), &places)?.into_iter().map(as_told).collect())
            }
            Self::File(place) => {
                let listed = match place {
                    Place::Hub { repository, revision, .. } => listed(client, catalog, repository, revision)?,
                    Place::Url(_) => Listed::None { status: NOT_FOUND },
                };
                Ok(find_all(client, listed, &shards(place))?.into_iter().map(as_told).collect())
            }
        }
    }
}

/// The files that a model of the catalog is fetched from in a quant: what can be checked against a hash goes first,
/// then the order of the catalog.
pub(in crate::commands) fn artifact<'a>(model: &'a Model, quant: &Quant) -> Option<&'a Artifact> {
    let published = || model.artifacts.iter().filter(|artifact| artifact.quant == quant.id);
    published().find(|artifact| artifact.is_hashed()).or_else(|| published().next())
}

/// What of a model ModelScope is known to have.
fn copied(model: &Model) -> impl Iterator<Item = &Artifact> {
    model.artifacts.iter().filter(|artifact| artifact.model_scope.is_some())
}

fn not_copied(model: &Model, quant: &Quant) -> Error {
    let known = copied(model).map(|copied| copied.quant.as_str());
    let near = nearest(&quant.id, known);
    let (model, quant) = (&model.id, &quant.id);
    Error::usage(message!(PullNotOnModelScope { target: format!("{model}:{quant}") })).hint(Some(
        match near {
            Some(near) => message!(PullNotOnModelScopeNear { near: format!("{model}:{near}") }),
            None => message!(PullNotOnModelScopeHint),
        },
    ))
}

/// The files of an artifact, one by one.
fn published(artifact: &Artifact) -> Vec<Published> {
    let of_file = |file: &crate::catalog::ArtifactFile| {
        let hash = file.sha256.as_deref().and_then(|hash| hash.parse().ok());
        let known = file.shards.is_none().then_some((file.bytes.map(|bytes| bytes.0), hash));
        file.paths().map(|path| Published { path, identity: known }).collect::<Vec<_>>()
    };
    artifact.files.iter().flat_map(of_file).collect()
}

fn place_of(artifact: &Artifact, path: &str) -> Place {
    Place::Hub {
        repository: artifact.repository.clone(),
        revision: artifact.revision.clone().unwrap_or_else(|| MAIN.to_owned()),
        path: path.to_owned(),
    }
}

/// All files where one of several is named.
fn shards(place: &Place) -> Vec<Place> {
    ShardName::parse(place.name()).map_or_else(
        || vec![place.clone()],
        |shard| shard.names().map(|name| place.with_name(&name)).collect(),
    )
}

/// What an endpoint says of a repository's files.
enum Listed {
    Files(Listing),
    /// It keeps no lists, as plain mirrors do not.
    None {
        status: u16,
    },
    /// It answered, and the answer is none: a page of a proxy, a list that was cut.
    Unreadable(FetchError),
}

fn listed(
    client: &Client,
    catalog: &Catalog,
    repository: &str,
    revision: &str,
) -> Result<Listed, FetchError> {
    match client.listing(repository, revision) {
        Ok(listing) => Ok(Listed::Files(listing)),
        Err(FetchError::Status { status: status @ (NOT_FOUND | 405 | 501), .. }) => {
            Ok(Listed::None { status })
        }
        Err(
            error @ (FetchError::Listing { .. }
            | FetchError::ListingTooLong { .. }
            | FetchError::Encoded { .. }
            | FetchError::BrokenOff { .. }),
        ) => Ok(Listed::Unreadable(error)),
        Err(error) => Err(unknown_repository(error, repository, catalog)),
    }
}

/// What is said of files: by the list, or else by each file's own address. Where neither says anything, it is the list
/// that is at fault.
fn find_all(client: &Client, listed: Listed, places: &[Place]) -> Result<Vec<Found>, FetchError> {
    let (listing, unreadable) = match listed {
        Listed::Files(listing) => (Some(listing), None),
        Listed::None { .. } => (None, None),
        Listed::Unreadable(error) => (None, Some(error)),
    };
    let found = places.iter().map(|place| find_place(client, listing.as_ref(), place)).collect();
    match (found, unreadable) {
        (Err(_), Some(error)) => Err(error),
        (found, _) => found,
    }
}

fn find_place(client: &Client, listing: Option<&Listing>, place: &Place) -> Result<Found, FetchError> {
    if let (Some(listing), Place::Hub { path, .. }) = (listing, place)
        && let Some(found) = listing.find(client, path)?
    {
        return Ok(found);
    }
    client.find(place)
}

/// The hub says no more of a repository that is private than of one that is not there.
fn unknown_repository(error: FetchError, repository: &str, catalog: &Catalog) -> FetchError {
    match error {
        FetchError::Status { status: status @ (401 | NOT_FOUND), .. } => {
            no_repository(repository, status, catalog)
        }
        error => error,
    }
}

fn no_repository(repository: &str, status: u16, catalog: &Catalog) -> FetchError {
    let artifacts = catalog.models().iter().flat_map(|model| &model.artifacts);
    let known = artifacts.map(|artifact| artifact.repository.as_str()).filter(|known| *known != repository);
    let nearest = nearest(repository, known).map(|near| format!("hf.co/{near}"));
    FetchError::NoRepository { repository: repository.to_owned(), status, nearest }
}

/// A file of the catalog, which must be what the catalog says.
fn as_published(mut found: Found, file: &Published) -> Result<Wanted, FetchError> {
    let (bytes, sha256) = file.identity.unwrap_or_default();
    let differs = |difference| FetchError::NotAsPublished { file: found.place.to_string(), difference };
    if let (Some(expected), Some(found)) = (sha256, found.identity.sha256)
        && expected != found
    {
        return Err(differs(Difference::Sha256 { expected, found }));
    }
    if let Some(expected) = bytes.filter(|expected| *expected != found.identity.bytes) {
        let found = Bytes(found.identity.bytes);
        return Err(differs(Difference::Length { expected: Bytes(expected), found }));
    }
    if sha256.is_none() {
        return Ok(as_told(found));
    }
    found.identity = Identity { sha256, ..found.identity };
    Ok(Wanted { found, hash_from: HashFrom::Catalog })
}

fn as_told(found: Found) -> Wanted {
    let hash_from = if found.identity.sha256.is_some() { HashFrom::Hub } else { HashFrom::Nowhere };
    Wanted { found, hash_from }
}
