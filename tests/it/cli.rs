//! The program as people call it: the cases in `tests/cmd`, and the console blocks and the picture of the documents.

use std::path::Path;

use snapbox::assert_data_eq;

use crate::support::program;
use crate::support::program::ENVIRONMENT;

#[test]
fn the_program_says_what_the_cases_and_the_documents_say() {
    let cases = trycmd::TestCases::new();
    cases.register_bin("r1-advisor", Path::new(env!("CARGO_BIN_EXE_r1-advisor")));
    for files in ["tests/cmd/*.trycmd", "README.md", "docs/*.md"] {
        cases.case(files);
    }
    for (name, value) in ENVIRONMENT {
        cases.env(*name, *value);
    }
}

/// `SNAPSHOTS=overwrite` draws it anew.
#[test]
fn the_picture_of_the_readme_is_what_the_program_draws() {
    let machine = "tests/fixtures/machines/desktop-rtx-4090.toml";
    let ran = program(["recommend", "--machine", machine, "--color", "always"]).run();
    assert_data_eq!(ran.out(), snapbox::file!["../../docs/recommend.term.svg"].raw());
}
