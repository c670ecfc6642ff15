//! The page on paper: an installed Chromium, or a browser made of it, prints it without being seen.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::error::{Error, Exit};
use crate::message;

/// Where the browser is, if not where others are.
const VARIABLE: &str = "R1_ADVISOR_BROWSER";

/// What browsers that can do it are called.
const NAMES: [&str; 8] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "brave-browser",
    "msedge",
];

/// Where they lie on systems that keep programs out of `PATH`.
const PLACES: [&str; 5] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
];

/// A page takes a second or two; a browser that hangs is not waited for.
const PATIENCE: Duration = Duration::from_mins(1);

/// The page as PDF.
pub(super) fn pdf(page: &[u8]) -> Result<Vec<u8>, Error> {
    let named = std::env::var_os(VARIABLE).map(PathBuf::from);
    let Some(browser) = browser(named, std::env::var_os("PATH")) else {
        let hint = message!(ReportNoBrowserHint { variable: VARIABLE });
        return Err(Error::plain(Exit::Output, message!(ReportNoBrowser)).hint(Some(hint)));
    };
    printed(&browser, page, PATIENCE).map_err(|error| {
        let message = message!(ReportPrintFailed { browser: &browser }).because(&error);
        Error::plain(Exit::Output, message).hint(Some(message!(ReportPrintHint { variable: VARIABLE })))
    })
}

/// The browser that is named, else the first that is there.
fn browser(named: Option<PathBuf>, path: Option<OsString>) -> Option<PathBuf> {
    if named.is_some() {
        return named;
    }
    let folders: Vec<PathBuf> = std::env::split_paths(&path.unwrap_or_default()).collect();
    let on_path = NAMES.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    on_path.chain(PLACES.map(PathBuf::from)).find(|path| path.is_file())
}

/// Prints it in a folder of its own, in which the browser keeps nothing.
fn printed(browser: &Path, page: &[u8], patience: Duration) -> io::Result<Vec<u8>> {
    let folder = tempfile::tempdir()?;
    let (html, pdf) = (folder.path().join("report.html"), folder.path().join("report.pdf"));
    fs::write(&html, page)?;
    let mut command = Command::new(browser);
    command
        .args(["--headless", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
        .arg(format!("--print-to-pdf={}", pdf.display()))
        // The script of the page has run by then.
        .arg("--virtual-time-budget=2000")
        .arg(&html)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    // Chromium has no sandbox for the superuser; the page is this program's own and may load nothing.
    #[cfg(unix)]
    if std::os::unix::fs::MetadataExt::uid(&fs::metadata(folder.path())?) == 0 {
        command.arg("--no-sandbox");
    }
    let status = waited(&mut command, patience)?;
    match fs::read(&pdf) {
        Ok(bytes) if status.success() && bytes.starts_with(b"%PDF") => Ok(bytes),
        _ => Err(io::Error::other(status.to_string())),
    }
}

/// How it ended; after so long it is ended.
fn waited(command: &mut Command, patience: Duration) -> io::Result<ExitStatus> {
    let mut child = command.spawn()?;
    let start = Instant::now();
    while start.elapsed() < patience {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill()?;
    child.wait()?;
    Err(io::ErrorKind::TimedOut.into())
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    /// A program in a folder that does what a shell is told.
    fn program(folder: &Path, name: &str, script: &str) -> PathBuf {
        let path = folder.join(name);
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    const PRINTS: &str =
        "for word; do case $word in --print-to-pdf=*) printf '%%PDF-1.4' > \"${word#*=}\";; esac; done";

    #[test]
    fn a_browser_is_the_named_one_else_the_first_on_the_path() {
        let folder = tempfile::tempdir().unwrap();
        let path = Some(folder.path().as_os_str().to_owned());
        let chrome = program(folder.path(), "google-chrome", "");
        assert_eq!(browser(None, path.clone()), Some(chrome));
        let chromium = program(folder.path(), "chromium", "");
        assert_eq!(browser(None, path.clone()), Some(chromium));
        assert_eq!(browser(Some("/my/own".into()), path), Some("/my/own".into()));
    }

    #[test]
    fn what_a_browser_prints_is_the_pdf() {
        let folder = tempfile::tempdir().unwrap();
        let chromium = program(folder.path(), "chromium", PRINTS);
        assert_eq!(printed(&chromium, b"<p>", PATIENCE).unwrap(), b"%PDF-1.4");
    }

    #[test]
    fn a_browser_that_fails_prints_nothing_or_hangs_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        for script in ["exit 3", "true", &format!("{PRINTS}; exit 1")] {
            let chromium = program(folder.path(), "chromium", script);
            printed(&chromium, b"<p>", PATIENCE).unwrap_err();
        }
        let chromium = program(folder.path(), "chromium", "exec sleep 60");
        let failed = printed(&chromium, b"<p>", Duration::from_millis(100)).unwrap_err();
        assert_eq!(failed.kind(), io::ErrorKind::TimedOut);
        assert_eq!(printed(Path::new("/none"), b"", PATIENCE).unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
