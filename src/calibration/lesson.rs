use super::{Quantity, Setting};

/// What a measurement on the machine at hand says of predictions there.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    /// The model that was measured.
    pub model: String,
    /// Its quant.
    pub quant: String,
    /// The day.
    pub date: jiff::civil::Date,
    /// Threads on the processors.
    pub threads: u32,
    /// On what it ran.
    pub setting: Setting,
    /// Measured decode as a multiple of the predicted.
    pub decode: Option<f64>,
    /// Measured prefill as a multiple of the predicted.
    pub prefill: Option<f64>,
}

impl Lesson {
    /// Measured over predicted.
    #[must_use]
    pub const fn ratio(&self, quantity: Quantity) -> Option<f64> {
        match quantity {
            Quantity::Decode => self.decode,
            Quantity::Prefill => self.prefill,
        }
    }
}

/// What the lessons make of a prediction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Learned<'a> {
    /// The same was measured here.
    Measured {
        /// Measured over predicted.
        ratio: f64,
        /// By which measurement.
        lesson: &'a Lesson,
    },
    /// Others were measured here.
    Scaled {
        /// The geometric mean of measured over predicted.
        ratio: f64,
        /// The latest of those measurements.
        lesson: &'a Lesson,
    },
}

/// What `lessons` say of a model in a quant, run in a setting with this number of threads: the measurement of the same, or
/// else what those of others have in common; those with as many threads, where there are such.
#[must_use]
pub fn learned<'a>(
    lessons: &'a [Lesson],
    quantity: Quantity,
    setting: Setting,
    target: (&str, &str),
    threads: u32,
) -> Option<Learned<'a>> {
    let fitting: Vec<(&Lesson, f64)> = lessons
        .iter()
        .filter(|lesson| lesson.setting == setting)
        .filter_map(|lesson| Some((lesson, lesson.ratio(quantity)?)))
        .collect();
    let as_many = |(lesson, _): &&(&Lesson, f64)| setting != Setting::Cpu || lesson.threads == threads;
    let same = |(lesson, _): &&(&Lesson, f64)| (lesson.model.as_str(), lesson.quant.as_str()) == target;
    if let Some((lesson, ratio)) = fitting.iter().filter(same).rfind(as_many) {
        return Some(Learned::Measured { ratio: *ratio, lesson });
    }
    let mut used: Vec<&(&Lesson, f64)> = fitting.iter().filter(as_many).collect();
    if used.is_empty() {
        used = fitting.iter().collect();
    }
    let (lesson, _) = used.last()?;
    let mean = used.iter().map(|(_, ratio)| ratio.ln()).sum::<f64>() / used.len() as f64;
    Some(Learned::Scaled { ratio: mean.exp(), lesson })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lesson(quant: &str, threads: u32, decode: f64) -> Lesson {
        Lesson {
            model: "r1-distill-qwen-1.5b".into(),
            quant: quant.into(),
            date: jiff::civil::date(2026, 11, 25),
            threads,
            setting: Setting::Cpu,
            decode: Some(decode),
            prefill: None,
        }
    }

    #[test]
    fn the_same_counts_before_others_and_others_by_their_mean() {
        let lessons = [lesson("Q4_K_M", 2, 1.2), lesson("Q8_0", 2, 0.8), lesson("Q8_0", 4, 3.0)];
        let ask = |quant, threads, quantity, setting| match learned(
            &lessons,
            quantity,
            setting,
            ("r1-distill-qwen-1.5b", quant),
            threads,
        ) {
            Some(Learned::Measured { ratio, .. }) => format!("measured {ratio:.3}"),
            Some(Learned::Scaled { ratio, lesson }) => format!("scaled {ratio:.3} {}", lesson.quant),
            None => "nothing".to_owned(),
        };
        assert_eq!(ask("Q4_K_M", 2, Quantity::Decode, Setting::Cpu), "measured 1.200");
        assert_eq!(ask("Q6_K", 2, Quantity::Decode, Setting::Cpu), "scaled 0.980 Q8_0");
        assert_eq!(ask("Q6_K", 8, Quantity::Decode, Setting::Cpu), "scaled 1.423 Q8_0");
        assert_eq!(ask("Q4_K_M", 2, Quantity::Prefill, Setting::Cpu), "nothing");
        assert_eq!(ask("Q4_K_M", 2, Quantity::Decode, Setting::Cuda), "nothing");
    }
}
