### `run`：对话，以及回答下方的说明。

run-end = { $parts }
run-first-token = 首 token { $time }
run-tokens = { $tokens } token
run-tokens-thinking = { $tokens } token（其中思考 { $thinking }）
run-in-time = { $tokens }，用时 { $time }
run-context-used = 上下文 { $used } / { $context }
run-cut-by-max-tokens = 达到 `--max-tokens`，已截断
run-cut-by-context = 上下文已满，已截断
run-stopped = 已停止
run-thinking = 思考中：{ $parts }
run-thought = 思考 { $time }，{ $tokens }

# 对话
run-loading = 正在加载 { $name }
run-reloading = 对话已保留，正在重新加载模型。
run-welcome = { $name }：{ $parts }。/help 列出可用的命令，Ctrl-C 停止当前回答。
run-context = 上下文 { $context } token
run-placed-by-engine = 由 llama.cpp 安排
run-threads = { $threads } 个线程
run-tuned = 采用 { $date } 的调优结果
run-chat-context-full = 上下文已满：用 `/new` 开始新的对话，或用更大的 `--context` 重新开始
run-forgotten = 尚未开始回答，该问题不再保留。
run-new-conversation = 新的对话。
run-thoughts-shown = 此后显示思考过程。
run-thoughts-folded = 此后隐藏思考过程。
run-unknown-command = 没有命令 `{ $command }`，可用 { $known }。
run-help-new = 开始新的对话，同 /reset
run-help-think = 此后显示或隐藏思考过程
run-help-stats = 显示本次对话的用量
run-help-help = 显示本说明
run-help-quit = 退出，同 /exit、Ctrl-D，以及在提示符处按 Ctrl-C
run-help-interrupt = 停止当前回答
run-no-answers = 还没有回答。
run-stats =
    { "  " }回答      { $answers } 个，共 { $tokens } token，其中思考 { $thinking }
    { "  " }速度      平均 { $speed }
    { "  " }上一回答  首 token { $ttft }，提示词 { $prompt } token 中 { $reused } 来自缓存
    { "  " }上下文    { $used } / { $context } token
run-stats-memory = { "  " }内存      最多 { $peak }
run-reading = 正在读取提示词：{ $tokens } / { $of } token
run-answering = 正在回答：{ $tokens }
run-context-full = 回答尚未完成，{ $context } token 的上下文已满；请提高 `--context`

# 运行什么，在哪里运行
run-no-gpu = 引擎没有看到 GPU，全部在 CPU 上运行；`r1-advisor probe` 可查看原因
run-beyond-training = `{ $name }` 的训练上下文为 { $trained } token，不能用 { $context }
run-beyond-training-hint = 请把 `--context` 降到 { $trained }
run-too-large = `{ $name }` 放不下：加上 { $context } token 的上下文，还差 { $missing } 内存
run-too-large-hint = 请换更小的量化版本、调低 `--context`，或用 `--kv-type q8_0`；`--force` 可强行尝试
run-not-here = 本机没有 `{ $name }`
run-remote-hint = 用 `r1-advisor pull { $name }` 下载，再运行它输出的路径
run-fetch = 本机没有 `{ $name }`。要下载吗（{ $offer }）？
run-not-here-hint = 加 `--pull` 即可下载（{ $offer }），或运行 `r1-advisor pull { $name }`
run-size = { $size }
run-about-size = 约 { $size }
run-unknown-size = 大小未知
run-size-from = { $size }，来自 hf.co/{ $repository }
run-no-quant = `{ $id }` 没有哪个量化版本在本机能达到可用的速度
run-no-quant-hint = `r1-advisor recommend` 可查看本机能运行什么；写明量化版本则照样运行

# 提示词
run-chat-format = 对话不能用 `--format` 输出
run-chat-format-hint = 请给出提示词、`--prompt-file`，或用管道输入
run-empty-prompt = 提示词是空的
run-empty-prompt-hint = 请写在模型之后，或用 `--prompt-file`、管道给出
run-not-utf8 = 内容不是 UTF-8
run-check-path = 请检查路径
run-column-prompt = 提示
run-column-thinking = 思考
run-column-answer = 回答
run-column-tokens = token
run-column-first-token = 首 token
run-column-total = 总时长
run-column-decode = 解码
