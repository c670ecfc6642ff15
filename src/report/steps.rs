use super::document::Report;
use super::option::OptionKind;

impl Report {
    /// From the decision to users and out again, in order; how long sellers take is theirs to say.
    #[must_use]
    pub fn steps(&self) -> Vec<String> {
        let Some(chosen) = &self.recommended else { return Vec::new() };
        let option = &self.options[chosen.option];
        let power = option.deployment.as_ref().map_or(0.0, |deployment| deployment.nameplate_kw);
        let own: Vec<String> = match option.kind {
            OptionKind::Buy | OptionKind::SmallerModel => vec![
                "Ask three sellers for offers with their day of delivery, and how long each holds.".to_owned(),
                "Meanwhile try the model on rented GPUs of the same kind with questions of your own: length of answers, \
                 promise, quality."
                    .to_owned(),
                format!(
                    "Have circuits and cooling for {power:.1} kW, network and a place ready before the machines come."
                ),
                "Hold the delivery to the acceptance test before paying for it.".to_owned(),
            ],
            OptionKind::RentReserved | OptionKind::RentOnDemand => vec![
                "Rent one replica by the hour and try it with questions of your own: length of answers, promise, quality."
                    .to_owned(),
                "Agree on term, place, deletion and what happens when GPUs are not there.".to_owned(),
                "Hold all of it to the acceptance test before the term begins.".to_owned(),
            ],
            _ => vec![
                "Try the API with questions of your own at the hour that matters: length of answers, latency, quality."
                    .to_owned(),
                "Agree on retention, place, rate limits and notice of changes; name a second provider.".to_owned(),
                "Hold it to the acceptance test before users are told.".to_owned(),
            ],
        };
        let shared = [
            "Move users over in thirds, a week apart, and look at TTFT and TPOT each time.",
            "Way back: keep what is used today for a month beside it.",
            "Way out: the weights are files and the interface is OpenAI's, so another machine or provider can take over.",
        ];
        own.into_iter().chain(shared.map(str::to_owned)).collect()
    }
}
