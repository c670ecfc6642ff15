use super::limits::{Limit, limits};
use crate::estimate::DeviceMemory;
use crate::i18n::Locale;
use crate::message;
use crate::message::Message;

/// A use-case that is offered.
#[derive(Clone, Debug)]
pub struct Purpose {
    /// As `--use-case` takes it.
    pub id: String,
    /// What it is.
    pub description: Message,
    /// The value of each limit where none is set here, by its flag.
    pub usual: Vec<(&'static str, Message)>,
}

/// A model that is shown among the results.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Model and quant.
    pub target: String,
    /// Whether it meets the needs and no other beats it.
    pub is_recommended: bool,
    /// What to know at a glance: decode speed, memory, time to answer, quality, what it runs on.
    pub columns: Vec<String>,
    /// What it takes on each device, or would take if it fit.
    pub devices: Vec<DeviceMemory>,
    /// Its speed, and why or why not, in sentences.
    pub sentences: Vec<String>,
}

/// What a person pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// One up.
    Up,
    /// One down.
    Down,
    /// The option before.
    Left,
    /// The option after.
    Right,
    /// Up in the details.
    PageUp,
    /// Down in the details.
    PageDown,
    /// On.
    Enter,
    /// Back.
    Back,
    /// What the keys are.
    Help,
    /// Away.
    Quit,
}

/// What is to be done after a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing but to draw it anew.
    Stay,
    /// To find what keeps the limits, and to [`Guide::show`] it.
    Decide,
    /// To end without a choice.
    Leave,
    /// To end with this result, by its index.
    Choose(usize),
}

/// Where a person is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Purpose,
    Limits,
    Results,
}

/// The state of a guided choice.
#[derive(Clone, Debug)]
pub struct Guide {
    pub(super) locale: Locale,
    pub(super) step: Step,
    pub(super) helps: bool,
    pub(super) purposes: Vec<Purpose>,
    pub(super) purpose: usize,
    pub(super) limits: Vec<Limit>,
    pub(super) limit: usize,
    pub(super) results: Vec<Candidate>,
    pub(super) result: usize,
    /// Lines of the details that went out of sight; the drawing, which knows how many there are, bounds it.
    pub(super) scrolled: usize,
    /// Why the last key did not lead on.
    pub(super) complaint: Option<Message>,
}

impl Guide {
    /// A guide over these use-cases, of which one is chosen beforehand.
    #[must_use]
    pub fn new(purposes: Vec<Purpose>, chosen: &str, locale: &Locale) -> Self {
        let purpose = purposes.iter().position(|purpose| purpose.id == chosen).unwrap_or(0);
        Self {
            locale: locale.clone(),
            step: Step::Purpose,
            helps: false,
            purposes,
            purpose,
            limits: limits(),
            limit: 0,
            results: Vec::new(),
            result: 0,
            scrolled: 0,
            complaint: None,
        }
    }

    /// Takes a key.
    pub fn press(&mut self, key: Key) -> Next {
        self.complaint = None;
        if self.helps {
            self.helps = false;
            return if key == Key::Quit { Next::Leave } else { Next::Stay };
        }
        match key {
            Key::Quit => return Next::Leave,
            Key::Help => self.helps = true,
            Key::Up => self.move_by(-1),
            Key::Down => self.move_by(1),
            Key::PageUp => self.scrolled = self.scrolled.saturating_sub(3),
            Key::PageDown => self.scrolled += 3,
            Key::Left if self.step == Step::Limits => self.turn(-1),
            Key::Right if self.step == Step::Limits => self.turn(1),
            // Only Enter chooses: an arrow too many should not end it.
            Key::Right if self.step == Step::Results => {}
            Key::Left if self.step == Step::Purpose => {}
            Key::Enter | Key::Right => return self.forward(),
            Key::Back | Key::Left => return self.back(),
        }
        Next::Stay
    }

    /// Takes what keeps the limits, the best first.
    pub fn show(&mut self, results: Vec<Candidate>) {
        self.results = results;
        self.result = 0;
        self.scrolled = 0;
        self.step = Step::Results;
    }

    /// Says why the limits cannot be looked for.
    pub fn complain(&mut self, why: Message) {
        self.complaint = Some(why);
    }

    /// Whether results were shown for the limits that are set.
    #[must_use]
    pub fn has_results(&self) -> bool {
        self.step == Step::Results
    }

    /// The flags of `recommend` that ask for the same.
    #[must_use]
    pub fn flags(&self) -> Vec<String> {
        let purpose = self.purposes.get(self.purpose);
        let purpose = purpose.map(|purpose| ["--use-case".to_owned(), purpose.id.clone()]);
        purpose.into_iter().flatten().chain(self.limits.iter().flat_map(Limit::flags)).collect()
    }

    fn forward(&mut self) -> Next {
        match self.step {
            Step::Purpose => self.step = Step::Limits,
            Step::Limits => return Next::Decide,
            Step::Results => match self.results.get(self.result) {
                Some(result) if result.is_recommended => return Next::Choose(self.result),
                _ => self.complain(message!(ChooserNotRecommended)),
            },
        }
        Next::Stay
    }

    fn back(&mut self) -> Next {
        match self.step {
            Step::Purpose => return Next::Leave,
            Step::Limits => self.step = Step::Purpose,
            Step::Results => self.step = Step::Limits,
        }
        Next::Stay
    }

    fn move_by(&mut self, by: isize) {
        let (at, count) = match self.step {
            Step::Purpose => (&mut self.purpose, self.purposes.len()),
            Step::Limits => (&mut self.limit, self.limits.len()),
            Step::Results => (&mut self.result, self.results.len()),
        };
        *at = at.saturating_add_signed(by).min(count.saturating_sub(1));
        self.scrolled = 0;
    }

    fn turn(&mut self, by: isize) {
        let Some(limit) = self.limits.get_mut(self.limit) else { return };
        limit.chosen = limit.chosen.saturating_add_signed(by).min(limit.values.len() - 1);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn guide() -> Guide {
        let purpose =
            |id: &str| Purpose { id: id.to_owned(), description: Message::verbatim(id), usual: Vec::new() };
        Guide::new(vec![purpose("general"), purpose("chat"), purpose("coding")], "chat", &Locale::default())
    }

    fn candidate(target: &str, is_recommended: bool) -> Candidate {
        Candidate {
            target: target.to_owned(),
            is_recommended,
            columns: Vec::new(),
            devices: Vec::new(),
            sentences: Vec::new(),
        }
    }

    fn press(guide: &mut Guide, keys: &[Key]) -> Next {
        keys.iter().map(|key| guide.press(*key)).last().unwrap_or(Next::Stay)
    }

    #[test]
    fn keys_lead_from_the_use_case_over_limits_to_a_choice() {
        let mut guide = guide();
        let keys = [Key::Down, Key::Enter, Key::Right, Key::Right, Key::Down, Key::Right];
        assert_eq!(press(&mut guide, &keys), Next::Stay);
        assert_eq!(guide.flags(), ["--use-case", "coding", "--priority", "latency", "--min-decode", "1"]);
        assert_eq!(guide.press(Key::Enter), Next::Decide);
        guide.show(vec![candidate("7b:Q4_K_M", true), candidate("8b:Q4_K_M", true)]);
        assert_eq!(press(&mut guide, &[Key::Down, Key::Down, Key::Enter]), Next::Choose(1));
    }

    #[test]
    fn a_switch_is_a_flag_without_a_value() {
        let mut guide = guide();
        press(&mut guide, &[Key::Enter, Key::Up]);
        press(&mut guide, &[Key::Down; 20]);
        press(&mut guide, &[Key::Right, Key::Right]);
        assert_eq!(guide.flags(), ["--use-case", "chat", "--local-only"]);
        press(&mut guide, &[Key::Left]);
        assert_eq!(guide.flags(), ["--use-case", "chat"]);
    }

    #[test]
    fn what_is_not_recommended_is_not_chosen_but_said_so() {
        let mut guide = guide();
        guide.show(vec![candidate("7b:Q4_K_M", true), candidate("70b:Q4_K_M", false)]);
        assert_eq!(press(&mut guide, &[Key::Down, Key::Right, Key::Enter]), Next::Stay);
        assert_eq!(guide.complaint.as_ref().map(Message::code), Some("chooser-not-recommended"));
        assert_eq!(press(&mut guide, &[Key::Up, Key::Enter]), Next::Choose(0));
        assert_eq!(guide.complaint, None);
    }

    #[test]
    fn back_leads_back_and_then_away() {
        let mut guide = guide();
        press(&mut guide, &[Key::Enter, Key::Enter]);
        guide.show(Vec::new());
        assert_eq!(press(&mut guide, &[Key::Enter]), Next::Stay);
        assert_eq!(press(&mut guide, &[Key::Back, Key::Back, Key::Back]), Next::Leave);
    }

    #[test]
    fn help_is_closed_by_any_key() {
        let mut guide = guide();
        press(&mut guide, &[Key::Help, Key::Down]);
        assert_eq!((guide.helps, guide.purpose), (false, 1));
    }

    proptest! {
        #[test]
        fn no_keys_lead_out_of_the_lists(keys in prop::collection::vec(0..9usize, 0..60)) {
            let all = [
                Key::Up, Key::Down, Key::Left, Key::Right, Key::Enter, Key::Back, Key::Help, Key::PageUp, Key::PageDown,
            ];
            let mut guide = guide();
            for key in keys {
                match guide.press(all[key]) {
                    Next::Decide => guide.show(vec![candidate("7b:Q4_K_M", true), candidate("8b:Q4_K_M", false)]),
                    Next::Choose(chosen) => prop_assert_eq!(chosen, 0),
                    Next::Stay | Next::Leave => {}
                }
                prop_assert!(guide.purpose < 3 && guide.limit < guide.limits.len() && guide.result < 2);
                prop_assert_eq!(&guide.flags()[0], "--use-case");
            }
        }
    }
}
