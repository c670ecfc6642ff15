### 模型缺什么，与另一个相比如何。

lacks-nothing = 放得下
lacks-several = { $lacks }
lacks-memory = 内存差 { $shortfall }（共需 { $takes }）
lacks-gpu = 没有 GPU，而要求只用 GPU
lacks-disk = 文件超出磁盘限额 { $by }
lacks-licence = 许可证不在允许之列：{ $licence }
lacks-context = 训练上下文为 { $trained } token（需要 { $asked }）
lacks-score = { $benchmark } { $score } 分（最低 { $minimum }）
lacks-published-score = 没有公布 { $benchmark } 成绩
lacks-quality = 量化损失 { $percent }% 的质量（上限 { $maximum }%）
lacks-speed = { $rate } tok/s（最低 { $minimum }）
lacks-speed-borderline = 接近下限：{ $rate } tok/s（最低 { $minimum }）；用 `r1-advisor bench { $target } --synthetic` 实测即知
lacks-first-token = 首 token 需 { $time }（上限 { $maximum }）
lacks-day = 一天最多 { $fit } 个回答（需要 { $needed }）
lacks-answer-time = 回答需 { $time }（上限 { $maximum }）
lacks-known-speed = 速度未知：没有 GPU 的带宽或算力数据
lacks-known-cost = 成本未知：没有某个设备的功耗数据
lacks-monthly-budget = 每月电费超出预算 { $by }
lacks-token-budget = 每百万 token 的电费超出上限 { $by }
lacks-rank = 放得下，但不如 { $target }
lacks-better-choice = 放得下，但不如 { $target }：后者{ $difference }

difference = { $quality ->
    [better] 质量高 { $points } 分
    [worse] 质量低 { $points } 分
   *[same] 质量相当
}，{ $speed ->
    [faster] 速度是其 { $times } 倍
    [slower] 用时是其 { $times } 倍
   *[same] 同样快
}，{ $memory ->
    [more] 多占 { $bytes } 内存
    [less] 少占 { $bytes } 内存
   *[same] 内存相同
}
