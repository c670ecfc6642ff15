//! Whatever people type for a machine, a card or a model, it is one or an error that says so.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use r1_advisor::catalog::{Catalog, Wish, describe};

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::embedded().expect("the embedded catalog"));

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Err(error) = CATALOG.target(text) {
        let _ = error.to_string();
    }
    let _ = CATALOG.accelerator(text);
    let _ = CATALOG.cpu_platform(text);
    match Wish::of(text, &CATALOG) {
        Ok(wish) => match describe(&wish, &CATALOG) {
            Ok(machine) => assert!(!machine.name.is_empty()),
            Err(error) => drop(error.to_string()),
        },
        Err(error) => drop(error.to_string()),
    }
});
