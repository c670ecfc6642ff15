use std::fs;
use std::io;
use std::path::Path;

use crate::commands::Context;
use crate::error::{Error, Exit};
use crate::message;
use crate::render::script;
use crate::report::{LaunchFile, Report};

/// Writes what starts and checks the recommended option into a new folder, whole or not at all.
pub(super) fn write(context: &Context, folder: &Path, report: &Report) -> Result<(), Error> {
    let files = report.launch_folder();
    if files.is_empty() {
        context.printer.note(message!(ReportNoLaunchFolder { folder }));
        return Ok(());
    }
    write_folder(folder, &files, |file| script(&file.script, context.locale())).map_err(|error| {
        let hint = match error.kind() {
            io::ErrorKind::DirectoryNotEmpty
            | io::ErrorKind::NotADirectory
            | io::ErrorKind::AlreadyExists => message!(ReportLaunchNewFolder),
            _ => message!(ReportLaunchParent { folder }),
        };
        Error::plain(Exit::Output, message!(ReportLaunchFailed { folder }).because(&error)).hint(Some(hint))
    })
}

/// All files appear at once under the folder's name.
fn write_folder(folder: &Path, files: &[LaunchFile], text: impl Fn(&LaunchFile) -> String) -> io::Result<()> {
    let around = folder.parent().filter(|around| !around.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if folder.exists() {
        // Only an empty one goes.
        fs::remove_dir(folder)?;
    }
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
    let new = builder.tempdir_in(around).map_err(|error| error.kind())?;
    for file in files {
        let path = new.path().join(file.name);
        fs::write(&path, text(file))?;
        #[cfg(unix)]
        if file.is_script() {
            let mut permissions = fs::metadata(&path)?.permissions();
            let mode = std::os::unix::fs::PermissionsExt::mode(&permissions);
            std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, mode | 0o111);
            fs::set_permissions(&path, permissions)?;
        }
    }
    fs::rename(new.path(), folder)?;
    // There is nothing left to take away.
    let _ = new.keep();
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::catalog::Catalog;
    use crate::i18n::{Lang, Locale};
    use crate::message::Message;
    use crate::report::{ReportNeeds, Script, report};

    #[derive(clap::Parser)]
    struct Asked {
        #[command(flatten)]
        args: super::super::ReportArgs,
    }

    fn written(flags: &str) -> (ReportNeeds, Report) {
        let catalog = Catalog::embedded().unwrap();
        let usual = "report --users 300 --requests-per-user-day 20 --prompt-tokens 800 --output-tokens 1200 ";
        let asked = Asked::try_parse_from(usual.split_whitespace().chain(flags.split_whitespace())).unwrap();
        let needs = asked.args.needs.given().unwrap().organisation(&catalog).unwrap();
        let report = report(&needs, &catalog, jiff::civil::date(2026, 11, 25)).unwrap();
        (needs, report)
    }

    fn file(report: &Report, name: &str) -> String {
        let found = report.launch_folder().into_iter().find(|file| file.name == name);
        script(&found.unwrap_or_else(|| panic!("no {name}")).script, &Locale::default())
    }

    #[test]
    fn engines_are_started_on_as_many_gpus_as_a_replica_has() {
        let (_, report) = written("--model 671b --privacy premises");
        let chosen = &report.options[report.recommended.as_ref().unwrap().option];
        let gpus = chosen.deployment().unwrap().gpus_per_replica;
        assert_eq!(report.launch[0].name, "sglang.sh");
        let (sglang, vllm) = (file(&report, "sglang.sh"), file(&report, "vllm.sh"));
        assert!(sglang.contains(&format!("--tp-size {gpus}")), "{sglang}");
        let layout = &chosen.deployment().unwrap().layout;
        assert_eq!(vllm.contains("--enable-expert-parallel"), layout.contains("EP"), "{layout}: {vllm}");
        for script in [&sglang, &vllm] {
            assert!(script.contains("MODEL:-deepseek-ai/DeepSeek-R1}"), "{script}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn every_script_is_one_that_a_shell_takes() {
        for flags in
            ["--model 32b --privacy premises --spare", "--model 671b --privacy premises", "--model 14b"]
        {
            for file in written(flags).1.launch_folder() {
                if !file.is_script() {
                    continue;
                }
                for lang in Lang::all() {
                    let text = script(&file.script, &Locale::new(lang));
                    let checked =
                        std::process::Command::new("sh").args(["-n", "-c", &text]).status().unwrap();
                    assert!(checked.success(), "{}: {text}", file.name);
                }
            }
        }
    }

    #[test]
    fn a_folder_is_written_whole_and_never_over_another() {
        let around = tempfile::tempdir().unwrap();
        let folder = around.path().join("r1");
        let files = ["a.sh", "b.yaml"].map(|name| LaunchFile {
            name,
            what: Message::verbatim("what"),
            script: Script::default(),
        });
        write_folder(&folder, &files, |_| "text\n".to_owned()).unwrap();
        assert_eq!(fs::read_to_string(folder.join("b.yaml")).unwrap(), "text\n");
        let failed = write_folder(&folder, &files[..1], |_| String::new()).unwrap_err();
        assert_eq!(failed.kind(), io::ErrorKind::DirectoryNotEmpty);
        assert!(folder.join("b.yaml").exists());
        assert_eq!(fs::read_dir(around.path()).unwrap().count(), 1);
    }
}
