use super::workload::rng;

/// Common words, which are one token each, with the space before them, in the vocabularies in use.
const WORDS: &str = "time year people way day man thing woman life child world school state family student group country \
    problem hand part place case week company system program question work government number night point home water \
    room mother area money story fact month lot right study book eye job word business issue side kind head house \
    service friend father power hour game line end member law car city community name president team minute idea body \
    information back parent face level office door health person art war history party result change morning reason \
    research girl moment air teacher force education";

/// Makes prompts that no server has seen before.
///
/// Servers keep what they have read of earlier prompts and skip it where a new one begins in the same way; so each begins
/// with words of its own, unless a part is to be shared.
#[derive(Clone, Debug)]
pub struct Prompts {
    words: Vec<&'static str>,
    run: u64,
    /// Words before each prompt that the server has read already.
    depth_words: usize,
    shared_words: usize,
    scale: Scale,
}

/// How words become tokens, as the server counts them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// Tokens of a word.
    pub tokens_per_word: f64,
    /// Tokens that the server's template adds.
    pub template_tokens: f64,
}

impl Default for Scale {
    /// Where the server does not count.
    fn default() -> Self {
        Self { tokens_per_word: 1.0, template_tokens: 0.0 }
    }
}

impl Scale {
    /// What follows from two prompts of other lengths, each in words and tokens; none where they contradict each other.
    #[must_use]
    pub fn through(short: (u32, u64), long: (u32, u64)) -> Option<Self> {
        let tokens_per_word = (long.1 as f64 - short.1 as f64) / (f64::from(long.0) - f64::from(short.0));
        let template_tokens = short.1 as f64 - f64::from(short.0) * tokens_per_word;
        // A word of many tokens is one of a vocabulary of bytes.
        (0.5..16.0)
            .contains(&tokens_per_word)
            .then_some(Self { tokens_per_word, template_tokens: template_tokens.max(0.0) })
    }

    #[expect(clippy::cast_sign_loss, reason = "a count is positive")]
    fn words(self, tokens: f64) -> usize {
        (tokens / self.tokens_per_word).round().max(0.0) as usize
    }
}

impl Prompts {
    /// Prompts of a `run`, which is another number each time the program runs.
    #[must_use]
    pub fn new(run: u64, scale: Scale, shared_prefix_tokens: u32) -> Self {
        let shared_words = scale.words(f64::from(shared_prefix_tokens));
        Self { words: WORDS.split_whitespace().collect(), run, depth_words: 0, shared_words, scale }
    }

    /// The same prompts after a shared prefix of this many tokens.
    #[must_use]
    pub fn at_depth(&self, tokens: u32) -> Self {
        Self { depth_words: self.scale.words(f64::from(tokens)), ..self.clone() }
    }

    /// The text of a request that the server reads as about `tokens`, its template included.
    #[must_use]
    pub fn of_tokens(&self, number: u64, tokens: u32) -> String {
        self.of_words(number, self.scale.words(f64::from(tokens) - self.scale.template_tokens))
    }

    /// The text of a request of `count` words, one at least.
    #[must_use]
    pub fn of_words(&self, number: u64, count: usize) -> String {
        let count = count.max(1);
        let shared = self.depth_words + self.shared_words.min(count.saturating_sub(1));
        let count = self.depth_words + count;
        // The shared part is the same in every run: a server may know it from the day before.
        let mut common = rng(0, 0);
        let mut own = rng(self.run, number);
        let mut text = String::with_capacity(count * 7);
        for place in 0..count {
            let rng = if place < shared { &mut common } else { &mut own };
            if place > 0 {
                text.push(' ');
            }
            text.push_str(self.words[rng.usize(..self.words.len())]);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prompts(run: u64, shared_prefix_tokens: u32) -> Prompts {
        Prompts::new(run, Scale::default(), shared_prefix_tokens)
    }

    #[test]
    fn no_two_prompts_begin_alike_unless_they_are_to() {
        let beginning = |text: &str| text.split(' ').take(6).collect::<Vec<_>>().join(" ");
        let own = prompts(1, 0);
        let texts: std::collections::HashSet<_> =
            (0..2000).map(|number| beginning(&own.of_tokens(number, 40))).collect();
        assert_eq!(texts.len(), 2000);
        assert_ne!(prompts(2, 0).of_tokens(0, 40), own.of_tokens(0, 40), "another run has other prompts");
        let shared = prompts(1, 30);
        assert_eq!(beginning(&shared.of_tokens(0, 40)), beginning(&shared.of_tokens(1, 40)));
        assert_ne!(shared.of_tokens(0, 40), shared.of_tokens(1, 40));
        assert_eq!(prompts(2, 30).of_tokens(0, 40)[..60], shared.of_tokens(0, 40)[..60]);
    }

    #[test]
    fn at_a_depth_each_prompt_stands_behind_the_same_words() {
        let deep = prompts(1, 0).at_depth(300);
        let texts = [0, 1].map(|number| deep.of_tokens(number, 40));
        let words = texts.each_ref().map(|text| text.split(' ').collect::<Vec<_>>());
        assert_eq!((words[0].len(), &words[0][..300]), (340, &words[1][..300]));
        assert_ne!(words[0][300..], words[1][300..]);
    }

    #[test]
    fn words_follow_from_the_tokens_that_the_server_counted() {
        let count = |scale, tokens| Prompts::new(1, scale, 900).of_tokens(0, tokens).split(' ').count();
        assert_eq!(count(Scale::default(), 100), 100);
        // 16 words were 40 tokens and 64 words 136: two a word, and a template of eight.
        let scale = Scale::through((16, 40), (64, 136)).unwrap();
        assert_eq!(scale, Scale { tokens_per_word: 2.0, template_tokens: 8.0 });
        assert_eq!(count(scale, 108), 50);
        assert_eq!(count(scale, 1), 1);
        assert_eq!(Scale::through((16, 40), (64, 40)), None, "a server that does not count prompts");
    }
}
