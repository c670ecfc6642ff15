### 一个模型在一台机器上占用什么（`estimate`）。

estimate-from = 取自 { $file }
estimate-fits = { $context } token 上下文放得下：{ $place }，占用 { $used }，可用 { $free }
estimate-fits-on = { $device }
estimate-too-large = { $context } token 上下文放不下：还差 { $missing }
estimate-verdict-time = { $tokens } token 用时 { $time }
estimate-raised-limit = GPU 上限提高到 { $limit }
estimate-raise-command = 请先把 GPU 上限提高到 { $limit }：`{ $command }`（重启后失效）
estimate-raise-parameter = 请先把 GPU 上限提高到 { $limit }：Linux 上用内核参数 `{ $parameter }`，其他系统在 BIOS 中设置
estimate-ollama-experts = 没有把专家放在内存的选项：请用 llama.cpp
estimate-ollama-sharded = 不能拉取分成多个文件的 GGUF：请用 llama.cpp

estimate-device = 设备
estimate-memory = 内存占用
estimate-in-use = 运行时占用
estimate-weights = 权重
estimate-kv-cache = KV 缓存
estimate-compute = 计算缓冲区
estimate-repack = CPU 重排
estimate-repack-is = 为 CPU 重排的权重，与文件中的权重并存；内存紧张时系统会丢弃其中一份
estimate-program = 程序
estimate-program-is = 推理引擎自身的代码、词表和工作区
estimate-less = 扣除
estimate-less-is = 为回答用不到的 logits 预留，实际不会写入
estimate-reserve = 预留
estimate-free = 可用
estimate-bar = { $name } { $bar } 占用 { $used }，可用 { $free }
estimate-bar-apart = { $name }：占用 { $used }，可用 { $free }

estimate-weights-of-file = 读自文件头
estimate-weights-published = 公布的文件大小
estimate-weights-computed = 按张量形状和 llama.cpp 的量化规则计算，精确到字节
estimate-cache-computed = 按 llama.cpp 的分配方式计算，精确到字节
estimate-formula = 按公式估算
estimate-planned = 由 llama.cpp 自己规划
estimate-speed-measured = { $date } 在本机实测{ $sequences ->
    [1] { "" }
   *[other] ；{ $sequences } 个序列共用每次权重读取，没有公开的 llama.cpp 实测可检验
}
estimate-speed-scaled = 预测值，并按 { $date } 在本机实测的{ $from ->
    [unknown] 另一个模型
   *[other] {" "}{ $from }{" "}
}校正{ $sequences ->
    [1] { "" }
   *[other] ；{ $sequences } 个序列共用每次权重读取，没有公开的 llama.cpp 实测可检验
}
estimate-speed-predicted = 根据带宽和算力预测，常数拟合自公开的实测数据{ $sequences ->
    [1] { "" }
   *[other] ；{ $sequences } 个序列共用每次权重读取，没有公开的 llama.cpp 实测可检验
}

estimate-bottleneck = 瓶颈
estimate-binds-memory = 容量：{ $device }，剩余 { $left }
estimate-binds-over = 容量：{ $device }，超出 { $missing }
estimate-binds = { $memory }；解码：{ $count ->
    [1] 每个 token
   *[other] 每步（{ $count } 个 token）
}读取 { $bytes }（{ $device }，带宽 { $bandwidth }）
estimate-numa-fits = { $nodes } 个节点，每个约 { $size }：内存中的 { $ram } 放得进一个节点
estimate-numa-spread = { $nodes } 个节点，每个约 { $size }：内存中的 { $ram } 分布在多个节点上
estimate-numa-pin = 在命令前加 `numactl -N 0 -m 0` 可固定在一个节点，`--numa distribute` 则用上所有节点：两种都值得一测
estimate-numa-drop = 首次启动前请清空页缓存，`--numa distribute` 才能安排内存页的位置

estimate-speed = 速度
estimate-decode = 解码
estimate-together = 合计
estimate-prefill = 预填充
estimate-depth = 深度 { $depth } token 时
estimate-each = { $count } 个序列中的每一个，深度 { $depth } token 时
estimate-all = { $count } 个序列合计
estimate-over = 提示词 { $tokens } token
estimate-range = { $what }；80% 预测区间 { $low }–{ $high }
estimate-unknown = 未知
estimate-unknown-why = 没有 GPU 的带宽或算力数据

estimate-times = 回答耗时
estimate-prompt = 提示词 { $tokens } token
estimate-ttft = 首 token
estimate-token = 每个 token
estimate-token-times = 开始时 { $start }，结束时 { $end }
estimate-whole = 完整回答
estimate-whole-time = { $time }，共 { $tokens } token，含思考过程
estimate-tokens = { $tokens } token
estimate-task-chat = 聊天
estimate-task-code = 代码
estimate-task-mathematics = 数学
estimate-short = 较短
estimate-typical = 一般
estimate-long = 较长

estimate-context = 上下文
estimate-context-trained = 按此放置最多容纳 { $tokens } token，即训练时的上限（每 1024 token 占 { $step }）
estimate-context-up-to = 按此放置最多容纳 { $tokens } token；每多 1024 token 多占 { $step }
estimate-context-step = 每 1024 token 占 { $step }
estimate-beyond-too-large = { $tokens } 就放不下了：{ $device } 超出 { $missing }
estimate-beyond = { $tokens }：{ $facts }
estimate-gpu-layers = GPU 上 { $layers } 层
estimate-expert-layers = { $layers } 层的专家放在内存

estimate-context-too-small = { $room } token 的上下文装不下 { $prompt } token 的提示词和 { $output } token 的回答，或 { $depth } token 的深度
estimate-context-too-small-hint = 请把 `--context` 提高到 { $context }，或调低 `--prompt-tokens`、`--output-tokens` 或 `--depth`
estimate-context-too-long = `{ $model }` 训练时的上下文为 { $trained } token，而这里要求 { $asked }
estimate-context-too-long-hint = 请把 `--context` 降到 { $most }
estimate-no-values = `{ $model }` 不单独缓存 V：它的潜在注意力（MLA）由 K 还原出 V
estimate-no-values-hint = 请去掉 `--kv-type-v`
estimate-backend-vendor = { $backend } 不支持 { $gpu }
estimate-backend-vendor-hint = 它通常用的后端是 { $usual }
estimate-backend-alone = 没有可供 { $backend } 使用的 GPU
estimate-backend-alone-hint = 请用 `--gpu` 指明一块
estimate-no-gpu-for-layers = 没有可放置层的 GPU：请用 `--gpu` 指明一块
estimate-no-quant = `{ $target }` 没有写明量化格式
estimate-no-quant-hint = 请写成 `{ $target }:Q4_K_M` 这样
estimate-no-artifact = `{ $model }` 没有发布过 `{ $quant }`，而这种格式的量化组合由发布者自定
estimate-no-artifact-hint = 已知最接近的是 `{ $target }`
