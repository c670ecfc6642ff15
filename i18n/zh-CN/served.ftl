### `bench --endpoint`：对已部署的模型施加负载。

served-at-once = { $users } 个并发用户
served-rate = { $rate } 请求/秒

served-subject = { $endpoint } 上的 { $model }，{ $date }
served-workload = 提示 { $prompt } token，回答 { $output } token；{ $prefix }
served-workload-about = 提示约 { $prompt } token，回答约 { $output } token；{ $prefix }
served-workload-case = 提示约 { $prompt } token，回答约 { $output } token（`{ $case }`）；{ $prefix }
served-prefix-own = 各提示的开头互不相同
served-prefix-shared = 所有提示以相同的 { $tokens } token 开头
served-nothing = 没有测得任何结果

## 负载表

served-users = 用户
served-offered = 请求/秒
served-completed = 完成
served-failed = 失败
served-total = 总时长 { $percentile }
served-depth = 深度
served-within = 满足 SLO
served-goodput = 有效请求/秒

## 单个负载

served-answered = { $load }：{ $sent } 个请求完成 { $completed } 个，用时 { $time }
served-answered-but = { $load }：{ $sent } 个请求完成 { $completed } 个，用时 { $time }；{ $others }
served-failed-count = 失败 { $count } 个
served-unfinished-count = 未等待 { $count } 个
served-failure = { $count } × { $kind }：{ $example }
served-failure-under = { $load }：{ $count } × { $kind }：{ $example }
served-kind-unreachable = 无法连接
served-kind-timed-out-before = 首 token 前超时
served-kind-timed-out-between = token 之间超时
served-kind-rate-limited = 被限流
served-kind-status = 错误状态
served-kind-web-page = 网页
served-kind-not-streamed = 未流式返回
served-kind-malformed = 格式错误
served-kind-in-stream = 流中出错
served-kind-dropped = 连接中断
served-kind-empty = 空回答
served-kind-no-files = 本机文件描述符用完
served-kind-untrusted = 证书不受信任
served-kind-refused = 以错误代替回答
served-kind-endless = 行没有结尾
served-at-depth = 深度 { $tokens } token
served-time = 时长
served-mean = 平均
served-longest = 最长
served-ttft = 到首 token（TTFT）
served-answer-begins = 到思考之后的回答
served-tpot = 此后每 token（TPOT）
served-end-to-end = 到最后一个 token
served-gap = 回答中最长的停顿
served-output = 输出合计 { $rate }，每秒完成 { $answers } 个回答
served-output-each = 输出合计 { $rate }，每秒完成 { $answers } 个回答；每个用户 { $each }（p50）
served-thinking = 输出中 { $share } 是思考，计入在内
served-goodput-line = 有效吞吐 { $rate } 请求/秒：{ $share } 的请求满足 SLO
served-milliseconds = { $number } 毫秒

## 结果

served-highest = 满足 SLO 的最高负载：{ $load }（{ $beyond }不满足）
served-highest-so-far = 目前满足 SLO 的最高负载：{ $load }
served-highest-tried = { $load }及以下都满足 SLO，这是尝试的最高负载（`--sweep-most`）
served-highest-none = 没有负载满足 SLO
served-met = 达标：{ $promise }
served-missed = 未达标：{ $promise }
served-all-failed = 失败：没有请求完成
served-promise = { $share } 的请求{ $limits }
served-promise-ttft = 首 token 在 { $limit }内
served-promise-tpot = 此后每 token 在 { $limit }内
served-cost = 本次花费 { $cost } 美元：提示 { $prompt } token，单价 { $input }；输出 { $output } token，单价 { $each }
served-cost-per-million = 本次花费 { $cost } 美元：提示 { $prompt } token，单价 { $input }；输出 { $output } token，单价 { $each }；含提示每百万输出 token { $million }
served-label-note = 注意：
served-note-pieces = 服务器不统计 token：流中每一段按一个 token 计，提示长度为估计值
served-note-short = 模型在要求长度的 { $share } 处结束回答，{ $why }
served-short-allowed = 这是允许的
served-short-despite = 尽管已要求继续
served-short-unable = 因为无法要求该服务器继续
served-note-cached = 提示中 { $share } 的 token 来自服务器的缓存
served-note-buffered = { $count } 个回答一次性到达：中间有环节缓冲了流，没有 TPOT，TTFT 也没有意义，不算满足 SLO
served-note-cut = { $count } 个回答超出要求的长度后仍不结束，已在此截断：服务器不理会 `max_tokens`
served-note-read-again = 每个请求都重新读入了深度的 { $share }，这计入了 TTFT：服务器没有前缀缓存，或缓存太小
served-note-incoherent = { $answers } 个回答中有不通顺的：{ $kinds }；模型加载得对吗？
served-incoherent-empty = { $count } 个为空
served-incoherent-repeating = { $count } 个重复同一个 token
served-incoherent-not-text = { $count } 个不是文本
served-note-client = 本客户端占用了超过半个核心，瓶颈可能是它自己
served-note-interrupted = 已中断：以上是到此为止的结果

## 运行过程

served-asking = 正在询问 { $endpoint }
served-warming-up = 预热
served-filling = 正在用 { $depth } 个 token 填充缓存
served-progress = { $load }：{ $sent } 个请求完成 { $completed } 个，{ $time }
served-progress-failed = { $load }：{ $sent } 个请求完成 { $completed } 个，失败 { $failed } 个，{ $time }

## 错误

served-sweep-without-slo = 扫描寻找满足 SLO 的最高负载，但没有给出 SLO
served-sweep-without-slo-hint = 请加上 `--slo-ttft 2s` 或 `--slo-tpot 50ms`，或用 `--concurrency 1,2,4` 实测指定的负载
served-sweep-at-depths = 搜索最高负载时只能有一个深度
served-no-price = 目录中没有 API 价格 `{ $name }`
served-did-you-mean = 是不是 `{ $name }`？
served-did-you-mean-of = 是不是 `{ $name }`？服务器上有 { $models }
served-known = 已知：{ $names }
served-no-key = 没有设置 `{ $variable }`
served-no-key-hint = `--api-key-env` 的值是变量名，不是密钥
served-no-model = 服务器上没有模型 `{ $model }`
served-models = 服务器上有 { $models }
served-more = 另外 { $count } 个
served-name-model = 请用 `--model` 指定模型
served-lists-none = 服务器没有列出模型
served-several = 服务器上有 { $count } 个模型
served-several-hint = 请用 `--model` 选择一个：{ $models }
served-unknown-device = `{ $name }` 的带宽或算力未知
served-no-precision = `{ $precision }` 不是 { $engine } 的精度
served-no-precision-hint = 可取的值：`BF16`、`FP8`、`INT8`、`INT4`、`NVFP4`、`W4AFP8`；GGUF 文件请加 `--served-by llama.cpp`
