//! How long it takes to predict every model in every quant and placement on a machine:
//!
//! ```sh
//! cargo bench --no-default-features --bench prediction
//! ```

use std::io::Write as _;
use std::time::Instant;

use r1_advisor::catalog::{Catalog, Counted, Wish, describe};
use r1_advisor::estimate::{Fit, Reserve, Site, Subject, Task, answer_time, place};
use r1_advisor::run_config::RunConfig;
use r1_advisor::units::Bytes;

/// What the prediction of a whole machine may take.
const TARGET_MILLISECONDS: f64 = 5.0;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let catalog = Catalog::embedded()?;
    let config = RunConfig::default();
    let task = Task { prompt_tokens: 512, output_tokens: 3000 };
    let mut subjects = Vec::new();
    for model in catalog.models() {
        for quant in catalog.quants() {
            subjects.extend(Subject::of(model, quant));
        }
    }
    let mut out = std::io::stdout().lock();
    for (what, gpu, count) in
        [("no GPU", None, 0), ("one card", Some("RTX 4090"), 1), ("eight cards", Some("H100 SXM5 80GB"), 8)]
    {
        let wish = Wish {
            gpus: Some(gpu.map(|name| Counted { name, count }).into_iter().collect()),
            ram: Some(Bytes::gib(512)),
            cpu: Some(Counted { name: "EPYC 9654", count: 1 }),
            ..Wish::default()
        };
        let machine = describe(&wish, &catalog)?;
        let reserve = Reserve::for_machine(&machine);
        let mut times: Vec<f64> = (0..50)
            .map(|_| {
                let start = Instant::now();
                let answered = subjects
                    .iter()
                    .filter(|subject| {
                        let calibration = catalog.calibration();
                        let site = Site {
                            subject,
                            machine: &machine,
                            config: &config,
                            task: Task::USUAL,
                            reserve,
                            backend: None,
                            calibration,
                        };
                        let (Fit::Fits(placement) | Fit::TooLarge { nearest: placement, .. }) = place(&site);
                        answer_time(&site.speed(&placement).prepared(), task).is_some()
                    })
                    .count();
                assert_eq!(answered, subjects.len(), "a speed is unknown");
                start.elapsed().as_secs_f64() * 1e3
            })
            .collect();
        times.sort_by(f64::total_cmp);
        writeln!(
            out,
            "{what:12} {} models and quants placed and predicted: median {:.2} ms (target {TARGET_MILLISECONDS} ms)",
            subjects.len(),
            times[times.len() / 2]
        )?;
    }
    Ok(())
}
