//! Models that are on this machine already: found, used instead of fetched, and removed without harm.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::hub::{COMMIT, FILE};
use crate::support::program::NOWHERE;
use crate::support::schema::assert_keeps;
use crate::support::{Home, Hub, Ran, respond, sha256, tiny_model};

/// Puts the tiny model where LM Studio keeps its models.
fn in_lm_studio(home: &Home, bytes: &[u8]) -> PathBuf {
    let folder = home.path(".lmstudio/models/maker/Tiny-R1-GGUF");
    fs::create_dir_all(&folder).expect("a test can");
    let path = folder.join(FILE);
    fs::write(&path, bytes).expect("a test can");
    path
}

/// Puts the tiny model where Ollama keeps its models, as `tiny-r1:latest`.
fn in_ollama(home: &Home, bytes: &[u8]) -> PathBuf {
    let root = home.path(".ollama/models");
    let manifests = root.join("manifests/registry.ollama.ai/library/tiny-r1");
    fs::create_dir_all(&manifests).expect("a test can");
    fs::create_dir_all(root.join("blobs")).expect("a test can");
    let hash = sha256(bytes);
    let manifest = format!(
        r#"{{"schemaVersion":2,"config":{{"digest":"sha256:00"}},"layers":[
        {{"mediaType":"application/vnd.ollama.image.model","digest":"sha256:{hash}","size":{}}},
        {{"mediaType":"application/vnd.ollama.image.template","digest":"sha256:{hash}","size":1}}]}}"#,
        bytes.len()
    );
    fs::write(manifests.join("latest"), manifest).expect("a test can");
    let path = root.join(format!("blobs/sha256-{hash}"));
    fs::write(&path, bytes).expect("a test can");
    path
}

fn with_catalog(home: &Home, hub: &str, arguments: &[&str]) -> Ran {
    let catalog = home.catalog(Some(sha256(&tiny_model(1))));
    home.run(hub, &[arguments, &["--catalog", catalog.to_str().expect("UTF-8"), "--format", "json"]].concat())
}

fn list(home: &Home) -> Value {
    with_catalog(home, NOWHERE, &["models", "--local"]).json_of("local_models")
}

/// Who keeps a model, under which name, and whether it is whole.
fn told(list: &Value) -> Vec<(&str, &str, bool)> {
    let text = |row: &'_ Value, key: &str| row[key].as_str().expect("a text").to_owned().leak() as &str;
    let rows = list["models"].as_array().expect("a list").iter();
    rows.map(|row| (text(row, "keeper"), text(row, "name"), row["is_whole"].as_bool().expect("a yes or no")))
        .collect()
}

#[test]
fn models_are_found_in_the_hubs_cache_in_lm_studio_in_ollama_and_in_folders_of_the_users() {
    let (hub, bytes) = Hub::good();
    let home = Home::new();
    assert_eq!(told(&list(&home)), []);
    home.pull(&hub).file();
    in_lm_studio(&home, &tiny_model(2));
    in_ollama(&home, &tiny_model(3));
    let mine = home.path("data/r1-advisor/models");
    fs::create_dir_all(&mine).unwrap();
    fs::write(mine.join("Tiny-R1-cut.gguf"), &bytes[..1000]).unwrap();
    fs::write(mine.join("other.gguf"), "what not").unwrap();
    let list = list(&home);
    assert_eq!(
        told(&list),
        [
            ("hub_cache", "maker/Tiny-R1-GGUF/Tiny-R1-Q4_K_M.gguf", true),
            ("folder", "Tiny-R1-cut.gguf", false),
            ("lm_studio", "maker/Tiny-R1-GGUF/Tiny-R1-Q4_K_M.gguf", true),
            ("ollama", "tiny-r1:latest", true),
        ]
    );
    assert_eq!(list["others"], 1);
    assert_eq!(list["models"][3]["model"], "tiny-r1");
    assert_eq!(list["models"][3]["quant"], "Q4_K_M");
}

#[test]
fn a_file_that_has_the_hash_of_the_catalog_is_used_without_asking_anybody() {
    let home = Home::new();
    let path = in_ollama(&home, &tiny_model(1));
    let ran = with_catalog(&home, NOWHERE, &["pull", "tiny:Q4_K_M"]);
    assert_eq!(ran.file(), tiny_model(1));
    let json = ran.json();
    assert_eq!(json["files"][0]["path"], path.to_str().unwrap());
    assert_eq!((&json["keeper"], &json["files"][0]["verified"]), (&"ollama".into(), &"catalog".into()));
}

#[test]
fn a_file_of_the_right_length_and_header_is_used_and_one_of_another_length_is_not() {
    let (hub, bytes) = Hub::good();
    let home = Home::new();
    let path = in_lm_studio(&home, &bytes);
    let ran = with_catalog(&home, &hub.endpoint, &["pull", "tiny:Q4_K_M"]);
    assert_eq!(ran.json()["files"][0]["path"], path.to_str().unwrap());
    assert_eq!(hub.sent(), 0);
    fs::write(&path, [&bytes[..], b"!"].concat()).unwrap();
    let ran = with_catalog(&home, &hub.endpoint, &["pull", "tiny:Q4_K_M"]);
    assert_eq!(ran.json()["files"][0]["path"], home.snapshot(FILE).to_str().unwrap());
    // The catalog's hash was what it was checked against, and its header was not asked for beforehand.
    assert_eq!(ran.json()["files"][0]["verified"], "catalog");
    assert_eq!(hub.sent(), bytes.len() as u64);
}

#[test]
fn bench_measures_what_is_here_by_its_name_and_says_how_to_fetch_what_is_not() {
    let (hub, _) = Hub::good();
    let home = Home::new();
    let bench = &["bench", "tiny:Q4_K_M", "-r", "1"];
    let ran = with_catalog(&home, &hub.endpoint, bench);
    ran.exits(2);
    assert!(
        ran.errors().starts_with(
            "error: there is no file of `tiny-r1:Q4_K_M` on this machine\n hint: download it with `r1-advisor pull \
             tiny-r1:Q4_K_M`, or add `--synthetic`"
        ),
        "{}",
        ran.errors()
    );
    home.pull(&hub).file();
    let ran = with_catalog(&home, &hub.endpoint, bench);
    ran.exits(0);
    assert!(
        ran.errors().contains(&format!("measuring {}", home.snapshot(FILE).display())),
        "{}",
        ran.errors()
    );
    let json = ran.json();
    assert_eq!(json["model"], "tiny-r1");
    assert!(json["predicted"].is_object());
}

#[test]
fn an_estimate_for_this_machine_reads_the_header_of_the_file_that_is_here() {
    let (hub, _) = Hub::good();
    let home = Home::new();
    let estimate = |more: &[&str]| {
        let arguments = [&["estimate", "tiny:Q4_K_M", "--context", "1024"], more].concat();
        with_catalog(&home, &hub.endpoint, &arguments).json()
    };
    assert!(estimate(&[])["file"].is_null());
    home.pull(&hub).file();
    let here = estimate(&[]);
    assert_eq!(here["file"], home.snapshot(FILE).to_str().unwrap());
    assert_eq!((&here["model"], &here["quant"]), (&"tiny-r1".into(), &"Q4_K_M".into()));
    assert!(estimate(&["--ram", "64GiB", "--gpu", "none"])["file"].is_null());
}

fn remove(home: &Home, name: &str) -> Ran {
    with_catalog(home, NOWHERE, &["models", "remove", name, "--yes"])
}

#[test]
fn removing_a_model_frees_its_blob_and_leaves_nothing_and_nothing_else_is_touched() {
    let (hub, bytes) = Hub::good();
    let home = Home::new();
    home.pull(&hub).file();
    // Another file of the same repository, and another revision that has the same content.
    let repository = home.cache().join("models--maker--Tiny-R1-GGUF");
    let older = repository.join("snapshots/fedcba9876543210fedcba9876543210fedcba98");
    fs::create_dir_all(&older).unwrap();
    std::os::unix::fs::symlink(Path::new("../../blobs").join(sha256(&bytes).to_string()), older.join(FILE))
        .unwrap();
    fs::write(repository.join("blobs/readme"), "read me").unwrap();
    std::os::unix::fs::symlink("../../blobs/readme", home.snapshot("README.md")).unwrap();

    let json = remove(&home, "tiny:Q4_K_M").exits(0).json();
    assert_eq!(json["freed_bytes"], bytes.len());
    assert_keeps("removal", &json);
    assert!(!home.blob(sha256(&bytes)).exists() && !older.exists());
    assert_eq!(fs::read_to_string(home.snapshot("README.md")).unwrap(), "read me");
    assert_eq!(fs::read_to_string(repository.join("refs/main")).unwrap(), COMMIT);

    // Where it was all that the repository had, the repository goes, too.
    let home = Home::new();
    home.pull(&hub).file();
    assert_eq!(remove(&home, "maker/Tiny-R1-GGUF/Tiny-R1-Q4_K_M.gguf").code(), Some(0));
    assert!(!home.cache().join("models--maker--Tiny-R1-GGUF").exists());
}

#[test]
fn nothing_is_removed_without_a_yes_nor_from_other_programs_nor_what_is_not_there() {
    let (hub, bytes) = Hub::good();
    let home = Home::new();
    home.pull(&hub).file();
    with_catalog(&home, NOWHERE, &["models", "remove", "tiny:Q4_K_M"]).exits(1).complains("add `--yes`");
    assert!(home.blob(sha256(&bytes)).exists());

    let home = Home::new();
    let path = in_ollama(&home, &bytes);
    remove(&home, "tiny:Q4_K_M").exits(1).complains("remove it with `ollama rm tiny-r1:latest`");
    assert!(path.exists());
    remove(&home, "7b:Q4_K_M").exits(1).complains("no model called `7b:Q4_K_M` on this machine");
}

#[test]
fn what_has_come_of_a_download_is_listed_and_can_be_removed() {
    let (hub, bytes) = Hub::faulty(|asked, stream, hub| {
        asked.is_for_bytes() && hub.next() > 4 && respond(stream, "404 Not Found", "", b"")
    });
    let home = Home::new();
    assert_eq!(home.pull(&hub).code(), Some(5));
    let list = list(&home);
    assert_eq!(list["partials"][0]["source"], format!("hf.co/maker/Tiny-R1-GGUF/{FILE}"));
    assert_eq!(list["partials"][0]["bytes"], bytes.len());
    assert!(list["partials"][0]["present_bytes"].as_u64().unwrap() > 0);
    assert_eq!(remove(&home, "tiny:Q4_K_M").code(), Some(0));
    assert_eq!(home.leftovers(), Vec::<String>::new());
    assert!(!home.cache().join("models--maker--Tiny-R1-GGUF").exists());
}

#[test]
fn a_file_and_what_had_come_of_it_before_go_together() {
    let (hub, bytes) = Hub::faulty(|asked, stream, hub| {
        asked.is_for_bytes() && hub.next() > 4 && respond(stream, "404 Not Found", "", b"")
    });
    let home = Home::new();
    assert_eq!(home.pull(&hub).code(), Some(5));
    // Another tool brought it in the meantime.
    fs::write(home.blob(sha256(&bytes)), &bytes).unwrap();
    fs::create_dir_all(home.snapshot(FILE).parent().unwrap()).unwrap();
    std::os::unix::fs::symlink(
        Path::new("../../blobs").join(sha256(&bytes).to_string()),
        home.snapshot(FILE),
    )
    .unwrap();
    remove(&home, "tiny:Q4_K_M").exits(0);
    assert!(!home.cache().join("models--maker--Tiny-R1-GGUF").exists());
}

#[test]
fn what_is_just_being_fetched_is_not_removed() {
    let (hub, bytes) = Hub::good();
    let home = Home::new();
    home.pull(&hub).file();
    let lock = home.cache().join(format!(".locks/models--maker--Tiny-R1-GGUF/{}.lock", sha256(&bytes)));
    let held = fs::File::options().write(true).open(lock).unwrap();
    held.lock().unwrap();
    let ran = remove(&home, "tiny:Q4_K_M");
    ran.exits(1).complains("is being downloaded");
    assert!(home.snapshot(FILE).exists());
}
