use super::document::Report;
use super::needs::Privacy;
use super::option::OptionKind;
use super::words;

/// A question of law or policy about what is recommended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is asked.
    pub what: &'static str,
    /// What is known.
    pub known: String,
    /// Whether somebody must look at it.
    pub needs_review: bool,
}

impl Report {
    /// What must be looked at before signing, for the recommended way.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        let kind = self.recommended.as_ref().map(|chosen| chosen.kind);
        let asked = words::privacy(self.needs.privacy.value);
        let is_owned = matches!(kind, Some(OptionKind::Buy | OptionKind::SmallerModel));
        let mut findings = vec![match kind {
            None => Finding {
                what: "data",
                known: format!("where it may go: {asked}; no way keeps the promise"),
                needs_review: true,
            },
            Some(_) if is_owned => Finding {
                what: "data",
                known: format!("where it may go: {asked}; own machines keep it in the house"),
                needs_review: false,
            },
            Some(_) => Finding {
                what: "data",
                known: format!(
                    "where it may go: {asked}; prompts and answers leave the premises: place, retention and deletion belong into \
                     the contract"
                ),
                needs_review: self.needs.privacy.value != Privacy::Premises,
            },
        }];
        if let Some(model) = self.models.first() {
            let duties = if model.obligations.is_empty() {
                "nothing but keeping the notice".to_owned()
            } else {
                model.obligations.join(" ")
            };
            findings.push(Finding {
                what: "licence of the weights",
                known: format!("{}: {duties}", model.licence),
                needs_review: !model.obligations.is_empty(),
            });
        }
        if kind != Some(OptionKind::Api) {
            findings.push(Finding {
                what: "export control",
                known: "accelerators of data centres are under export rules that change and differ from country to country; \
                        this program does not know them"
                    .to_owned(),
                needs_review: true,
            });
        }
        findings.push(Finding {
            what: "rules of the country and the trade",
            known: "classified protection (MLPS), domestic technology, personal data, sectors with rules of their own: not \
                    judged here"
                .to_owned(),
            needs_review: true,
        });
        findings
    }
}
