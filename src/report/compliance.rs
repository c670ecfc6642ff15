use super::document::Report;
use super::needs::Privacy;
use super::option::OptionKind;
use super::words;
use crate::lang::Lang;
use crate::tr;

/// A question of law or policy about what is recommended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is asked.
    pub what: String,
    /// What is known.
    pub known: String,
    /// Whether somebody must look at it.
    pub needs_review: bool,
}

impl Report {
    /// What must be looked at before signing, for the recommended way.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        let lang = self.lang;
        let kind = self.recommended.as_ref().map(|chosen| chosen.kind);
        let mut findings = vec![self.data(kind)];
        if let Some(model) = self.models.first() {
            let duties = if model.obligations.is_empty() {
                tr!(lang, "nothing but keeping the notice", "只须保留声明")
            } else {
                match lang {
                    Lang::En => model.obligations.join(" "),
                    Lang::Zh => model.obligations.concat(),
                }
            };
            findings.push(Finding {
                what: tr!(lang, "licence of the weights", "权重许可证"),
                known: tr!(lang, "{}: {duties}", "{}：{duties}", model.licence),
                needs_review: !model.obligations.is_empty(),
            });
        }
        if kind != Some(OptionKind::Api) {
            findings.push(Finding {
                what: tr!(lang, "export control", "出口管制"),
                known: tr!(
                    lang,
                    "accelerators of data centres are under export rules that change and differ from country to country; \
                     this program does not know them",
                    "数据中心加速卡受出口管制，规定因国家而异且不断变化；本程序不掌握这些规定"
                ),
                needs_review: true,
            });
        }
        findings.push(Finding {
            what: tr!(lang, "rules of the country and the trade", "国家与行业规定"),
            known: match self.needs.region.value.as_deref() {
                Some("eu") => tr!(
                    lang,
                    "data protection (GDPR), the AI Act, sectors with rules of their own: not judged here",
                    "《通用数据保护条例》（GDPR）、《人工智能法案》，以及行业专门规定：此处不作判断"
                ),
                Some("cn") => tr!(
                    lang,
                    "classified protection (MLPS), domestic technology, personal data, sectors with rules of their own: not \
                     judged here",
                    "网络安全等级保护（等保）、信创要求（国产化）、个人信息保护，以及行业专门规定：此处不作判断"
                ),
                _ => tr!(
                    lang,
                    "personal data, sectors with rules of their own, and in China classified protection (MLPS) and domestic \
                     technology: not judged here",
                    "个人信息保护、行业专门规定；在中国另有网络安全等级保护（等保）与信创要求（国产化）：此处不作判断"
                ),
            },
            needs_review: true,
        });
        findings
    }

    fn data(&self, kind: Option<OptionKind>) -> Finding {
        let lang = self.lang;
        let asked = words::privacy(self.needs.privacy.value, lang);
        let (known, needs_review) = match kind {
            None => (
                tr!(
                    lang,
                    "where it may go: {asked}; no way keeps the promise",
                    "数据去向：{asked}；没有方案满足 SLO"
                ),
                true,
            ),
            Some(OptionKind::Buy | OptionKind::Own | OptionKind::LowerQuant | OptionKind::SmallerModel) => (
                tr!(
                    lang,
                    "where it may go: {asked}; own machines keep it in the house",
                    "数据去向：{asked}；自有设备，数据不出域"
                ),
                false,
            ),
            Some(_) => (
                tr!(
                    lang,
                    "where it may go: {asked}; prompts and answers leave the premises: place, retention and deletion belong \
                     into the contract",
                    "数据去向：{asked}；提示词与回答会出域：存放地点、保留期限与删除须写入合同"
                ),
                self.needs.privacy.value != Privacy::Premises,
            ),
        };
        Finding { what: tr!(lang, "data", "数据"), known, needs_review }
    }
}
