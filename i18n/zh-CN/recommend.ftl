### `recommend` 的页面：标题、表格、下一步。

recommend-nothing = 这台机器上没有满足这些需求的模型。
recommend-run = 推荐 { $target }
recommend-rejected = 其余模型为何不选
recommend-all-quants = 全部量化版本
recommend-unknown = 未知

recommend-rank = #
recommend-model = 模型
recommend-quant = 量化
recommend-weights = 权重
recommend-runs-on = 运行于
recommend-memory = 内存
recommend-rate = tok/s
recommend-range = 区间
recommend-ttft = 首 token
recommend-answer = 回答
recommend-quality = 质量
recommend-token-cost = $/M
recommend-decode = 解码
recommend-verdict = 结论
recommend-why = 原因


recommend-legend =
    内存：权重、KV 缓存与计算缓冲区。tok/s：回答中段的预测解码速度；区间：80% 预测区间。回答：按该模型自身的思考长度计。质量：{ $abilities }的平均值，以各自基准的百分比计，减去量化损失。$/M：每百万输出 token 的电费上限。

recommend-measured = 已实测 { $target }：解码 { $rate }，预测 { $predicted }（{ $low }–{ $high }）；{ $verdict }
recommend-measured-alone = 已实测 { $target }：解码 { $rate }；{ $verdict }
recommend-not-measured = 已实测 { $target }：未能运行；{ $verdict }
recommend-disturbed = 其他程序占用了机器，本次结果不计入：请在空闲时重试
recommend-holds = 符合预测
recommend-fails = 低于预测

recommend-next-phone = 下一步，在手机上：用能运行 GGUF 的应用加载 { $repository } 的 { $quant }
recommend-next-server = 这是服务器：vLLM 或 SGLang 可同时服务许多用户，llama.cpp 只适合少数人。用下面的命令规划
recommend-nearest-remedy = 最接近的是 { $target }。要运行它：{ $remedy }
recommend-nearest = 最接近的是 { $target }：{ $why }。请放宽要求，或用 `--all` 查看全部量化版本

recommend-fact = { $fact }

recommend-fetching = 正在下载 { $target }
recommend-measuring = 正在实测 { $target }
recommend-measuring-random = 正在用随机权重实测 { $target }
recommend-not-started-hint = 程序是否在此期间被移动或替换？

recommend-ask-why = 加 `--why` 查看理由、成本以及如何让其余模型可用；全部量化版本：`--all`

verdict-fits-gpu = { $here ->
    [yes] 可放入本机的
   *[no] 可放入
} { $gpu }（{ $used } / { $all }）
verdict-fits-gpus = 可放入 { $count } 块 { $gpu }（{ $used } / { $all }）
verdict-experts = 专家在内存（{ $in_ram }），其余在 { $gpu } 上
verdict-partly = 部分在 { $gpu } 上，{ $in_ram } 在内存
verdict-cpu = 由 CPU 运行（{ $used } / { $all }）
verdict-rate = { $rate }
verdict-answer = 一个回答约 { $time }
verdict-quality = { $score } ± { $half }
verdict-role = { "" }
verdict-pick = 首选
verdict-better = 更好
verdict-faster = 更快
verdict-longer-context = 更长上下文
