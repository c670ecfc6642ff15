/// Lets this process open as many files, and so connections, as its user may: shells set the soft limit to 1,024, of
/// which a load of many users needs more. Where that fails, the soft limit stands, and is told when it is met.
pub fn raise_open_files() {
    #[cfg(unix)]
    {
        let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
        // SAFETY: the pointer is to a live `rlimit` that the call fills.
        if unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) } != 0 {
            return;
        }
        // macOS takes no more than this (`OPEN_MAX`), though it says that there is no limit.
        let most = if cfg!(target_os = "macos") { limit.rlim_max.min(10_240) } else { limit.rlim_max };
        if limit.rlim_cur < most {
            limit.rlim_cur = most;
            // SAFETY: the pointer is to a live `rlimit`, which the call only reads.
            unsafe {
                libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit);
            }
        }
    }
}
