//! The `r1-advisor` program: hands the command line to the library and ends the process with its answer.

use std::process::ExitCode;

fn main() -> ExitCode {
    for variable in r1_advisor::cli::empty_variables() {
        // SAFETY: no other thread is there yet that could read the environment.
        unsafe {
            std::env::remove_var(variable);
        }
    }
    // A file that reaches the limit of `ulimit -f` is then an error like a full disk, and not the end of the program.
    #[cfg(unix)]
    // SAFETY: no thread runs yet, and no handler is set but the system's own way to ignore the signal.
    unsafe {
        libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
    }
    r1_advisor::dispatch::run(std::env::args_os()).into()
}
