//! What `bench` measured of the options, from the history and from files.

use std::path::Path;

use jiff::civil::Date;
use serde_json::Value;

use crate::bench::served::Service;
use crate::bench::{observations, observed_waits};
use crate::capacity::ServingEngine;
use crate::catalog::{Accelerator, Catalog, CatalogError};
use crate::commands::Context;
use crate::error::{Error, Exit};
use crate::history::{self, Database, Kept};
use crate::input_file;
use crate::message;
use crate::message::Message;
use crate::needs::{GivenNeeds, Measured, MeasuredOf};

/// More results than this are not looked through.
const MOST_RESULTS: u32 = 10_000;

/// What was measured, the oldest first; the files that are named come last, and so count before the history.
pub(super) fn read(context: &Context, given: &GivenNeeds, catalog: &Catalog) -> Result<Vec<Measured>, Error> {
    let mut all = if given.no_history { Vec::new() } else { from_history(context, catalog)? };
    for path in &given.measured {
        all.push(from_file(path, catalog)?);
    }
    Ok(all)
}

fn from_history(context: &Context, catalog: &Catalog) -> Result<Vec<Measured>, Error> {
    let kept = history::place().map_or(Ok(Vec::new()), |path| {
        let database = Database::open_existing(&path)?;
        database.map_or(Ok(Vec::new()), |database| database.latest(MOST_RESULTS))
    });
    // A history that cannot be read is no reason to withhold a report.
    let kept: Vec<Kept> = kept.unwrap_or_else(|error| {
        context.printer.note(message!(ReportHistorySkipped).because(error.to_string()));
        Vec::new()
    });
    let mut all = Vec::new();
    for kept in kept.iter().rev() {
        let id = kept.id;
        let source = message!(ReportResultOfHistory { id });
        let found = measured(&kept.document, source, catalog)?;
        all.extend(found.ok());
    }
    Ok(all)
}

fn from_file(path: &Path, catalog: &Catalog) -> Result<Measured, Error> {
    let rejected = |reason: Message| {
        let message = message!(ReportMeasuredRejected { path }).because(reason);
        Error::plain(Exit::Input, message).hint(Some(message!(ReportMeasuredHint)))
    };
    let text = input_file::read(path)
        .map_err(|error| rejected(message!(ReportMeasuredUnreadable).because(&error)))?;
    let document: Value = serde_json::from_slice(&text)
        .map_err(|error| rejected(message!(ReportMeasuredNoResult).because(error.to_string())))?;
    let found = measured(&document, path.display().to_string().into(), catalog);
    found?.map_err(rejected)
}

/// What a result of `bench` says of an option, or why it says nothing.
fn measured(
    document: &Value,
    source: Message,
    catalog: &Catalog,
) -> Result<Result<Measured, Message>, CatalogError> {
    let is_served = document["loads"].is_array();
    let of = if is_served { of_served(document, catalog)? } else { of_local(document, catalog)? };
    let observations = observations(document);
    let date = document["date"].as_str().and_then(|date| date.parse::<Date>().ok());
    Ok(match (of, date) {
        (Err(reason), _) => Err(reason),
        (Ok(_), None) => Err(message!(ReportMeasuredNoResult)),
        (Ok(_), _) if observations.is_empty() => Err(message!(ReportMeasuredNothing)),
        (Ok(of), Some(date)) => {
            Ok(Measured { source, date, of, observations, waits: observed_waits(document) })
        }
    })
}

fn of_served(document: &Value, catalog: &Catalog) -> Result<Result<MeasuredOf, Message>, CatalogError> {
    if let Ok(service) = serde_json::from_value::<Service>(document["service"].clone()) {
        let name = named_by_id(&service.accelerator, catalog)?;
        return Ok(name.map(|name| MeasuredOf::Machines(service, name)));
    }
    let price = document["cost"]["prices"]["id"].as_str();
    Ok(price.map(|id| MeasuredOf::Api(id.to_owned())).ok_or_else(|| message!(ReportMeasuredUnnamed)))
}

/// A local measurement, where the whole model was on GPUs of one kind.
fn of_local(document: &Value, catalog: &Catalog) -> Result<Result<MeasuredOf, Message>, CatalogError> {
    let (model, quant) = (document["model"].as_str(), document["quant"].as_str());
    let Some((model, quant)) = model.zip(quant) else {
        return Ok(Err(message!(ReportMeasuredOtherModel)));
    };
    let gpus: Vec<&str> =
        document["gpus"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let settings = &document["settings"];
    let layers = u64::from(catalog.model(model)?.architecture.layers);
    let is_whole = settings["gpu_layers"].as_u64().is_none_or(|on_gpus| on_gpus >= layers)
        && settings["expert_layers_in_ram"].as_u64().unwrap_or(0) == 0;
    if document["extrapolation"].is_object() {
        return Ok(Err(message!(ReportMeasuredSliced)));
    }
    let alike = gpus.first().filter(|first| gpus.iter().all(|name| name == *first));
    let Some(name) = alike.filter(|_| is_whole) else {
        return Ok(Err(message!(ReportMeasuredMixed)));
    };
    let Some(accelerator) = known(name, catalog)? else {
        return Ok(Err(message!(ReportMeasuredUnknownGpu { name })));
    };
    let service = Service {
        model: model.to_owned(),
        precision: quant.to_owned(),
        accelerator: accelerator.id.clone(),
        gpus: gpus.len() as u32,
        engine: ServingEngine::LlamaCpp,
    };
    Ok(Ok(MeasuredOf::Machines(service, accelerator.name.clone())))
}

fn known<'a>(name: &str, catalog: &'a Catalog) -> Result<Option<&'a Accelerator>, CatalogError> {
    match catalog.accelerator(name) {
        Ok(found) => Ok(Some(found)),
        Err(CatalogError::Unknown { .. } | CatalogError::Ambiguous { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

fn named_by_id(id: &str, catalog: &Catalog) -> Result<Result<String, Message>, CatalogError> {
    let found = catalog.accelerators()?.iter().find(|one| one.id == id);
    Ok(found.map(|one| one.name.clone()).ok_or_else(|| message!(ReportMeasuredUnknownGpu { name: id })))
}
