//! `pull --source modelscope`, from a server that answers as ModelScope's tools expect it to. The real one was not
//! asked.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;

use crate::support::hub::{FILE, REPOSITORY};
use crate::support::program::NOWHERE;
use crate::support::{Home, Hub, Ran, respond, sha256, tiny_model};

/// A server that has the tiny model, and calls its hash what `told` says.
fn model_scope(told: Option<String>) -> Arc<Hub> {
    let bytes = tiny_model(1);
    let (length, hash) = (bytes.len(), sha256(&bytes));
    let told = told.unwrap_or_else(|| hash.to_string());
    Hub::start([(FILE, bytes)], None, move |asked, stream, _| {
        let list = format!("/api/v1/models/{REPOSITORY}/repo/files?Revision=master&Recursive=true");
        if asked.path == list {
            let files = json!([
                { "Name": "q4", "Path": "q4", "Type": "tree", "Size": 0, "Sha256": "" },
                { "Name": FILE, "Path": FILE, "Type": "blob", "Size": length, "Sha256": told },
            ]);
            let answer =
                json!({ "Code": 200, "Data": { "Files": files }, "Message": "success", "Success": true });
            respond(stream, "200 OK", "Content-Type: application/json", answer.to_string().as_bytes());
            return true;
        }
        if asked.path == format!("/models/{REPOSITORY}/resolve/master/{FILE}") {
            respond(stream, "302 Found", &format!("Location: /cdn/{hash}?signature=secret"), b"");
            return true;
        }
        // Everything but the bytes that the redirect leads to belongs to the other hub.
        if asked.path.starts_with("/cdn/") {
            return false;
        }
        respond(stream, "404 Not Found", "", b"");
        true
    })
}

/// A catalog whose tiny model has a copy on ModelScope.
fn catalog(home: &Home) -> PathBuf {
    let folder = home.catalog(Some(sha256(&tiny_model(1))));
    let file = folder.join("models/tiny.toml");
    let text = fs::read_to_string(&file).expect("a file");
    let repository = format!("repository = \"{REPOSITORY}\"\n");
    let copied = text.replace(&repository, &format!("{repository}model_scope = \"{REPOSITORY}\"\n"));
    assert_ne!(text, copied);
    fs::write(file, copied).expect("a file");
    folder
}

fn pull(home: &Home, hub: &Hub, catalog: &std::path::Path) -> Ran {
    let arguments = ["pull", "tiny:Q4_K_M", "--source", "modelscope", "--format", "json", "--catalog"];
    home.program(NOWHERE, &arguments)
        .with([catalog])
        .env("MODELSCOPE_ENDPOINT", &hub.endpoint)
        .env("MODELSCOPE_CACHE", home.path("modelscope"))
        .env("HF_TOKEN", "hf_secret")
        .run()
}

#[test]
fn a_model_comes_from_model_scope_into_the_folder_of_its_tools() {
    let (hub, home) = (model_scope(None), Home::new());
    let catalog = catalog(&home);
    let ran = pull(&home, &hub, &catalog);
    assert_eq!(ran.file(), tiny_model(1));
    let json = ran.json();
    assert_eq!(json["files"][0]["verified"], "catalog");
    assert_eq!(json["repository"], REPOSITORY);
    let path = PathBuf::from(json["files"][0]["path"].as_str().expect("a path"));
    assert_eq!(path, home.path("modelscope").join("models/maker/Tiny-R1-GGUF").join(FILE));
    // The other hub's token is none of this one's business.
    assert!(hub.asked().iter().all(|asked| asked.header("authorization").is_none()));
    // It is found there, and not fetched again.
    let sent = hub.sent();
    assert_eq!(pull(&home, &hub, &catalog).file(), tiny_model(1));
    assert_eq!(hub.sent(), sent);
}

#[test]
fn a_copy_that_is_another_file_is_refused() {
    let (hub, home) = (model_scope(Some("ab".repeat(32))), Home::new());
    let catalog = catalog(&home);
    pull(&home, &hub, &catalog).exits(5).complains("SHA-256");
    assert_eq!(hub.sent(), 0);
}

#[test]
fn what_model_scope_is_not_known_to_have_is_not_asked_for() {
    let (hub, home) = (model_scope(None), Home::new());
    let catalog = home.catalog(None);
    pull(&home, &hub, &catalog).exits(2).complains("ModelScope is not known to have `tiny-r1:Q4_K_M`");
    assert!(hub.asked().is_empty());
}
