//! A chat in the terminal, until the person has had enough. A crash of the engine ends an answer, not the chat.

use std::io;
use std::sync::Arc;

use super::place::Placed;
use super::target::Target;
use super::{RunArgs, last_words};
use crate::chat::{Chat, ChatError, Ended, Heard, Message, Part, Settings, Timings};
use crate::commands::Context;
use crate::commands::interrupt::Interrupts;
use crate::engine::worker::WorkerEngine;
use crate::engine::{Engine as _, EngineError};
use crate::error::{Error, Exit, nearest};
use crate::render::{end_line, thinking_line, thought_line};
use crate::ui::{AnswerWriter, LineEditor, Progress, Thoughts, Typed};
use crate::units::{Seconds, TokenRate};

/// How often in a row the engine may crash before that is the end.
const MOST_CRASHES: u32 = 2;

const COMMANDS: [(&str, &str); 6] = [
    ("/new", "start a new conversation; /reset does the same"),
    ("/think", "show the thoughts from now on, or fold them"),
    ("/stats", "tell what the conversation took so far"),
    ("/help", "show this"),
    ("/quit", "end; so do /exit, Ctrl-D, and Ctrl-C at the prompt"),
    ("Ctrl-C", "stops an answer"),
];

/// What a chat is led with.
struct Room<'a> {
    context: &'a Context,
    interrupts: &'a Interrupts,
    editor: LineEditor,
    thoughts: Thoughts,
    totals: Totals,
    crashes: u32,
}

/// What all answers took.
#[derive(Clone, Copy, Debug, Default)]
struct Totals {
    answers: u32,
    output_tokens: u32,
    thinking_tokens: u32,
    decode_seconds: Seconds,
    last: Timings,
}

/// How a chat ends.
enum Left {
    /// The person left it.
    ByChoice,
    /// The engine crashed, and may be started again.
    ByCrash(ChatError),
}

/// Leads the chat.
pub(super) fn run(
    context: &Context,
    args: &RunArgs,
    target: &Target<'_>,
    placed: &Placed,
    settings: &Settings,
    interrupts: &Interrupts,
) -> Result<Exit, Error> {
    end_on_termination();
    let thoughts = if args.thoughts.hide_thinking { Thoughts::Folded } else { Thoughts::Shown };
    let mut room = Room {
        context,
        interrupts,
        editor: LineEditor::new(),
        thoughts,
        totals: Totals::default(),
        crashes: 0,
    };
    let mut history: Vec<Message> = Vec::new();
    loop {
        match sitting(&mut room, args, target, placed, settings, &mut history)? {
            Left::ByChoice => return Ok(Exit::Yes),
            Left::ByCrash(error) => {
                last_words(context, &error);
                room.crashes += 1;
                let error = Error::from(error);
                if room.crashes >= MOST_CRASHES {
                    return Err(error);
                }
                context.printer.error(&error);
                context.printer.say("The conversation is kept; the model is loaded again.");
            }
        }
    }
}

/// One life of the engine's process.
fn sitting(
    room: &mut Room<'_>,
    args: &RunArgs,
    target: &Target<'_>,
    placed: &Placed,
    settings: &Settings,
    history: &mut Vec<Message>,
) -> Result<Left, Error> {
    let failed = |error: EngineError| {
        let error = ChatError::from(error);
        last_words(room.context, &error);
        Error::from(error)
    };
    let mut engine =
        WorkerEngine::start(args.engine, Arc::clone(&room.interrupts.cancelled)).map_err(failed)?;
    let progress = Progress::steps(
        &room.context.printer,
        crate::message::Message::verbatim(format!("loading {}", target.name)),
    );
    let mut model = engine.load(&placed.load).map_err(failed)?;
    let session = model.open(&placed.session()).map_err(failed)?;
    drop(progress);
    let mut chat = Chat::new(session, settings.clone(), std::mem::take(history))?;
    if chat.history().is_empty() {
        room.welcome(target, placed);
    }
    let left = talk(room, &mut chat);
    *history = chat.history().to_vec();
    left
}

fn talk(room: &mut Room<'_>, chat: &mut Chat<'_>) -> Result<Left, Error> {
    let output = |error: io::Error| Error::new(Exit::Output, &error);
    loop {
        let Typed::Line(line) = room.editor.read("> ").map_err(output)? else {
            room.context.printer.say("");
            return Ok(Left::ByChoice);
        };
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        if line.starts_with('/') {
            if room.command(line, chat) {
                continue;
            }
            return Ok(Left::ByChoice);
        }
        match room.answer(chat, line) {
            Ok(()) => room.crashes = 0,
            Err(error @ ChatError::Engine(EngineError::Crashed(_))) => return Ok(Left::ByCrash(error)),
            Err(error @ ChatError::ContextFull { .. }) => room.context.printer.error(&error.into()),
            Err(error) => return Err(error.into()),
        }
    }
}

impl Room<'_> {
    fn welcome(&self, target: &Target<'_>, placed: &Placed) {
        let found =
            placed.tuned.map_or_else(String::new, |date| format!(" (as `bench --tune` found on {date})"));
        self.context.printer.say(format!(
            "{}, {} tokens of context, {}, {} threads{}. /help tells what can be typed; Ctrl-C stops an answer.",
            target.name, placed.config.context, placed.label, placed.threads, found
        ));
    }

    fn answer(&mut self, chat: &mut Chat<'_>, question: &str) -> Result<(), ChatError> {
        let mut writer = AnswerWriter::new(&self.context.printer, self.thoughts);
        let answer = self
            .interrupts
            .while_answering(|stop| chat.ask(question, stop, &mut |heard| show(&mut writer, heard, true)));
        writer.end().map_err(|source| ChatError::Unheard { source })?;
        let answer = answer?;
        self.totals.add(&answer.timings);
        self.context.printer.aside(end_line(&answer.timings, answer.ended, chat.context()));
        match answer.ended {
            Ended::ContextFull => self.context.printer.note(
                "the context is full: `/new` starts a new conversation; or start again with a larger `--context`",
            ),
            Ended::Stopped if answer.answer.is_empty() => {
                self.context.printer.say("It had not begun to answer, so the question is forgotten.");
            }
            _ => {}
        }
        self.context.printer.say("");
        Ok(())
    }

    /// Does what a line beginning with a slash says, and tells whether the chat goes on.
    fn command(&mut self, line: &str, chat: &mut Chat<'_>) -> bool {
        let printer = &self.context.printer;
        match line {
            "/quit" | "/exit" | "/bye" => return false,
            "/new" | "/reset" | "/clear" => {
                chat.forget();
                printer.say("A new conversation.");
            }
            "/think" => {
                self.thoughts =
                    if self.thoughts == Thoughts::Shown { Thoughts::Folded } else { Thoughts::Shown };
                let now = if self.thoughts == Thoughts::Shown { "shown" } else { "folded" };
                printer.say(format!("Thoughts are {now} from now on."));
            }
            "/stats" => self.totals.tell(self.context, chat),
            "/help" | "/?" => {
                for (command, what) in COMMANDS {
                    printer.say(format!("  {command:<8} {what}"));
                }
            }
            unknown => {
                let near = nearest(unknown, COMMANDS.map(|(command, _)| command));
                let hint = near.map_or_else(|| "/help".to_owned(), |near| format!("{near}` or `/help"));
                printer.say(format!("There is no `{unknown}`; try `{hint}`."));
            }
        }
        true
    }
}

impl Totals {
    fn add(&mut self, timings: &Timings) {
        self.answers += 1;
        self.output_tokens += timings.output_tokens;
        self.thinking_tokens += timings.thinking_tokens;
        self.decode_seconds += timings.decode_seconds;
        self.last = *timings;
    }

    fn tell(&self, context: &Context, chat: &mut Chat<'_>) {
        let printer = &context.printer;
        if self.answers == 0 {
            printer.say("Nothing was answered yet.");
        } else {
            let speed = TokenRate(f64::from(self.output_tokens) / self.decode_seconds.0.max(1e-9));
            printer.say(format!(
                "  answers       {}, of {} tokens, {} of them thinking\n  speed         {speed} on average\n  \
                 last answer   first token after {}, {} of {} tokens of the question were read before\n  \
                 context       {} of {} tokens",
                self.answers,
                self.output_tokens,
                self.thinking_tokens,
                self.last.ttft_seconds,
                self.last.reused_tokens,
                self.last.prompt_tokens,
                self.last.context_tokens(),
                chat.context(),
            ));
        }
        if let Ok(usage) = chat.usage() {
            printer.say(format!("  memory        {} at most", usage.peak_bytes));
        }
    }
}

/// Shows what is heard of an answer.
pub(super) fn show(writer: &mut AnswerWriter<'_>, heard: Heard<'_>, streams: bool) -> io::Result<()> {
    match heard {
        Heard::Reading { tokens, of } => {
            writer.status(&format!("reading the question: {tokens} of {of} tokens"));
            Ok(())
        }
        Heard::Said { timings, .. } if !streams => {
            writer.status(&format!("answering: {} tokens", timings.output_tokens));
            Ok(())
        }
        Heard::Said { part: Part::Thinking, text, timings } => {
            writer.thought(text, &|| thinking_line(timings))
        }
        Heard::Said { part: Part::Answer, text, timings } => writer.answer(text, &|| thought_line(timings)),
    }
}

/// A chat has nothing to tidy up, so a request to terminate ends it at once, as does a terminal that is closed: at the
/// prompt nobody would look at a flag. The engine's process ends with this one.
fn end_on_termination() {
    #[cfg(unix)]
    for signal in [libc::SIGTERM, libc::SIGHUP] {
        // SAFETY: gives two signals the action back that they have in every new process.
        unsafe {
            libc::signal(signal, libc::SIG_DFL);
        }
    }
}
