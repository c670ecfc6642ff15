use std::io::{self, IsTerminal as _};
use std::mem::ManuallyDrop;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use ratatui::crossterm::cursor::Show;
use ratatui::crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::crossterm::execute;
use ratatui::crossterm::terminal::{Clear, ClearType};

use super::draw::draw;
use super::{Candidate, Guide, Key, Next};
use crate::error::Exit;
use crate::message::Message;

/// How often to check whether the process is to end.
const PATIENCE: Duration = Duration::from_millis(100);

/// How a guided choice ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// With this result, by its index.
    Chosen(usize),
    /// The person left without a choice.
    Left,
    /// By Ctrl-C, a request to terminate, or because the terminal went away.
    Interrupted,
}

/// Whether there is a terminal to draw on and keys to read.
#[must_use]
pub fn is_possible() -> bool {
    let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    io::stdin().is_terminal() && io::stdout().is_terminal() && !is_dumb
}

/// Lends the guide the terminal until a person chose or left, or `stop` is set. `decide` finds what meets the limits,
/// or says why it cannot. The terminal is as before afterwards, whatever happens: after an error and a panic, too.
pub fn run(
    guide: &mut Guide,
    stop: &AtomicBool,
    mut decide: impl FnMut(&Guide) -> Result<Vec<Candidate>, Message>,
) -> io::Result<Ended> {
    // Before the terminal is taken: what fails half-way is undone, too.
    let _lent = Lent;
    let _watched = Watched::new();
    // Its own end would tell what failed on standard error, which may be the terminal that went away: a panic in a drop.
    let mut terminal = ManuallyDrop::new(ratatui::try_init()?);
    // Where a terminal has no other screen to show, what stood there goes. ratatui's own way asks it where the cursor
    // is, and not every terminal answers.
    execute!(io::stdout(), Clear(ClearType::All))?;
    loop {
        match terminal.draw(|frame| draw(guide, frame)) {
            Err(_) if is_gone() => return Ok(Ended::Interrupted),
            drawn => drawn?,
        };
        let key = match pressed(stop) {
            Ok(Pressed::Key(key)) => key,
            Ok(Pressed::Nothing) => continue,
            Ok(Pressed::Stop) => return Ok(Ended::Interrupted),
            Err(_) if is_gone() => return Ok(Ended::Interrupted),
            Err(error) => return Err(error),
        };
        match guide.press(key) {
            Next::Stay => {}
            Next::Decide => match decide(guide) {
                Ok(results) => guide.show(results),
                Err(why) => guide.complain(why),
            },
            Next::Leave => return Ok(Ended::Left),
            Next::Choose(index) => return Ok(Ended::Chosen(index)),
        }
    }
}

/// The terminal is given back when this goes.
struct Lent;

impl Drop for Lent {
    fn drop(&mut self) {
        give_back();
    }
}

/// Makes the terminal as it was before.
pub fn give_back() {
    // A terminal that went away needs nothing.
    let _ = ratatui::try_restore();
    let _ = execute!(io::stdout(), Show);
}

/// A thread that ends the process where the terminal goes away while crossterm reads from it: that reads the end of the
/// input over and over, and never comes back. It ends when this goes.
struct Watched {
    is_over: Arc<AtomicBool>,
}

impl Watched {
    fn new() -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let over = Arc::clone(&is_over);
        thread::spawn(move || {
            while !over.load(Ordering::Relaxed) {
                thread::sleep(PATIENCE);
                if is_gone() {
                    // Who is not in crossterm sees it too, and ends in order.
                    thread::sleep(10 * PATIENCE);
                    if !over.load(Ordering::Relaxed) {
                        std::process::exit(Exit::Interrupted as i32);
                    }
                }
            }
        });
        Self { is_over }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
    }
}

/// What happened at the terminal.
enum Pressed {
    Key(Key),
    /// The terminal changed its size.
    Nothing,
    Stop,
}

/// The next that means something.
fn pressed(stop: &AtomicBool) -> io::Result<Pressed> {
    // What was read already waits in crossterm, where only it sees it.
    let mut waited = wait(Duration::ZERO);
    if waited == Waited::Nothing {
        waited = Waited::Something;
    }
    loop {
        if stop.load(Ordering::Relaxed) || waited == Waited::Gone {
            return Ok(Pressed::Stop);
        }
        if waited == Waited::Nothing || !event::poll(Duration::ZERO)? {
            waited = wait(PATIENCE);
            continue;
        }
        match event::read()? {
            Event::Key(key) if key.kind != KeyEventKind::Release => {
                if let Some(pressed) = meaning(key) {
                    return Ok(pressed);
                }
            }
            Event::Resize(..) => return Ok(Pressed::Nothing),
            _ => {}
        }
    }
}

/// What came of waiting at the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Waited {
    /// It went away. crossterm must not be asked then: it reads the end of the input over and over.
    Gone,
    /// Something was typed, or the terminal may have changed its size.
    Something,
    /// The time passed.
    Nothing,
}

/// Waits until something happens at the terminal, or so much time passed.
#[cfg(unix)]
fn wait(patience: Duration) -> Waited {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    let stdin = io::stdin();
    let look = |patience: Duration| {
        let mut polled = [PollFd::new(&stdin, PollFlags::IN)];
        let patience = Timespec { tv_sec: 0, tv_nsec: patience.subsec_nanos().into() };
        poll(&mut polled, Some(&patience)).map(|_| polled[0].revents())
    };
    let gone = PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL;
    match look(patience) {
        Ok(events) if events.intersects(gone) => Waited::Gone,
        Ok(events) if events.is_empty() => Waited::Nothing,
        Ok(_) => Waited::Something,
        // A signal: that of another size, or the one that comes when the terminal goes away.
        Err(_) => match look(Duration::ZERO) {
            Ok(events) if events.intersects(gone) => Waited::Gone,
            _ => Waited::Something,
        },
    }
}

/// Whether the terminal went away, whatever waits there to be read.
fn is_gone() -> bool {
    wait(Duration::ZERO) == Waited::Gone
}

#[cfg(not(unix))]
fn wait(patience: Duration) -> Waited {
    match event::poll(patience) {
        Ok(false) => Waited::Nothing,
        _ => Waited::Something,
    }
}

fn meaning(key: KeyEvent) -> Option<Pressed> {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    Some(Pressed::Key(match key.code {
        KeyCode::Char('c') if control => return Some(Pressed::Stop),
        KeyCode::Char('d') if control => Key::Quit,
        _ if control => return None,
        KeyCode::Up | KeyCode::Char('k') => Key::Up,
        KeyCode::Down | KeyCode::Char('j') => Key::Down,
        KeyCode::Left | KeyCode::Char('h') => Key::Left,
        KeyCode::Right | KeyCode::Char('l') => Key::Right,
        KeyCode::PageUp | KeyCode::Char('b') => Key::PageUp,
        KeyCode::PageDown | KeyCode::Char(' ') => Key::PageDown,
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc | KeyCode::Backspace => Key::Back,
        KeyCode::Char('?') => Key::Help,
        KeyCode::Char('q') => Key::Quit,
        _ => return None,
    }))
}
