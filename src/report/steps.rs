use super::document::Report;
use super::option::OptionKind;
use crate::message;
use crate::message::{Message, fixed};

impl Report {
    /// From the decision to users and out again, in order; how long sellers take is theirs to say.
    #[must_use]
    pub fn steps(&self) -> Vec<Message> {
        let Some(chosen) = &self.recommended else { return Vec::new() };
        let option = &self.options[chosen.option];
        let mut steps = match option.kind() {
            OptionKind::Buy | OptionKind::LowerQuant | OptionKind::SmallerModel => {
                let power = option.deployment().map_or(0.0, |deployment| deployment.nameplate_kw);
                vec![
                    message!(ReportStepOffers),
                    if self.stays() {
                        message!(ReportStepPilotWithoutSecrets)
                    } else {
                        message!(ReportStepPilot)
                    },
                    message!(ReportStepPower { power: fixed(power, 1) }),
                    message!(ReportStepAcceptDelivery),
                ]
            }
            OptionKind::Own => {
                vec![message!(ReportStepReserve), message!(ReportStepTryOne), message!(ReportStepAcceptOwn)]
            }
            OptionKind::RentReserved | OptionKind::RentOnDemand | OptionKind::Hybrid => vec![
                message!(ReportStepTryRented),
                message!(ReportStepRentTerms),
                message!(ReportStepAcceptRented),
            ],
            OptionKind::Api | OptionKind::Wait => {
                vec![message!(ReportStepTryApi), message!(ReportStepApiTerms), message!(ReportStepAcceptApi)]
            }
        };
        steps.extend([message!(ReportStepMove), message!(ReportStepBack), message!(ReportStepExit)]);
        steps
    }
}
