//! The `r1-advisor` program: hands the command line to the library and ends the process with its answer.

use std::process::ExitCode;

fn main() -> ExitCode {
    r1_advisor::dispatch::run(std::env::args_os()).into()
}
