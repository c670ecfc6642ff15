use clap::Args;

use super::served::ServedArgs;
use crate::bench::Workload;
use crate::catalog::Catalog;
use crate::error::{Error, Exit};
use crate::units::Seconds;

/// How long a whole task may be measured.
#[derive(Clone, Debug, Args)]
pub struct ShapeArgs {
    /// Seconds that the answer of `--workload` may take; what would take longer is measured at several depths and
    /// summed up
    #[arg(long, value_name = "SECONDS", default_value_t = 300, conflicts_with = "endpoint", value_parser = clap::value_parser!(u32).range(1..=604_800))]
    pub within: u32,
}

impl ShapeArgs {
    pub(super) fn within(&self) -> Seconds {
        Seconds(f64::from(self.within))
    }
}

/// Whether more is asked of the bundled engine than prefill and decode.
pub(super) const fn is_some(load: &ServedArgs) -> bool {
    !load.concurrency.is_empty() || load.workload.is_some()
}

/// The task that is to be done whole.
pub(super) fn workload(load: &ServedArgs, catalog: &Catalog) -> Result<Option<Workload>, Error> {
    let Some(name) = &load.workload else { return Ok(None) };
    let found = catalog.use_case(name).map_err(|error| Error::new(Exit::Usage, &error).hint(error.hint()))?;
    Ok(Some(Workload {
        id: found.id.clone(),
        prompt_tokens: found.prompt_tokens,
        output_tokens: found.output_tokens,
    }))
}
