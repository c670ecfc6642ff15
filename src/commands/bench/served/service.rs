//! What the user says that answers at an endpoint.

use super::ServedArgs;
use crate::bench::served::Service;
use crate::both;
use crate::capacity::{Precision, ServingDevice, ServingEngine};
use crate::catalog::{Catalog, Counted};
use crate::error::{Error, Exit};
use crate::report::usual_service;

impl ServedArgs {
    /// What answers, in the catalog's words; none where the user does not say.
    pub(super) fn service(&self, catalog: &Catalog) -> Result<Option<Service>, Error> {
        let Some((model, hardware)) = self.serves.as_deref().zip(self.served_on.as_deref()) else {
            return Ok(None);
        };
        let (model, precision) = model.split_once(':').map_or((model, None), |(id, bits)| (id, Some(bits)));
        let model =
            catalog.model(model).map_err(|error| Error::new(Exit::Usage, &error).hint(error.hint()))?;
        let counted = Counted::in_text(hardware).unwrap_or(Counted::one(hardware));
        let accelerator = catalog
            .accelerator(counted.name)
            .map_err(|error| Error::new(Exit::Usage, &error).hint(error.hint()))?;
        let device = ServingDevice::of(accelerator).ok_or_else(|| {
            Error::usage(both!(
                "bandwidth or compute of `{name}` is unknown",
                "`{name}` 的带宽或算力未知",
                name = accelerator.name
            ))
        })?;
        let (engine, usual) = usual_service(model, &device, self.served_by);
        let precision =
            precision.map_or_else(|| Ok(usual.to_owned()), |told| kept_in(told, engine, catalog))?;
        Ok(Some(Service {
            model: model.id.clone(),
            precision,
            accelerator: accelerator.id.clone(),
            gpus: counted.count,
            engine,
        }))
    }
}

/// The word for how weights are kept: a quant of llama.cpp, or a precision of the others.
fn kept_in(told: &str, engine: ServingEngine, catalog: &Catalog) -> Result<String, Error> {
    if engine == ServingEngine::LlamaCpp {
        let quant =
            catalog.quant(told).map_err(|error| Error::new(Exit::Usage, &error).hint(error.hint()))?;
        return Ok(quant.id.clone());
    }
    Precision::named(told).map(|precision| precision.name().to_owned()).ok_or_else(|| {
        let engine = engine.name();
        Error::usage(both!("`{told}` is no precision of {engine}", "`{told}` 不是 {engine} 的精度")).hint(Some(
            both!(
                "there are `BF16`, `FP8`, `INT8`, `INT4`, `NVFP4` and `W4AFP8`; of GGUF files say `--served-by llama.cpp`",
                "可取的值：`BF16`、`FP8`、`INT8`、`INT4`、`NVFP4`、`W4AFP8`；GGUF 文件请加 `--served-by llama.cpp`"
            ),
        ))
    })
}
