//! What people give: numbers in flags, variables, files, pipes and a history of somebody else's.

use std::fs;
use std::io::Read as _;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use clap::error::ErrorKind;
use clap::{Arg, Command, CommandFactory as _, FromArgMatches as _};
use r1_advisor::cli::Cli;
use r1_advisor::history::Database;

use crate::support::program::ENVIRONMENT;
use crate::support::{fixtures, program, run};

/// Flags that take an amount, by what their value is called in help; a list has commas of its own.
fn amounts(command: &Command) -> Vec<Arg> {
    let is_amount = |name: &str| {
        matches!(
            name,
            "N" | "SIZE"
                | "USD"
                | "SHARE"
                | "PERCENT"
                | "TIME"
                | "SECONDS"
                | "T"
                | "P"
                | "S"
                | "R"
                | "FACTOR"
                | "WATTS"
        )
    };
    let takes = |arg: &&Arg| {
        let names = arg.get_value_names().unwrap_or_default();
        names.len() == 1 && is_amount(names[0].as_str()) && arg.get_long().is_some()
    };
    command.get_arguments().filter(takes).cloned().collect()
}

/// Whether a flag takes a value; what else the command line lacks is no matter.
fn takes(path: &[&str], flag: &str, value: &str) -> bool {
    let words = ["r1-advisor"].into_iter().chain(path.iter().copied()).chain([flag, value]);
    let parsed =
        Cli::command().try_get_matches_from(words).and_then(|matches| Cli::from_arg_matches(&matches));
    !parsed.is_err_and(|error| {
        matches!(
            error.kind(),
            ErrorKind::ValueValidation | ErrorKind::InvalidValue | ErrorKind::UnknownArgument
        )
    })
}

#[test]
fn a_number_is_read_or_refused_alike_in_every_flag() {
    let root = Cli::command();
    let mut counted = 0;
    for command in root.get_subcommands() {
        for arg in amounts(command) {
            let path = [command.get_name()];
            let flag = format!("--{}", arg.get_long().expect("a flag"));
            counted += 1;
            for wrong in ["-5", "nan", "inf", "1e999", "", "five", "0x10", "1.2.3"] {
                assert!(!takes(&path, &flag, wrong), "{path:?} {flag} {wrong:?}");
            }
            // A list has commas of its own, and then two numbers.
            let is_list = takes(&path, &flag, "1,2");
            for (plain, other) in
                [("1000", "1,000"), ("1000", "1_000"), ("1000", "1e3"), ("16384", "16,384"), ("7.9", "7.90")]
            {
                if !(is_list && other.contains(',')) {
                    assert_eq!(
                        takes(&path, &flag, plain),
                        takes(&path, &flag, other),
                        "{path:?} {flag}: {plain}, {other}"
                    );
                }
            }
        }
    }
    assert!(counted > 60, "{counted}");
}

#[test]
fn a_negative_number_is_told_as_a_wrong_value_and_not_as_an_unknown_flag() {
    for arguments in [
        &["recommend", "--ram", "-5"][..],
        &["recommend", "--budget", "-5"],
        &["estimate", "7b:Q4_K_M", "--context", "-1"],
        &["bench", "--endpoint", "x", "--concurrency", "-2"],
        &["report", "--users", "-300"],
        &["pull", "7b:Q4_K_M", "--connections", "-1"],
    ] {
        let ran = run(arguments);
        ran.exits(2).complains("is not a value of");
    }
}

#[test]
fn memory_may_be_written_with_a_fraction_and_with_separators() {
    let gib = |text: &str| {
        let ran = run(["recommend", "--ram", text, "--gpu", "none", "--format", "json"]);
        ran.answers().json()["machine"]["ram"]["total_bytes"].as_u64().expect("a size")
    };
    assert_eq!(gib("64"), 64 << 30);
    assert_eq!(gib("1,024"), 1024 << 30);
    assert_eq!(gib("6.4e1"), 64 << 30);
    assert_eq!(gib("7.5"), 15 << 29);
    assert_eq!(gib("65,536 MiB"), 64 << 30);
    run(["recommend", "--ram", "1e6"]).exits(2).complains("is not a size");
    run(["recommend", "--reserve-ram", "4", "--ram", "64", "--gpu", "none"]).answers();
}

#[test]
fn an_empty_variable_is_an_unset_one() {
    let variables =
        ["CATALOG", "LANG", "ENGINE", "CACHE", "MODEL_DIR", "HISTORY", "WIDTH", "BROWSER", "SEGMENT_BYTES"];
    for blank in ["", "  "] {
        let command = ["models", "--format", "csv"];
        let plain = run(command);
        let mut ran = program(command).env("HF_ENDPOINT", blank);
        for name in variables {
            ran = ran.env(&format!("R1_ADVISOR_{name}"), blank);
        }
        let ran = ran.run();
        assert_eq!((ran.code(), ran.out()), (Some(0), plain.out()), "{}", ran.errors());
        for name in variables {
            let one = program(["recommend", "--ram", "64", "--gpu", "none", "--format", "csv"]);
            one.env(&format!("R1_ADVISOR_{name}"), blank).run().exits(0);
        }
    }
    // A wrong command line is told in a language all the same.
    program(["recomend"]).env("R1_ADVISOR_LANG", "").run().exits(2).complains("did you mean");
}

#[test]
fn every_figure_of_a_machine_file_is_finite_and_can_be() {
    let good = fs::read_to_string(
        fixtures::machine_files()
            .into_iter()
            .find(|path| path.ends_with("desktop-rtx-4090.toml"))
            .expect("a machine"),
    )
    .expect("text");
    let machine: toml::Table = good.parse().expect("TOML");
    let mut floats = 0;
    let gpu = machine["gpus"][0].as_table().expect("a table");
    let mut keys: Vec<(&str, &str)> =
        ["bandwidth_bytes_per_second", "fp32_flops", "fp16_flops", "int8_ops", "power_limit_watts"]
            .map(|key| ("gpu", key))
            .to_vec();
    keys.push(("cpu", "clock_ghz"));
    for (table, key) in keys {
        for wrong in [0.0, -1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e30] {
            let mut changed = machine.clone();
            let place = match table {
                "gpu" => changed["gpus"][0].as_table_mut().expect("a table"),
                table => changed[table].as_table_mut().expect("a table"),
            };
            place.insert(key.to_owned(), toml::Value::Float(wrong));
            let (_folder, path) = fixtures::file("machine.toml", toml::to_string(&changed).expect("TOML"));
            let ran = run(["recommend", "--machine", &path]);
            assert_eq!(ran.code(), Some(4), "{key} = {wrong}: {}{}", ran.out(), ran.errors());
            floats += 1;
        }
    }
    assert!(gpu.contains_key("name") && floats == 36);
}

#[test]
fn every_figure_of_a_catalog_is_finite_and_from_zero_on() {
    for (file, key) in [
        ("accelerators/nvidia.toml", "accelerator"),
        ("prices/rental.toml", "rental"),
        ("prices/api.toml", "api_price"),
        ("prices/currencies.toml", "currency"),
        ("cpus.toml", "cpu"),
        ("quants.toml", "quant"),
    ] {
        for wrong in ["nan", "inf", "-inf", "-1.0", "-1"] {
            let entry = format!("[[{key}]]\nid = \"x\"\nfigure = {wrong}\nsource = \"https://x\"\n");
            let (folder, path) = fixtures::file(&format!("catalog/{file}"), entry);
            let catalog = folder.path().join("catalog");
            // A file is read by the commands that need what is in it.
            let commands: [&[&str]; 3] = [
                &["models"],
                &["recommend", "--cpu", "EPYC 9654", "--gpu", "RTX 4090", "--ram", "64"],
                &["report", "--users", "300", "--requests-per-user-day", "9", "--currency", "CNY"],
            ];
            let refused = |command: &&[&str]| {
                let ran = program(*command).with(["--catalog".as_ref(), catalog.as_os_str()]).run();
                !matches!(ran.code(), Some(0 | 1)) && ran.errors().contains("is not 0 or more")
            };
            assert!(commands.iter().any(refused), "{path}: {wrong}");
        }
    }
}

#[test]
fn a_needs_file_takes_no_number_that_is_none() {
    for wrong in [
        "budget = nan",
        "budget = -1",
        "budget = \"inf\"",
        "context = 7.9",
        "max_ttft = nan",
        "reserve_ram = -1",
    ] {
        let (_folder, path) = fixtures::file("needs.toml", format!("use_case = \"chat\"\n{wrong}\n"));
        let ran = run(["recommend", "--needs", &path, "--ram", "64", "--gpu", "none"]);
        assert_eq!(ran.code(), Some(4), "{wrong}: {}", ran.errors());
    }
    let (_folder, path) = fixtures::file(
        "needs.toml",
        "users = 300\nrequests_per_user_day = 20\nbudget = \"500\"\nyearly_budget = 100\n",
    );
    for command in ["recommend", "report"] {
        run([command, "--needs", &path])
            .exits(4)
            .complains("yearly_budget")
            .complains("line 4")
            .complains("hint:");
    }
    let (_folder, path) =
        fixtures::file("needs.toml", "users = 300\nrequests_per_user_day = 20\nbudget = \"500\"\n");
    run(["report", "--needs", &path, "--format", "json"]).answers();
}

#[test]
fn nothing_of_a_catalog_is_run_by_the_scripts_of_a_report() {
    let model = fs::read_to_string(
        std::path::Path::new(fixtures::ROOT).join("catalog/models/r1-distill-qwen-32b.toml"),
    )
    .expect("a model");
    for name in [
        "a/b$(touch PWNED)",
        "a/b`touch PWNED`",
        "a/b;touch PWNED",
        "a/b'",
        "a/b\\\"",
        "a/b c",
        "-a/b",
        "a/b\\nRUN touch PWNED",
        "../b",
        "a/b/c",
    ] {
        let mut changed: toml::Table = model.parse().expect("TOML");
        changed.insert("repository".to_owned(), name.replace("\\\"", "\"").replace("\\n", "\n").into());
        let (folder, _) = fixtures::file("catalog/models/x.toml", toml::to_string(&changed).expect("TOML"));
        let (catalog, launch) = (folder.path().join("catalog"), folder.path().join("launch"));
        let ran = program([
            "report",
            "--users",
            "300",
            "--requests-per-user-day",
            "20",
            "--model",
            "32b",
            "--privacy",
            "premises",
        ])
        .with(["--catalog".as_ref(), catalog.as_os_str(), "--launch".as_ref(), launch.as_os_str()])
        .run();
        ran.exits(4).complains("a repository is `owner/name`");
        assert!(!launch.exists());
    }
}

/// Command lines of all commands that write more than a line.
fn commands() -> Vec<Vec<&'static str>> {
    let machine = ["--machine", "tests/fixtures/machines/desktop-rtx-4090.toml"];
    let mut all = Vec::new();
    for format in ["table", "csv", "markdown", "json"] {
        for command in [&["recommend", "--all"][..], &["upgrade"], &["estimate", "7b:Q4_K_M"]] {
            all.push(command.iter().copied().chain(machine).chain(["--format", format]).collect());
        }
        all.push(vec!["models", "--format", format]);
        all.push(vec!["models", "show", "7b", "--format", format]);
        all.push(vec!["models", "--local", "--format", format]);
        all.push(vec!["probe", "--format", format]);
        all.push(vec!["bench", "history", "--format", format]);
        all.push(vec!["validate", "measurements/throughput.csv", "--format", format]);
    }
    all.push(vec!["completions", "bash"]);
    all.push(vec!["man", "recommend"]);
    all.push(vec!["recommend", "--init"]);
    all.push(vec!["--help"]);
    all.push(vec!["bench", "--help"]);
    all.push(vec!["--version"]);
    all
}

#[test]
fn a_closed_pipe_is_silent_for_every_command() {
    let commands = commands();
    thread::scope(|scope| {
        for some in commands.chunks(commands.len().div_ceil(3)) {
            scope.spawn(move || {
                for command in some {
                    // Closed before anything is written, and after a line, as `head -1` does.
                    for lines in [0, 1] {
                        let mut child = program(command)
                            .command()
                            .stdout(Stdio::piped())
                            .stderr(Stdio::piped())
                            .spawn()
                            .expect("it starts");
                        let mut pipe = child.stdout.take().expect("a pipe");
                        if lines > 0 {
                            let mut byte = [0];
                            while pipe.read(&mut byte).expect("output") > 0 && byte[0] != b'\n' {}
                        }
                        drop(pipe);
                        let ended = child.wait_with_output().expect("an end");
                        let errors = String::from_utf8_lossy(&ended.stderr);
                        assert!(
                            matches!(ended.status.code(), Some(0 | 1)),
                            "{command:?}: {}: {errors}",
                            ended.status
                        );
                        assert!(
                            !errors.contains("error:") && !errors.contains("panicked"),
                            "{command:?}: {errors}"
                        );
                    }
                }
            });
        }
    });
    assert!(ENVIRONMENT.len() > 3);
}

#[test]
fn a_database_of_another_program_is_left_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("places.sqlite");
    let other = rusqlite::Connection::open(&path).expect("a database");
    other
        .execute_batch("CREATE TABLE moz_places (id INTEGER); INSERT INTO moz_places VALUES (1)")
        .expect("a table");
    drop(other);
    let before = fs::read(&path).expect("bytes");
    for set in ["", "PRAGMA user_version = 1", "PRAGMA application_id = 252006"] {
        let other = rusqlite::Connection::open(&path).expect("a database");
        other.execute_batch(set).expect("a setting");
        drop(other);
        let before = fs::read(&path).expect("bytes");
        let ran = program(["bench", "history"]).history(&path).run();
        ran.exits(4).complains("is a database of another program").complains("R1_ADVISOR_HISTORY");
        program(["recommend", "--ram", "64", "--gpu", "none"]).history(&path).run().exits(0);
        assert_eq!(fs::read(&path).expect("bytes"), before, "{set}");
    }
    assert!(!before.is_empty());
}

#[test]
fn a_history_that_is_newer_or_may_only_be_read_is_told_or_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("history.sqlite3");
    drop(Database::open(&path).expect("a history"));
    let mut permissions = fs::metadata(&path).expect("a file").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).expect("permissions");
    program(["bench", "history"]).history(&path).run().exits(0);
    let newer = folder.path().join("newer.sqlite3");
    drop(Database::open(&newer).expect("a history"));
    rusqlite::Connection::open(&newer)
        .expect("a database")
        .execute_batch("PRAGMA user_version = 9")
        .expect("a version");
    program(["bench", "history"]).history(&newer).run().exits(4).complains("hint:");
    program(["recommend", "--ram", "64", "--gpu", "none"]).history(&newer).run().exits(0);
}

#[test]
fn a_writer_that_holds_the_history_for_a_while_is_waited_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("history.sqlite3");
    drop(Database::open(&path).expect("a history"));
    let writer = rusqlite::Connection::open(&path).expect("a database");
    writer.execute_batch("BEGIN EXCLUSIVE").expect("a lock");
    let holds = thread::spawn(move || {
        thread::sleep(Duration::from_secs(3));
        writer.execute_batch("COMMIT").expect("an end");
    });
    let start = Instant::now();
    program(["bench", "history"]).history(&path).run().exits(0);
    assert!(start.elapsed() < Duration::from_secs(9));
    holds.join().expect("no panic");
}

#[test]
fn a_licence_may_be_spelt_as_in_america() {
    let machine = ["--ram", "64", "--gpu", "none", "--format", "csv"];
    let listed =
        |flag: &str| run(["recommend", flag, "mit"].iter().chain(&machine)).exits(0).out().to_owned();
    assert_eq!(listed("--license"), listed("--licence"));
    let (_folder, path) = fixtures::file("needs.toml", "license = [\"mit\"]\n");
    assert_eq!(
        run(["recommend", "--needs", &path].iter().chain(&machine)).exits(0).out(),
        listed("--licence")
    );
}
