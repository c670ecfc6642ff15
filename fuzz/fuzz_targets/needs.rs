//! Whatever a needs file says, it is a set of needs or an error that names the line.
#![no_main]

use std::path::Path;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use r1_advisor::catalog::Catalog;
use r1_advisor::error::Failure as _;
use r1_advisor::needs::GivenNeeds;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::embedded().expect("the embedded catalog"));

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let given = match GivenNeeds::of_toml(Path::new("fuzzed.toml"), text) {
        Ok(given) => given,
        Err(error) => return drop((error.message(), error.hint())),
    };
    if let Err(error) = given.machine(&CATALOG) {
        drop((error.message(), error.hint()));
    }
    if let Err(error) = given.organisation(&CATALOG) {
        drop((error.message(), error.hint()));
    }
});
