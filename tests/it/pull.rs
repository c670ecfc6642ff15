//! `pull` from a hub of the test's own that behaves.

use std::fs;
use std::path::Path;

use super::hub::{COMMIT, FILE, Home, Hub, REPOSITORY, sha256, tiny_model};

#[test]
fn a_quant_of_a_repository_is_fetched_into_the_cache_that_all_tools_share() {
    let (hub, bytes) = Hub::good();
    let home = Home::new();
    let ran = home.pull(&hub);
    assert_eq!(ran.file(), bytes);
    let json = ran.json();
    assert_eq!(json["files"][0]["verified"], "hub");
    assert_eq!(json["files"][0]["sha256"], sha256(&bytes).to_string());
    assert_eq!(json["received_bytes"], bytes.len());
    assert_eq!(json["repository"], REPOSITORY);
    assert_eq!(json["commit"], COMMIT);
    // The layout of huggingface_hub: a blob by its hash, a relative link to it, a ref, a lock.
    assert_eq!(
        fs::read_link(home.snapshot(FILE)).unwrap(),
        Path::new("../../blobs").join(sha256(&bytes).to_string())
    );
    let repository = home.cache().join("models--maker--Tiny-R1-GGUF");
    assert_eq!(fs::read_to_string(repository.join("refs/main")).unwrap(), COMMIT);
    assert!(
        home.cache().join(format!(".locks/models--maker--Tiny-R1-GGUF/{}.lock", sha256(&bytes))).is_file()
    );
    assert_eq!(home.leftovers(), Vec::<String>::new());
    // Again: nothing of the file is asked for.
    let sent = hub.sent();
    assert_eq!(home.pull(&hub).file(), bytes);
    assert_eq!(hub.sent(), sent);
    let again = home.pull(&hub).json();
    assert_eq!(again["received_bytes"], 0);
    let _ = tiny_model;
}
