use std::io;
use std::path::PathBuf;

use serde::Serialize;

use super::{Cell, Grid, Reader, Style, Table, View};
use crate::message::{Message, file_size};
use crate::units::{Bytes, Seconds};
use crate::{message, say};

/// What `pull` brought or found, drawn.
#[derive(Debug)]
pub struct PullView<'a> {
    /// What it is.
    pub report: &'a PullReport,
}

/// What `pull` brought or found.
#[derive(Clone, Debug, Serialize)]
pub struct PullReport {
    /// What was asked for.
    pub target: String,
    /// The model's id, where it is one of the catalog's.
    pub model: Option<String>,
    /// Its quant.
    pub quant: Option<String>,
    /// The repository that it came from.
    pub repository: Option<String>,
    /// The commit of that repository.
    pub commit: Option<String>,
    /// Whose files they are, where they were on this machine before.
    pub keeper: Option<&'static str>,
    /// The files, in order: the first is the one to name to llama.cpp.
    pub files: Vec<PulledFile>,
    /// What they take.
    pub total_bytes: Bytes,
    /// What came over the network for them this time.
    pub received_bytes: Bytes,
    /// How long that took.
    pub seconds: Option<Seconds>,
}

/// A file that is there.
#[derive(Clone, Debug, Serialize)]
pub struct PulledFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its length.
    pub bytes: Bytes,
    /// What came for it this time.
    pub received_bytes: Bytes,
    /// Its SHA-256, where it is known.
    pub sha256: Option<String>,
    /// What it was checked against.
    pub verified: Verification,
}

/// What a file was checked against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verification {
    /// The SHA-256 of the catalog.
    Catalog,
    /// The hub's SHA-256.
    Hub,
    /// Its length and its header only, this time.
    NotNow,
    /// No hash of it is published.
    Nothing,
}

impl PullReport {
    /// Files that are there and were not fetched.
    #[must_use]
    pub fn of_present(target: String, files: Vec<PulledFile>) -> Self {
        Self {
            target,
            model: None,
            quant: None,
            repository: None,
            commit: None,
            keeper: None,
            total_bytes: files.iter().map(|file| file.bytes).sum(),
            received_bytes: files.iter().map(|file| file.received_bytes).sum(),
            seconds: None,
            files,
        }
    }

    /// What the files were checked against.
    fn checked(&self) -> Message {
        match self.files.first().map(|file| file.verified) {
            Some(Verification::Catalog) => message!(PullCheckedByCatalog),
            Some(Verification::Hub) => message!(PullCheckedByHub),
            Some(Verification::NotNow) => message!(PullCheckedByHeader),
            Some(Verification::Nothing) | None => message!(PullNotChecked),
        }
    }
}

impl View for PullView<'_> {
    type Data = PullReport;

    fn data(&self) -> &PullReport {
        self.report
    }

    fn table(&self, reader: Reader, style: Style<'_>) -> Grid {
        let mut table = Table::<PulledFile>::new();
        table.left("path", message!(CommandsColumnPath), |file| Cell::from(file.path.display()));
        table.right("bytes", message!(CommandsColumnSize), |file| file_size(file.bytes));
        table.right("received_bytes", message!(PullColumnReceived), |file| file_size(file.received_bytes));
        table.left("sha256", Message::verbatim("sha256"), |file| file.sha256.clone());
        table.grid(&self.report.files, reader, style.locale)
    }

    fn draw(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let (report, locale) = (self.report, style.locale);
        let (target, size, checked) = (&report.target, file_size(report.total_bytes), report.checked());
        let line = match report.seconds {
            Some(time) if report.received_bytes > Bytes::ZERO => {
                let rate = Bytes(1).share(report.received_bytes.as_f64() / time.0.max(1e-3));
                let received = file_size(report.received_bytes);
                message!(PullFetched { target, size, checked, received, time, rate: file_size(rate) })
            }
            _ => message!(PullHereAlready { target, size, checked }),
        };
        writeln!(out, "{}", locale.say(&line))?;
        for file in &report.files {
            writeln!(out, "  {}", file.path.display())?;
        }
        let Some(first) = report.files.first() else { return Ok(()) };
        writeln!(out, "\n{}", say!(locale, PullNext))?;
        if let (Some(model), Some(quant)) = (&report.model, &report.quant) {
            return writeln!(out, "  r1-advisor bench {model}:{quant}");
        }
        let path = first.path.display().to_string();
        let path = shlex::try_quote(&path).map_or(path.as_str().into(), |quoted| quoted);
        writeln!(out, "  r1-advisor bench {path}")
    }
}
