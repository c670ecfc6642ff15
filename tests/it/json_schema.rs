//! What `--format json` promises, held against what the commands write.

use std::fs;

use serde_json::json;

use crate::support::fixtures::machine_files;
use crate::support::program;
use crate::support::schema::{assert_keeps, validator};

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

#[test]
fn every_command_writes_the_json_that_its_schema_promises() {
    for (arguments, schema) in PROMISES {
        program(*arguments).with(["--format", "json"]).run().json_of(schema);
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
    for path in machine_files() {
        let machine = toml::from_str(&fs::read_to_string(path).expect("a file")).expect("TOML");
        assert_keeps("machine", &machine);
    }
}
