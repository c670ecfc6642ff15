### 交互式选择（`recommend --interactive`）。

chooser-no-format = `--interactive` 在终端上绘制，不支持 `--format`
chooser-no-terminal = `--interactive` 需要终端来读取按键和显示，而标准输入或标准输出不是终端
chooser-without-hint = 去掉它即可：`recommend` 用参数也能指定同样的内容，如 `--use-case` 和 `--min-decode`
chooser-not-drawn-hint = 不带 `--interactive` 的 `recommend` 不需要终端
chooser-chosen = 已选定 { $target }。重现本次结果的命令，以及下一步：
chooser-again = 重现本次结果的命令：

chooser-too-small = 终端太小：至少需要 { $columns } 列 { $rows } 行。按 q 退出。
chooser-step-use-case = 1 使用场景
chooser-step-limits = 2 限制
chooser-step-models = 3 模型
chooser-keys-use-case = ↑↓ 移动  Enter 下一步  ? 按键  q 退出
chooser-keys-limits = ↑↓ 移动  ←→ 更改  Enter 查找  Esc 返回  q 退出
chooser-keys-models = ↑↓ 移动  空格 更多  Enter 选定  Esc 返回  q 退出
chooser-help-move = 移动
chooser-help-change = 更改限制
chooser-help-scroll = 滚动详情
chooser-help-next = 下一步；选定模型
chooser-help-back = 返回
chooser-help-keys = 显示按键
chooser-help-leave = 退出
chooser-help-close = 按任意键关闭。

chooser-limit-priority = 最看重
chooser-limit-min-decode = 最低解码速度，tok/s
chooser-limit-max-ttft = 首 token 最长等待
chooser-limit-max-answer-time = 完整回答最长用时
chooser-limit-context = 上下文，token
chooser-limit-sequences = 并发对话数
chooser-limit-reserve-ram = 为其他程序预留内存
chooser-limit-gpu-only = 只要能完整放入 GPU 的
chooser-limit-max-quant-loss = 量化损失上限
chooser-limit-local-only = 数据不出本机
chooser-no-limit = 不限
chooser-default = { $value }（默认）
chooser-yes = 是
chooser-no = 否
chooser-balanced = 均衡（balanced）
chooser-quality = 质量（quality）
chooser-latency = 响应快（latency）
chooser-cost = 成本（cost）

chooser-no-model = 没有可显示的模型。
chooser-rejected = { $target }：不推荐
chooser-not-recommended = 该模型不推荐；按 Esc 返回修改限制。
chooser-more = 空格：更多
chooser-bar-legend = █ 权重  ▓ KV 缓存  ▒ 计算缓冲区  ░ 预留  · 空闲
chooser-bar = { $bar } { $used } / { $free }：{ $name }
chooser-bar-over = { $bar } 需 { $used }，仅 { $free } 可用：{ $name }
chooser-speed = 预测解码 { $rate } tok/s（{ $low }–{ $high }）
chooser-speed-ttft = 预测解码 { $rate } tok/s（{ $low }–{ $high }），首 token { $time }
chooser-if-it-fitted = 若能放下：{ $speed }
chooser-remedy = → { $remedy }
chooser-problem = { $what }；{ $hint }
