//! One prompt, one answer: for scripts, and for a question in passing.

use std::io::{self, IsTerminal as _};
use std::sync::Arc;
use std::time::Instant;

use super::place::Placed;
use super::target::Target;
use super::{RunArgs, last_words};
use crate::chat::{Chat, ChatError, Ended, Settings};
use crate::commands::Context;
use crate::commands::interrupt::Interrupts;
use crate::engine::worker::WorkerEngine;
use crate::engine::{Engine as _, EngineError};
use crate::error::{Error, Exit};
use crate::message;
use crate::render::{AnswerReport, AnswerView, Circumstances, end_line};
use crate::ui::{AnswerWriter, Progress, Thoughts};
use crate::units::Seconds;

/// Answers the prompt.
pub(super) fn run(
    context: &Context,
    args: &RunArgs,
    target: &Target<'_>,
    placed: &Placed,
    settings: Settings,
    prompt: &str,
    interrupts: &Interrupts,
) -> Result<Exit, Error> {
    let failed = |error: ChatError| {
        last_words(context, &error);
        Error::from(error)
    };
    let locale = context.printer.locale();
    let from_engine = |error: EngineError| failed(error.into());
    let mut engine =
        WorkerEngine::start(args.engine, Arc::clone(&interrupts.cancelled)).map_err(from_engine)?;
    let build = engine.build().map_err(from_engine)?;
    let began = Instant::now();
    let progress = Progress::steps(&context.printer, message!(RunLoading { name: &target.name }));
    let mut model = engine.load(&placed.load).map_err(from_engine)?;
    let session = model.open(&placed.session()).map_err(from_engine)?;
    drop(progress);
    let load_seconds = Seconds::from(began.elapsed());
    let sampling = settings.sampling;
    let mut chat = Chat::new(session, settings, Vec::new()).map_err(failed)?;
    let streams = context.is_table();
    let mut writer = AnswerWriter::new(&context.printer, thoughts(args, streams));
    let answer = chat.ask(prompt, &interrupts.cancelled, &mut |heard| {
        super::conversation::show(&mut writer, heard, streams, locale)
    });
    let ended = writer.end();
    let answer = match answer {
        // The reader has what it wanted.
        Err(ChatError::Unheard { source }) if source.kind() == io::ErrorKind::BrokenPipe => {
            return Ok(Exit::Yes);
        }
        answer => answer.map_err(failed)?,
    };
    ended
        .or_else(|error| if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) })
        .map_err(|error| Error::plain(Exit::Output, &error))?;
    context.printer.aside(locale.say(&end_line(&answer.timings, answer.ended, placed.config.context)));
    if answer.ended == Ended::ContextFull {
        context.printer.note(message!(RunContextFull { context: placed.config.context }));
    }
    if !streams {
        let circumstances = Circumstances {
            model: target.model.map(|model| model.id.clone()),
            quant: target.quant.clone(),
            load: &placed.load,
            load_seconds,
            run: &placed.config,
            threads: placed.threads,
            sampling,
            engine: build,
        };
        context.show(&AnswerView { report: &AnswerReport::new(prompt, &answer, &circumstances) })?;
    }
    Ok(match answer.ended {
        Ended::Whole | Ended::MostTokens => Exit::Yes,
        Ended::ContextFull => Exit::No,
        Ended::Stopped => Exit::Interrupted,
    })
}

/// At a terminal thoughts are shown, elsewhere they are left out, unless the flags say otherwise.
fn thoughts(args: &RunArgs, streams: bool) -> Thoughts {
    match (io::stdout().is_terminal() && streams, args.thoughts.hide_thinking, args.thoughts.show_thinking) {
        (_, _, true) | (true, false, _) => Thoughts::Shown,
        (true, true, _) => Thoughts::Folded,
        (false, ..) => Thoughts::LeftOut,
    }
}
