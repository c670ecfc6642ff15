//! What must hold before the first byte is fetched, and after the last.

use super::wish::{Wanted, Wish};
use crate::catalog::{Catalog, Model, Quant};
use crate::commands::model_file::{self, ModelFile};
use crate::commands::{Context, machine_source};
use crate::error::{Error, Exit};
use crate::estimate::{FitSummary, Request, Subject, Task, estimate};
use crate::fetch::{Client, FetchError, Spot, Store, present_bytes};
use crate::gguf::{LatentLayout, Layout, Mix, StoredModel};
use crate::i18n::Locale;
use crate::message::Message;
use crate::probe::{self, Bandwidths};
use crate::run_config::RunConfig;
use crate::ui;
use crate::units::Bytes;
use crate::{message, say};

/// A question and an answer such as people have, in the default context.
const TASK: Task = Task { prompt_tokens: 512, output_tokens: 2048 };

/// Room on the disk for what is still missing.
pub(super) fn space(store: &Store, wanted: &[Wanted], spots: &[Spot]) -> Result<(), FetchError> {
    let missing = |(wanted, spot): (&Wanted, &Spot)| {
        let identity = &wanted.found.identity;
        let there = if spot.is_settled(identity.bytes) {
            identity.bytes
        } else {
            present_bytes(spot.partial(), identity)
        };
        Bytes(identity.bytes) - Bytes(there)
    };
    let needed: Bytes = wanted.iter().zip(spots).map(missing).sum();
    match probe::disk(store.folder()) {
        Some(disk) if disk.free_bytes < needed => {
            Err(FetchError::NoSpace { path: store.folder().to_owned(), needed, free: disk.free_bytes })
        }
        _ => Ok(()),
    }
}

/// Whether it will run here: asks where it will not, and takes no answer for a no.
pub(super) fn fit(
    context: &Context,
    catalog: &Catalog,
    client: &Client,
    wish: &Wish<'_>,
    wanted: &[Wanted],
) -> Result<(), Error> {
    let stored;
    let subject = if let Wish::Catalog { model, quant, .. } = wish {
        Subject::of(model, quant)
    } else {
        stored = headers(context, client, wish, wanted)?;
        let location = wish.name();
        let Some(stored) = &stored else { return Ok(()) };
        return fit_of(catalog, wish, &Subject::of_file(stored, None, &location), context.printer.locale());
    };
    subject.map_or(Ok(()), |subject| fit_of(catalog, wish, &subject, context.printer.locale()))
}

/// What the headers of files that the catalog does not know state. A model of another family is fetched, too; whether
/// it runs is then unknown.
fn headers(
    context: &Context,
    client: &Client,
    wish: &Wish<'_>,
    wanted: &[Wanted],
) -> Result<Option<StoredModel>, Error> {
    let urls: Vec<&str> = wanted.iter().map(|wanted| wanted.found.url.as_str()).collect();
    match client.patiently(|| ModelFile::of_urls(client, &urls, &wish.name()))? {
        Ok(stored) => Ok(Some(stored)),
        Err(error) => {
            context.printer.note(message!(ModelFileUnknownFit { error: error.message() }));
            Ok(None)
        }
    }
}

fn fit_of(catalog: &Catalog, wish: &Wish<'_>, subject: &Subject<'_>, locale: &Locale) -> Result<(), Error> {
    let machine = machine_source::here(Bandwidths::AsKnown, catalog)?;
    let request = Request {
        run: RunConfig::default(),
        task: TASK,
        depth: 0,
        backend: None,
        offload: None,
        prefill_depth: 0,
        answer_lengths: Vec::new(),
    };
    let estimate = estimate(subject, &machine, &request, catalog.calibration());
    let FitSummary::TooLarge { shortfall_bytes } = estimate.fits else {
        return Ok(());
    };
    let problem =
        message!(PullTooLarge { name: wish.name(), missing: shortfall_bytes, context: request.run.context });
    match ui::ask(&say!(locale, PullAnyway { problem: &problem })) {
        Some(true) => Ok(()),
        Some(false) => Err(Error::plain(Exit::No, message!(PullNothing))),
        None => Err(Error::plain(Exit::No, problem).hint(Some(message!(PullTooLargeHint)))),
    }
}

/// Holds what the fetched files say against what the catalog computes. Gives what there is to note.
pub(super) fn layout(stored: &StoredModel, model: &Model, quant: &Quant) -> Result<Option<Message>, Error> {
    if !model.architecture.has_shape_of(&stored.architecture) {
        return Err(Error::plain(Exit::Input, message!(PullOtherShape { id: &model.id }))
            .hint(Some(message!(PullOtherShapeHint))));
    }
    let Some(mix) = Mix::named(&quant.id, quant.importance_matrix) else { return Ok(None) };
    let latent =
        if matches!(stored.latent, LatentLayout::Merged) { stored.latent } else { LatentLayout::Split };
    let computed = Layout::new(&model.architecture, mix, latent);
    let (there, expected) = (&stored.layout, &computed);
    let differs = there.tensors.len() != expected.tensors.len() || there.bytes() != expected.bytes();
    Ok(differs.then(|| {
        message!(PullOtherMix {
            tensors: there.tensors.len(),
            size: there.bytes(),
            quant: &quant.id,
            usual_tensors: expected.tensors.len(),
            usual_size: expected.bytes(),
        })
    }))
}

/// What a file that no catalog names is.
pub(super) fn identity<'a>(stored: &StoredModel, catalog: &'a Catalog, name: &str) -> Option<&'a Model> {
    let names = format!("{} {name}", stored.name.as_deref().unwrap_or_default());
    model_file::named_alike(catalog, stored, &names)
}
