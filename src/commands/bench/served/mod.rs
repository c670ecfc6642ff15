//! `bench --endpoint`: puts a load on a served engine, and measures what its users get.

mod args;
mod greeting;
mod rounds;
mod service;

pub use args::ServedArgs;

use std::sync::atomic::Ordering;

use super::{BenchArgs, cancelled_by_signal, keep, shape_args};
use crate::bench::served::{ApiCost, ServedMeasurement, ServedVerdict};
use crate::commands::{Context, machine_source};
use crate::endpoint::{Address, Client, raise_open_files};
use crate::error::{Error, Exit};
use crate::message;
use crate::probe::{Bandwidths, Surroundings};
use crate::render::ServedView;
use crate::ui::Progress;
use args::Loads;
use greeting::Greeting;
use rounds::{Ended, Rounds};

/// Measures the server at `endpoint`.
pub(super) fn run(context: &Context, args: &BenchArgs, endpoint: &str) -> Result<Exit, Error> {
    let (catalog, started_at) = (context.catalog()?, jiff::Timestamp::now());
    let served = match &args.shape.needs {
        Some(file) => &args.served.clone().for_needs(&shape_args::needs(file, &catalog)?),
        None => &args.served,
    };
    let address = Address::parse(endpoint)?;
    if served.sweep.is_some() && served.slo().is_none() {
        let hint = message!(ServedSweepWithoutSloHint);
        return Err(Error::usage(message!(ServedSweepWithoutSlo)).hint(Some(hint)));
    }
    let depths = args.tests.depths();
    if served.sweep.is_some() && depths.len() > 1 {
        return Err(Error::usage(message!(ServedSweepAtDepths)));
    }
    let (workload, slo, prices) = (served.workload(&catalog)?, served.slo(), served.prices(&catalog)?);
    let service = served.service(&catalog)?;
    raise_open_files();
    let client = Client::new(address, served.key()?, served.timeout.into());
    let cancelled = cancelled_by_signal()?;
    let asking = message!(ServedAsking { endpoint: client.address().as_str() });
    let progress = Progress::steps(&context.printer, asking);
    let named = served.model.as_deref().or(Some(&*args.model.target).filter(|target| !target.is_empty()));
    let greeting = Greeting::exchanged(&client, named, served, &cancelled)?;
    let mut rounds = Rounds::new(&client, &greeting, &workload, served, &cancelled, &progress);
    rounds.warm_up()?;
    let sweep = match served.loads() {
        Loads::Each(loads) => {
            rounds.each(&loads, &depths);
            None
        }
        Loads::Search(search) => Some(rounds.search(search, depths[0])),
    };
    let Ended { loads, tokens } = rounds.ended();
    drop(progress);
    let measurement = ServedMeasurement {
        endpoint: client.address().as_str().to_owned(),
        verdict: ServedVerdict::of(&loads, sweep.as_ref()),
        model: greeting.model,
        api: served.api,
        dialect: greeting.dialect,
        workload,
        service,
        slo,
        loads,
        sweep,
        cost: prices.map(|prices| ApiCost::of(prices, tokens.prompt, tokens.output)),
        interrupted: cancelled.load(Ordering::Relaxed),
        date: Surroundings::here().today,
    };
    context.show(&ServedView { measurement: &measurement })?;
    // What was measured is shown; a machine that cannot be probed is no reason to call that a failure.
    if measurement.verdict != ServedVerdict::Failed
        && let Ok(machine) = machine_source::here(Bandwidths::AsKnown, &catalog)
    {
        keep::served(context, &measurement, started_at, &machine);
    }
    Ok(match measurement.verdict {
        _ if measurement.interrupted => Exit::Interrupted,
        ServedVerdict::Measured | ServedVerdict::Met => Exit::Yes,
        ServedVerdict::Missed => Exit::No,
        ServedVerdict::Failed => Exit::Engine,
    })
}
