//! How long it takes to simulate a day of ten requests a second at an engine, request by request:
//!
//! ```sh
//! cargo bench --no-default-features --bench serving_day
//! ```

use std::io::Write as _;
use std::time::Instant;

use r1_advisor::capacity::{
    Arrivals, CacheType, Deployment, Lengths, Observed, Parallelism, Precision, Release, ServedModel,
    ServingDevice, ServingEngine, Workload, simulate,
};
use r1_advisor::catalog::Catalog;
use r1_advisor::units::Seconds;

/// What a day may take.
const TARGET_SECONDS: f64 = 0.2;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let catalog = Catalog::embedded()?;
    let device = ServingDevice::of(catalog.accelerator("B200")?).ok_or("an accelerator without figures")?;
    let deployment = |model: &str, precision, gpus| -> Result<Deployment, Box<dyn std::error::Error>> {
        Ok(Deployment {
            model: ServedModel::of(&catalog.model(model)?.architecture),
            precision,
            device: device.clone(),
            parallelism: Parallelism::tensor(gpus),
            engine: ServingEngine::Vllm,
            release: Release::NEWEST,
            cache: CacheType::Sixteen,
            is_tuned: true,
            batch_limit: None,
            known: 1.0,
            drafted: 0,
            cache_room: None,
            experts_in_ram: None,
            observed: Observed::default(),
        })
    };
    let workload = Workload {
        prompt_tokens: 500.0,
        output_tokens: 1000.0,
        prompts: Lengths::Alike,
        answers: Lengths::REASONING,
        // Ten a second on average over a day that has its hours.
        arrivals: Arrivals::Poisson {
            rates: (0..24)
                .map(|hour| 10.0 + 8.0 * ((f64::from(hour) - 14.0) / 24.0 * std::f64::consts::TAU).cos())
                .collect(),
            stretch: Seconds(3600.0),
        },
        seed: 1,
    };
    let constants = &catalog.serving_calibration()?.constants;
    let promise = (Seconds(2.0), Seconds(0.05));
    let mut out = std::io::stdout().lock();
    for (what, deployment) in [
        ("7B on one B200", deployment("7b", Precision::BF16, 1)?),
        ("70B on 8 B200", deployment("70b", Precision::FP8, 8)?),
    ] {
        let mut times = Vec::new();
        let mut served = None;
        for _ in 0..5 {
            let start = Instant::now();
            served = simulate(&deployment, constants, &workload, promise);
            times.push(start.elapsed().as_secs_f64());
        }
        times.sort_by(f64::total_cmp);
        let served = served.ok_or("the weights do not fit")?;
        writeln!(
            out,
            "{what:16} {} requests: median {:.2} s, best {:.2} s (target {TARGET_SECONDS} s); {:.1} % kept the promise, {} preempted",
            served.tpot.len(),
            times[times.len() / 2],
            times[0],
            served.goodput_share() * 100.0,
            served.preempted
        )?;
    }
    Ok(())
}
