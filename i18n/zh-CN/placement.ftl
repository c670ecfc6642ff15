### 模型在哪里运行。

placement-single-gpu = GPU
placement-split-gpus = 多 GPU 切分
placement-unified = GPU（统一内存）
placement-expert-offload = GPU + 内存（专家层）
placement-partial-offload = GPU + 内存
placement-cpu-only = CPU

placement-ram = 内存
placement-time-range = { $time }（{ $low }–{ $high } { $unit ->
    [ms] 毫秒
    [s] 秒
    [min] 分钟
   *[h] 小时
}）
