//! Whatever a file's first bytes are, `estimate` answers with numbers or an error: no panic, no overflow, no
//! memory or time beyond what the bytes themselves take.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use r1_advisor::catalog::Calibration;
use r1_advisor::error::Failure as _;
use r1_advisor::estimate::{Request, Subject, Task, estimate};
use r1_advisor::gguf::{Header, StoredModel, read_header};
use r1_advisor::machine::Machine;
use r1_advisor::run_config::RunConfig;
use r1_advisor::units::Bytes;

static MACHINE: LazyLock<Machine> = LazyLock::new(|| {
    toml::from_str(include_str!("../../tests/fixtures/machines/desktop-rtx-4090.toml")).expect("a machine")
});

static CALIBRATION: LazyLock<Calibration> = LazyLock::new(Calibration::default);

fuzz_target!(|bytes: &[u8]| {
    let _ = read_header(bytes, Bytes(bytes.len() as u64));
    // The length of a file is told by whoever has it; a lie of theirs lets every tensor lie within it.
    let Ok(header) = read_header(bytes, Bytes(u64::MAX)) else { return };
    reckon(&[header.clone()]);
    reckon(&[header.clone(), header]);
});

fn reckon(shards: &[Header]) {
    let stored = match StoredModel::new(shards) {
        Ok(stored) => stored,
        Err(error) => {
            let _ = (error.message(), error.hint());
            return;
        }
    };
    let stated: u64 = shards.iter().flat_map(|shard| &shard.tensors).map(|tensor| tensor.bytes().0).sum();
    let subject = Subject::of_file(&stored, None, "fuzzed.gguf");
    assert!(subject.weights_bytes() <= Bytes(stated), "more weights than the header states");
    let request = Request {
        run: RunConfig { context: 8192, ..RunConfig::default() },
        task: Task { prompt_tokens: 512, output_tokens: 2048 },
        depth: 0,
        backend: None,
        offload: None,
        prefill_depth: 0,
        answer_lengths: Vec::new(),
    };
    let _ = estimate(&subject, &MACHINE, &request, &CALIBRATION);
}
