### `validate`：用实测数据检验预测。

validate-resolved = { $rows } 行中预测了 { $resolved } 行
validate-resolved-served = { $rows } 行推理服务数据中预测了 { $resolved } 行，每行都模拟其运行过程
validate-basis-catalog = 使用目录中的常数，其中 { $fitted } 个由实测数据拟合
validate-basis-device = 留一法：预测每种设备时，所用常数的拟合不含该设备的数据
validate-basis-deployment = 留一法：预测每个部署时，所用常数的拟合不含该部署的数据
validate-basis-source = 留一法：每个来源都用拟合时不含其数据的常数来预测
validate-basis-group = 留一法：每组（模型、设备、引擎、精度）都用拟合时不含其数据的常数来预测
validate-legend = 误差：|预测 − 实测| / 实测，给出中位数和第 90 百分位数。覆盖率：落在 80% 区间内的实测所占比例。偏差：预测 / 实测 − 1 的中位数，为正表示预测偏快。
validate-legend-served = TPOT：每个输出 token 的间隔时间，其偏差为正表示预测偏慢。“全部”只含注明并发数的行，不限并发的运行单独归类。

validate-rows = 行
validate-all = 全部
validate-decode = 解码
validate-prefill = 预填充
validate-tpot = TPOT
validate-output = 输出
validate-ttft = TTFT
validate-output-throughput = 输出吞吐量
validate-median = 中位数
validate-p90 = p90
validate-covered = 覆盖率
validate-bias = 偏差

validate-bad = 中位误差超过 { $limit }：{ $classes }。
validate-bad-class = { $by } { $class }（{ $errors }）
validate-bad-error = { $measure } { $error }

validate-worst = 误差最大的行，预测/实测
validate-worst-rates = 误差最大的行，预测/实测，单位 tok/s
validate-id = 编号
validate-hardware = 硬件
validate-model = 模型
validate-engine = 引擎
validate-in-flight = 并发
validate-tpot-milliseconds = TPOT（毫秒）
validate-rate = tok/s
validate-ttft-milliseconds = TTFT 毫秒
validate-not-predicted = { $id } 未预测，{ $hardware }：{ $reason }

validate-passed = 通过
validate-missed = 未通过
validate-gate = { $what }：{ $reached }（限值 { $limit }）
validate-nothing-measured = 没有实测数据
validate-gate-median = { $measure }，中位误差
validate-gate-p90 = { $measure }，p90 误差
validate-gate-least-coverage = { $measure }，最低覆盖率
validate-gate-most-coverage = { $measure }，最高覆盖率
validate-gate-unresolved = 无法识别的行

## 行的分类。

validate-class-r1 = R1
validate-class-reference = 参考模型
validate-class-r1-old = R1，2024-10 之前
validate-class-r1-new = R1，2024-10 起
validate-class-reference-old = 参考模型，2024-10 之前
validate-class-reference-new = 参考模型，2024-10 起
validate-class-offload = GPU 加 CPU
validate-class-cpu = CPU
validate-class-one-gpu = 单 GPU
validate-class-several-gpus = 多 GPU
validate-class-shallow = 1k 以内
validate-class-deeper = 1k 至 8k
validate-class-deepest = 8k 以上
validate-class-unbounded = 不限并发
validate-class-at-once = 同时到达
validate-class-held = 固定并发
validate-class-open-loop = 开环到达
validate-class-dense = 稠密
validate-class-experts = 专家
validate-class-experts-in-ram = 专家在内存中
validate-class-early = { $engine }，2025-05 之前
validate-class-nodes = 多节点
validate-class-linked = 多卡互联
validate-class-pcie = 多卡 PCIe
validate-class-few = 2 至 16
validate-class-some = 17 至 100
validate-class-many = 100 以上
validate-class-drafts = 投机解码
validate-class-no-drafts = 无投机解码
validate-class-tuned = 调优
validate-class-deployed = 实际部署

## 无法读取的表和无法预测的行。

validate-unreadable = 无法读取 `{ $path }`
validate-unreadable-hint = 请检查路径和读取权限
validate-no-column = 表中没有 `{ $column }` 列
validate-no-column-near = 是否指 `{ $nearest }`？
validate-no-column-hint = 必需的列：{ $columns }
validate-empty = 表中没有数据行
validate-empty-hint = 请在表头下为每次测量写一行
validate-line = 第 { $line } 行：{ $problem }
validate-line-hint = 请改正该行；`r1-advisor validate --help` 说明了各列的含义
validate-cell = `{ $column }`：{ $problem }
validate-not-a-number = 不是数字
validate-not-a-count = 不是整数
validate-not-positive = 数值必须大于零，或留空

validate-unknown-cpu = 未知的 CPU `{ $name }`
validate-unknown-backend = 未知的后端 `{ $name }`
validate-unknown-model = 未知的模型 `{ $name }`，也没有已知的同等规模稠密模型
validate-unknown-accelerator = 未知的加速卡 `{ $name }`
validate-unknown-figures = `{ $name }` 的带宽或算力未知
validate-unknown-precision = 未知的精度 `{ $name }`
validate-too-large = 权重超出显存 { $short }
validate-latency-limit = 实测时有延迟限制，但该行未注明
validate-no-lengths = 该行既未注明并发数，也未注明长度
validate-disaggregated = 预填充与解码在不同机器上
