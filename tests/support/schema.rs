//! What `--format json` promises: the schemas in `tests/schema`.

use std::fs;
use std::path::Path;

use jsonschema::{Registry, Validator};
use serde_json::Value;

use super::fixtures::ROOT;

fn schema(name: &str) -> Value {
    let path = Path::new(ROOT).join(format!("tests/schema/{name}.schema.json"));
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

#[track_caller]
pub(crate) fn assert_keeps(name: &str, value: &Value) {
    let complaints: Vec<String> = validator(name)
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(complaints.is_empty(), "{}\n{value:#}", complaints.join("\n"));
}
