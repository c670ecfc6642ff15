use std::path::{Path, PathBuf};
use std::time::Duration;

use etcetera::BaseStrategy as _;
use rusqlite::{Connection, OptionalExtension as _, Row, TransactionBehavior, named_params};

use crate::message::without_secrets;

use super::{Entry, Fingerprint, HistoryError, Kept, Kind, Record, files};

/// The steps from one version of the database to the next: the file's `user_version` tells how many it has taken.
const MIGRATIONS: [&str; 1] = ["
    CREATE TABLE result (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        -- In UTC, so that the order of texts is the order of times.
        started_at TEXT NOT NULL,
        kind TEXT NOT NULL,
        subject TEXT NOT NULL,
        machine TEXT NOT NULL,
        document TEXT NOT NULL,
        -- What predictions learn from it, and a text that is the same for the same thing run in the same way.
        lesson TEXT,
        way TEXT
    ) STRICT;
    CREATE INDEX result_by_way ON result (way, id) WHERE lesson IS NOT NULL;
"];

/// What marks a file as this program's (`PRAGMA application_id`): `R1ad`. Files of earlier versions have no mark.
const MARK: i64 = 0x5231_6164;

/// How long a writer waits for another.
const PATIENCE: Duration = Duration::from_secs(10);

/// The history, open.
#[derive(Debug)]
pub struct Database {
    connection: Connection,
    path: PathBuf,
}

/// Where the history is: where `R1_ADVISOR_HISTORY` says (`off`: nowhere), else `r1-advisor/history.sqlite3` in the
/// user's data folder; none without a home.
#[must_use]
pub fn place() -> Option<PathBuf> {
    match std::env::var_os("R1_ADVISOR_HISTORY").filter(|value| !value.is_empty()) {
        Some(value) if value == "off" => None,
        Some(value) => Some(value.into()),
        None => {
            let places = etcetera::choose_base_strategy().ok()?;
            Some(places.data_dir().join("r1-advisor").join("history.sqlite3"))
        }
    }
}

impl Database {
    /// Opens the history in `path`, which is made where there is none; what earlier versions saved in the folder
    /// `measurements` beside it is then taken over.
    pub fn open(path: &Path) -> Result<Self, HistoryError> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        folder
            .map_or(Ok(()), std::fs::create_dir_all)
            .map_err(|source| HistoryError::Folder { path: path.to_owned(), source })?;
        let refused = |source| HistoryError::Database { path: path.to_owned(), source };
        let connection = Connection::open(path).map_err(refused)?;
        connection.busy_timeout(PATIENCE).map_err(refused)?;
        let mut database = Self { connection, path: path.to_owned() };
        database.migrate()?;
        Ok(database)
    }

    /// Opens a history that is there already; none is no error.
    pub fn open_existing(path: &Path) -> Result<Option<Self>, HistoryError> {
        // One that was never begun may still be in the files of an earlier version.
        let is_there = path.exists() || old_files(path).is_dir();
        if is_there { Self::open(path).map(Some) } else { Ok(None) }
    }

    /// Saves a result under a new number.
    pub fn keep(&mut self, entry: &Entry) -> Result<i64, HistoryError> {
        let path = self.path.clone();
        let refused = |source| HistoryError::Database { path, source };
        insert(&self.connection, entry).map_err(refused)
    }

    /// The results, the latest first.
    pub fn latest(&self, most: u32) -> Result<Vec<Kept>, HistoryError> {
        self.select("ORDER BY started_at DESC, id DESC LIMIT ?1", most.into())
    }

    /// The result with a number.
    pub fn result(&self, id: i64) -> Result<Option<Kept>, HistoryError> {
        Ok(self.select("WHERE id = ?1", id)?.into_iter().next())
    }

    /// What predictions on a machine learn: of each way of running a model the latest result, the oldest first.
    pub fn lessons(&self, machine: &Fingerprint) -> Result<Vec<Record>, HistoryError> {
        let sql = "SELECT lesson FROM result WHERE lesson IS NOT NULL AND id IN
            (SELECT max(id) FROM result WHERE lesson IS NOT NULL GROUP BY way, machine) ORDER BY id";
        let texts: rusqlite::Result<Vec<String>> = self
            .connection
            .prepare(sql)
            .and_then(|mut statement| statement.query_map([], |row| row.get(0))?.collect());
        // What cannot be read is one measurement less.
        let records = texts.map_err(|source| self.refused(source))?;
        let records = records.iter().filter_map(|text| serde_json::from_str::<Record>(text).ok());
        Ok(records.filter(|record| record.machine.is_same(machine)).collect())
    }

    fn select(&self, rest: &str, value: i64) -> Result<Vec<Kept>, HistoryError> {
        let sql = format!("SELECT id, started_at, kind, subject, document FROM result {rest}");
        let rows: rusqlite::Result<Vec<_>> = self
            .connection
            .prepare(&sql)
            .and_then(|mut statement| statement.query_map([value], columns)?.collect());
        rows.map_err(|source| self.refused(source))?.into_iter().map(|row| self.kept(row)).collect()
    }

    fn kept(&self, (id, started_at, kind, subject, document): Columns) -> Result<Kept, HistoryError> {
        let unreadable = |source| HistoryError::Unreadable { path: self.path.clone(), id, source };
        Ok(Kept {
            id,
            started_at: started_at.parse().unwrap_or(jiff::Timestamp::UNIX_EPOCH),
            kind: Kind::of_word(&kind).unwrap_or(Kind::Local),
            subject,
            document: serde_json::from_str(&document).map_err(unreadable)?,
        })
    }

    /// Brings the file to the latest version, all steps or none.
    fn migrate(&mut self) -> Result<(), HistoryError> {
        let known = MIGRATIONS.len() as u32;
        // One snapshot: between two reads another program may have brought the file up.
        let path = self.path.clone();
        let refused = |source| HistoryError::Database { path: path.clone(), source };
        let snapshot = self.connection.transaction().map_err(refused)?;
        if !is_own(&snapshot).map_err(refused)? {
            return Err(HistoryError::Foreign { path });
        }
        let found = version(&snapshot).map_err(refused)?;
        drop(snapshot);
        if found > known {
            return Err(HistoryError::Newer { path: self.path.clone(), found, known });
        }
        if found == known {
            return Ok(());
        }
        self.raise().map_err(|source| HistoryError::Database { path, source })
    }

    fn raise(&mut self) -> rusqlite::Result<()> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Another program may have done it while this one waited for its turn.
        let found = version(&transaction)?;
        for step in MIGRATIONS.iter().skip(found as usize) {
            transaction.execute_batch(step)?;
        }
        if found == 0 {
            for record in files::records(&old_files(&self.path)) {
                insert(&transaction, &Entry::imported(record))?;
            }
        }
        transaction.pragma_update(None, "application_id", MARK)?;
        transaction.pragma_update(None, "user_version", MIGRATIONS.len() as u32)?;
        transaction.commit()
    }

    fn refused(&self, source: rusqlite::Error) -> HistoryError {
        HistoryError::Database { path: self.path.clone(), source }
    }
}

/// Where earlier versions saved their files.
fn old_files(path: &Path) -> PathBuf {
    path.with_file_name("measurements")
}

/// Whether the file is this program's, or empty: it has the mark, or no mark and nothing but the table of results.
fn is_own(connection: &Connection) -> rusqlite::Result<bool> {
    let mark: i64 = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    let others: i64 = connection.query_row(
        "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name NOT IN ('result', 'sqlite_sequence')",
        [],
        |row| row.get(0),
    )?;
    let results: i64 = connection.query_row(
        "SELECT count(*) FROM pragma_table_info('result') WHERE name IN ('started_at', 'document', 'lesson')",
        [],
        |row| row.get(0),
    )?;
    let is_empty = connection.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0));
    Ok(mark == MARK || (mark == 0 && others == 0 && (results == 3 || is_empty == Ok(0_i64))))
}

fn version(connection: &Connection) -> rusqlite::Result<u32> {
    let version: Option<u32> =
        connection.query_row("PRAGMA user_version", [], |row| row.get(0)).optional()?;
    Ok(version.unwrap_or(0))
}

fn insert(connection: &Connection, entry: &Entry) -> rusqlite::Result<i64> {
    let text = |value: serde_json::Result<String>| {
        value.map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
    };
    connection.execute(
        "INSERT INTO result (started_at, kind, subject, machine, document, lesson, way)
         VALUES (:started_at, :kind, :subject, :machine, :document, :lesson, :way)",
        named_params! {
            ":started_at": entry.started_at.to_string(),
            ":kind": entry.kind.word(),
            ":subject": without_secrets(&entry.subject),
            ":machine": text(serde_json::to_string(&entry.machine))?,
            ":document": without_secrets(&entry.document.to_string()),
            ":lesson": entry.lesson.as_ref().map(|lesson| text(serde_json::to_string(lesson))).transpose()?,
            ":way": entry.lesson.as_ref().map(Record::way),
        },
    )?;
    Ok(connection.last_insert_rowid())
}

type Columns = (i64, String, String, String, String);

fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
}

impl Entry {
    /// A measurement that an earlier version saved.
    fn imported(record: Record) -> Self {
        let document = serde_json::to_value(&record).unwrap_or_default();
        Self {
            // The hour was not saved.
            started_at: jiff::tz::Offset::UTC
                .to_timestamp(record.date.at(0, 0, 0, 0))
                .unwrap_or(jiff::Timestamp::UNIX_EPOCH),
            kind: Kind::Imported,
            subject: format!("{}:{}", record.model, record.quant),
            machine: record.machine.clone(),
            document,
            lesson: Some(record),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{MeasuredRate, RECORD_SCHEMA_VERSION};
    use super::*;
    use crate::error::Failure as _;
    use crate::run_config::RunConfig;
    use crate::units::{Bytes, TokenRate};

    fn record(quant: &str, speed: f64) -> Record {
        let rate = MeasuredRate {
            tokens: 128,
            depth: 0,
            tokens_per_second: TokenRate(speed),
            stddev: TokenRate(0.1),
        };
        Record {
            schema_version: RECORD_SCHEMA_VERSION,
            date: jiff::civil::date(2026, 11, 25),
            machine: Fingerprint {
                cpu: "a CPU".into(),
                physical_cores: 2,
                ram_bytes: Bytes::gib(24),
                gpus: Vec::new(),
            },
            engine: "llama.cpp".into(),
            model: "r1-distill-qwen-1.5b".into(),
            quant: quant.into(),
            threads: 2,
            on_gpus: false,
            gpu_layers: None,
            expert_layers_in_ram: 0,
            run: RunConfig::default(),
            prefill: None,
            decode: Some(rate),
        }
    }

    fn entry(quant: &str, speed: f64) -> Entry {
        Entry { kind: Kind::Local, ..Entry::imported(record(quant, speed)) }
    }

    fn speeds(database: &Database, machine: &Fingerprint) -> Vec<f64> {
        let lessons = database.lessons(machine).unwrap();
        lessons.iter().map(|record| record.decode.unwrap().tokens_per_second.0).collect()
    }

    #[test]
    fn all_results_are_kept_and_the_latest_of_each_way_is_learned_from() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deeper/history.sqlite3");
        assert!(Database::open_existing(&path).unwrap().is_none());
        let mut database = Database::open(&path).unwrap();
        for (quant, speed) in [("Q4_K_M", 20.0), ("Q8_0", 12.0), ("Q4_K_M", 21.0)] {
            database.keep(&entry(quant, speed)).unwrap();
        }
        let disturbed = Entry { lesson: None, ..entry("Q4_K_M", 3.0) };
        let last = database.keep(&disturbed).unwrap();
        let here = record("Q4_K_M", 0.0).machine;
        assert_eq!(speeds(&database, &here), [12.0, 21.0]);
        assert_eq!(database.latest(10).unwrap().len(), 4);
        assert_eq!(database.result(last).unwrap().unwrap().document, disturbed.document);
        assert_eq!(database.result(99).unwrap(), None);
        let other = Fingerprint { physical_cores: 4, ..here };
        assert!(speeds(&database, &other).is_empty());
        drop(database);
        assert_eq!(Database::open_existing(&path).unwrap().unwrap().latest(2).unwrap().len(), 2);
    }

    #[test]
    fn the_files_of_earlier_versions_are_taken_over_once() {
        let folder = tempfile::tempdir().unwrap();
        let old = folder.path().join("measurements");
        std::fs::create_dir(&old).unwrap();
        for (name, speed) in [("a.json", 20.0), ("b.json", 21.0)] {
            let quant = if name == "a.json" { "Q4_K_M" } else { "Q8_0" };
            std::fs::write(old.join(name), serde_json::to_string(&record(quant, speed)).unwrap()).unwrap();
        }
        // What is no measurement, or half of one, is passed over.
        std::fs::write(old.join("half.json"), "{\"schema_version\": 1,").unwrap();
        let path = folder.path().join("history.sqlite3");
        for _ in 0..2 {
            let database = Database::open_existing(&path).unwrap().unwrap();
            let here = record("Q4_K_M", 0.0).machine;
            assert_eq!(speeds(&database, &here), [20.0, 21.0]);
            assert!(database.latest(9).unwrap().iter().all(|kept| kept.kind == Kind::Imported));
        }
    }

    #[test]
    fn a_history_of_a_later_version_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.sqlite3");
        Database::open(&path).unwrap().connection.pragma_update(None, "user_version", 7).unwrap();
        let error = Database::open(&path).unwrap_err();
        assert!(matches!(error, HistoryError::Newer { found: 7, known: 1, .. }), "{error}");
        assert_eq!(error.hint().map(|hint| hint.code()), Some("history-newer-hint"));
        std::fs::write(&path, "this is no database, however long it is and whatever it says").unwrap();
        assert!(matches!(Database::open(&path).unwrap_err(), HistoryError::Database { .. }));
    }

    #[test]
    fn many_writers_at_once_lose_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.sqlite3");
        std::thread::scope(|scope| {
            for writer in 0..4 {
                let path = &path;
                scope.spawn(move || {
                    let mut database = Database::open(path).unwrap();
                    for round in 0..5 {
                        database.keep(&entry("Q4_K_M", f64::from(writer * 100 + round))).unwrap();
                    }
                });
            }
        });
        assert_eq!(Database::open(&path).unwrap().latest(100).unwrap().len(), 20);
    }
}
