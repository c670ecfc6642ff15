use super::document::Report;
use super::option::OptionKind;
use crate::lang::Lang;
use crate::tr;

impl Report {
    /// From the decision to users and out again, in order; how long sellers take is theirs to say.
    #[must_use]
    pub fn steps(&self) -> Vec<String> {
        let Some(chosen) = &self.recommended else { return Vec::new() };
        let option = &self.options[chosen.option];
        let lang = self.lang;
        let mut steps = match option.kind {
            OptionKind::Buy | OptionKind::LowerQuant | OptionKind::SmallerModel => {
                let power = option.deployment.as_ref().map_or(0.0, |deployment| deployment.nameplate_kw);
                buying(power, self.stays(), lang)
            }
            OptionKind::Own => using(lang),
            OptionKind::RentReserved | OptionKind::RentOnDemand | OptionKind::Hybrid => renting(lang),
            OptionKind::Api | OptionKind::Wait => calling(lang),
        };
        steps.extend([
            tr!(
                lang,
                "Move users over in thirds, a week apart, and look at TTFT and TPOT each time.",
                "用户分三批迁入，每批间隔一周，每次都检查 TTFT 和 TPOT。"
            ),
            tr!(
                lang,
                "Way back: keep what is used today for a month beside it.",
                "回退：现有方案并行保留一个月。"
            ),
            tr!(
                lang,
                "Way out: the weights are files and the interface is OpenAI's, so another machine or provider can take over.",
                "退出：权重是文件，接口与 OpenAI 兼容，可由其他机器或服务商接替。"
            ),
        ]);
        steps
    }
}

fn using(lang: Lang) -> Vec<String> {
    vec![
        tr!(
            lang,
            "Set the machines aside for it, and look at what else runs on them.",
            "把这些机器腾出来，并核对其上的其他任务。"
        ),
        tr!(
            lang,
            "Try the model on one of them with questions of your own: length of answers, promise, quality.",
            "先在其中一台上用自己的问题试用模型：回答长度、SLO、质量。"
        ),
        tr!(
            lang,
            "Hold all of them to the acceptance test before users are told.",
            "通知用户前，按验收方案整体验收。"
        ),
    ]
}

fn buying(power: f64, stays: bool, lang: Lang) -> Vec<String> {
    vec![
        tr!(
            lang,
            "Ask three sellers for offers with their day of delivery, and how long each holds.",
            "向三家供应商询价，要求注明交货日期与报价有效期。"
        ),
        if stays {
            tr!(
                lang,
                "Meanwhile try the model on rented GPUs of the same kind, with questions that are no secret: length of answers, \
                 promise, quality.",
                "同时租用同型号 GPU，用不涉密的问题试用模型：回答长度、SLO、质量。"
            )
        } else {
            tr!(
                lang,
                "Meanwhile try the model on rented GPUs of the same kind with questions of your own: length of answers, \
                 promise, quality.",
                "同时租用同型号 GPU，用自己的问题试用模型：回答长度、SLO、质量。"
            )
        },
        tr!(
            lang,
            "Have circuits and cooling for {power:.1} kW, network and a place ready before the machines come.",
            "设备到货前备好 {power:.1} kW 的供电与制冷、网络和机位。"
        ),
        tr!(
            lang,
            "Hold the delivery to the acceptance test before paying for it.",
            "付款前按验收方案对到货设备验收。"
        ),
    ]
}

fn renting(lang: Lang) -> Vec<String> {
    vec![
        tr!(
            lang,
            "Rent one replica by the hour and try it with questions of your own: length of answers, promise, quality.",
            "先按小时租用一个副本，用自己的问题试用：回答长度、SLO、质量。"
        ),
        tr!(
            lang,
            "Agree on term, place, deletion and what happens when GPUs are not there.",
            "约定租期、存放地点、数据删除，以及 GPU 不可用时如何处理。"
        ),
        tr!(
            lang,
            "Hold all of it to the acceptance test before the contract binds.",
            "合同生效前按验收方案全部验收。"
        ),
    ]
}

fn calling(lang: Lang) -> Vec<String> {
    vec![
        tr!(
            lang,
            "Try the API with questions of your own at the hour that matters: length of answers, latency, quality.",
            "在业务高峰时段用自己的问题试用 API：回答长度、时延、质量。"
        ),
        tr!(
            lang,
            "Agree on retention, place, rate limits and notice of changes; name a second provider.",
            "约定数据保留期限、存放地点、速率限制与变更通知；确定第二家服务商。"
        ),
        tr!(lang, "Hold it to the acceptance test before users are told.", "向用户开放前按验收方案验收。"),
    ]
}
