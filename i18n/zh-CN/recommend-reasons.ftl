### 为什么推荐一个模型。

reason-memory = { $place }：权重 { $weights }（{ $published ->
    [yes] 按公布的文件大小
   *[no] 按张量逐个计算
}），KV 缓存 { $cache }，还剩 { $left }
reason-memory-tightest = { $place }：权重 { $weights }（{ $published ->
    [yes] 按公布的文件大小
   *[no] 按张量逐个计算
}），KV 缓存 { $cache }，还剩 { $left }（余量最小的设备：{ $device }）
reason-place-cpu = 由 CPU 在内存中运行
reason-place-gpu = 可完整放入 { $gpu }
reason-place-gpus = 可完整放入 { $count } 块 GPU
reason-place-experts = { $layers } 层的路由专家留在内存，其余在 GPU 上
reason-place-partial = { $layers } 层放入 GPU，其余在内存中运行

reason-time = 一个 { $tokens } token 的回答（含思考）约需 { $time }，解码 { $rate }（{ $basis }）
reason-predicted = 预测
reason-scaled = 按本机 { $date } 实测的另一模型推算
reason-measured = 本机 { $date } 实测

reason-crowd = { $count } 个会话同时进行时每个都有此速度，合计 { $all }（{ $low }–{ $high }）：它们共用每次权重读取（由单个会话推算，尚未经实测检验）
reason-tuned = 按 { $date } 在本机用 `bench --tune` 找到的最快设置运行：{ $flags }；速度为 llama.cpp 默认设置的 { $gain } 倍
reason-tuned-default = 按 { $date } 在本机用 `bench --tune` 找到的最快设置运行：{ $flags }；不比 llama.cpp 默认设置快

reason-shared-memory = GPU 与 CPU 共用 { $ram } 内存，最多可用 { $limit }
reason-shared-memory-apple = GPU 与 CPU 共用 { $ram } 内存，最多可用 { $limit }；`sudo sysctl iogpu.wired_limit_mb=N` 可提高上限
reason-shared-memory-amd = GPU 与 CPU 共用 { $ram } 内存，最多可用 { $limit }；内核参数 `ttm.pages_limit` 或固件中更大的显存预留可提高上限

reason-idle-gpus = { $all } 块 GPU 中有 { $idle } 块空闲，可作他用{ $copies ->
    [0] { "" }
   *[other] ，或再运行 { $copies } 份以服务更多人
}

reason-quality = 质量 { $score } ± { $half }：{ $abilities }；{ $loss }
ability-measured = { $name } { $score } ± { $half }（{ $benchmarks }）
ability-related = { $name } { $score } ± { $half }（据 { $benchmarks }）
ability-imputed = { $name } { $score } ± { $half }（估计值，未见实测）
reason-loss = { $quant } 约损失其中 { $percent }%（按已公布损失的曲线为 { $low }–{ $high }%）
reason-loss-measured = { $quant } 约损失其中 { $percent }%（按已公布损失的曲线为 { $low }–{ $high }%；本模型实测 { $measured }%，{ $publisher }）
reason-loss-perplexity = { $quant } 约损失其中 { $percent }%（按已公布损失的曲线为 { $low }–{ $high }%；本模型困惑度上升 { $measured }%，{ $publisher }）
reason-as-good-as = 就已公布的测试而言，{ $targets } 同样好（共 { $count } 个）：由速度、内存和优先项决定
reason-below-usual-speed = 低于此场景通常所需的 { $usual }{ $borderline ->
    [yes] ，不过可能达到：用 `r1-advisor bench { $target } --synthetic` 实测即知
   *[no] { "" }
}

reason-cost = 每天 { $answers } 个回答{ $fit ->
    [some] （一天最多这么多）
   *[all] {""}
}，每月电费至多 { $month }（满载 { $watts } W，每千瓦时 { $kwh }），即每百万输出 token { $million }
reason-cost-api = 每天 { $answers } 个回答{ $fit ->
    [some] （一天最多这么多）
   *[all] {""}
}，每月电费至多 { $month }（满载 { $watts } W，每千瓦时 { $kwh }），即每百万输出 token { $million }；同样的回答用 API 每月 { $api }（{ $provider }，{ $date }）

reason-other-quant = 改用 { $quant } 可再高 { $points } 分：每个回答 { $time }，占用 { $memory } 内存
reason-advised = { $size } 也是此场景的通常建议
reason-better-than-advised = 此场景的通常建议是 { $sizes }；与 { $target } 相比：{ $difference }
reason-advised-lacks = 此场景的通常建议是 { $sizes }；{ $target }：{ $why }
reason-unmeasured-bandwidth = 速度按未经实测的内存带宽预测；运行 `r1-advisor probe --measure` 可缩小区间
reason-against = 与 { $target } 相比：{ $difference }
