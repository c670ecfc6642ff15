use super::document::Report;
use super::needs::Privacy;
use super::option::OptionKind;
use crate::message;
use crate::message::{Message, fact, list};

/// A question of law or policy about what is recommended.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The question.
    pub what: Message,
    /// What is known.
    pub known: Message,
    /// Whether somebody must look at it.
    pub needs_review: bool,
}

impl Report {
    /// What must be looked at before signing, for the recommended way.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        let kind = self.recommended.as_ref().map(|chosen| chosen.kind);
        let mut findings = vec![self.data(kind)];
        if let Some(model) = self.models.first() {
            let licence = &model.licence;
            findings.push(Finding {
                what: message!(ReportFindingLicence),
                known: if model.obligations.is_empty() {
                    message!(ReportLicenceNotice { licence: fact(licence) })
                } else {
                    message!(ReportLicenceDuties {
                        licence: fact(licence),
                        duties: list(model.obligations.iter().map(fact))
                    })
                },
                needs_review: !model.obligations.is_empty(),
            });
        }
        if kind != Some(OptionKind::Api) {
            findings.push(Finding {
                what: message!(ReportFindingExport),
                known: message!(ReportExportRules),
                needs_review: true,
            });
        }
        findings.push(Finding {
            what: message!(ReportFindingRules),
            known: match self.needs.region.value.as_deref() {
                Some("eu") => message!(ReportRulesEu),
                Some("cn") => message!(ReportRulesCn),
                _ => message!(ReportRules),
            },
            needs_review: true,
        });
        findings
    }

    fn data(&self, kind: Option<OptionKind>) -> Finding {
        let allowed = self.needs.privacy.value.message();
        let (known, needs_review) = match kind {
            None => (message!(ReportDataNoAnswer { allowed }), true),
            Some(OptionKind::Buy | OptionKind::Own | OptionKind::LowerQuant | OptionKind::SmallerModel) => {
                (message!(ReportDataStays { allowed }), false)
            }
            Some(_) => {
                (message!(ReportDataLeaves { allowed }), self.needs.privacy.value != Privacy::Premises)
            }
        };
        Finding { what: message!(ReportFindingData), known, needs_review }
    }
}
