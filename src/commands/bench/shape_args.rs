use std::path::{Path, PathBuf};

use clap::Args;

use super::BenchArgs;
use crate::bench::{Limits, Workload};
use crate::catalog::Catalog;
use crate::commands::typed::whole;
use crate::error::{Error, Exit};
use crate::estimate::Task;
use crate::needs::{GivenNeeds, Needs};
use crate::units::Seconds;

/// What whole task is measured, and how long.
#[derive(Clone, Debug, Args)]
pub struct ShapeArgs {
    /// Measure a whole question and answer with the lengths of a needs file (that of `recommend --needs`), and check the
    /// speed against its limits: decode, time to first token, time to answer. For a server its lengths are those of the
    /// load, and its limits of decode and first token are the SLO
    #[arg(long, value_name = "FILE", conflicts_with = "workload")]
    pub needs: Option<PathBuf>,
    /// Seconds that the answer of `--workload` or `--needs` may take; a longer one is measured at several depths and
    /// summed up
    #[arg(long, value_name = "SECONDS", default_value_t = 300, conflicts_with = "endpoint", value_parser = whole::<u32>(1..=604_800))]
    pub within: u32,
}

impl ShapeArgs {
    pub(super) fn within(&self) -> Seconds {
        Seconds(f64::from(self.within))
    }
}

/// Whether more is asked of the bundled engine than prefill and decode.
pub(super) const fn is_some(args: &BenchArgs) -> bool {
    !args.served.concurrency.is_empty() || args.served.workload.is_some() || args.shape.needs.is_some()
}

/// What a needs file says.
pub(super) fn needs(file: &Path, catalog: &Catalog) -> Result<Needs, Error> {
    Ok(GivenNeeds::read(file)?.machine(catalog)?)
}

/// A task to be done whole.
pub(super) struct WholeTask {
    pub(super) workload: Workload,
    /// Those of a needs file.
    pub(super) limits: Option<Limits>,
}

/// The task of `--needs` or `--workload`.
pub(super) fn whole_task(args: &BenchArgs, catalog: &Catalog) -> Result<Option<WholeTask>, Error> {
    if let Some(file) = &args.shape.needs {
        let needs = needs(file, catalog)?;
        let Task { prompt_tokens, output_tokens } = needs.task;
        let limits = Limits {
            minimum_decode: needs.minimum_decode_tokens_per_second,
            maximum_ttft: needs.maximum_ttft_seconds,
            maximum_answer: needs.maximum_answer_seconds,
        };
        let workload = Workload { id: needs.use_case, prompt_tokens, output_tokens };
        return Ok(Some(WholeTask { workload, limits: Some(limits) }));
    }
    let Some(name) = &args.served.workload else { return Ok(None) };
    let found = catalog.use_case(name).map_err(|error| Error::from(error).exiting(Exit::Usage))?;
    let workload = Workload {
        id: found.id.clone(),
        prompt_tokens: found.prompt_tokens,
        output_tokens: found.output_tokens,
    };
    Ok(Some(WholeTask { workload, limits: None }))
}
