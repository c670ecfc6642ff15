//! The program as people call it: the cases in `tests/cmd` and the console blocks of the README.

use std::path::Path;

#[test]
fn the_program_says_what_the_cases_and_the_readme_say() {
    let cases = trycmd::TestCases::new();
    cases
        .register_bin("r1-advisor", Path::new(env!("CARGO_BIN_EXE_r1-advisor")))
        .case("tests/cmd/*.trycmd")
        .case("README.md")
        // A user's catalog and history are not the tests', and clap asks for the width of a terminal.
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .env("XDG_DATA_HOME", "/nonexistent")
        .env("XDG_CACHE_HOME", "/nonexistent")
        .env("HOME", "/nonexistent")
        .env("R1_ADVISOR_HISTORY", "off")
        .env("COLUMNS", "100")
        .env("LC_ALL", "C")
        // The engine that needs no model, so that the cases hold in every build.
        .env("R1_ADVISOR_ENGINE", "fake");
}
