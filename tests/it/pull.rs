//! `pull` from a hub of the test's own that behaves: where files go, what is asked for, and what goes on after a kill.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use r1_advisor::gguf::{GgufWriter, LatentLayout, Layout, MetadataValue, Mix, metadata};

use crate::support::hub::{COMMIT, FILE, REPOSITORY, tiny};
use crate::support::program::Running;
use crate::support::{Home, Hub, sha256, tiny_model};

const PULL: &[&str] = &["pull", "hf.co/maker/Tiny-R1-GGUF:Q4_K_M", "--format", "json", "--force"];

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
    let again = home.pull(&hub);
    assert_eq!(again.file(), bytes);
    assert_eq!((again.json()["received_bytes"].as_u64(), hub.sent()), (Some(0), sent));
}

#[test]
fn what_the_hubs_tools_left_in_the_cache_is_used() {
    let (hub, bytes) = Hub::good();
    let home = Home::new();
    // A blob of another revision, as they leave it: its link is missing in this one.
    let blob = home.blob(sha256(&bytes));
    fs::create_dir_all(blob.parent().unwrap()).unwrap();
    fs::write(&blob, &bytes).unwrap();
    // And what had come of it before is not needed any more.
    let partial = blob.with_file_name(format!("{}.r1-advisor.incomplete", sha256(&bytes)));
    fs::write(&partial, "half").unwrap();
    fs::create_dir_all(home.cache().join(".locks/models--maker--Tiny-R1-GGUF")).unwrap();
    assert_eq!(home.pull(&hub).file(), bytes);
    assert_eq!(hub.sent(), 0);
    assert!(home.snapshot(FILE).is_symlink());
    assert_eq!(home.leftovers(), Vec::<String>::new());
}

#[test]
fn a_folder_of_the_users_gets_the_files_under_their_names() {
    let (hub, bytes) = Hub::good();
    let home = Home::new();
    let folder = home.path("models");
    let arguments = [PULL, &["--to", folder.to_str().unwrap()]].concat();
    assert_eq!(home.run(&hub.endpoint, &arguments).file(), bytes);
    assert_eq!(fs::read(folder.join(FILE)).unwrap(), bytes);
    // What the hub's tools keep beside such a folder, too.
    let kept = folder.join(format!(".cache/huggingface/download/{FILE}.metadata"));
    let kept = fs::read_to_string(kept).unwrap();
    let lines: Vec<&str> = kept.lines().collect();
    assert_eq!(lines[..2], [COMMIT, &sha256(&bytes).to_string()]);
    let sent = hub.sent();
    assert_eq!(home.run(&hub.endpoint, &arguments).json()["received_bytes"], 0);
    assert_eq!(hub.sent(), sent);
    // A file of the same name and other content is not the program's to replace.
    fs::write(folder.join(FILE), "mine").unwrap();
    let ran = home.run(&hub.endpoint, &arguments);
    ran.exits(7).complains("exists and is a different file");
    assert_eq!(fs::read(folder.join(FILE)).unwrap(), b"mine");
}

#[test]
fn offline_a_model_is_found_where_it_is_and_nobody_is_asked() {
    let (hub, bytes) = Hub::good();
    let home = Home::new();
    let target = format!("hf.co/{REPOSITORY}/{FILE}");
    let pull = || {
        home.program(&hub.endpoint, &["pull", &target, "--format", "json"]).env("HF_HUB_OFFLINE", "1").run()
    };
    let ran = pull();
    ran.exits(5);
    assert_eq!(
        ran.errors(),
        format!(
            "error: `{target}` is not on this machine and `HF_HUB_OFFLINE` is set\n hint: unset `HF_HUB_OFFLINE` to \
             download it\n"
        )
    );
    home.pull(&hub).file();
    let asked = hub.asked().len();
    assert_eq!(pull().file(), bytes);
    assert_eq!(hub.asked().len(), asked);
}

/// A tiny model split into two files.
fn shards() -> [Vec<u8>; 2] {
    let (mix, latent) = (Mix::named("Q4_K_M", false).expect("a test can"), LatentLayout::Split);
    let layout = Layout::new(&tiny(), mix, latent);
    let (first, second) = layout.tensors.split_at(layout.tensors.len() / 2);
    [(0, first), (1, second)].map(|(number, tensors)| {
        let mut keys = metadata("Tiny-R1", &tiny(), mix, latent);
        for (key, value) in
            [("split.no", number), ("split.count", 2), ("split.tensors.count", layout.tensors.len() as u32)]
        {
            keys.push((key.to_owned(), MetadataValue::U32(value)));
        }
        let writer = GgufWriter::new(&keys, tensors);
        let mut bytes = Vec::new();
        writer.write_header(&mut bytes).expect("a test can");
        bytes.resize(writer.file_bytes().0 as usize, 7);
        bytes
    })
}

#[test]
fn all_files_of_a_split_model_are_fetched_and_one_that_is_missing_is_named() {
    let [first, second] = shards();
    let names = ["q4/Tiny-R1-Q4_K_M-00001-of-00002.gguf", "q4/Tiny-R1-Q4_K_M-00002-of-00002.gguf"];
    let hub = Hub::start([(names[0], first.clone()), (names[1], second.clone())], None, |_, _, _| false);
    let home = Home::new();
    // The header is asked for here: it says whether it would run.
    let ran = home.run(&hub.endpoint, &PULL[..4]);
    assert_eq!(ran.file(), first);
    let json = ran.json();
    assert_eq!(fs::read(json["files"][1]["path"].as_str().unwrap()).unwrap(), second);
    assert_eq!(json["total_bytes"], first.len() + second.len());
    ran.complains("Tiny-R1-Q4_K_M-00002-of-00002.gguf (2 of 2)");

    let hub = Hub::start([(names[0], first)], None, |_, _, _| false);
    Home::new()
        .run(&hub.endpoint, PULL)
        .exits(5)
        .complains("has no file `q4/Tiny-R1-Q4_K_M-00002-of-00002.gguf`");
    assert_eq!(hub.sent(), 0);
}

#[test]
fn what_will_not_run_here_is_not_fetched_unless_forced_and_then_said_to_be_another_model() {
    let (hub, bytes) = Hub::good();
    let home = Home::new();
    let catalog = home.catalog_of_a_giant();
    let arguments = ["pull", "tiny:Q4_K_M", "--catalog", catalog.to_str().unwrap()];
    home.run(&hub.endpoint, &arguments)
        .exits(1)
        .complains("will not run on this machine")
        .complains("use `--force`");
    assert_eq!(hub.sent(), 0);
    // The header of what came is held against the catalog's layout.
    home.run(&hub.endpoint, &[&arguments[..], &["--force"]].concat())
        .exits(4)
        .complains("does not have the shape of `tiny-r1`");
    assert_eq!(fs::read(home.snapshot(FILE)).unwrap(), bytes);
}

/// A hub that sends so slowly that a pull can be caught in the act: 512 bytes each 4 ms on each connection.
fn slow() -> (Arc<Hub>, Vec<u8>) {
    let bytes = tiny_model(1);
    (Hub::start([(FILE, bytes.clone())], Some((512, Duration::from_millis(4))), |_, _, _| false), bytes)
}

/// Waits until so many bytes were sent.
fn until(hub: &Hub, bytes: u64) {
    let began = Instant::now();
    while hub.sent() < bytes {
        assert!(began.elapsed() < Duration::from_mins(1), "nothing comes");
        thread::sleep(Duration::from_millis(2));
    }
}

#[test]
#[cfg(unix)]
fn a_hundred_kills_cost_less_than_a_segment_each_and_the_file_is_right() {
    const KILLS: u64 = 100;
    const SEGMENT: u64 = 64 << 10;
    let (hub, bytes) = slow();
    let home = Home::new();
    let mut random = fastrand::Rng::with_seed(6);
    let program = || {
        home.program(&hub.endpoint, &[PULL, &["--connections", "4"]].concat())
            .env("R1_ADVISOR_SEGMENT_BYTES", SEGMENT.to_string())
    };
    let mut cost = 0;
    for _ in 0..KILLS {
        let before = hub.sent();
        let running = program().start();
        // Some are killed before the first byte, most of them at work.
        until(&hub, before + random.u64(0..12_000));
        thread::sleep(Duration::from_micros(random.u64(0..8000)));
        running.kill();
        let written = home.cache().join("models--maker--Tiny-R1-GGUF/blobs");
        let partial = written.join(format!("{}.r1-advisor.incomplete", sha256(&bytes)));
        let present =
            r1_advisor::fetch::inspect_partial(&home.cache(), &partial).map_or(0, |partial| partial.present);
        // What was sent and not kept: it was still in the buffers of the connections.
        let lost = hub.sent() - present - cost;
        assert!(lost <= SEGMENT, "{lost} bytes were lost by one kill");
        cost += lost;
    }
    let ran = program().run();
    assert_eq!(ran.file(), bytes);
    let beyond = hub.sent() - bytes.len() as u64;
    assert!(beyond <= bytes.len() as u64 / 2, "{beyond} bytes beyond need");
    assert_eq!(home.leftovers(), Vec::<String>::new());
    eprintln!("{beyond} bytes beyond need after {KILLS} kills");
}

#[test]
#[cfg(unix)]
fn an_interrupted_pull_says_how_to_go_on_and_goes_on() {
    let (hub, bytes) = slow();
    let home = Home::new();
    let running = home.program(&hub.endpoint, PULL).start();
    until(&hub, 200_000);
    running.interrupt();
    let ran = running.end();
    ran.exits(130);
    assert!(
        ran.errors().ends_with(
            "error: interrupted; the downloaded part is kept\n hint: run the same command again to resume\n"
        ),
        "{}",
        ran.errors()
    );
    let ran = home.run(&hub.endpoint, PULL);
    assert_eq!(ran.file(), bytes);
    assert!(ran.json()["received_bytes"].as_u64().expect("a number") < bytes.len() as u64 - 150_000);
}

#[test]
fn of_two_pulls_of_one_file_one_works_and_the_other_waits_and_uses_it() {
    let (hub, bytes) = slow();
    let home = Home::new();
    let start = || home.program(&hub.endpoint, PULL).start();
    let first = start();
    until(&hub, 1);
    let second = start();
    let [first, second] = [first, second].map(Running::end);
    assert_eq!((first.file(), second.file()), (bytes.clone(), bytes.clone()));
    assert_eq!(second.json()["received_bytes"], 0);
    second.complains("another program is fetching the same file");
    assert_eq!(hub.sent(), bytes.len() as u64);
}

/// A file system of its own, so that it can be full; none where the test may not mount one.
struct SmallDisk<'a>(&'a Path);

impl<'a> SmallDisk<'a> {
    fn mount(at: &'a Path, options: &str) -> Option<Self> {
        fs::create_dir_all(at).expect("a folder");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(at).output();
        let mounted = mounted.is_ok_and(|output| output.status.success());
        if !mounted {
            let _ = writeln!(std::io::stderr(), "skipped: no file system may be mounted here");
        }
        mounted.then_some(Self(at))
    }

    fn remount(&self, options: &str) {
        let output = Command::new("mount").args(["-o", &format!("remount,{options}")]).arg(self.0).output();
        assert!(output.expect("mount").status.success());
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0).output();
    }
}

#[test]
fn a_disk_that_is_too_small_is_told_before_the_first_byte() {
    let (hub, bytes) = Hub::good();
    let home = Home::new();
    let cache = home.cache();
    let Some(_disk) = SmallDisk::mount(&cache, "size=1m") else { return };
    let ran = home.pull(&hub);
    ran.exits(7);
    let needed = r1_advisor::units::Bytes(bytes.len() as u64);
    ran.complains(&format!("{needed} needed, 1.00 MiB free"));
    assert_eq!(hub.sent(), 0);
}

#[test]
fn a_disk_that_fills_up_on_the_way_can_be_freed_and_the_pull_goes_on() {
    let home = Home::new();
    let cache = home.cache();
    let Some(disk) = SmallDisk::mount(&cache, "size=4m") else { return };
    let other = cache.join("of-somebody-else");
    let (full, path) = (Arc::new(AtomicBool::new(true)), other.clone());
    let fills = Arc::clone(&full);
    let (hub, bytes) = Hub::faulty(move |asked, _, hub| {
        // Somebody else takes all that is free while it comes.
        if asked.is_for_bytes() && fills.load(Ordering::SeqCst) && hub.next() == 4 {
            let mut file = fs::File::create(&path).unwrap();
            while file.write_all(&[1; 4096]).is_ok() {}
        }
        false
    });
    let ran = home.pull(&hub);
    ran.exits(7).complains("could not write").complains("free some space and run the command again");
    full.store(false, Ordering::SeqCst);
    fs::remove_file(other).unwrap();
    let before = hub.sent();
    assert_eq!(home.pull(&hub).file(), bytes);
    assert!(hub.sent() - before < bytes.len() as u64 - 500_000);
    drop(disk);
}

#[test]
fn a_cache_that_may_only_be_read_is_good_to_read_from() {
    let (hub, bytes) = Hub::good();
    let home = Home::new();
    let cache = home.cache();
    let Some(disk) = SmallDisk::mount(&cache, "size=8m") else { return };
    home.pull(&hub).file();
    // The branch has moved on since, which cannot be noted there.
    fs::write(cache.join("models--maker--Tiny-R1-GGUF/refs/main"), "0".repeat(40)).unwrap();
    disk.remount("ro");
    assert_eq!(home.pull(&hub).file(), bytes);
}

#[test]
fn a_read_only_folder_is_told_before_the_first_byte() {
    let (hub, _) = Hub::good();
    let home = Home::new();
    let cache = home.cache();
    let Some(disk) = SmallDisk::mount(&cache, "size=8m") else { return };
    disk.remount("ro");
    let ran = home.pull(&hub);
    ran.exits(7)
        .complains("could not create the folder")
        .complains("choose a writable folder with `--to DIR`");
    assert_eq!(hub.sent(), 0);
}

/// A protected door before a hub, and the certificate of it, which nobody but a test trusts.
fn protected(hub: &Hub) -> (String, String) {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate");
    let certificates = vec![made.cert.der().clone()];
    let key = rustls::pki_types::PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()).into();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(certificates, key)
        .expect("a configuration");
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let endpoint = format!("https://{}", listener.local_addr().expect("an address"));
    let behind = hub.endpoint.trim_start_matches("http://").to_owned();
    thread::spawn(move || {
        for outside in listener.incoming().flatten() {
            let (config, behind) = (Arc::clone(&config), behind.clone());
            thread::spawn(move || {
                let connection = rustls::ServerConnection::new(config).expect("a connection");
                let mut outside = rustls::StreamOwned::new(connection, outside);
                // One request a connection, which is all that the server's end has to know of HTTP.
                let mut request = Vec::new();
                let mut byte = [0];
                while !request.ends_with(b"\r\n\r\n") {
                    match outside.read(&mut byte) {
                        Ok(1) => request.push(byte[0]),
                        _ => return,
                    }
                }
                let Ok(mut inside) = std::net::TcpStream::connect(behind) else { return };
                let _ = inside.write_all(&request);
                let _ = inside.shutdown(std::net::Shutdown::Write);
                let _ = std::io::copy(&mut inside, &mut outside);
                outside.conn.send_close_notify();
                let _ = outside.flush();
            });
        }
    });
    (endpoint, made.cert.pem())
}

#[test]
fn a_server_that_cannot_prove_who_it_is_gets_no_token_and_one_that_can_is_used() {
    let (hub, bytes) = Hub::good();
    let (endpoint, certificate) = protected(&hub);
    let home = Home::new();
    let trusted = home.path("certificate.pem");
    fs::write(&trusted, certificate).expect("a file");
    let pull = |trusted: Option<&Path>| {
        let program = home.program(&endpoint, PULL).env("HF_TOKEN", "hf_confidential");
        match trusted {
            Some(path) => program.env("SSL_CERT_FILE", path).run(),
            None => program.run(),
        }
    };
    let ran = pull(None);
    ran.exits(5).complains("certificate is not trusted");
    assert!(hub.asked().is_empty());
    if cfg!(target_os = "linux") {
        assert_eq!(pull(Some(&trusted)).file(), bytes);
        assert_eq!(hub.asked()[0].header("authorization"), Some("Bearer hf_confidential"));
    }
}
