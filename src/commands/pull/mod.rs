//! `r1-advisor pull`: the files of a model, whole and checked, where other tools find them, too.

mod checks;
mod watch;
mod wish;

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;

use super::local::{self, Known, LocalArgs};
use super::model_file::{self, ModelFile};
use super::typed::whole;
use super::{Context, bench};
use crate::catalog::Catalog;
use crate::error::{Error, Exit, Failure as _};
use crate::fetch::{
    Client, Crew, FetchError, HubSettings, Keeper, LocalFile, LocalModel, ModelScope, Place, Sha256, Spot,
    Store, fetch, hash_file, present_bytes, quant_in,
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
        && let Some(report) = here_by_hash(context, args, &wish, catalog)?
    {
        return Ok(report);
    }
    if settings.offline {
        return offline(args, &wish, catalog);
    }
    let wanted = wish.find(&client, catalog)?;
    if args.to.is_none()
        && let Some(report) = here_by_size(context, args, &wish, &wanted, catalog)?
    {
        return Ok(report);
    }
    let store = args.store(&wish)?;
    let spots = wanted.iter().map(|wanted| store.spot(&wanted.found)).collect::<Result<Vec<_>, _>>()?;
    checks::space(&store, &wanted, &spots)?;
    let is_settled = |(wanted, spot): (&Wanted, &Spot)| spot.is_settled(wanted.found.identity.bytes);
    if !args.force && !wanted.iter().zip(&spots).all(is_settled) {
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

/// A model of the catalog that is on this machine under the hashes that the catalog has, and is that when it is read: no
/// server need be asked.
fn here_by_hash(
    context: &Context,
    args: &PullArgs,
    wish: &Wish<'_>,
    catalog: &Catalog,
) -> Result<Option<PullReport>, Error> {
    let Wish::Catalog { artifact, .. } = wish else { return Ok(None) };
    for known in local::known(&args.local.places(), catalog) {
        if known.stored.is_some() && known.is_exactly(artifact) {
            let expected: Vec<Option<Sha256>> = known.local.files.iter().map(|file| file.sha256).collect();
            let read = read_files(context, &known.local.files, &expected)?;
            if let Some(hashes) = read {
                return Ok(Some(here_already(wish, &known, Verification::Catalog, &hashes)));
            }
        }
    }
    Ok(None)
}

/// A model of the catalog that another program keeps, by its header and the length of its files, and by their hashes
/// where those are published. What the cache of the hub has is found there under its own name.
fn here_by_size(
    context: &Context,
    args: &PullArgs,
    wish: &Wish<'_>,
    wanted: &[Wanted],
    catalog: &Catalog,
) -> Result<Option<PullReport>, Error> {
    let Wish::Catalog { model, quant, .. } = wish else { return Ok(None) };
    let is_alike = |(file, wanted): (&LocalFile, &Wanted)| {
        let identity = &wanted.found.identity;
        file.bytes.0 == identity.bytes && file.sha256.zip(identity.sha256).is_none_or(|(a, b)| a == b)
    };
    for known in local::known(&args.local.places(), catalog) {
        let files = &known.local.files;
        if known.is(model, quant) && files.len() == wanted.len() && files.iter().zip(wanted).all(is_alike) {
            let expected: Vec<_> = wanted.iter().map(|wanted| wanted.found.identity.sha256).collect();
            if let Some(hashes) = read_files(context, files, &expected)? {
                let verified = wanted.first().map_or(Verification::NotNow, |wanted| match wanted.hash_from {
                    HashFrom::Catalog => Verification::Catalog,
                    HashFrom::Hub => Verification::Hub,
                    HashFrom::Nowhere => Verification::NotNow,
                });
                return Ok(Some(here_already(wish, &known, verified, &hashes)));
            }
        }
    }
    Ok(None)
}

/// Reads files for the hashes that they are to have, as far as those are known. `None` where one has another: it is
/// damaged, or not what its name says.
fn read_files(
    context: &Context,
    files: &[LocalFile],
    expected: &[Option<Sha256>],
) -> Result<Option<Vec<Option<Sha256>>>, Error> {
    let cancelled = bench::cancelled_by_signal()?;
    let total: Bytes = files.iter().map(|file| file.bytes).sum();
    let watch = Watch {
        transfer: Transfer::new(&context.printer, total, Bytes::ZERO),
        before: Cell::new(Bytes::ZERO),
        cancelled: &cancelled,
    };
    let mut hashes = Vec::new();
    for (file, expected) in files.iter().zip(expected) {
        let found = expected.map(|_| hash_file(&file.path, &watch)).transpose()?;
        if found != *expected {
            watch.transfer.note(message!(PullDamaged { path: &file.path }));
            return Ok(None);
        }
        watch.before.set(watch.before.get() + file.bytes);
        hashes.push(found);
    }
    Ok(Some(hashes))
}

/// What there is without the network.
fn offline(args: &PullArgs, wish: &Wish<'_>, catalog: &Catalog) -> Result<PullReport, Error> {
    if let Wish::Catalog { model, quant, .. } = wish
        && args.to.is_none()
        && let Some(known) = local::find(&args.local.places(), catalog, model, quant)
    {
        return Ok(here_already(wish, &known, Verification::NotNow, &[]));
    }
    let store = args.store(wish)?;
    let there: Option<Vec<PathBuf>> = match wish {
        Wish::Repository { repository, quant } => {
            store.snapshot(repository).and_then(|main| in_cache(args, repository, quant, &main))
        }
        _ => wish.places().iter().map(|place| store.present(place)).collect(),
    };
    let Some(paths) = there.filter(|paths| !paths.is_empty()) else {
        return Err(FetchError::Offline { file: wish.name() }.into());
    };
    for path in &paths {
        model_file::check_header(path)?;
    }
    Ok(PullReport::of_present(wish.name(), paths.iter().map(|path| present(path)).collect()))
}

/// The files of a repository's model in a quant that the cache has: those of the main branch, or else of any revision.
fn in_cache(args: &PullArgs, repository: &str, quant: &str, main: &Path) -> Option<Vec<PathBuf>> {
    let start = format!("{repository}/");
    let is_it = |model: &LocalModel| {
        model.keeper == Keeper::HubCache
            && model.is_whole()
            && model.name.starts_with(&start)
            && quant_in(&model.name).is_some_and(|found| found.eq_ignore_ascii_case(quant.trim()))
    };
    let is_main = |model: &LocalModel| model.files.iter().all(|file| file.path.starts_with(main));
    let found: Vec<LocalModel> = args.local.places().models().into_iter().filter(is_it).collect();
    let chosen = found.iter().find(|model| is_main(model)).or(found.first())?;
    Some(chosen.files.iter().map(|file| file.path.clone()).collect())
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

/// A model that is here, with the hashes of those of its files that were read.
fn here_already(
    wish: &Wish<'_>,
    known: &Known<'_>,
    verified: Verification,
    hashes: &[Option<Sha256>],
) -> PullReport {
    let files = known.local.files.iter().enumerate().map(|(index, file)| PulledFile {
        path: file.path.clone(),
        bytes: file.bytes,
        received_bytes: Bytes::ZERO,
        sha256: hashes.get(index).copied().flatten().map(|hash| hash.to_string()),
        verified,
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
        | FetchError::Encoded { .. }
        | FetchError::WebPage { .. }
        | FetchError::WrongRange { .. }
        | FetchError::Changed { .. }
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
