use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use super::template::{ChatTemplate, Message, Renderer, Role};
use super::{Answer, ChatError, Ended, Part, Split, Timings, Utf8Stream};
use crate::engine::{EngineError, Extended, Extension, ProcessUsage, Sampled, Sampling, Session, Token};

/// How R1's makers advise to open an answer, so that the model does not skip its thinking.
const THOUGHT: &str = "<think>\n";

/// How a conversation is led.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Tokens that the KV cache has room for.
    pub context: u32,
    /// Tokens that go to the engine at once.
    pub batch: u32,
    /// How tokens are chosen.
    pub sampling: Sampling,
    /// The most tokens of an answer, thinking included.
    pub most_tokens: Option<u32>,
    /// How an answer begins; by default with `<think>`, where the model has that token.
    pub opening: Option<String>,
    /// A frame for the conversation.
    pub system: Option<String>,
    /// A template in place of the model's own.
    pub template: Option<String>,
    /// Where the template runs.
    pub renderer: Renderer,
}

/// An event of an answer in progress.
#[derive(Clone, Copy, Debug)]
pub enum Heard<'a> {
    /// Progress of reading the question.
    Reading {
        /// Tokens read now.
        tokens: u32,
        /// Tokens to read.
        of: u32,
    },
    /// A piece of the answer.
    Said {
        /// Thinking or answer.
        part: Part,
        /// The text.
        text: &'a str,
        /// Timings up to here.
        timings: &'a Timings,
    },
}

/// Receives an answer as it comes.
pub type Listener<'a> = dyn FnMut(Heard<'_>) -> io::Result<()> + 'a;

/// A conversation with a model.
pub struct Chat<'s> {
    session: Box<dyn Session + 's>,
    template: ChatTemplate,
    settings: Settings,
    bos: Option<String>,
    opening: String,
    history: Vec<Message>,
    /// The tokens that the KV cache holds.
    cached: Vec<Token>,
}

impl<'s> Chat<'s> {
    /// A new conversation, or one that goes on from `history`, in a session with an empty KV cache.
    pub fn new(
        mut session: Box<dyn Session + 's>,
        settings: Settings,
        history: Vec<Message>,
    ) -> Result<Self, ChatError> {
        let vocabulary = session.vocabulary()?;
        if !vocabulary.is_there {
            return Err(ChatError::NoTokenizer);
        }
        let template = ChatTemplate::new(&vocabulary, settings.template.clone(), settings.renderer.clone())?;
        session.sample_by(&settings.sampling)?;
        let default = if vocabulary.thinks { THOUGHT } else { "" };
        let opening = settings.opening.clone().unwrap_or_else(|| default.to_owned());
        let bos = vocabulary.bos.filter(|_| vocabulary.adds_bos);
        Ok(Self { session, template, settings, bos, opening, history, cached: Vec::new() })
    }

    /// The turns so far.
    #[must_use]
    pub fn history(&self) -> &[Message] {
        &self.history
    }

    /// Forgets what was said.
    pub fn forget(&mut self) {
        self.history.clear();
    }

    /// What the engine's process has taken of the machine so far.
    pub fn usage(&mut self) -> Result<ProcessUsage, ChatError> {
        Ok(self.session.usage()?)
    }

    /// Tokens that the KV cache has room for.
    #[must_use]
    pub const fn context(&self) -> u32 {
        self.settings.context
    }

    /// Asks, and passes the answer to `listener` as it comes, until it is complete or `stop` is set.
    ///
    /// A turn that fails, or that was stopped before the answer itself began, is not part of the conversation.
    pub fn ask(
        &mut self,
        question: &str,
        stop: &AtomicBool,
        listener: &mut Listener<'_>,
    ) -> Result<Answer, ChatError> {
        self.history.push(Message { role: Role::User, content: question.to_owned() });
        let answer = self.answer(stop, listener);
        match &answer {
            Ok(answer) if !answer.answer.is_empty() => {
                self.history.push(Message { role: Role::Assistant, content: answer.answer.clone() });
            }
            _ => {
                self.history.pop();
            }
        }
        answer
    }

    /// The conversation as the model reads it, in tokens, and what part of the answer it ends in.
    fn prompt(&mut self) -> Result<(Vec<Token>, Part), ChatError> {
        let system = self
            .settings
            .system
            .iter()
            .map(|content| Message { role: Role::System, content: content.clone() });
        let messages: Vec<Message> = system.chain(self.history.iter().cloned()).collect();
        let mut pieces = self.template.render(&messages)?;
        // Where the template ends in what was said, too, the answer begins behind it.
        let mut last = pieces.pop().unwrap_or_default();
        if !last.trim_end().ends_with(self.opening.trim_end()) {
            last.push_str(behind(&last, &self.opening));
        }
        let thinking = last.trim_end().ends_with("<think>");
        pieces.push(last);
        let mut tokens = Vec::new();
        for (number, piece) in pieces.iter().enumerate() {
            // Templates write the token that begins a text themselves; twice, it would lead the model astray.
            let bos = number == 0 && self.bos.as_deref().is_some_and(|bos| !piece.starts_with(bos));
            tokens.extend(self.session.tokenize(piece, bos)?);
        }
        Ok((tokens, if thinking { Part::Thinking } else { Part::Answer }))
    }

    fn answer(&mut self, stop: &AtomicBool, listener: &mut Listener<'_>) -> Result<Answer, ChatError> {
        let (prompt, part) = self.prompt()?;
        let prompt_tokens = prompt.len() as u32;
        let context = self.settings.context;
        if prompt_tokens >= context {
            let has_history = self.history.len() > 1;
            return Err(ChatError::ContextFull { prompt_tokens, context, has_history });
        }
        let mut voice = Voice::new(part, prompt_tokens);
        let Some(mut next) = self.read(&prompt, stop, &mut voice, listener)? else {
            return Ok(voice.ended(Ended::Stopped));
        };
        let ended = loop {
            if next.ends {
                break Ended::Whole;
            }
            voice.say(&next, listener)?;
            if self.settings.most_tokens.is_some_and(|most| voice.timings.output_tokens >= most) {
                break Ended::MostTokens;
            }
            if voice.timings.context_tokens() >= context {
                break Ended::ContextFull;
            }
            match self.extend(self.cached.len(), vec![next.token], true, stop)? {
                None => break Ended::Stopped,
                Some(Extended { seconds, sampled }) => {
                    voice.timings.decode_seconds += seconds;
                    if voice.split.part() == Part::Thinking {
                        voice.timings.thinking_seconds += seconds;
                    }
                    next = sampled.ok_or_else(no_token)?;
                }
            }
        };
        voice.finish(listener)?;
        Ok(voice.ended(ended))
    }

    /// Reads the prompt, but for what the KV cache holds of it, and gives the first token of the answer; none when
    /// stopped.
    fn read(
        &mut self,
        prompt: &[Token],
        stop: &AtomicBool,
        voice: &mut Voice,
        listener: &mut Listener<'_>,
    ) -> Result<Option<Sampled>, ChatError> {
        let common = self.cached.iter().zip(prompt).take_while(|(cached, wanted)| cached == wanted).count();
        // The last token is read again in any case: what follows it is not kept.
        let start = common.min(prompt.len().saturating_sub(1));
        voice.timings.reused_tokens = start as u32;
        let of = (prompt.len() - start) as u32;
        let mut at = start;
        for batch in prompt[start..].chunks(self.settings.batch.max(1) as usize) {
            unheard(listener(Heard::Reading { tokens: (at - start) as u32, of }))?;
            let last = at + batch.len() == prompt.len();
            let Some(extended) = self.extend(at, batch.to_vec(), last, stop)? else { return Ok(None) };
            voice.timings.ttft_seconds += extended.seconds;
            at += batch.len();
            if last {
                return extended.sampled.map(Some).ok_or_else(no_token);
            }
        }
        Err(no_token())
    }

    /// Puts tokens behind the first `keep` of the cache. None when that was stopped.
    fn extend(
        &mut self,
        keep: usize,
        tokens: Vec<Token>,
        sample: bool,
        stop: &AtomicBool,
    ) -> Result<Option<Extended>, ChatError> {
        if stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        self.cached.truncate(keep);
        let extension = Extension { keep: keep as u32, tokens, sample };
        match self.session.extend(&extension, stop) {
            Ok(extended) => {
                self.cached.extend(extension.tokens);
                Ok(Some(extended))
            }
            Err(EngineError::Stopped) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// An answer as it comes.
struct Voice {
    characters: Utf8Stream,
    split: Split,
    thinking: String,
    answer: String,
    timings: Timings,
}

impl Voice {
    fn new(part: Part, prompt_tokens: u32) -> Self {
        Self {
            characters: Utf8Stream::default(),
            split: Split::new(part),
            thinking: String::new(),
            answer: String::new(),
            timings: Timings { prompt_tokens, ..Timings::default() },
        }
    }

    fn say(&mut self, next: &Sampled, listener: &mut Listener<'_>) -> Result<(), ChatError> {
        self.timings.output_tokens += 1;
        if self.split.part() == Part::Thinking {
            self.timings.thinking_tokens += 1;
        }
        let text = self.characters.push(&next.piece);
        let said = self.split.push(&text);
        self.tell(said, listener)
    }

    fn finish(&mut self, listener: &mut Listener<'_>) -> Result<(), ChatError> {
        let rest = self.characters.finish();
        let mut said = self.split.push(&rest);
        said.extend(self.split.finish());
        self.tell(said, listener)
    }

    fn tell(&mut self, said: Vec<(Part, String)>, listener: &mut Listener<'_>) -> Result<(), ChatError> {
        for (part, text) in said {
            match part {
                Part::Thinking => self.thinking.push_str(&text),
                Part::Answer => self.answer.push_str(&text),
            }
            unheard(listener(Heard::Said { part, text: &text, timings: &self.timings }))?;
        }
        Ok(())
    }

    fn ended(self, ended: Ended) -> Answer {
        Answer { thinking: self.thinking, answer: self.answer, ended, timings: self.timings }
    }
}

/// What of `opening` is to be added to a text that may end with the beginning of it.
fn behind<'o>(text: &str, opening: &'o str) -> &'o str {
    let there = (0..=opening.len())
        .rev()
        .find(|length| opening.is_char_boundary(*length) && text.ends_with(&opening[..*length]));
    &opening[there.unwrap_or(0)..]
}

fn unheard(told: io::Result<()>) -> Result<(), ChatError> {
    told.map_err(|source| ChatError::Unheard { source })
}

fn no_token() -> ChatError {
    EngineError::Unexpected { line: "no token".to_owned() }.into()
}
