### 需求：人们键入的值、需求文件，以及无法按所写满足的需求。

# 值
needs-not-tokens = `{ $text }` 不是 token 数，写法如 `8192` 或 `32k`
needs-not-a-share = `{ $text }` 不是比例，写法如 `0.1` 或 `10%`
needs-not-a-percentage = `{ $text }` 不是百分数，写法如 `3` 或 `3%`
needs-not-a-time = `{ $text }` 不是时长，写法如 `90`、`90s`、`2min` 或 `1h`
needs-not-money = `{ $text }` 不是美元金额，写法如 `2500` 或 `$2,500`
needs-not-a-minimum = `{ $text }` 不是最低分，写法如 `aime24=50`
needs-unknown-benchmark = 没有基准测试 `{ $name }`
needs-unknown-benchmark-near = 没有基准测试 `{ $name }`，是不是想写 `{ $nearest }`？
needs-unknown-licence = 没有采用许可证 `{ $name }` 的模型，只有 { $known }
needs-not-a-choice = `{ $text }` 不是 { $known }
needs-not-a-size = `{ $text }` 不是大小，写法如 `64GiB`、`24GB` 或 `512 MiB`
needs-not-whole = `{ $text }` 不是整数
needs-whole-out-of-range = { $text } 不在 { $least } 到 { $most } 之间
needs-not-a-day = `{ $text }` 不是日期，写法如 `2026-11-25`
needs-not-a-date = `{ $text }` 不是日期，写法如 `2024-10-31`、`2024-10` 或 `2024`
needs-not-a-currency = `{ $text }` 不是货币，写法如 `CNY` 或 `CNY=7.1@2026-11-20`，即 1 美元折合多少及汇率日期
needs-not-positive = `{ $text }` 不是大于 0 的数
needs-not-within = `{ $text }` 不是 0 到 { $most } 之间的数
needs-not-layers = `{ $text }` 不是 2 以上的层数，也不是 `all`
needs-not-gpu-shares = `{ $text }` 不是各 GPU 的份额，写法如 `3/1`

# 需求文件
needs-unreadable = 无法读取需求文件 `{ $path }`
needs-malformed = `{ $path }` 第 { $line } 行：{ $wrong }
needs-unknown-key = 没有名为 `{ $key }` 的键
needs-not-one-value = `{ $key }` 只能有一个值
needs-not-a-switch = `{ $key }` 只能是 `true` 或 `false`
needs-not-with = `{ $key }` 不能与 `{ $other }` 同时使用
needs-cannot-be = `{ $key }` 不能是 `{ $text }`
needs-wrong-value = `{ $key }`
needs-init-hint = `r1-advisor recommend --init` 和 `report --init` 会打印一份列出所有键的文件
needs-did-you-mean = 是不是想写 `{ $near }`？
needs-choose-from = 可取的值：{ $known }

# 无法按所写满足的需求
needs-missing = 缺少 `{ $flag }`
needs-missing-hint = `r1-advisor report --help` 有示例，`report --init` 会打印一份供填写的文件
needs-out-of-range = `{ $flag }` 须在 { $least } 到 { $most } 之间，不能是 { $value }
needs-out-of-range-hint = 请更正 `{ $flag }`，或需求文件中的 `{ $key }`
needs-availability-out-of-range = `--availability` 须在 { $least } 到 { $most } 之间，不能是 { $share }
needs-context-too-short = { $context } token 的上下文装不下 { $prompt } token 的提示词和 { $output } token 的回答
needs-context-too-short-hint = 请把 `--context` 提高到 { $length }，或调低 `--prompt-tokens` 或 `--output-tokens`
needs-context-too-long = `--context` 与 `--sequences` 之积超出 llama.cpp 的上限
needs-context-too-long-hint = 请调低 `--context` 或 `--sequences`
needs-unknown-vendor = 没有名为 `{ $name }` 的 GPU 厂商或服务商
needs-unknown-region = 没有名为 `{ $name }` 的地区
needs-unknown-region-hint = 可写 { $known }，或报价中的地名，如 `mumbai` 或 `us-east-1`
needs-unknown-currency = 目录中没有 `{ $code }` 的汇率
needs-unknown-currency-hint = 请给出汇率及日期，如 `{ $code }=7.1@2026-11-20`；目录中有 { $known }
