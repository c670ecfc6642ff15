//! Whatever a hub answers to the question for a repository's files, a model of it is found or refused, in memory and time
//! of the order of the answer.
#![no_main]

use libfuzzer_sys::fuzz_target;
use r1_advisor::error::Failure as _;
use r1_advisor::fetch::{Client, Listing, quant_in};
use std::time::Duration;

fuzz_target!(|answer: &[u8]| {
    if let Ok(text) = std::str::from_utf8(answer) {
        let _ = quant_in(text);
    }
    let client = Client::new("http://127.0.0.1:9", None, Duration::from_millis(1));
    let listings = [
        Listing::of_json("owner/name", "main", answer),
        Listing::of_model_scope_json("owner/name", answer),
    ];
    for listing in listings.into_iter().flatten() {
        for quant in ["Q4_K_M", "q8_0", "UD-IQ1_S", ""] {
            match listing.of_quant(quant) {
                // A file that is listed without its length and hash is not asked for here.
                Ok(paths) => paths.iter().take(4).for_each(|path| drop(listing.find(&client, path))),
                Err(error) => drop((error.message(), error.hint())),
            }
        }
        if let Err(error) = listing.find(&client, "model-Q4_K_M.gguf") {
            drop((error.message(), error.hint()));
        }
    }
});
