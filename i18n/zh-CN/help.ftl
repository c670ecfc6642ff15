# 帮助页。英文就是代码里各参数的文档注释。
# help-<参数> 用于所有命令，help-<命令>-<参数> 只用于该命令并优先；help-command、help-after、help-heading、
# help-value 和 help-frame 分别是命令的说明、页尾、小标题、可取的值，以及 clap 自己写的字样。

## clap 自己写的字样

help-frame-help-of-subcommand = 显示本帮助，或某个子命令的帮助
help-frame-help-summary = 显示帮助（`-h` 显示摘要）
help-frame-help-more = 显示帮助（`--help` 显示详情）
help-frame-help = 显示帮助
help-frame-version = 显示版本
help-frame-usage = 用法：
help-frame-commands = 命令：
help-frame-arguments = 参数：
help-frame-options = 选项：
help-frame-possible-values = 可取的值：
help-frame-possible-values-in-line = 可取的值：
help-frame-default = { "[" }默认：
help-frame-env = { "[" }env：
help-frame-alias = { "[" }别名：
help-frame-aliases = { "[" }别名：
help-frame-any-options = { "[" }选项]

## 命令

help-command = 能运行哪个 DeepSeek-R1，用什么运行，该购置什么？
help-command-recommend = 为本机或另一台机器推荐规模与量化版本，并说明理由
help-command-upgrade = 找出收效最大的一项硬件升级，附价格
help-command-estimate = 估算某个模型需要多少内存、跑多快
help-command-bench = 用内置的 llama.cpp 实测模型速度，或测试一台服务器
help-command-bench-history = 列出本机做过的测量，最近的在前
help-command-bench-show = 显示一次测量的全部结果
help-command-bench-compare = 比较两次测量，并说明差异是否超出随机波动
help-command-pull = 下载模型文件并校验；中断后从断点续传
help-command-run = 在终端与模型对话，或让它回答一个问题
help-command-validate = 用实测数据表检验预测的准确度
help-command-report = 为组织规划：购买、租用还是调用 API，需要多少，成本几何
help-command-probe = 显示本机的硬件
help-command-models = 列出模型，或给出某个模型的全部资料
help-command-models-list = 列出模型
help-command-models-show = 给出某个模型的全部资料与来源
help-command-models-remove = 删除模型文件，事先询问
help-command-completions = 输出 shell 补全脚本
help-command-man = 输出某个命令的手册页（man）

## 页尾

help-after =
    示例：
      r1-advisor recommend                              本机适合运行什么
      r1-advisor recommend --gpu 'RTX 4090' --ram 64G   另一台机器适合运行什么
      r1-advisor upgrade --gpu 4060 --ram 32            该添置什么，附价格
      r1-advisor bench 1.5b:Q4_K_M --synthetic          下载前先实测
      r1-advisor pull 7b:Q4_K_M                         下载并校验
      r1-advisor run 7b:Q4_K_M                          与它对话
      r1-advisor models show 70b                        某个规模的全部资料与来源

    退出码：0 是，1 答案为否，2 用法错误，3 探测失败，4 目录或输入文件有误，
    5 下载失败，6 引擎失败，7 输出失败，130 被中断。

help-after-recommend =
    示例：
      r1-advisor recommend                                     本机，日常使用
      r1-advisor recommend --why                               附全部理由，以及如何让其余模型可用
      r1-advisor recommend --use-case coding --priority latency
      r1-advisor recommend --gpu '2x RTX 3090' --ram 128G --context 32k
      r1-advisor recommend --machine server.toml --format json
      r1-advisor recommend --init > needs.toml                 列出全部需求，附说明
      r1-advisor recommend --needs needs.toml
      r1-advisor recommend --compare 'RTX 4090, 64GB' 'mac studio m3 ultra 512' server.toml
      r1-advisor recommend --interactive                       按键选择；最后给出可粘贴的命令
      r1-advisor recommend --pull --verify                     下载并实测；可中断后继续

    退出码 1 表示没有满足需求的模型（此时显示最接近的），或实测没有达到预测。

help-after-upgrade =
    示例：
      r1-advisor upgrade                                          本机，日常使用
      r1-advisor upgrade --gpu 4060 --cpu 'Ryzen 5 7600' --ram 32 --use-case coding
      r1-advisor upgrade --machine server.toml --budget 5000 --priority quality
      r1-advisor upgrade --machine 'raspberry pi 5' --format json

    在 `--budget` 之内（未指定时为一万美元或机器本身的价格）尝试：更多或其他显卡、更多内存、
    其他机器，仅限目录中有价格的。价格为不含税美元，均注明日期；可用 `--catalog` 换成自己的价格。
    退出码 1 表示没有任何升级能比现在更好。

help-after-estimate =
    示例：
      r1-advisor estimate 7b:Q4_K_M --context 32k
      r1-advisor estimate 32b:Q4_K_M --task mathematics --answer long
      r1-advisor estimate 70b:Q4_K_M --gpu '2x RTX 3090' --kv-type q8_0
      r1-advisor estimate 671b:Q4_K_M --gpu 'RTX 4090' --ram 512G --format json
      r1-advisor estimate models/my-r1-00001-of-00009.gguf
      r1-advisor estimate hf.co/OWNER/REPO/FILE.gguf    只读取其中几兆字节

    对文件只读取文件头。`HF_ENDPOINT` 指定 Hugging Face 镜像，`HF_TOKEN` 用于访问私有仓库。

    退出码 1 表示放不下。

help-after-report =
    示例：
      r1-advisor report --users 1000 --requests-per-user-day 20 --prompt-tokens 1000 --output-tokens 2500
      r1-advisor report --users 300 --requests-per-user-day 10 --use-case coding --model 32b
      r1-advisor report --needs needs.toml -o report.html     带图表和滑块的网页，可发送和打印
      r1-advisor report --needs needs.toml -o report.pdf      同一网页打印为 PDF，需已安装 Chromium、Chrome 或 Edge
      r1-advisor report --needs needs.toml --format markdown -o report.md
      r1-advisor report --needs needs.toml --launch r1/       启动与验收所需的脚本、清单和测试
      r1-advisor report --init > needs.toml                   列出全部需求，附说明

    在相同的负载与服务等级目标（SLO）下比较购买、租用、调用 API 和较小的模型。价格取自资料库，
    均注明日期；可用 `--prices` 换成自己的报价。

    退出码 1 表示在各项限制之内没有方案满足 SLO。

help-after-bench =
    示例：
      r1-advisor bench 1.5b:Q4_K_M --synthetic              下载前先实测
      r1-advisor bench 7b:Q4_K_M --synthetic -d 0,8192      长思考之后会慢多少
      r1-advisor bench 671b:Q4_K_M --synthetic              放不下的模型按层切片测量
      r1-advisor bench 7b:Q4_K_M --synthetic --tune         找出本机最快的设置
      r1-advisor bench 7b:Q4_K_M --workload coding          一次完整的提问、思考与回答
      r1-advisor bench 7b:Q4_K_M --needs needs.toml         同上，并与 `recommend` 的需求对照
      r1-advisor bench 7b:Q4_K_M --concurrency 1,2,4,8      多人同时使用
      r1-advisor bench 7b:Q4_K_M                            `pull` 下载的或本机已有的文件
      r1-advisor bench 70b:Q4_K_M --rpc 10.0.0.7,10.0.0.8   由多台运行 llama.cpp rpc-server 的机器共同计算
      r1-advisor bench ./model.gguf -p 512 -n 128 -r 5      与 llama-bench 相同
      r1-advisor bench ./model.gguf -t 1-8*2 -fa on,off     所有组合
      r1-advisor bench ./model.gguf --format llama-bench    与 llama-bench 同样的表格，便于张贴

    以前的测量结果，以及差异是否超出随机波动：
      r1-advisor bench history
      r1-advisor bench compare 3 7

    由任何 OpenAI 兼容服务器提供的模型：
      r1-advisor bench --endpoint http://localhost:8000/v1 --model r1 --concurrency 1,4,16
      r1-advisor bench --endpoint http://localhost:8000/v1 --workload chat --rate 0.5 --slo-ttft 2s
      r1-advisor bench --endpoint http://localhost:8000/v1 --sweep concurrency --slo-tpot 50ms

    形状与类型相同的随机权重，运行速度与真实权重相同。
    `--format` 还支持 llama-bench、jsonl 和 sqlite：每项测试一行，列与 llama-bench 相同。
    退出码 1 表示内存放不下、没有达到需求或 SLO，6 表示引擎或服务器失败。

help-after-pull =
    示例：
      r1-advisor pull 7b:Q4_K_M                        目录中的模型
      r1-advisor pull hf.co/OWNER/REPO:Q4_K_M          任意仓库，单个文件或分片
      r1-advisor pull hf.co/OWNER/REPO/FILE.gguf --to models
      r1-advisor pull 32b:Q4_K_M --endpoint https://hf-mirror.com
      r1-advisor pull 671b:UD-IQ1_S --source modelscope  从 ModelScope 下载（若有）

    无论因何中断，都会从断点继续；文件下载完整且 SHA-256 正确后才会以正式名称出现。文件放在
    Hugging Face 工具共用的缓存中（`HF_HUB_CACHE`、`HF_HOME`）；`HF_ENDPOINT` 指定镜像，`HF_TOKEN`
    用于访问受限仓库，`HF_HUB_OFFLINE=1` 禁止联网，`HTTPS_PROXY` 有效。

    退出码 1 表示在本机无法运行，5 表示下载失败，7 表示磁盘出错。

help-after-run =
    示例：
      r1-advisor run 7b:Q4_K_M                              对话；/help 列出可用的命令
      r1-advisor run 7b                                     用本机已有的、或最适合本机的量化版本
      r1-advisor run 7b:Q4_K_M 'Why is the sky blue?'       只回答一次
      r1-advisor run ./model.gguf --prompt-file task.txt --format json
      git diff | r1-advisor run 14b:Q4_K_M 'Review this' > review.txt

    对话中，Ctrl-C 停止当前回答；在提示符处则退出程序。写入文件或管道时只有回答，没有思考过程，
    除非指定 `--show-thinking`。

    退出码 1 表示模型放不下或回答超出上下文，5 表示下载失败，6 表示引擎失败。

help-after-validate =
    示例：
      r1-advisor validate mine.csv                          你自己的测量，预测时不看结果
      r1-advisor validate measurements/throughput.csv --leave-device-out
      r1-advisor validate mine.csv --max-decode-median 0.1 --max-decode-p90 0.3
      r1-advisor validate measurements/serving.csv --by engine,arrivals --max-tpot-median 15%
      r1-advisor validate measurements/serving-exported.csv --leave-group-out

    表格须有标题行。列：id、date、hardware、gpu_count（0：只用 CPU）、backend（CUDA、Vulkan、ROCm、
    Metal、SYCL、CPU、CUDA+CPU）、engine、shape（模型）、quant、prompt_tokens、prefill_tokens_per_second、
    output_tokens、decode_tokens_per_second、flash_attention（0、1）、threads、context_depth、note。除
    hardware、shape、quant 和两列速度外，不知道的可以省略或留空。

    有 tpot_ms 列的表格是服务引擎（vLLM、SGLang、TensorRT-LLM 等）的测量，每行一个负载：id、model、
    params_b、quant、hardware、n_accelerators、engine、concurrency、isl、osl、total_tok_s、output_tok_s、
    ttft_ms、tpot_ms、note。其中 model、quant、hardware、engine、concurrency 和 tpot_ms 必须有。tuning 说明
    引擎为该负载调优过（tuned）还是按日常部署（deployed），不写则看来源。导出的基准测试也可用单独的列：
    system、precision、tp、pp、ep、dp_attention、engine_version、kv_precision、isl_mean、osl_mean、date。
    每行都在其引擎的仿真中运行。

    退出码 1 表示没有达到要求的准确度。

help-after-probe =
    示例：
      r1-advisor probe                                           本机的硬件
      r1-advisor probe --measure --save server.toml              实测，并保存供别处使用
      r1-advisor probe --gpu '2x RTX 3090' --save planned.toml   尚不存在的机器

    指定 `--machine`、`--gpu`、`--cpu` 或 `--ram` 时，机器按描述构成，不作探测。

help-after-models =
    示例：
      r1-advisor models show 70b              某个规模的全部资料与来源
      r1-advisor models --local               本机已有的模型，无论由谁下载
      r1-advisor models remove 7b:Q4_K_M      删除它的文件

## 小标题

help-heading-global-options = 全局选项
help-heading-machine = 机器（默认：本机）
help-heading-needs = 需求
help-heading-served-engines = 服务引擎
help-heading-tuning = 调优
help-heading-settings = 设置（也接受 llama-bench 的写法：-ngl、-ub、-fa、-ctk、-ctv、-ts、-sm、-mg、-mmp、-ncmoe、-rpc）
help-heading-tests = 测试项
help-heading-sampling = 采样（默认：按 R1 官方建议）

## 全局选项

help-format = 输出格式
help-value-table = 供人阅读
help-value-json = 供程序使用；键名保持稳定
help-value-csv = 供电子表格使用
help-value-markdown = 供文档和 issue 使用
help-value-html = 仅 `report`：可阅读、打印和发送的网页
help-value-pdf = 仅 `report`：同一网页的 A4 版 PDF，由已安装的 Chromium、Chrome 或 Edge 打印
help-value-llama-bench = 仅 `bench`：llama-bench 的表格，便于与他人的结果一起张贴
help-value-jsonl = 仅 `bench`：llama-bench 的数据行，每行一条
help-value-sqlite = 仅 `bench`：同样的内容，写成 `SQLite` 语句
help-catalog = 一个目录，其中的 TOML 文件补充或替换内置目录的条目
help-lang = 输出语言 [默认：随系统区域设置，否则为 en]
help-value-en = 英语
help-value-zh = 简体中文
help-color = 何时使用颜色
help-value-auto = 在终端上，除非设置了 `NO_COLOR`
help-value-always = 总是
help-value-never = 从不
help-quiet = 只输出结果和错误

## 机器

help-machine = `probe --save` 写出的机器文件；或用文字描述的机器：'raspberry pi 5'、'mac studio m3 ultra 512'、'dgx h100'、'2x RTX 4090, 128GB'
help-gpu = GPU 的名称：4090、'2x RTX 3090'、'mi300x x8'、'4060 ti 16gb'、'm2 ultra 192'；两种混用写 '3090 + 4090' 或重复此参数；'none' 表示没有 GPU
help-gpu-count = 该 GPU 的数量
help-ram = 内存，如 64GiB；64 即 64 GiB
help-cpu = CPU 的名称，如 'EPYC 9654'、7950x 或 'i7-8750H'；双路写 '2x EPYC 9654'
help-threads = 解码使用的线程数

## 需求

help-needs = 需求的 TOML 文件，键名即这些参数，以 `_` 代替 `-`；参数优先于文件。`recommend`、`upgrade`、`bench` 和 `report` 读取同一文件
help-use-case = 模型的用途：`general`（日常）、`mobile`（手机）、`voice`（语音）、`chat`（聊天）、`customer-service`（客服）、`writing`（写作）、`coding`（编程）、`documents`（长文档）、`research`（研究）或 `batch`（批处理）；决定通常的长度、速度和等待时间
help-prompt-tokens = 典型提示词的长度，以 token 计 [默认：按用途]
help-output-tokens = 典型回答（含思考）的长度，以 token 计 [默认：按用途]
help-min-decode = 可接受的最低解码速度，tok/s；`report` 中须有 95% 的请求达到 [默认：按用途，`report` 中至少 20]
help-max-ttft = 可接受的最长首 token 时延（TTFT），如 `3s`；`report` 中须有 95% 的请求达到 [默认：由用途决定，`report` 中为 3s]
help-privacy = 数据可以去往何处；除 `open` 外都不使用 API
help-value-open = 任何地方
help-value-rented = 可到租用的机器，不可到 API
help-value-premises = 哪里都不去：留在自己的机器上
help-budget = 硬件预算，美元
help-power-price = 每千瓦时的电价，美元 [默认：目录中的价格]
help-priority = 在满足全部限制的模型中按什么排序
help-value-balanced = 不让人久等的最好回答
help-value-quality = 最好的回答，愿意等待
help-value-latency = 快速回答，只要还有用
help-value-cost = 省电、省硬件
help-context = 每个会话的上下文长度，以 token 计 [默认：按用途]
help-sequences = 并发会话数，每个都有完整的上下文
help-max-answer-time = 可接受的完整回答最长用时，如 `2min`
help-kv-type = KV 缓存的类型
help-value-f32 = 32 位浮点
help-value-f16 = 16 位浮点：llama.cpp 的默认值
help-value-bf16 = bfloat16
help-value-q8-0 = 每个值 8.5 位
help-value-q5-0 = 每个值 5.5 位
help-value-q5-1 = 每个值 6 位
help-value-q4-0 = 每个值 4.5 位
help-value-q4-1 = 每个值 5 位
help-value-iq4-nl = 每个值 4.5 位，非线性刻度
help-reserve-ram = 为其他程序预留的内存，如 `8GiB`
help-reserve-gpu = 每块 GPU 上预留的显存，如 `2GiB`
help-gpu-only = 只要能完全放进 GPU 的模型
help-max-disk = 文件占用磁盘的上限
help-min = 某项公开基准测试的最低分，如 `aime24=50` 或 `gpqa=60`；可重复
help-max-quant-loss = 量化造成的精度损失上限，如 `3%`，按已公布损失的曲线计
help-licence = 允许的许可证：`MIT`、`Llama` [默认：不限]
help-answers-per-day = 每天的回答数，用于计算电费
help-monthly-budget = 每月电费上限，美元
help-max-token-price = 每百万输出 token 的电费上限，美元
help-local-only = 数据不出本机，同 `--privacy premises`
help-users = 用户数
help-requests-per-user-day = 每个用户每个工作日的请求数
help-report-model = 要部署的模型：`1.5b`、`7b`、`8b`、`14b`、`32b`、`70b`、`671b` 或 `0528`
help-peak-hour-share = 峰值小时占全天请求的比例
help-burst = 峰值小时内最忙几分钟的突发系数
help-cached-share = 提示词中命中前缀缓存的 token 占比
help-growth = 负载的年增长率
help-working-days = 每年的工作日数
help-spare = 多备一台机器（N+1）
help-availability = 全部负载须得到满足的时间占比，如 `99.9%`；据此增加机器
help-headroom = 峰值时副本容量中可使用的比例
help-vendors = 允许的 GPU 厂商与服务商，如 `nvidia,gcp`：厂商限制设备，服务商限制租用与 API；其余仍会列出，但不予采用 [默认：不限]
help-region = 机器与服务商须在何处（以报价注明的地点为准）：`cn`、`eu`、`us`、`ca`、`in` 或报价中的地名；电价也按该地 [默认：不限]
help-currency = 显示金额所用的货币，附 1 美元折合多少及汇率日期，如 `CNY=7.1@2026-11-20`；参数、文件与 JSON 仍为美元 [默认：USD]
help-inventory = `probe --save` 写出的机器文件所在的文件夹：利用现有设备，不计资本支出
help-prices = 优先于目录的报价 TOML 文件：`[[machine]]`、`[[accelerator]]`、`[[rental]]` 和 `[[api_price]]`，写明 `id`、价格、`date` 和 `source`
help-measured = `bench --format json` 的结果文件，服务器的或本地的均可，在哪里测得都行：相同的方案以它为依据而非仅凭预测；`bench history` 中的结果同样会被采用
help-no-history = 不采用 `bench history` 中的结果
help-years = 测算的年数
help-discount-rate = 折现率：利息，或资金的其他收益
help-residual-share = 期末残值，占设备价格的比例
help-pue = 电能利用效率（PUE）：机房总功率与设备功率之比
help-staff-fte = 运维人力，以全职岗位（FTE）计
help-staff-cost = 一个全职岗位的年成本，美元
help-date = 报告日期，据此判断报价是否过期 [默认：今天]

## recommend

help-init = 输出一份供填写的需求文件
help-all = 列出每个模型的每个量化版本及其判定
help-why = 说明原因：需求、理由、实测依据、成本，以及如何让其余模型可用
help-interactive = 在终端按键选择：用途、限制，以及满足限制的模型
help-compare = 并列比较几台机器：文件、名称或描述，如 '2x RTX 4090, 128GiB'
help-verify = 在本机实测首选模型（用其文件，或用同形状的随机权重），并据此重新排序
help-pull = 下载首选模型的文件；与 `--verify` 合用时先下载后实测

## report

help-output = 写入文件而不是标准输出；没有 `--format` 时由扩展名决定格式：.html、.pdf、.md、.json、.csv
help-launch = 把启动与验收所推荐方案的内容写入一个新文件夹：引擎脚本、Kubernetes 清单、验收测试

## estimate

help-estimate-target = 模型与量化版本，如 `7b:Q4_K_M`；或 GGUF 文件：路径、URL 或 `hf.co/OWNER/REPO/FILE`
help-estimate-context = KV 缓存所按的上下文长度，以 token 计 [默认：8192，或 `--task` 所需]
help-estimate-kv-type = KV 缓存的类型（`-ctk`、`-ctv`）
help-kv-type-v = V 缓存的类型，与 K 不同时使用
help-kv-unified = 所有序列共用一个缓存，每个都可用到整个上下文
help-estimate-micro-batch = 一次通过计算图的 token 数
help-estimate-sequences = 并发序列数，共享上下文
help-backend = GPU 的后端，不是通常的那个时指定
help-value-cpu = 处理器
help-value-cuda = NVIDIA CUDA
help-value-vulkan = Vulkan，任何厂商
help-value-rocm = AMD ROCm（HIP）
help-value-metal = Apple Metal
help-value-sycl = Intel SYCL
help-estimate-gpu-layers = 放到 GPU 上的层数，输出层另计一层 [默认：解码最快的层数]
help-estimate-depth = 计算解码速度时缓存中已有的 token 数
help-estimate-prompt-tokens = 计时所按的提示词长度，以 token 计 [默认：512，或上下文所能容纳]
help-estimate-output-tokens = 计时所按的回答长度（含思考），以 token 计 [默认：2048，或上下文所能容纳]
help-task = 计时所按的任务类型：`chat`、`code`、`mathematics`；取其通常的回答长度
help-answer = 该任务的回答是短、典型还是长
help-value-short = 短
help-value-typical = 典型
help-value-long = 长
help-merged-attention = 文件中的潜在注意力（MLA）未拆分，如 2025-04 之前的 671B 文件：KV 缓存是 71 倍
help-plan = llama.cpp 无法自行规划内存时报错，而不改用公式

## models、pull、run 和 completions

help-local = 列出本机已有的 R1 模型，以及未完成的下载
help-model-dir = 自己存放 GGUF 文件的文件夹；不从 Hugging Face 下载的文件也放在这里 [默认：用户数据目录下的 r1-advisor/models]
help-models-remove-name = `ID:QUANT`、路径或名称，如 `models --local` 所列
help-yes = 不询问
help-models-show-name = id、规模或名称，如 `70b`
help-pull-target = 模型与量化版本，如 `7b:Q4_K_M`；`hf.co/OWNER/REPO:QUANT`；其中的文件；或 URL
help-to = 把文件放进这个文件夹，而不是缓存
help-pull-force = 即使在本机无法运行也下载
help-pull-endpoint = Hugging Face 镜像的地址
help-source = 从哪个站点下载
help-value-hugging-face = Hugging Face，或 `--endpoint` 指定的镜像
help-value-modelscope = ModelScope（须已知有这些文件）；`MODELSCOPE_ENDPOINT` 指定镜像
help-connections = 并发连接数 [默认：自动]
help-run-target = 模型，或模型与量化版本，如 `7b:Q4_K_M`；或 GGUF 文件的路径
help-prompt = 要问的内容；不写则在终端对话。管道输入附在其后
help-prompt-file = 要问的内容所在的文件；与 PROMPT 都有时附在其后
help-run-context = 对话与回答合计的 token 上限 [默认：8192]
help-max-tokens = 回答的 token 上限，含思考 [默认：上下文所能容纳]
help-hide-thinking = 不显示思考过程，只显示一行正在思考的提示
help-show-thinking = 输出到文件或管道时也写出思考过程，放在 `<think>` 与 `</think>` 之间
help-run-pull = 本机没有该模型时先下载
help-run-force = 即使放不下也下载并运行
help-run-threads = 计算使用的线程数 [默认：物理核心数]
help-run-gpu-layers = 放到 GPU 上的层数，输出层另计一层 [默认：解码最快的层数]
help-run-kv-type = KV 缓存的类型 [默认：f16，或 `bench --tune` 找到的类型]
help-run-untuned = 不采用 `bench --tune` 在本机找到的最快设置
help-temperature = 偏离最可能 token 的程度；0 表示从不偏离 [默认：0.6]
help-top-p = 从概率合计达到此值的最可能 token 中抽取 [默认：0.95]
help-top-k = 只从这么多个最可能的 token 中抽取；0 表示不限
help-min-p = 只从概率不低于最可能 token 的这一比例的 token 中抽取
help-run-seed = 让回答可重复：种子、问题和机器相同则回答相同 [默认：随机]
help-system = 系统提示词；R1 官方建议不用
help-answer-start = 回答的开头，`\n` 表示换行；'' 表示由模型决定 [默认：`<think>\n`]
help-chat-template = Jinja 聊天模板文件，代替模型自带的模板
help-shell = shell 的名称
help-man-command = 命令，如 `recommend` 或 `models show`；不写则为程序本身的手册页

## validate

help-table = CSV 表格；`-` 表示标准输入
help-shapes = 计入哪些模型：R1、排行榜常用的其他模型，或全部
help-value-all = 全部行
help-value-r1 = 只计 R1 模型
help-value-reference = 只计排行榜常用的其他模型
help-prefill-since = 预填充只计从此日、月或年起的行
help-by = 只按这些分类给出准确度：shape、age、place、backend、vendor、model、quant、depth；服务引擎还可用 arrivals、experts、engine、gpus、class、precision、concurrency、speculative、tuning、group
help-leave-device-out = 预测每种设备（或服务部署）前，先排除它重新拟合常数（需要几秒）
help-leave-source-out = 预测每个来源前，先排除其全部数据重新拟合常数（服务引擎）
help-leave-group-out = 预测每组（模型、设备、引擎、精度）前，先排除其数据重新拟合常数（服务引擎）
help-max-decode-median = 解码误差的中位数超过此值即不合格
help-max-decode-p90 = 解码误差的 p90 超过此值即不合格
help-max-prefill-median = 预填充误差的中位数超过此值即不合格
help-max-prefill-p90 = 预填充误差的 p90 超过此值即不合格
help-max-tpot-median = TPOT 误差的中位数超过此值即不合格（服务引擎）
help-max-tpot-p90 = TPOT 误差的 p90 超过此值即不合格（服务引擎）
help-max-throughput-median = 输出吞吐误差的中位数超过此值即不合格（服务引擎）
help-max-throughput-p90 = 输出吞吐误差的 p90 超过此值即不合格（服务引擎）
help-max-ttft-median = TTFT 误差的中位数超过此值即不合格（服务引擎）
help-max-ttft-p90 = TTFT 误差的 p90 超过此值即不合格（服务引擎）
help-min-coverage = 落在预测区间内的测量少于此比例即不合格
help-max-coverage = 落在区间内的多于此比例即不合格：过宽的区间没有意义
help-max-unresolved = 无法识别的行多于此比例即不合格

## probe

help-measure = 实测内存带宽（一两秒），并保存供 `recommend` 等使用
help-save = 把机器保存到文件，供别处的 `--machine` 读取
help-probe-force = `--save` 的文件已存在时替换它

## bench

help-bench-target = 模型与量化版本，如 `7b:Q4_K_M`，或 GGUF 文件的路径
help-synthetic = 按模型的确切形状与类型生成随机权重并测量
help-layers = 测量模型的切片（最大的一片不超过这么多层），并由此推算整体；`all` 表示测量整体 [默认：放不下或超过十分钟时用切片]
help-keep = 保留生成的文件供下次使用
help-cache-dir = 该文件的位置 [默认：内存足够时放内存，否则放用户缓存目录下的 r1-advisor]
help-bench-threads = 计算使用的线程数 [默认：物理核心数]
help-batch = 一次调用可提交的 token 数 [默认：2048]
help-bench-micro-batch = 一次通过计算图的 token 数 [默认：512]
help-bench-gpu-layers = 放到 GPU 上的层数 [默认：全部]
help-n-cpu-moe = 有多少层的路由专家留在内存中 [默认：0]
help-flash-attention = 注意力是否融合为一个内核 [默认：on]
help-bench-kv-type = KV 缓存的类型 [默认：f16]
help-cache-type-k = K 缓存的类型
help-cache-type-v = V 缓存的类型
help-split-mode = 多块 GPU 如何分担模型 [默认：layer]
help-value-none = 由一块 GPU 承担全部
help-value-layer = 每块承担若干整层
help-value-row = 每块承担各矩阵的若干行
help-tensor-split = 各 GPU 的份额，如 3/1 [默认：按空闲显存]
help-main-gpu = 承担未拆分部分的 GPU [默认：0]
help-mmap = 是否用内存映射代替读入文件 [默认：on]
help-value-on = 是
help-value-off = 否
help-rpc = 同时参与计算的其他机器：llama.cpp 的 `rpc-server` 的地址 [默认端口：50052]。传输不加密、不验证：只用于可信的网络
help-prefill-tokens = 提示词的 token 数；0 表示不测预填充 [默认：512]
help-decode-tokens = 逐个解码的 token 数；0 表示不测解码 [默认：128]
help-bench-depth = 开始前 KV 缓存中已有的 token 数 [默认：0]
help-repetitions = 每项测试的重复次数 [默认：5，总时长约一分钟以内]
help-need = 必须达到的指标，如 `decode>=8`（tok/s）或 `ttft<=3`（秒，按所测提示词）；还有 prefill、tpot
help-time-limit = 引擎多少秒没有应答就停止：一次重复的时限
help-bench-needs = 按需求文件（与 `recommend --needs` 相同）测量一次提问与回答，并与其限制对照：解码、首 token 时延、回答用时。对服务器，其长度即负载，其解码与首 token 的限制即 SLO
help-within = `--workload` 或 `--needs` 的回答最多用多少秒；更久的改在几个深度上测量后求和
help-tune = 找出本机最快的设置，并保存供该模型以后使用
help-tune-runs = 调优最多运行的次数
help-tune-kv-type = 也尝试量化的 KV 缓存：更小，回答质量略降
help-bench-untuned = 用 llama.cpp 的默认值，不采用以前 `--tune` 的结果
help-devices = 列出引擎可用的设备，不测量
help-bench-endpoint = 改为测量该地址的 OpenAI 兼容服务器，如 `http://localhost:8000/v1`
help-bench-model = 模型在服务器上的名称 [默认：服务器上唯一的模型]
help-serves = 它是目录中的哪个模型，如 `32b` 或 `671b:FP8`：`report` 便以此测量为依据
help-served-on = 一个副本的加速卡，如 `8x H200`
help-served-by = 引擎 [默认：该模型在那里通常的引擎]
help-value-vllm = vLLM
help-value-sglang = SGLang
help-value-tensorrt-llm = TensorRT-LLM
help-value-llama-cpp = llama.cpp 及其衍生程序：逐层计算，必要时专家放在内存中
help-api = 使用哪种请求
help-value-chat = `/chat/completions`：一条消息，由服务器套用模型的模板
help-value-completions = `/completions`：一段文本，由模型续写
help-api-key-env = 存放 API 密钥的环境变量 [默认：`OPENAI_API_KEY`]
help-concurrency = 并发用户数：对服务器，每个用户得到回答后再问；对内置引擎，全部同时解码
help-rate = 改为每秒请求数，随机到达（泊松过程）
help-sweep = 用倍增和二分法找出满足 SLO 的最高负载
help-value-concurrency = 并发用户数
help-value-rate = 每秒请求数
help-sweep-most = 扫描尝试的最高负载
help-requests = 每个负载发送的请求数，代替时长
help-duration = 每个负载持续发送请求的时长，如 `90s` [默认：60s，多个负载时各 20s]
help-workload = 目录中的用途，如 `chat` 或 `coding`：对服务器按其长度（离散度 0.5），对内置引擎按其提示词、思考与回答完整测量
help-bench-prompt-tokens = 典型提示词的 token 数 [默认：512，或用途的长度]
help-bench-output-tokens = 典型回答（含思考）的 token 数 [默认：256，或用途的长度]
help-spread = 长度的离散程度：对数的标准差；0 表示不变
help-shared-prefix = 所有提示词共有的开头 token 数，便于服务器缓存；否则各不相同
help-may-stop = 允许模型自行结束回答；否则要求达到完整长度
help-coherence = 查看回答的内容：为空、重复同一个 token 或不是文本的会指出
help-bench-seed = 抽取长度与到达时间的种子
help-warm-up = 预热请求数，不计入结果
help-timeout = 服务器多久没有返回 token 即视为请求超时
help-slo-ttft = 首 token 时延（TTFT）的上限，如 `2s`
help-slo-tpot = 其后每个 token 时间（TPOT）的上限，如 `50ms`
help-slo-share = 必须同时满足两者的请求比例
help-price = API 的价格，取目录中的条目，如 `deepseek-r1-671b`
help-price-input = 每百万输入 token 的价格，美元
help-price-output = 每百万输出 token 的价格，美元
help-most = 列出多少条
help-id = 在历史中的编号
help-a = 第一次测量的编号
help-b = 第二次测量的编号
