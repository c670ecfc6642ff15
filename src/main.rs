//! The `r1-advisor` program: hands the command line to the library and ends the process with its answer.

use std::process::ExitCode;

fn main() -> ExitCode {
    for variable in r1_advisor::cli::empty_variables() {
        // SAFETY: no other thread is there yet that could read the environment.
        unsafe {
            std::env::remove_var(variable);
        }
    }
    r1_advisor::dispatch::run(std::env::args_os()).into()
}
