use super::document::Report;
use super::needs::{Privacy, ReportNeeds};
use crate::lang::Lang;
use crate::tr;

/// What is reckoned how: the name, the formula.
#[must_use]
pub fn method(lang: Lang) -> [[String; 2]; 9] {
    [
        [
            tr!(lang, "load", "负载"),
            tr!(
                lang,
                "requests a second = users × requests a day × share of the busiest hour ÷ 3600 × burst",
                "每秒请求数 = 用户数 × 每日请求数 × 峰值小时占比 ÷ 3600 × 突发系数"
            ),
        ],
        [
            tr!(lang, "a step of the batch", "一步批处理的时间"),
            tr!(
                lang,
                "launches + exchanges + the longer of reading weights and computing, and a quarter of the shorter + reading the \
                 cache; of routed experts a batch of B tokens reads 1 − (1 − k ÷ E)^B",
                "内核启动 + 卡间通信 + 读取权重与计算中较长者，另加较短者的四分之一 + 读取 KV 缓存；\
                 B 个 token 的批次读取路由专家中的 1 − (1 − k ÷ E)^B"
            ),
        ],
        [
            tr!(lang, "what a replica carries", "单个副本的承载能力"),
            tr!(
                lang,
                "the highest Poisson rate at which the 95th percentiles of TTFT and TPOT keep the promise, by bisection over a \
                 seeded simulation of 400 requests with log-normal answers",
                "TTFT 与 TPOT 的 p95 满足 SLO 的最高泊松到达率，对 400 个请求的定种子仿真（回答长度服从对数正态分布）\
                 用二分法求得"
            ),
        ],
        [
            tr!(lang, "requests in flight", "在途请求"),
            tr!(
                lang,
                "rate × (TTFT + TPOT × answer) of their means, Little's law",
                "到达率 ×（TTFT + TPOT × 回答长度）（均取平均值），即 Little 定律"
            ),
        ],
        [
            tr!(lang, "replicas", "副本数"),
            tr!(
                lang,
                "peak rate ÷ (what one carries × use at the peak), rounded up, then up to whole machines, and those to spare",
                "峰值到达率 ÷（单个副本的承载能力 × 峰值可用占比），向上取整，再凑足整机，另加备机"
            ),
        ],
        [
            tr!(lang, "capital a year", "年资本成本"),
            tr!(
                lang,
                "(price × (1 + network, setting up, parts) − residual value ÷ (1 + r)^n) × r (1 + r)^n ÷ ((1 + r)^n − 1)",
                "（价格 ×（1 + 网络、安装、备件）− 残值 ÷ (1 + r)^n）× r (1 + r)^n ÷ ((1 + r)^n − 1)"
            ),
        ],
        [
            tr!(lang, "energy a year", "年电费"),
            tr!(
                lang,
                "kW drawn on average × PUE × 8760 h × price of a kilowatt-hour",
                "平均功率（kW）× PUE × 8760 小时 × 每千瓦时电价"
            ),
        ],
        [
            tr!(lang, "a million tokens", "每百万 token 成本"),
            tr!(lang, "cost of a year ÷ tokens of a year", "年成本 ÷ 年 token 数"),
        ],
        [
            tr!(lang, "break-even with an API", "与 API 的盈亏平衡"),
            tr!(
                lang,
                "cost of owning a year ÷ the API's bill for all that the machines could serve in it",
                "自有年成本 ÷ 设备满载一年的输出若用 API 所需的费用"
            ),
        ],
    ]
}

impl Report {
    /// The command that writes this document again, with every value spelled out.
    #[must_use]
    pub fn command(&self) -> String {
        let needs: &ReportNeeds = &self.needs;
        let numbers = [
            ("users", needs.users.value),
            ("requests-per-user-day", needs.requests_per_user_day.value),
            ("prompt-tokens", needs.prompt_tokens.value),
            ("output-tokens", needs.output_tokens.value),
            ("peak-hour-share", needs.peak_hour_share.value),
            ("burst", needs.burst.value),
            ("cached-share", needs.cached_share.value),
            ("growth", needs.growth.value),
            ("working-days", needs.working_days.value),
            ("min-decode", 1.0 / needs.tpot_seconds.value),
            ("headroom", needs.headroom.value),
            ("discount-rate", needs.discount_rate.value),
            ("residual-share", needs.residual_share.value),
            ("power-price", needs.usd_per_kwh.value.0),
            ("pue", needs.pue.value),
            ("staff-fte", needs.staff_fte.value),
            ("staff-cost", needs.staff_cost.value.0),
            ("years", f64::from(needs.years.value)),
        ];
        let privacy = match needs.privacy.value {
            Privacy::Open => "open",
            Privacy::Rented => "rented",
            Privacy::Premises => "premises",
        };
        let mut flags = vec![
            format!("--date {}", self.date),
            format!("--use-case {}", needs.use_case.value),
            format!("--model {}", needs.model.value),
            format!("--max-ttft {}s", needs.ttft_seconds.value),
            format!("--privacy {privacy}"),
        ];
        flags.extend((self.lang != Lang::En).then(|| "--lang zh".to_owned()));
        flags.extend(numbers.map(|(flag, value)| format!("--{flag} {value}")));
        let quoted = |text: &str| if text.contains(' ') { format!("'{text}'") } else { text.to_owned() };
        flags.extend(
            needs.availability.value.map(|share| format!("--availability {}%", (share * 1e8).round() / 1e6)),
        );
        flags.extend(needs.vendors.value.iter().map(|name| format!("--vendors {}", quoted(name))));
        flags.extend(needs.region.value.iter().map(|region| format!("--region {}", quoted(region))));
        let folder = &needs.inventory.value.folder;
        flags.extend((!folder.is_empty()).then(|| format!("--inventory {}", quoted(folder))));
        flags.extend(needs.prices.value.iter().map(|file| format!("--prices {}", quoted(file))));
        flags.extend(needs.measured_in.value.iter().map(|file| format!("--measured {}", quoted(file))));
        let currency = &needs.currency.value;
        if currency.code != "USD" {
            flags.push(format!("--currency {}={}@{}", currency.code, currency.per_usd, currency.date));
        }
        flags.extend(needs.budget.value.map(|budget| format!("--budget {}", budget.0)));
        flags.extend(needs.spare.value.then(|| "--spare".to_owned()));
        format!("r1-advisor report {}", flags.join(" "))
    }
}
