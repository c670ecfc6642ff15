//! The texts of help in Simplified Chinese, by what they are in English.

/// What clap itself writes on a page.
pub(super) const FRAME: &[(&str, &str)] = &[
    ("Print this message or the help of the given subcommand(s)", "显示本帮助，或某个子命令的帮助"),
    ("Print help (see a summary with '-h')", "显示帮助（`-h` 显示摘要）"),
    ("Print help (see more with '--help')", "显示帮助（`--help` 显示详情）"),
    ("Print help", "显示帮助"),
    ("Print version", "显示版本"),
    ("Usage:", "用法："),
    ("Commands:", "命令："),
    ("Arguments:", "参数："),
    ("Options:", "选项："),
    ("Possible values:", "可取的值："),
    ("[possible values: ", "[可取的值："),
    ("[default: ", "[默认："),
    ("[env: ", "[env："),
    ("[alias: ", "[别名："),
    ("[aliases: ", "[别名："),
    ("[OPTIONS]", "[选项]"),
];

/// What stands below the flags, by command.
pub(super) const AFTERWORDS: &[(&str, &str)] = &[
    (
        "r1-advisor",
        "\
示例：
  r1-advisor recommend                              本机适合运行什么
  r1-advisor recommend --gpu 'RTX 4090' --ram 64G   另一台机器适合运行什么
  r1-advisor upgrade --gpu 4060 --ram 32            该添置什么，附价格
  r1-advisor bench 1.5b:Q4_K_M --synthetic          下载前先实测
  r1-advisor pull 7b:Q4_K_M                         下载，完整并校验
  r1-advisor run 7b:Q4_K_M                          与它对话
  r1-advisor models show 70b                        某个规模的全部资料与来源

退出码：0 是，1 答案为否，2 用法错误，3 探测失败，4 目录或输入文件有误，
5 下载失败，6 引擎失败，7 输出失败，130 被中断。",
    ),
    (
        "recommend",
        "\
示例：
  r1-advisor recommend                                     本机，日常使用
  r1-advisor recommend --use-case coding --priority latency
  r1-advisor recommend --gpu '2x RTX 3090' --ram 128G --context 32k
  r1-advisor recommend --machine server.toml --format json
  r1-advisor recommend --init > needs.toml                 全部需求，附说明
  r1-advisor recommend --needs needs.toml
  r1-advisor recommend --compare 'RTX 4090, 64GB' 'mac studio m3 ultra 512' server.toml
  r1-advisor recommend --interactive                       按键选择；最后给出可粘贴的命令
  r1-advisor recommend --pull --verify                     从零到实测；可中断后重来

退出码 1 表示没有满足需求的模型（此时显示最接近的），或实测没有达到预测。",
    ),
    (
        "upgrade",
        "\
示例：
  r1-advisor upgrade                                          本机，日常使用
  r1-advisor upgrade --gpu 4060 --cpu 'Ryzen 5 7600' --ram 32 --use-case coding
  r1-advisor upgrade --machine server.toml --budget 5000 --priority quality
  r1-advisor upgrade --machine 'raspberry pi 5' --format json

在 `--budget` 之内（未指定时为一万美元或机器本身的价格）尝试：更多或其他显卡、更多内存、
其他机器，仅限目录中有价格的。价格为不含税美元，均注明日期；可用 `--catalog` 换成自己的价格。
退出码 1 表示没有任何改动能比现在更好。",
    ),
    (
        "estimate",
        "\
示例：
  r1-advisor estimate 7b:Q4_K_M --context 32k
  r1-advisor estimate 32b:Q4_K_M --task mathematics --answer long
  r1-advisor estimate 70b:Q4_K_M --gpu '2x RTX 3090' --kv-type q8_0
  r1-advisor estimate 671b:Q4_K_M --gpu 'RTX 4090' --ram 512G --format json
  r1-advisor estimate models/my-r1-00001-of-00009.gguf
  r1-advisor estimate hf.co/OWNER/REPO/FILE.gguf    只读取其中几兆字节

对文件只读取文件头。`HF_ENDPOINT` 指定 Hugging Face 镜像，`HF_TOKEN` 用于访问私有仓库。

退出码 1 表示放不下。",
    ),
    (
        "report",
        "\
示例：
  r1-advisor report --users 1000 --requests-per-user-day 20 --prompt-tokens 1000 --output-tokens 2500
  r1-advisor report --users 300 --requests-per-user-day 10 --use-case coding --model 32b
  r1-advisor report --needs needs.toml -o report.html     带图表和滑块的网页，可发送和打印
  r1-advisor report --needs needs.toml -o report.pdf      同一网页打印为 PDF，需已安装 Chromium、Chrome 或 Edge
  r1-advisor report --needs needs.toml --format markdown -o report.md
  r1-advisor report --needs needs.toml --launch r1/       启动与验收所需的脚本、清单和测试
  r1-advisor report --init > needs.toml            全部需求，附说明

在相同的负载与服务等级目标（SLO）下比较购买、租用、调用 API 和较小的模型。价格取自资料库，
均注明日期；可用 --catalog DIR（其中的 `prices/`）换成自己的报价。

退出码 1 表示在各项限制之内没有方案满足 SLO。",
    ),
    (
        "models",
        "\
示例：
  r1-advisor models show 70b              某个规模的全部资料与来源
  r1-advisor models --local               本机已有的模型，无论由谁下载
  r1-advisor models remove 7b:Q4_K_M      删除它的文件",
    ),
];

/// Commands, flags, headings and values.
pub(super) const TEXTS: &[(&str, &str)] = &[
    (
        "Which DeepSeek-R1 can I run, on what, and what should we buy?",
        "能运行哪个 DeepSeek-R1，用什么运行，该购置什么？",
    ),
    (
        "Recommend a size and quant for this machine or another, and say why",
        "为本机或另一台机器推荐规模与量化版本，并说明理由",
    ),
    (
        "Find the single change of hardware that does the most, with its price",
        "找出收效最大的一项硬件改动，附价格",
    ),
    ("Tell what memory and time one model takes", "说明某个模型需要多少内存和时间"),
    ("Measure a model's speed in the bundled llama.cpp", "用内置的 llama.cpp 实测模型速度"),
    (
        "Fetch a model's files, whole and checked, going on after anything",
        "下载模型文件，完整并校验，中断后可续传",
    ),
    (
        "Chat with a model in the terminal, or have it answer one prompt",
        "在终端与模型对话，或让它回答一个提示",
    ),
    ("Hold predicted speeds against a table of measurements", "用实测数据表检验预测速度"),
    (
        "Tell what to buy, rent or call for an organisation, how many, and what it costs",
        "为组织说明该购买、租用还是调用 API，需要多少，成本几何",
    ),
    ("Show what this machine has", "显示本机硬件"),
    (
        "The share of time in which the whole load is to be served, such as `99.9%`: as many machines more are counted",
        "全部负载须得到满足的时间占比，如 `99.9%`：据此增加备机",
    ),
    (
        "Makers and providers that may be taken, such as `nvidia,gcp`: a maker limits machines, a provider rents and APIs. Others stay in sight, struck out",
        "允许的厂商与服务商，如 `nvidia,gcp`：厂商限制设备，服务商限制租用与 API。其余仍会列出并划掉",
    ),
    (
        "Where machines and providers must stand, where their prices say so: `cn`, `eu`, `us`, `ca`, `in` or a place as prices name it; the catalog's price of power there is the default",
        "机器与服务商须在何处（以其报价注明的地点为准）：`cn`、`eu`、`us`、`ca`、`in` 或报价中的地名；电价默认取资料库中该地的价格",
    ),
    (
        "What people read amounts in, with what a US dollar is worth and of which day, such as `CNY=7.1@2026-11-20`; flags, files and JSON stay in US dollars",
        "显示金额所用的货币，附 1 美元折合多少及汇率日期，如 `CNY=7.1@2026-11-20`；参数、文件与 JSON 仍为美元",
    ),
    (
        "A folder of machine files that `probe --save` wrote: using what is there is then an option, without capital",
        "`probe --save` 写出的机器文件所在的文件夹：利用现有设备即成为方案之一，不计资本支出",
    ),
    (
        "A TOML file of prices that go over the catalog's: `[[machine]]`, `[[accelerator]]`, `[[rental]]` and `[[api_price]]` with `id`, the price, `date` and `source`",
        "自有报价的 TOML 文件，优先于资料库：`[[machine]]`、`[[accelerator]]`、`[[rental]]` 和 `[[api_price]]`，写明 `id`、价格、`date` 和 `source`",
    ),
    (
        "A result of `bench --format json`, of a server or of this program's engine, from wherever it was measured: the options that are the same rest on it. Of the results of `bench history` they do so anyway",
        "`bench --format json` 的结果文件，可以是服务器的，也可以是本程序引擎的，在哪里测得都行：与之相同的方案以它为依据。`bench history` 中的结果本来就会被采用",
    ),
    ("Leave out what `bench history` has", "不采用 `bench history` 中的结果"),
    ("List the models, or tell all about one", "列出模型，或给出某个模型的全部资料"),
    ("Print a completion script for a shell", "输出 shell 补全脚本"),
    ("List the models", "列出模型"),
    ("Tell all about one model, with sources", "给出某个模型的全部资料与来源"),
    ("Take a model's files away, asking first", "删除模型文件，事先询问"),
    ("Global options", "全局选项"),
    ("How to write the result", "输出格式"),
    ("For people", "供人阅读"),
    ("For programs; the keys are a promise", "供程序使用；键名保持稳定"),
    ("For spreadsheets", "供电子表格使用"),
    ("For documents and issues", "供文档和 issue 使用"),
    (
        "A folder whose TOML files add to the catalog or replace entries of it",
        "一个目录，其中的 TOML 文件补充或替换内置目录的条目",
    ),
    (
        "The language of what people read [default: that of the locale, else en]",
        "输出语言 [默认：随系统区域设置，否则为 en]",
    ),
    ("`report` only: a page to read, print and send", "仅 `report`：可阅读、打印和发送的网页"),
    (
        "`report` only: that page on A4, printed by an installed Chromium, Chrome or Edge",
        "仅 `report`：同一网页的 A4 版 PDF，由已安装的 Chromium、Chrome 或 Edge 打印",
    ),
    ("`bench` only: llama-bench's rows, one a line", "仅 `bench`：llama-bench 的数据行，每行一条"),
    (
        "`bench` only: llama-bench's table, to post where people post theirs",
        "仅 `bench`：llama-bench 的表格，便于与他人的结果一起张贴",
    ),
    ("`bench` only: the same as statements for `SQLite`", "仅 `bench`：同样的内容，写成 `SQLite` 语句"),
    ("English", "英语"),
    ("Simplified Chinese", "简体中文"),
    ("When to colour", "何时使用颜色"),
    ("On a terminal, unless `NO_COLOR` is set", "在终端上，除非设置了 `NO_COLOR`"),
    ("Always", "总是"),
    ("Never", "从不"),
    ("Say nothing but the result and errors", "只输出结果和错误"),
    ("Needs (default: those of the use-case)", "需求（默认：使用场景的需求）"),
    (
        "A TOML file of needs, whose keys are these flags with `_` for `-`; a flag goes before it. `report` reads the same file",
        "需求的 TOML 文件，键名即这些参数，以 `_` 代替 `-`；参数优先于文件。`report` 读取同一文件",
    ),
    (
        "What it is for: `general`, `mobile`, `voice`, `chat`, `customer-service`, `writing`, `coding`, `documents` or `research` [default: general]",
        "使用场景：`general`（日常）、`mobile`（手机）、`voice`（语音）、`chat`（聊天）、`customer-service`（客服）、`writing`（写作）、`coding`（编程）、`documents`（长文档）或 `research`（研究） [默认：general]",
    ),
    ("Context length of each conversation, in tokens", "每个对话的上下文长度，以 token 计"),
    (
        "Conversations at once, each with the whole context [default: 1]",
        "并发对话数，每个都有完整的上下文 [默认：1]",
    ),
    ("Length of a typical question, in tokens", "典型问题的长度，以 token 计"),
    ("Length of a typical answer with its thinking, in tokens", "典型回答（含思考）的长度，以 token 计"),
    ("The slowest decode that is still usable, in tokens per second", "尚可使用的最低解码速度，tok/s"),
    ("The longest until the first token of an answer, such as `3s`", "首 token 的最长等待时间，如 `3s`"),
    ("The longest that a whole answer may take, such as `2min`", "完整回答的最长用时，如 `2min`"),
    ("Type of the cached keys and values [default: f16]", "KV 缓存的类型 [默认：f16]"),
    ("32-bit floats", "32 位浮点"),
    ("16-bit floats: llama.cpp's default", "16 位浮点：llama.cpp 的默认值"),
    ("bfloat16", "bfloat16"),
    ("8.5 bits a value", "每个值 8.5 位"),
    ("5.5 bits a value", "每个值 5.5 位"),
    ("6 bits a value", "每个值 6 位"),
    ("4.5 bits a value", "每个值 4.5 位"),
    ("5 bits a value", "每个值 5 位"),
    ("4.5 bits a value on a curved scale", "每个值 4.5 位，非线性刻度"),
    ("RAM to leave for other programs, such as 8GiB", "为其他程序预留的内存，如 8GiB"),
    ("Memory to leave on each GPU, such as 2GiB", "每块 GPU 上预留的显存，如 2GiB"),
    ("Only what runs on GPUs whole", "只要能整个放进 GPU 的"),
    ("The most that the files may take on the disk", "文件占用磁盘的上限"),
    (
        "The least that must be published of a benchmark, such as `aime24=50` or `gpqa=60`; may be repeated",
        "某项公开基准测试的最低分，如 `aime24=50` 或 `gpqa=60`；可重复",
    ),
    (
        "The most that the quant may lose of the quality, such as `3%`; where nobody measured it, it counts as what the next smaller one loses, or as 60 % [default: 20%]",
        "量化的质量损失上限，如 `3%`；没有人测过的，按更小一级的损失计，或按 60 % 计 [默认：20%]",
    ),
    ("Licences that are allowed: `MIT`, `Llama` [default: any]", "允许的许可证：`MIT`、`Llama` [默认：不限]"),
    ("Questions a day, for what they cost [default: 100]", "每天的问题数，用于计算成本 [默认：100]"),
    (
        "What a kilowatt-hour costs, in US dollars [default: the catalog's]",
        "每千瓦时的电价，美元 [默认：目录中的价格]",
    ),
    ("What may be spent on hardware that would make more fit, in US dollars", "可用于添置硬件的预算，美元"),
    ("What electricity may cost a month, in US dollars", "每月电费上限，美元"),
    (
        "What the electricity of a million output tokens may cost, in US dollars",
        "每百万输出 token 的电费上限，美元",
    ),
    (
        "Where data may go; no API is named as a way out unless it is `open` [default: open]",
        "数据可以去往何处；只有 `open` 时才会把 API 列为出路 [默认：open]",
    ),
    ("Anywhere", "任何地方"),
    ("To machines that one rents, not to those who serve a model", "可以到租用的机器上，不可交给模型服务商"),
    ("Nowhere: it stays on one's own machines", "哪里都不去：留在自己的机器上"),
    ("Nothing may leave the machine, as with `--privacy premises`", "数据不出本机，同 `--privacy premises`"),
    (
        "What counts most among what meets the limits [default: balanced]",
        "在满足限制的模型中最看重什么 [默认：balanced]",
    ),
    ("Quality; an answer in half the time is worth 2 points of it", "质量；用时减半相当于 2 分"),
    ("The best answers; half the time is worth a quarter of a point", "最好的回答；用时减半相当于四分之一分"),
    ("Quick answers; half the time is worth 12 points of quality", "快速的回答；用时减半相当于 12 分质量"),
    (
        "Little energy and little hardware; half of either is worth 6 points of quality",
        "省电、省硬件；任一减半相当于 6 分质量",
    ),
    ("Machine (default: this one)", "机器（默认：本机）"),
    (
        "A machine file that `probe --save` wrote; or a machine in words: 'raspberry pi 5', 'mac studio m3 ultra 512', 'dgx h100', '2x RTX 4090, 128GB'",
        "`probe --save` 写出的机器文件；或用文字描述的机器：'raspberry pi 5'、'mac studio m3 ultra 512'、'dgx h100'、'2x RTX 4090, 128GB'",
    ),
    (
        "A GPU by name: 4090, '2x RTX 3090', 'mi300x x8', '4060 ti 16gb', 'm2 ultra 192'; '3090 + 4090', or the flag twice, for two kinds; 'none' for no GPU",
        "GPU 的名称：4090、'2x RTX 3090'、'mi300x x8'、'4060 ti 16gb'、'm2 ultra 192'；两种混用写 '3090 + 4090' 或重复此参数；'none' 表示没有 GPU",
    ),
    ("How many of that GPU", "该 GPU 的数量"),
    ("Main memory, such as 64GiB; 64 is 64 GiB", "内存，如 64GiB；64 即 64 GiB"),
    (
        "A CPU by name, such as 'EPYC 9654', 7950x or 'i7-8750H'; '2x EPYC 9654' for two sockets",
        "CPU 的名称，如 'EPYC 9654'、7950x 或 'i7-8750H'；双路写 '2x EPYC 9654'",
    ),
    ("Threads to decode with", "解码使用的线程数"),
    ("Print a needs file to fill in, which `report` reads too", "输出可填写的需求文件，`report` 也能读取"),
    ("List every quant of every model with its verdict", "列出每个模型的每个量化版本及其判定"),
    (
        "Choose at the terminal, by keys: a use-case, limits, and a model of those that keep them",
        "在终端按键选择：使用场景、限制，以及满足限制的模型",
    ),
    (
        "Several machines beside each other: files, names, or descriptions such as '2x RTX 4090, 128GiB'",
        "并列比较几台机器：文件、名称或描述，如 '2x RTX 4090, 128GiB'",
    ),
    (
        "Measure the pick here, on its files or on random weights in its shapes, and rank again with what was learned",
        "在本机实测首选模型（用其文件，或用同形状的随机权重），并据此重新排序",
    ),
    (
        "Fetch the files of the pick; with `--verify` before they are measured",
        "下载首选模型的文件；与 `--verify` 合用时先下载后实测",
    ),
    (
        "Model and quant, such as `7b:Q4_K_M`; or a GGUF file: a path, a URL, or `hf.co/OWNER/REPO/FILE`",
        "模型与量化版本，如 `7b:Q4_K_M`；或 GGUF 文件：路径、URL 或 `hf.co/OWNER/REPO/FILE`",
    ),
    (
        "Context length to size the KV cache for, in tokens [default: 8192, or what `--task` takes]",
        "KV 缓存所按的上下文长度，以 token 计 [默认：8192，或 `--task` 所需]",
    ),
    ("Type of the cached keys and values (`-ctk`, `-ctv`)", "KV 缓存的类型（`-ctk`、`-ctv`）"),
    (
        "Type of the cached values, where it is to be another than that of the keys",
        "缓存中 V 的类型，与 K 不同时使用",
    ),
    (
        "One cache for all sequences, so that each can grow to the whole context",
        "所有序列共用一个缓存，每个都可用到整个上下文",
    ),
    ("Tokens that go through the graph at once", "一次通过计算图的 token 数"),
    ("Sequences at once, which share the context", "并发序列数，共享上下文"),
    ("Backend of the GPUs, where it is not the usual one", "GPU 的后端，不是通常的那个时指定"),
    ("The processors", "处理器"),
    ("NVIDIA CUDA", "NVIDIA CUDA"),
    ("Vulkan, any maker", "Vulkan，任何厂商"),
    ("AMD ROCm (HIP)", "AMD ROCm（HIP）"),
    ("Apple Metal", "Apple Metal"),
    ("Intel SYCL", "Intel SYCL"),
    (
        "Layers to put on GPUs, the output counted as one more (default: what decodes fastest)",
        "放到 GPU 上的层数，输出层另计一层（默认：解码最快的层数）",
    ),
    ("Tokens in the cache to tell the decode speed at", "计算解码速度时缓存中已有的 token 数"),
    (
        "Length of the question that the times are for, in tokens [default: 512, or what the context holds]",
        "计时所按的问题长度，以 token 计 [默认：512，或上下文所能容纳]",
    ),
    (
        "Length of the answer that the times are for, thinking included, in tokens [default: 2048, or what the context holds]",
        "计时所按的回答长度（含思考），以 token 计 [默认：2048，或上下文所能容纳]",
    ),
    (
        "The kind of question that the times are for: `chat`, `code`, `mathematics`; its usual length of answer",
        "计时所按的问题类型：`chat`、`code`、`mathematics`；取其通常的回答长度",
    ),
    ("Whether that answer is short, typical or long", "该回答是短、典型还是长"),
    ("A short one", "短"),
    ("A typical one", "典型"),
    ("A long one", "长"),
    (
        "The file holds latent attention merged, as those of the 671B from before 2025-04 do: its KV cache takes 71 times as much",
        "文件中的潜在注意力（MLA）未拆分，如 2025-04 之前的 671B 文件：KV 缓存是 71 倍",
    ),
    (
        "Fail rather than fall back to the formula where llama.cpp cannot plan the memory itself",
        "llama.cpp 无法自行规划内存时报错，而不改用公式",
    ),
    (
        "List the R1 models that are on this machine, and downloads that are not whole yet",
        "列出本机已有的 R1 模型，以及未完成的下载",
    ),
    (
        "A folder of yours with GGUF files; what is fetched from elsewhere than the hub goes there, too [default: r1-advisor/models in the user's data folder]",
        "自己存放 GGUF 文件的目录；不从 hub 下载的文件也放在这里 [默认：用户数据目录下的 r1-advisor/models]",
    ),
    (
        "A TOML file of needs, whose keys are these flags with `_` for `-`; a flag goes before it. `recommend` reads the same file",
        "需求的 TOML 文件，键名即这些参数，以 `_` 代替 `-`；参数优先于文件。`recommend` 读取同一文件",
    ),
    ("Print a needs file to fill in", "输出可填写的需求文件"),
    (
        "Write to a file instead of standard output; without --format its ending says what: .html, .pdf, .md, .json, .csv",
        "写入文件而不是标准输出；没有 --format 时由扩展名决定格式：.html、.pdf、.md、.json、.csv",
    ),
    (
        "Write what starts and checks the recommended option into a new folder: scripts for the engines, manifests for Kubernetes, the acceptance test",
        "把启动与验收所建议方案的内容写入一个新目录：引擎脚本、Kubernetes 清单、验收测试",
    ),
    (
        "The day of the report, which prices are old or fresh on [default: today]",
        "报告日期，据此判断报价是否过期 [默认：今天]",
    ),
    ("The model to serve [default: 671b]", "要部署的模型 [默认：671b]"),
    ("Named users", "用户数"),
    ("Requests that each makes on a working day", "每个用户每个工作日的请求数"),
    (
        "What it is for: `general`, `mobile`, `voice`, `chat`, `customer-service`, `writing`, `coding`, `documents` or `research`, which have their usual lengths of prompt and answer [default: general]",
        "使用场景：`general`（日常）、`mobile`（手机）、`voice`（语音）、`chat`（聊天）、`customer-service`（客服）、`writing`（写作）、`coding`（编程）、`documents`（长文档）或 `research`（研究），各有通常的提示词与回答长度 [默认：general]",
    ),
    ("Tokens of a prompt [default: as the use-case has it]", "提示词的 token 数 [默认：按使用场景]"),
    (
        "Tokens of an answer, thinking included [default: as the use-case has it]",
        "回答的 token 数，含思考 [默认：按使用场景]",
    ),
    (
        "The share of a day's requests in the busiest hour [default: 15%]",
        "峰值小时占全天请求的比例 [默认：15%]",
    ),
    (
        "How much busier the busiest minutes of that hour are [default: 1.3]",
        "峰值小时内最忙几分钟的突发系数 [默认：1.3]",
    ),
    ("The share of prompts that was seen before [default: 0]", "提示词中命中缓存的比例 [默认：0]"),
    ("By how much the load grows in a year [default: 0]", "负载的年增长率 [默认：0]"),
    ("Days of a year on which people work [default: 250]", "每年的工作日数 [默认：250]"),
    (
        "The longest until the first token (TTFT) for 95 of 100, such as `3s` [default: 3s]",
        "首 token 时延（TTFT）的 p95 上限，如 `3s` [默认：3s]",
    ),
    (
        "The slowest decode for 95 of 100, in tokens per second: 20 is a time per token (TPOT) of 50 ms [default: 20, or what the use-case asks for beyond]",
        "95% 的请求的最低解码速度，tok/s：20 即单 token 输出时延（TPOT）50 毫秒 [默认：20，使用场景要求更高时取其要求]",
    ),
    ("One machine more than is needed, for when one fails", "在所需之外多备一台，以防故障（N+1）"),
    (
        "What of a replica's capacity may be used when it is busiest [default: 80%]",
        "峰值时副本容量中可使用的比例，其余为余量 [默认：80%]",
    ),
    ("Where data may go [default: open]", "数据可以去往何处 [默认：open]"),
    ("What may be spent before the first token, in US dollars", "上线前可花费的预算，美元"),
    ("Years that are reckoned with [default: 3]", "测算的年数 [默认：3]"),
    (
        "Interest, or what the money would bring elsewhere [default: 8%]",
        "折现率，即利息或资金的其他收益 [默认：8%]",
    ),
    (
        "What machines are worth at the end, as a share of their price [default: 15%]",
        "期末残值，占设备价格的比例 [默认：15%]",
    ),
    (
        "What the place draws for each watt of the machines [default: 1.3]",
        "电能利用效率（PUE），即机房总功率与设备功率之比 [默认：1.3]",
    ),
    (
        "People who run the machines, in full-time jobs [default: 0.3]",
        "运维人力，以全职岗位（FTE）计 [默认：0.3]",
    ),
    (
        "What such a job costs a year, in US dollars [default: 150000]",
        "一个全职岗位的年成本，美元 [默认：150000]",
    ),
    (
        "`ID:QUANT`, a path, or a name, as `models --local` lists them",
        "`ID:QUANT`、路径或名称，如 `models --local` 所列",
    ),
    ("Do not ask", "不询问"),
    ("Its id, size or name, such as `70b`", "id、规模或名称，如 `70b`"),
];
