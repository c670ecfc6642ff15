use super::option::{Installation, OptionKind, PlanOption};
use crate::message;
use crate::message::Message;

/// Risks of what was chosen, the gravest first.
pub(super) fn risks(chosen: Option<&PlanOption>) -> Vec<Message> {
    let mut risks = chosen.map_or_else(Vec::new, own);
    // Of what is called nothing stands idle, and nothing is delivered.
    if chosen.is_none_or(|option| option.kind() != OptionKind::Api) {
        risks.extend([message!(ReportRiskIdle), message!(ReportRiskThroughput)]);
    }
    risks.extend([message!(ReportRiskSuperseded), message!(ReportRiskLongAnswers)]);
    risks
}

/// Those of the way itself.
fn own(option: &PlanOption) -> Vec<Message> {
    match option.kind() {
        OptionKind::Buy | OptionKind::Own | OptionKind::LowerQuant | OptionKind::SmallerModel => {
            let mut risks = vec![message!(ReportRiskPrice), message!(ReportRiskPower)];
            if let Some(Installation { quantity, deployment, .. }) = option.installation() {
                risks.extend((*quantity <= 1).then(|| message!(ReportRiskSingle)));
                risks.extend(deployment.is_consumer.then(|| message!(ReportRiskConsumer)));
            }
            risks
        }
        OptionKind::RentReserved => vec![message!(ReportRiskRent), message!(ReportRiskOthersMachines)],
        OptionKind::RentOnDemand => vec![message!(ReportRiskHour), message!(ReportRiskOthersMachines)],
        OptionKind::Api => {
            vec![message!(ReportRiskApiChanges), message!(ReportRiskApiData), message!(ReportRiskApiLatency)]
        }
        OptionKind::Hybrid | OptionKind::Wait => Vec::new(),
    }
}

/// What the sums leave out.
pub(super) fn not_modelled() -> Vec<Message> {
    vec![
        message!(ReportNotModelledTenants),
        message!(ReportNotModelledNetwork),
        message!(ReportNotModelledCaches),
        message!(ReportNotModelledUsedMachines),
        message!(ReportNotModelledTaxes),
        message!(ReportNotModelledOutage),
    ]
}
