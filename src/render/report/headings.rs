use crate::lang::Lang;

/// A section of the document, in the order in which it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heading {
    Decision,
    Requirements,
    Model,
    Load,
    Sizing,
    Options,
    Bill,
    Site,
    Cost,
    BreakEven,
    Sensitivity,
    Risks,
    Compliance,
    Implementation,
    Acceptance,
    Assumptions,
    SignOff,
    Method,
}

impl Heading {
    /// The number and the title; an appendix has no number.
    pub(super) fn title(self, lang: Lang) -> String {
        let (en, zh) = match self {
            Self::Decision => ("Decision", "管理摘要"),
            Self::Requirements => ("Requirements", "需求说明"),
            Self::Model => ("Model and quality", "模型与质量选型"),
            Self::Load => ("Load", "负载模型"),
            Self::Sizing => ("Sizing", "容量测算"),
            Self::Options => ("Options", "方案比选"),
            Self::Bill => ("Bill of materials", "采购清单"),
            Self::Site => ("Site", "机房与供电制冷"),
            Self::Cost => ("Cost by year", "总拥有成本（TCO）"),
            Self::BreakEven => ("Break-even", "盈亏平衡分析"),
            Self::Sensitivity => ("Sensitivity", "敏感性分析"),
            Self::Risks => ("Risks", "风险与应对"),
            Self::Compliance => ("Compliance and privacy", "合规与数据安全"),
            Self::Implementation => ("Implementation", "实施计划"),
            Self::Acceptance => ("Acceptance test", "验收方案"),
            Self::Assumptions => ("Assumptions", "假设与置信度"),
            Self::SignOff => ("Sign-off", "审批签署"),
            Self::Method => ("Appendix: method", "附录：方法与公式"),
        };
        let title = match lang {
            Lang::En => en,
            Lang::Zh => zh,
        };
        match self {
            Self::Method => title.to_owned(),
            _ => format!("{}. {title}", self as usize + 1),
        }
    }

    /// What a link to it ends in.
    pub(super) const fn id(self) -> &'static str {
        match self {
            Self::Decision => "decision",
            Self::Requirements => "requirements",
            Self::Model => "model",
            Self::Load => "load",
            Self::Sizing => "sizing",
            Self::Options => "options",
            Self::Bill => "bill",
            Self::Site => "site",
            Self::Cost => "cost",
            Self::BreakEven => "break-even",
            Self::Sensitivity => "sensitivity",
            Self::Risks => "risks",
            Self::Compliance => "compliance",
            Self::Implementation => "implementation",
            Self::Acceptance => "acceptance",
            Self::Assumptions => "assumptions",
            Self::SignOff => "sign-off",
            Self::Method => "method",
        }
    }
}

/// What the whole is called.
pub(super) fn title(model: &str, lang: Lang) -> String {
    crate::tr!(lang, "Serving {model}: what to buy, rent or call", "{model} 部署方案：购买、租用还是调用 API")
}
