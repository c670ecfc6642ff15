//! `r1-advisor pull`: the files of a model, whole and checked, where other tools find them, too.

mod checks;
mod watch;
mod wish;

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;

use super::local::{self, Known, LocalArgs};
use super::model_file::ModelFile;
use super::typed::whole;
use super::{Context, bench};
use crate::catalog::Catalog;
use crate::error::{Error, Exit, Failure as _};
use crate::fetch::{
    Client, Crew, FetchError, HubSettings, LocalFile, ModelScope, Place, Spot, Store, fetch, present_bytes,
};
use crate::message;
use crate::message::Message;
use crate::probe::Surroundings;
use crate::render::{PullReport, PullView, PulledFile, Verification};
use crate::ui::Transfer;
use crate::units::{Bytes, Seconds};
use watch::Watch;
use wish::{HashFrom, Wanted, Wish};

pub(super) use wish::artifact;

/// Flags of `pull`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  r1-advisor pull 7b:Q4_K_M                        a model of the catalog
  r1-advisor pull hf.co/OWNER/REPO:Q4_K_M          any repository's, one file or shards
  r1-advisor pull hf.co/OWNER/REPO/FILE.gguf --to models
  r1-advisor pull 32b:Q4_K_M --endpoint https://hf-mirror.com
  r1-advisor pull 671b:UD-IQ1_S --source modelscope  from ModelScope, where it has the files

It goes on from where it was, whatever ended it, and gives a file its name only when it is whole and
its SHA-256 is right. Files go into the cache that the tools of Hugging Face share (`HF_HUB_CACHE`,
`HF_HOME`); `HF_ENDPOINT` names a mirror, `HF_TOKEN` opens gated repositories, `HF_HUB_OFFLINE=1`
forbids the network, and `HTTPS_PROXY` is heeded.

Exit code 1 means that it would not run here, 5 that the download failed, 7 that the disk did.")]
pub struct PullArgs {
    /// Model and quant, such as `7b:Q4_K_M`; `hf.co/OWNER/REPO:QUANT`; a file there; or a URL
    #[arg(value_name = "ID:QUANT|URL")]
    pub target: String,
    /// Put the files into this folder rather than the cache
    #[arg(long, value_name = "DIR")]
    pub to: Option<PathBuf>,
    /// Fetch it even if it will not run on this machine
    #[arg(long)]
    pub force: bool,
    /// Where the hub is, for a mirror of it
    #[arg(long, value_name = "URL", env = "HF_ENDPOINT")]
    pub endpoint: Option<String>,
    /// The hub to fetch from
    #[arg(long, value_enum, value_name = "HUB", default_value_t)]
    pub source: Source,
    /// Connections at once [default: as many as help]
    #[arg(long, value_name = "N", value_parser = whole::<u8>(1..=64))]
    pub connections: Option<u8>,
    /// Where else to look.
    #[command(flatten)]
    pub local: LocalArgs,
}

/// A hub that models are fetched from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Source {
    /// Hugging Face, or the mirror that `--endpoint` names.
    #[default]
    HuggingFace,
    /// ModelScope, where it is known to have the files; `MODELSCOPE_ENDPOINT` names a mirror.
    #[value(name = "modelscope")]
    ModelScope,
}

/// Runs the command.
pub fn run(context: &Context, args: &PullArgs) -> Result<Exit, Error> {
    let report = report(context, args, &context.catalog()?)?;
    context.show(&PullView { report: &report })?;
    Ok(Exit::Yes)
}

/// Fetches a model of the catalog for another command, where it is not on this machine, and gives its files in the
/// order of the shards: the first is the one to name to llama.cpp. What was fetched is kept however this ends, so that
/// the same call goes on from there.
pub(super) fn model(
    context: &Context,
    catalog: &Catalog,
    target: &str,
    local: &LocalArgs,
    force: bool,
) -> Result<Vec<PathBuf>, Error> {
    let args = PullArgs {
        target: target.to_owned(),
        to: None,
        force,
        endpoint: None,
        source: Source::default(),
        connections: None,
        local: local.clone(),
    };
    Ok(report(context, &args, catalog)?.files.into_iter().map(|file| file.path).collect())
}

fn report(context: &Context, args: &PullArgs, catalog: &Catalog) -> Result<PullReport, Error> {
    let settings = args.settings();
    let client = Client::with(&settings);
    let wish = Wish::of(&args.target, catalog, client.endpoint(), args.source)?;
    if args.to.is_none()
        && let Some(known) = here_by_hash(args, &wish, catalog)
    {
        return Ok(here_already(&wish, &known));
    }
    if settings.offline {
        return offline(args, &wish, catalog);
    }
    let wanted = wish.find(&client, catalog)?;
    if args.to.is_none()
        && let Some(known) = here_by_size(args, &wish, &wanted, catalog)
    {
        return Ok(here_already(&wish, &known));
    }
    let store = args.store(&wish)?;
    let spots = wanted.iter().map(|wanted| store.spot(&wanted.found)).collect::<Result<Vec<_>, _>>()?;
    checks::space(&store, &wanted, &spots)?;
    if !args.force && !spots.iter().all(Spot::is_settled) {
        checks::fit(context, catalog, &client, &wish, &wanted)?;
    }
    let report = fetch_all(context, args, &client, &wish, &wanted, &spots)?;
    examined(context, catalog, &wish, report)
}

impl PullArgs {
    fn settings(&self) -> HubSettings {
        let settings = HubSettings::from_environment();
        match self.endpoint.as_deref().map(str::trim).filter(|endpoint| !endpoint.is_empty()) {
            Some(endpoint) => HubSettings { endpoint: endpoint.trim_end_matches('/').to_owned(), ..settings },
            None => settings,
        }
    }

    /// The hub's files go into the cache, others into the user's folder, and all to where the user says.
    fn store(&self, wish: &Wish<'_>) -> Result<Store, FetchError> {
        Ok(match (&self.to, wish) {
            (Some(folder), _) => Store::Folder(folder.clone()),
            (None, Wish::File(Place::Url(_))) => Store::Folder(self.local.folder()),
            (None, Wish::Catalog { model_scope: Some(repository), artifact, .. }) => {
                let path = artifact.files.first().map_or("", |file| file.path.as_str());
                Store::Folder(ModelScope::folder(repository, path)?)
            }
            (None, _) => Store::HubCache(Surroundings::here().models),
        })
    }
}

/// A model of the catalog that is on this machine under the hashes that the catalog has: nobody need be asked.
fn here_by_hash<'a>(args: &PullArgs, wish: &Wish<'_>, catalog: &'a Catalog) -> Option<Known<'a>> {
    let Wish::Catalog { artifact, .. } = wish else { return None };
    local::known(&args.local.places(), catalog).into_iter().find(|known| known.is_exactly(artifact))
}

/// A model of the catalog that another program keeps, by its header and the length of its files. What the cache of the
/// hub has is found there under its own name.
fn here_by_size<'a>(
    args: &PullArgs,
    wish: &Wish<'_>,
    wanted: &[Wanted],
    catalog: &'a Catalog,
) -> Option<Known<'a>> {
    let Wish::Catalog { model, quant, .. } = wish else { return None };
    let is_alike = |(file, wanted): (&LocalFile, &Wanted)| {
        let identity = &wanted.found.identity;
        file.bytes.0 == identity.bytes && file.sha256.zip(identity.sha256).is_none_or(|(a, b)| a == b)
    };
    local::known(&args.local.places(), catalog).into_iter().find(|known| {
        let files = &known.local.files;
        known.is(model, quant) && files.len() == wanted.len() && files.iter().zip(wanted).all(is_alike)
    })
}

/// What there is without the network.
fn offline(args: &PullArgs, wish: &Wish<'_>, catalog: &Catalog) -> Result<PullReport, Error> {
    if let Wish::Catalog { model, quant, .. } = wish
        && args.to.is_none()
        && let Some(known) = local::find(&args.local.places(), catalog, model, quant)
    {
        return Ok(here_already(wish, &known));
    }
    let store = args.store(wish)?;
    let there: Option<Vec<PathBuf>> = wish.places().iter().map(|place| store.present(place)).collect();
    match there.filter(|paths| !paths.is_empty()) {
        Some(paths) => {
            Ok(PullReport::of_present(wish.name(), paths.iter().map(|path| present(path)).collect()))
        }
        None => Err(FetchError::Offline { file: wish.name() }.into()),
    }
}

fn present(path: &Path) -> PulledFile {
    let bytes = std::fs::metadata(path).map_or(Bytes::ZERO, |metadata| Bytes(metadata.len()));
    PulledFile {
        path: path.to_owned(),
        bytes,
        received_bytes: Bytes::ZERO,
        sha256: None,
        verified: Verification::NotNow,
    }
}

fn here_already(wish: &Wish<'_>, known: &Known<'_>) -> PullReport {
    let by_hash = matches!(wish, Wish::Catalog { artifact, .. } if known.is_exactly(artifact));
    let files = known.local.files.iter().map(|file| PulledFile {
        path: file.path.clone(),
        bytes: file.bytes,
        received_bytes: Bytes::ZERO,
        sha256: file.sha256.map(|hash| hash.to_string()),
        verified: if by_hash { Verification::ByName } else { Verification::NotNow },
    });
    PullReport {
        model: known.model.map(|model| model.id.clone()),
        quant: known.quant.clone(),
        keeper: Some(known.local.keeper.key()),
        ..PullReport::of_present(wish.name(), files.collect())
    }
}

fn fetch_all(
    context: &Context,
    args: &PullArgs,
    client: &Client,
    wish: &Wish<'_>,
    wanted: &[Wanted],
    spots: &[Spot],
) -> Result<PullReport, Error> {
    let cancelled = bench::cancelled_by_signal()?;
    let total: Bytes = wanted.iter().map(|wanted| Bytes(wanted.found.identity.bytes)).sum();
    let before: Bytes = wanted
        .iter()
        .zip(spots)
        .map(|(wanted, spot)| Bytes(present_bytes(spot.partial(), &wanted.found.identity)))
        .sum();
    if wanted.iter().any(|wanted| wanted.hash_from == HashFrom::Nowhere) {
        context.printer.note(message!(PullNoHash));
    }
    let began = Instant::now();
    let watch = Watch {
        transfer: Transfer::new(&context.printer, total, before),
        before: Cell::new(Bytes::ZERO),
        cancelled: &cancelled,
    };
    let mut crew = args.connections.map_or_else(Crew::growing, |count| Crew::fixed(usize::from(count)));
    let mut files = Vec::new();
    for (number, (wanted, spot)) in wanted.iter().zip(spots).enumerate() {
        let title = title(&wanted.found.place, number, spots.len());
        watch.transfer.file(&context.printer.locale().say(&title));
        let fetched = fetch(client, &wanted.found, spot, &mut crew, &watch).map_err(kept)?;
        let bytes = Bytes(wanted.found.identity.bytes);
        watch.before.set(watch.before.get() + bytes);
        files.push(PulledFile {
            path: fetched.path,
            bytes,
            received_bytes: fetched.received,
            verified: match wanted.hash_from {
                _ if fetched.sha256.is_none() => Verification::NotNow,
                HashFrom::Catalog => Verification::Catalog,
                HashFrom::Hub => Verification::Hub,
                HashFrom::Nowhere => Verification::Nothing,
            },
            sha256: fetched.sha256.map(|hash| hash.to_string()),
        });
    }
    drop(watch);
    let repository = match (&wish, wanted.first().map(|wanted| &wanted.found.place)) {
        (Wish::Catalog { model_scope: Some(repository), .. }, _) => Some((*repository).to_owned()),
        (_, Some(Place::Hub { repository, .. })) => Some(repository.clone()),
        _ => None,
    };
    Ok(PullReport {
        repository,
        commit: wanted.first().and_then(|wanted| wanted.found.commit.clone()),
        seconds: Some(Seconds::from(began.elapsed())),
        ..PullReport::of_present(wish.name(), files)
    })
}

/// What is being fetched, as a line or beside a bar.
fn title(place: &Place, number: usize, count: usize) -> Message {
    let name = place.file_name();
    if count == 1 { name.into() } else { message!(PullFileOf { name, number: number + 1, count }) }
}

/// A failed download, with the word that nothing of it is lost.
fn kept(error: FetchError) -> Error {
    let hint = match &error {
        FetchError::Request { .. }
        | FetchError::BrokenOff { .. }
        | FetchError::Status { .. }
        | FetchError::WrongRange { .. }
        | FetchError::Redirect { .. } => error.hint().map(|hint| message!(PullResumeHint { hint })),
        _ => None,
    };
    Error::from(error).hint(hint)
}

/// Reads what has come as llama.cpp would, and holds it against what was asked for.
fn examined(
    context: &Context,
    catalog: &Catalog,
    wish: &Wish<'_>,
    report: PullReport,
) -> Result<PullReport, Error> {
    let paths: Vec<&Path> = report.files.iter().map(|file| file.path.as_path()).collect();
    let stored = ModelFile::of_paths(&paths);
    if let Wish::Catalog { model, quant, .. } = wish {
        if let Some(note) = checks::layout(&stored?, model, quant)? {
            context.printer.note(note);
        }
        return Ok(PullReport { model: Some(model.id.clone()), quant: Some(quant.id.clone()), ..report });
    }
    let Ok(stored) = stored else { return Ok(report) };
    let model = checks::identity(&stored, catalog, &wish.name());
    if model.is_none() {
        context.printer.note(message!(PullNotAnR1 { name: wish.name() }));
    }
    Ok(PullReport { model: model.map(|model| model.id.clone()), quant: Some(stored.quant()), ..report })
}
