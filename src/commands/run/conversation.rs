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
use crate::i18n::Locale;
use crate::message::{Value, alternatives, enumeration};
use crate::render::{self, end_line, thinking_line, thought_line};
use crate::ui::{AnswerWriter, LineEditor, Progress, Thoughts, Typed};
use crate::units::{Seconds, TokenRate};
use crate::{message, say};

/// How often in a row the engine may crash before that is the end.
const MOST_CRASHES: u32 = 2;

/// The commands that may be typed, with what they do.
fn commands() -> [(&'static str, crate::message::Message); 6] {
    [
        ("/new", message!(RunHelpNew)),
        ("/think", message!(RunHelpThink)),
        ("/stats", message!(RunHelpStats)),
        ("/help", message!(RunHelpHelp)),
        ("/quit", message!(RunHelpQuit)),
        ("Ctrl-C", message!(RunHelpInterrupt)),
    ]
}

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
                context.printer.tell(message!(RunReloading));
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
    let progress = Progress::steps(&room.context.printer, message!(RunLoading { name: &target.name }));
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
    let output = |error: io::Error| Error::plain(Exit::Output, &error);
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
        let placement = match placed.kind {
            Some(kind) => render::placement(kind),
            None => message!(RunPlacedByEngine),
        };
        let mut parts: Vec<Value> = vec![
            message!(RunContext { context: placed.config.context }).into(),
            placement.into(),
            message!(RunThreads { threads: placed.threads }).into(),
        ];
        parts.extend(placed.tuned.map(|date| message!(RunTuned { date }).into()));
        self.context.printer.tell(message!(RunWelcome { name: &target.name, parts: enumeration(parts) }));
    }

    fn answer(&mut self, chat: &mut Chat<'_>, question: &str) -> Result<(), ChatError> {
        let mut writer = AnswerWriter::new(&self.context.printer, self.thoughts);
        let locale = self.context.printer.locale();
        let answer = self.interrupts.while_answering(|stop| {
            chat.ask(question, stop, &mut |heard| show(&mut writer, heard, true, locale))
        });
        writer.end().map_err(|source| ChatError::Unheard { source })?;
        let answer = answer?;
        self.totals.add(&answer.timings);
        let printer = &self.context.printer;
        let end = end_line(&answer.timings, answer.ended, chat.context());
        printer.aside(printer.locale().say(&end));
        match answer.ended {
            Ended::ContextFull => printer.note(message!(RunChatContextFull)),
            Ended::Stopped if answer.answer.is_empty() => printer.tell(message!(RunForgotten)),
            _ => {}
        }
        printer.say("");
        Ok(())
    }

    /// Does what a line beginning with a slash says, and tells whether the chat goes on.
    fn command(&mut self, line: &str, chat: &mut Chat<'_>) -> bool {
        let printer = &self.context.printer;
        match line {
            "/quit" | "/exit" | "/bye" => return false,
            "/new" | "/reset" | "/clear" => {
                chat.forget();
                printer.tell(message!(RunNewConversation));
            }
            "/think" => {
                self.thoughts =
                    if self.thoughts == Thoughts::Shown { Thoughts::Folded } else { Thoughts::Shown };
                printer.tell(match self.thoughts {
                    Thoughts::Shown => message!(RunThoughtsShown),
                    _ => message!(RunThoughtsFolded),
                });
            }
            "/stats" => self.totals.tell(self.context, chat),
            "/help" | "/?" => {
                for (command, what) in commands() {
                    printer.say(format!("  {command:<8} {}", printer.locale().say(&what)));
                }
            }
            unknown => {
                let near = nearest(unknown, commands().map(|(command, _)| command));
                let known = near.into_iter().chain(["/help"]).map(|known| format!("`{known}`"));
                printer.tell(message!(RunUnknownCommand { command: unknown, known: alternatives(known) }));
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
            printer.tell(message!(RunNoAnswers));
        } else {
            let speed = TokenRate(f64::from(self.output_tokens) / self.decode_seconds.0.max(1e-9));
            printer.tell(message!(RunStats {
                answers: self.answers,
                tokens: self.output_tokens,
                thinking: self.thinking_tokens,
                speed,
                ttft: self.last.ttft_seconds,
                reused: self.last.reused_tokens,
                prompt: self.last.prompt_tokens,
                used: self.last.context_tokens(),
                context: chat.context(),
            }));
        }
        if let Ok(usage) = chat.usage() {
            printer.tell(message!(RunStatsMemory { peak: usage.peak_bytes }));
        }
    }
}

/// Shows what is heard of an answer.
pub(super) fn show(
    writer: &mut AnswerWriter<'_>,
    heard: Heard<'_>,
    streams: bool,
    locale: &Locale,
) -> io::Result<()> {
    match heard {
        Heard::Reading { tokens, of } => {
            writer.status(&say!(locale, RunReading { tokens, of }));
            Ok(())
        }
        Heard::Said { timings, .. } if !streams => {
            let tokens = message!(RunTokens { tokens: timings.output_tokens });
            writer.status(&say!(locale, RunAnswering { tokens }));
            Ok(())
        }
        Heard::Said { part: Part::Thinking, text, timings } => {
            writer.thought(text, &|| locale.say(&thinking_line(timings)))
        }
        Heard::Said { part: Part::Answer, text, timings } => {
            writer.answer(text, &|| locale.say(&thought_line(timings)))
        }
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
