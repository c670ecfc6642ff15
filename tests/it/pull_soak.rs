//! Hundreds of pulls from a hub that errs at random, killed at random: nothing wrong under a name, nothing left behind.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use crate::pull_hostile::BAD_ANSWERS;
use crate::support::hub::FILE;
use crate::support::{Home, Hub, respond, sha256, tiny_model};

/// How many pulls, and by what numbers they go wrong; a failure names the seed, to be seen again.
fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}

/// Every file and link under a folder, by its path in it.
fn files(folder: &Path) -> BTreeSet<String> {
    let (mut found, mut folders) = (BTreeSet::new(), vec![folder.to_owned()]);
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() && !path.is_symlink() {
                folders.push(path);
            } else {
                found.insert(path.strip_prefix(folder).expect("under it").to_string_lossy().into_owned());
            }
        }
    }
    found
}

/// Processes of the program that this test started and that are not gone.
#[cfg(target_os = "linux")]
fn children() -> usize {
    let tasks = fs::read_dir("/proc/self/task").expect("threads").flatten();
    let of = |task: fs::DirEntry| fs::read_to_string(task.path().join("children")).unwrap_or_default();
    tasks.map(|task| of(task).split_whitespace().count()).sum()
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "a soak of minutes: `cargo test --no-default-features --test it -- --ignored soak`"]
fn pulls_with_random_faults_and_kills_bring_the_right_file_and_leave_nothing_behind() {
    let (pulls, seed) = (setting("SOAK_PULLS", 200), setting("SOAK_SEED", 24));
    let mut random = fastrand::Rng::with_seed(seed);
    // Of a hundred answers with bytes, so many are wrong.
    let wrong = Arc::new(AtomicU8::new(0));
    let (now, numbers) = (Arc::clone(&wrong), Mutex::new(random.fork()));
    let limit = Some((8192, Duration::from_millis(1)));
    let hub = Hub::start([(FILE, tiny_model(1))], limit, move |asked, stream, hub| {
        if asked.path == "/login" {
            return respond(stream, "200 OK", "Content-Type: text/html", b"<html>");
        }
        let (chance, kind) = {
            let mut numbers = numbers.lock().expect("no thread panicked");
            (numbers.u8(0..100), numbers.usize(0..BAD_ANSWERS.len() + 3))
        };
        if chance >= now.load(Ordering::SeqCst) {
            return false;
        }
        match BAD_ANSWERS.get(kind) {
            Some((_, fault)) if asked.is_for_bytes() && asked.range().is_some() => fault(asked, stream, hub),
            _ if kind % 2 == 0 => respond(stream, "503 Service Unavailable", "", b"busy"),
            // Hangs up in the middle, or before the first byte.
            _ => {
                let _ = stream.shutdown(std::net::Shutdown::Both);
                true
            }
        }
    });
    let bytes = tiny_model(1);
    let url = format!("{}/plain/{FILE}", hub.endpoint);
    let (mut kills, mut failures, mut whole) = (0, 0, None);
    let mut home = Home::new();
    for number in 0..pulls {
        if random.u8(0..3) == 0 {
            home = Home::new();
            whole = None;
        }
        let models = home.path("models");
        let targets = [
            vec!["pull", "hf.co/maker/Tiny-R1-GGUF:Q4_K_M"],
            vec!["pull", "hf.co/maker/Tiny-R1-GGUF:Q4_K_M", "--to", models.to_str().expect("UTF-8")],
            vec!["pull", &url],
        ];
        let arguments = [&targets[random.usize(0..3)][..], &["--format", "json", "--force"]].concat();
        let start = || home.program(&hub.endpoint, &arguments).under("ulimit -v 4000000").start();
        wrong.store(random.u8(0..40), Ordering::SeqCst);
        for _ in 0..random.u8(0..4) {
            let running = start();
            thread::sleep(Duration::from_millis(random.u64(0..400)));
            running.kill_if_running();
            kills += 1;
            names_are_right(&home, &bytes);
        }
        let ran = start().end();
        names_are_right(&home, &bytes);
        if ran.code() != Some(0) {
            assert_eq!(ran.code(), Some(5), "seed {seed}, pull {number}: {}", ran.errors());
            failures += 1;
            wrong.store(0, Ordering::SeqCst);
            assert_eq!(start().end().file(), bytes, "seed {seed}, pull {number}");
        }
        names_are_right(&home, &bytes);
        // Each target leaves the same files each time; what other targets have not finished is theirs.
        if random.u8(0..4) == 0 {
            wrong.store(0, Ordering::SeqCst);
            for target in &targets {
                let arguments = [&target[..], &["--format", "json", "--force"]].concat();
                assert_eq!(home.run(&hub.endpoint, &arguments).file(), bytes, "seed {seed}, pull {number}");
            }
            let left = files(home.folder.path());
            assert_eq!(home.leftovers(), Vec::<String>::new(), "seed {seed}, pull {number}");
            let known: &BTreeSet<String> = whole.get_or_insert_with(|| left.clone());
            assert_eq!(&left, known, "seed {seed}, pull {number}");
            assert!(!left.iter().any(|path| path.contains("/.tmp")), "{left:?}");
        }
    }
    assert_eq!(children(), 0);
    eprintln!("{pulls} pulls, {kills} kills, {failures} that gave up and went on; seed {seed}");
}

/// Whatever has the model's name is the model.
#[track_caller]
fn names_are_right(home: &Home, bytes: &[u8]) {
    let names = [
        home.snapshot(FILE),
        home.blob(sha256(bytes)),
        home.path("models").join(FILE),
        home.path("data/r1-advisor/models").join(FILE),
    ];
    for name in names {
        assert!(fs::read(&name).is_ok_and(|there| there == bytes) || !name.exists(), "{}", name.display());
    }
}
