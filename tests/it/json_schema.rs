//! What `--format json` promises, held against what the commands write.

use std::fs;
use std::path::Path;
use std::process::Command;

use jsonschema::{Registry, Validator};
use serde_json::{Value, json};

/// A command line and the schema in `tests/schema` that its JSON keeps.
const PROMISES: &[(&[&str], &str)] = &[
    (&["probe"], "probe"),
    (&["probe", "--gpu", "8x H20"], "probe"),
    (&["recommend", "--gpu", "3090 + 4090"], "recommend"),
    (&["recommend", "--compare", "4090, 64GB", "raspberry pi 4 1gb", "dgx h200"], "comparison"),
    (&["upgrade", "--machine", "tests/fixtures/machines/desktop-rtx-4060.toml"], "upgrade"),
    (&["upgrade", "--machine", "raspberry pi 4 1gb", "--budget", "3000"], "upgrade"),
    (&["models"], "models"),
    (&["models", "--local"], "local_models"),
    (&["models", "show", "70b"], "model"),
    (&["models", "show", "671b"], "model"),
    (&["recommend", "--machine", "tests/fixtures/machines/laptop-8gb.toml"], "recommend"),
    (&["recommend", "--machine", "tests/fixtures/machines/server-8xh100.toml"], "recommend"),
    (&["estimate", "7b:Q4_K_M", "--machine", "tests/fixtures/machines/dual-3090.toml"], "estimate"),
    (&["estimate", "671b:Q4_K_M", "--machine", "tests/fixtures/machines/laptop-8gb.toml"], "estimate"),
];

/// Every schema, and the machine's beside, which others refer to.
const SCHEMAS: &[&str] = &[
    "run",
    "recommend",
    "comparison",
    "upgrade",
    "estimate",
    "machine",
    "bench",
    "probe",
    "models",
    "model",
    "pull",
    "local_models",
    "removal",
    "served",
    "bench_history",
    "bench_result",
    "bench_comparison",
];

fn schema(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/schema/{name}.schema.json"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(crate) fn validator(name: &str) -> Validator {
    let shared = ["machine", "memory"];
    let registry = shared
        .iter()
        .fold(Registry::new(), |registry, name| {
            registry.add(format!("urn:r1-advisor:{name}"), schema(name)).expect("a URN")
        })
        .prepare()
        .expect("schemas that refer to each other");
    jsonschema::options()
        .with_registry(&registry)
        .build(&schema(name))
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn every_command_writes_the_json_that_its_schema_promises() {
    for (arguments, schema) in PROMISES {
        let output = Command::new(env!("CARGO_BIN_EXE_r1-advisor"))
            .args(*arguments)
            .args(["--format", "json"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .env("XDG_CONFIG_HOME", "/nonexistent")
            .env("R1_ADVISOR_HISTORY", "off")
            .env("R1_ADVISOR_ENGINE", "fake")
            .output()
            .expect("the program runs");
        let value: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
            panic!("{arguments:?} wrote no JSON: {error}\n{}", String::from_utf8_lossy(&output.stderr))
        });
        let complaints: Vec<String> = validator(schema)
            .iter_errors(&value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(complaints.is_empty(), "{arguments:?}\n{}", complaints.join("\n"));
    }
}

#[test]
fn every_schema_asks_for_something() {
    for name in SCHEMAS {
        assert!(!validator(name).is_valid(&json!({})), "{name} takes anything");
    }
}

#[test]
fn the_machine_files_keep_the_schema_of_machines() {
    let validator = validator("machine");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/machines");
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let machine: Value = toml::from_str(&fs::read_to_string(&path).expect("a file")).expect("TOML");
        let complaints: Vec<String> =
            validator.iter_errors(&machine).map(|error| error.to_string()).collect();
        assert!(complaints.is_empty(), "{}\n{}", path.display(), complaints.join("\n"));
    }
}
