//! The program as people call it: the cases in `tests/cmd` and the console blocks of the README.

use std::path::Path;

use crate::support::program::ENVIRONMENT;

#[test]
fn the_program_says_what_the_cases_and_the_readme_say() {
    let cases = trycmd::TestCases::new();
    cases
        .register_bin("r1-advisor", Path::new(env!("CARGO_BIN_EXE_r1-advisor")))
        .case("tests/cmd/*.trycmd")
        .case("README.md");
    for (name, value) in ENVIRONMENT {
        cases.env(*name, *value);
    }
}
