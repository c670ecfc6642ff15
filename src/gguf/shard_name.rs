/// The name of one file of a split model, such as `DeepSeek-R1-Q4_K_M-00001-of-00009.gguf`: `SPLIT_PATH_FORMAT` in
/// llama.cpp's `llama.cpp`. It may be a path or a URL, with what follows the name in one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShardName<'a> {
    before: &'a str,
    after: &'a str,
    /// How many files there are.
    pub count: u32,
}

/// More files than any model is split into (the 671B in BF16: 30).
const MOST_SHARDS: u32 = 1000;

impl<'a> ShardName<'a> {
    /// Takes a name apart; `None` for one that is no shard's.
    #[must_use]
    pub fn parse(name: &'a str) -> Option<Self> {
        let end = name.split(['?', '#']).next()?.len();
        let stem = name[..end].strip_suffix(".gguf")?;
        let (stem, count) = stem.rsplit_once("-of-")?;
        let (before, number) = stem.rsplit_once('-')?;
        let (number, count) = (five_digits(number)?, five_digits(count)?);
        ((1..=count).contains(&number) && count <= MOST_SHARDS).then(|| Self {
            before,
            after: &name[end..],
            count,
        })
    }

    /// The names of all files, in order.
    pub fn names(&self) -> impl Iterator<Item = String> + '_ {
        (1..=self.count)
            .map(move |shard| format!("{}-{shard:05}-of-{:05}.gguf{}", self.before, self.count, self.after))
    }
}

fn five_digits(text: &str) -> Option<u32> {
    (text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_all_shards_follow_from_any_of_them() {
        let name = ShardName::parse("https://host/a-00002-of-00003.gguf?download=true").unwrap();
        assert_eq!(
            name.names().collect::<Vec<_>>(),
            [
                "https://host/a-00001-of-00003.gguf?download=true",
                "https://host/a-00002-of-00003.gguf?download=true",
                "https://host/a-00003-of-00003.gguf?download=true",
            ]
        );
    }

    #[test]
    fn names_that_only_look_like_a_shards_are_taken_whole() {
        for name in [
            "a.gguf",
            "a-00004-of-00003.gguf",
            "a-1-of-3.gguf",
            "a-00000-of-00003.gguf",
            "a-00001-of-00003.bin",
        ] {
            assert_eq!(ShardName::parse(name), None, "{name}");
        }
    }
}
