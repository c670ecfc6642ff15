//! What the user says that answers at an endpoint.

use super::ServedArgs;
use crate::bench::served::Service;
use crate::capacity::{Precision, ServingDevice, ServingEngine};
use crate::catalog::{Catalog, Counted};
use crate::error::{Error, Exit};
use crate::message;
use crate::report::usual_service;

impl ServedArgs {
    /// What answers, in the catalog's words; none where the user does not say.
    pub(super) fn service(&self, catalog: &Catalog) -> Result<Option<Service>, Error> {
        let Some((model, hardware)) = self.serves.as_deref().zip(self.served_on.as_deref()) else {
            return Ok(None);
        };
        let (model, precision) = model.split_once(':').map_or((model, None), |(id, bits)| (id, Some(bits)));
        let model = catalog.model(model).map_err(|error| Error::from(error).exiting(Exit::Usage))?;
        let counted = Counted::in_text(hardware).unwrap_or(Counted::one(hardware));
        let accelerator =
            catalog.accelerator(counted.name).map_err(|error| Error::from(error).exiting(Exit::Usage))?;
        let device = ServingDevice::of(accelerator)
            .ok_or_else(|| Error::usage(message!(ServedUnknownDevice { name: &accelerator.name })))?;
        let (engine, usual) = usual_service(model, &device, self.served_by);
        let precision =
            precision.map_or_else(|| Ok(usual.to_owned()), |typed| precision_of(typed, engine, catalog))?;
        Ok(Some(Service {
            model: model.id.clone(),
            precision,
            accelerator: accelerator.id.clone(),
            gpus: counted.count,
            engine,
        }))
    }
}

/// The id of a precision: a quant of llama.cpp, or a precision of the other engines.
fn precision_of(typed: &str, engine: ServingEngine, catalog: &Catalog) -> Result<String, Error> {
    if engine == ServingEngine::LlamaCpp {
        let quant = catalog.quant(typed).map_err(|error| Error::from(error).exiting(Exit::Usage))?;
        return Ok(quant.id.clone());
    }
    Precision::named(typed).map(|precision| precision.name().to_owned()).ok_or_else(|| {
        let mistake = message!(ServedNoPrecision { precision: typed, engine: engine.name() });
        Error::usage(mistake).hint(Some(message!(ServedNoPrecisionHint)))
    })
}
