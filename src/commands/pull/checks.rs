//! What must hold before the first byte is fetched, and after the last.

use super::wish::{Wanted, Wish};
use crate::both;
use crate::catalog::{Catalog, Model, Quant};
use crate::commands::model_file::{self, ModelFile};
use crate::commands::{Context, machine_source};
use crate::error::{Error, Exit};
use crate::estimate::{FitSummary, Request, Subject, Task, estimate};
use crate::fetch::{Client, FetchError, Spot, Store, present_bytes};
use crate::gguf::{LatentLayout, Layout, Mix, StoredModel};
use crate::lang::{Lang, Text};
use crate::probe::{self, Bandwidths};
use crate::run_config::RunConfig;
use crate::ui;
use crate::units::Bytes;

/// A question and an answer such as people have, in the default context.
const TASK: Task = Task { prompt_tokens: 512, output_tokens: 2048 };

/// Room on the disk for what is still missing.
pub(super) fn space(store: &Store, wanted: &[Wanted], spots: &[Spot]) -> Result<(), FetchError> {
    let missing = |(wanted, spot): (&Wanted, &Spot)| {
        let identity = &wanted.found.identity;
        let there = if spot.is_settled() { identity.bytes } else { present_bytes(spot.partial(), identity) };
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
        return fit_of(catalog, wish, &Subject::of_file(stored, None, &location), context.lang());
    };
    subject.map_or(Ok(()), |subject| fit_of(catalog, wish, &subject, context.lang()))
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
            let unknown = both!("whether it will run here is not known", "无法判断能否在本机运行");
            context.printer.note(error.message().clone().because(unknown));
            Ok(None)
        }
    }
}

fn fit_of(catalog: &Catalog, wish: &Wish<'_>, subject: &Subject<'_>, lang: Lang) -> Result<(), Error> {
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
    let (name, tokens) = (wish.name(), request.run.context);
    let problem = both!(
        "`{name}` will not run on this machine: {shortfall_bytes} of memory are missing for it and a context of {tokens} tokens",
        "`{name}` 无法在本机运行：加上 {tokens} token 的上下文，还差 {shortfall_bytes} 内存"
    );
    let Text { en, zh } = &problem;
    let question = both!("{en}. Fetch it anyway?", "{zh}。仍要下载吗？");
    match ui::ask(question.told(lang)) {
        Some(true) => Ok(()),
        Some(false) => Err(Error::plain(Exit::No, both!("nothing was fetched", "没有下载任何文件"))),
        None => Err(Error::plain(Exit::No, problem).hint(Some(both!(
            "add `--force` to fetch it anyway; `r1-advisor recommend` tells what runs here",
            "加 `--force` 可强制下载；`r1-advisor recommend` 可查看本机能运行什么"
        )))),
    }
}

/// Holds what the fetched files say against what the catalog computes. Gives what there is to note.
pub(super) fn layout(stored: &StoredModel, model: &Model, quant: &Quant) -> Result<Option<Text>, Error> {
    if !model.architecture.has_shape_of(&stored.architecture) {
        return Err(Error::plain(
            Exit::Input,
            both!(
                "the file is whole, and has the shape of another model than `{id}`",
                "文件完整，但结构不是 `{id}` 的",
                id = model.id
            ),
        )
        .hint(Some(both!(
            "the catalog or the repository is wrong; `r1-advisor estimate FILE` tells what the file is",
            "目录或仓库有误；`r1-advisor estimate FILE` 可查看这个文件是什么"
        ))));
    }
    let Some(mix) = Mix::named(&quant.id, quant.importance_matrix) else { return Ok(None) };
    let latent =
        if matches!(stored.latent, LatentLayout::Merged) { stored.latent } else { LatentLayout::Split };
    let computed = Layout::new(&model.architecture, mix, latent);
    let (there, expected) = (&stored.layout, &computed);
    let differs = there.tensors.len() != expected.tensors.len() || there.bytes() != expected.bytes();
    Ok(differs.then(|| {
        let (tensors, bytes, quant) = (there.tensors.len(), there.bytes(), &quant.id);
        let (rule_tensors, rule_bytes) = (expected.tensors.len(), expected.bytes());
        both!(
            "the file has {tensors} tensors of {bytes} together, and llama.cpp's rules for {quant} make {rule_tensors} of \
             {rule_bytes}: its makers chose some types themselves",
            "文件有 {tensors} 个张量，共 {bytes}；按 llama.cpp 的 {quant} 规则应为 {rule_tensors} 个，共 {rule_bytes}：\
             发布者自行选择了部分类型"
        )
    }))
}

/// What a file that no catalog names is.
pub(super) fn identity<'a>(stored: &StoredModel, catalog: &'a Catalog, name: &str) -> Option<&'a Model> {
    let names = format!("{} {name}", stored.name.as_deref().unwrap_or_default());
    model_file::named_alike(catalog, stored, &names)
}
