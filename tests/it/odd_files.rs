//! Files that are not what their names say, or no files at all; and lengths beyond what a model was trained for.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use r1_advisor::gguf::{GgufWriter, LatentLayout, Layout, Mix, metadata};

use crate::support::hub::tiny;
use crate::support::program::program;
use crate::support::{Home, tiny_model};

/// A file with this content, under the name of a model.
fn named_gguf(home: &Home, content: &[u8]) -> String {
    let path = home.path("model.gguf");
    fs::write(&path, content).expect("a file");
    path.to_str().expect("UTF-8").to_owned()
}

/// The commands that take a file of a model.
fn commands(path: &str) -> [Vec<&str>; 3] {
    [vec!["estimate", path, "--ram", "16GiB"], vec!["bench", path], vec!["run", path, "hello"]]
}

#[cfg(unix)]
fn pipe(folder: &Path) -> PathBuf {
    let path = folder.join("pipe.gguf");
    let made = std::process::Command::new("mkfifo").arg(&path).status();
    assert!(made.expect("mkfifo runs").success());
    path
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_refused_by_every_command_that_reads_one() {
    let home = Home::new();
    let pipe = pipe(home.folder.path());
    let (pipe, device) = (pipe.to_str().unwrap(), "/dev/zero");
    for odd in [pipe, device] {
        let mut all: Vec<Vec<&str>> = commands(odd).into();
        all.push(vec!["validate", odd]);
        all.push(vec!["report", "--needs", odd]);
        all.push(vec!["report", "--users", "9", "--requests-per-user-day", "9", "--measured", odd]);
        all.push(vec!["recommend", "--needs", odd]);
        all.push(vec!["recommend", "--machine", odd]);
        all.push(vec!["estimate", "7b:Q4_K_M", "--machine", odd]);
        let model = named_gguf(&home, &tiny_model(1));
        all.push(vec!["run", &model, "--prompt-file", odd]);
        for arguments in all {
            let began = Instant::now();
            let ran = home.run("http://nowhere.invalid", &arguments);
            assert!(matches!(ran.code(), Some(2 | 4)), "{arguments:?}: {:?} {}", ran.code(), ran.errors());
            assert!(
                ran.errors().contains("not a regular file") || ran.errors().contains("is not a file"),
                "{arguments:?}: {}",
                ran.errors()
            );
            assert!(began.elapsed() < Duration::from_secs(20), "{arguments:?}");
        }
    }
    // Nor does one in the folders that are searched for models hold anything up.
    fs::create_dir_all(home.path("models")).unwrap();
    fs::rename(pipe, home.path("models/pipe-Q4_K_M.gguf")).unwrap();
    let models = home.path("models");
    home.run("http://nowhere.invalid", &["models", "--local", "--model-dir", models.to_str().unwrap()])
        .exits(0);
}

#[test]
fn a_git_lfs_pointer_is_called_by_its_name() {
    let home = Home::new();
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1\
                   258daaa5e2ca24d17e2393\nsize 4683073184\n";
    let path = named_gguf(&home, pointer.as_bytes());
    for arguments in commands(&path) {
        home.run("http://nowhere.invalid", &arguments)
            .exits(4)
            .complains("a Git LFS pointer, not the model itself, which has 4.68 GB")
            .complains("run `git lfs pull`");
    }
    let path = named_gguf(&home, b"version https://git-lfs.github.com/spec/v1\nsize many\n");
    home.run("http://nowhere.invalid", &commands(&path)[0])
        .exits(4)
        .complains("a Git LFS pointer, not the model itself\n");
}

#[test]
fn a_web_page_is_called_a_web_page() {
    let home = Home::new();
    for page in [
        "<!DOCTYPE html><html><head><title>Sign in</title>",
        "\u{feff}\n  <html lang=en>",
        "<!-- saved from -->\n<!doctype HTML>",
        "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>",
    ] {
        let path = named_gguf(&home, page.as_bytes());
        for arguments in commands(&path) {
            home.run("http://nowhere.invalid", &arguments)
                .exits(4)
                .complains("a web page, not a model file")
                .complains("`/resolve/`");
        }
    }
}

#[test]
fn a_terabyte_of_nothing_behind_a_small_model_is_not_read() {
    let home = Home::new();
    let path = named_gguf(&home, &tiny_model(1));
    File::options().write(true).open(&path).unwrap().set_len(1 << 40).unwrap();
    for arguments in commands(&path) {
        let began = Instant::now();
        home.run("http://nowhere.invalid", &arguments).exits(4).complains("but the file goes on to 1.00 TiB");
        assert!(began.elapsed() < Duration::from_secs(20), "{arguments:?}");
    }
    // Padding, and what a program may have appended, is none of that.
    let mut bytes = tiny_model(1);
    bytes.resize(bytes.len() + (1 << 20), 0);
    let path = named_gguf(&home, &bytes);
    home.run("http://nowhere.invalid", &commands(&path)[0]).answers();
}

#[test]
fn a_text_without_end_is_not_read_whole() {
    let home = Home::new();
    let path = home.path("needs.toml");
    let mut file = File::create(&path).unwrap();
    file.write_all(b"users = 5\n").unwrap();
    file.set_len(1 << 40).unwrap();
    for arguments in [["report", "--needs"], ["recommend", "--machine"]] {
        program(arguments)
            .with([&path])
            .under("ulimit -v 2000000")
            .run()
            .exits(4)
            .complains("the file is too long");
    }
}

#[test]
fn a_model_of_a_short_context_is_estimated_in_its_own() {
    let home = Home::new();
    let path = named_gguf(&home, &tiny_model(1));
    let estimate = |more: &[&str]| {
        let arguments = [&["estimate", &path, "--ram", "16GiB", "--format", "json"], more].concat();
        home.run("http://nowhere.invalid", &arguments)
    };
    let json = estimate(&[]).answers().json();
    assert_eq!(json["run"]["context"], 4096);
    assert_eq!(estimate(&["--sequences", "2"]).answers().json()["run"]["context"], 8192);
    estimate(&["--context", "8192"]).exits(2).complains("trained for a context of 4096 tokens, not 8192");
    estimate(&["--output-tokens", "5000"]).exits(2);
    estimate(&["--task", "mathematics"]).exits(2);
}

#[test]
fn lengths_beyond_the_training_are_refused_by_every_command() {
    let home = Home::new();
    let path = named_gguf(&home, &tiny_model(1));
    let run = |arguments: &[&str]| home.run("http://nowhere.invalid", arguments);
    run(&["bench", &path, "-d", "4096", "-p", "64", "-n", "0"])
        .exits(2)
        .complains("trained for a context of 4096 tokens, not 4160");
    run(&["bench", &path, "-p", "0", "-n", "5000"]).exits(2);
    run(&["bench", &path, "-d", "0,8192", "-p", "16", "-n", "16"]).exits(2);
    run(&["run", &path, "--context", "8192", "hello"]).exits(2).complains("was trained for 4096 tokens");
    run(&["report", "--users", "9", "--requests-per-user-day", "9", "--prompt-tokens", "500000"])
        .exits(2)
        .complains("trained for a context of 163840 tokens")
        .complains("lower `--prompt-tokens` or `--output-tokens`");
    run(&["report", "--users", "9", "--requests-per-user-day", "9", "--output-tokens", "900000"]).exits(2);
    let out = run(&["recommend", "--ram", "512GiB", "--context", "900000", "--format", "json"]);
    out.exits(1);
    assert_eq!(out.json()["recommendations"].as_array().map(Vec::len), Some(0));
    for long in [["--prompt-tokens", "500000"], ["--output-tokens", "900000"]] {
        let arguments = [&["recommend", "--ram", "512GiB", "--format", "json"][..], &long].concat();
        assert!(matches!(run(&arguments).code(), Some(1 | 2)), "{long:?}");
    }
}

#[test]
fn a_licence_may_be_spelled_as_americans_do() {
    let rows = |flag: &str| {
        let arguments =
            ["recommend", "--ram", "64GiB", "--cpu", "EPYC 9654", flag, "MIT", "--format", "json"];
        program(arguments).run().answers().json()
    };
    assert_eq!(rows("--license"), rows("--licence"));
    let home = Home::new();
    let path = home.path("needs.toml");
    fs::write(&path, "license = ['MIT']\n").unwrap();
    let arguments = ["recommend", "--ram", "64GiB", "--cpu", "EPYC 9654", "--format", "json", "--needs"];
    assert_eq!(program(arguments).with([&path]).run().answers().json(), rows("--licence"));
}

#[test]
fn a_header_without_weights_is_short_and_not_followed_by_much() {
    let (mix, latent) = (Mix::named("Q4_K_M", false).expect("a mix"), LatentLayout::Split);
    let keys = metadata("Tiny-R1", &tiny(), mix, latent);
    let mut bytes = Vec::new();
    let tensors = &Layout::new(&tiny(), mix, latent).tensors;
    GgufWriter::new(&keys, tensors).write_header(&mut bytes).expect("memory can be written");
    let home = Home::new();
    let path = named_gguf(&home, &bytes);
    home.run("http://nowhere.invalid", &commands(&path)[0]).exits(4).complains("the file is incomplete");
}
