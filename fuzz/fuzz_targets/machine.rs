//! Whatever a machine file says, `estimate --machine FILE` answers with numbers or an error.
#![no_main]

use std::path::Path;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use r1_advisor::catalog::Catalog;
use r1_advisor::commands::machine_of_toml;
use r1_advisor::estimate::{Request, Subject, Task, estimate};
use r1_advisor::run_config::RunConfig;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::embedded().expect("the embedded catalog"));

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(machine) = machine_of_toml(Path::new("fuzzed.toml"), text, &CATALOG) else { return };
    for target in ["7b:Q4_K_M", "671b:Q4_K_M"] {
        let Ok((model, Some(quant))) = CATALOG.target(target) else { unreachable!("the catalog has it") };
        let subject = Subject::of(model, quant).expect("a layout");
        let request = Request {
            run: RunConfig { context: 8192, ..RunConfig::default() },
            task: Task { prompt_tokens: 512, output_tokens: 2048 },
            depth: 0,
            backend: None,
            offload: None,
            prefill_depth: 0,
            answer_lengths: Vec::new(),
        };
        let estimate = estimate(&subject, &machine, &request, CATALOG.calibration());
        let decode = estimate.decode.map(|rate| rate.tokens_per_second);
        assert!(decode.is_none_or(|rate| rate.is_finite() && rate >= 0.0), "{decode:?} tok/s");
    }
});
