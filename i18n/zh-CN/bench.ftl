### `bench`：实测的内容，以及实测过程中的提示。

bench-prefill = 预填充
bench-decode = 解码
bench-main-memory = 内存

## 运行的对象

bench-random-weights = { $model }:{ $quant }（随机权重）
bench-unnamed = 一个模型
bench-stand-in = { $subject }（按 { $rule } 生成，大小与公布的一致）
bench-engine = { $engine } { $version }，{ $threads } 线程

## 测试表

bench-test = 测试
bench-tokens = token
bench-depth = 深度
bench-measured = 实测
bench-predicted = 预测
bench-interval = 80% 区间
bench-range = { $low } 至 { $high }
bench-one-run = 仅一次
bench-on = 开
bench-off = 关
bench-all = 全部

## 结果

bench-too-large = 放不下：{ $device }需要 { $needed }，可用 { $available }，缺少 { $shortfall }；没有加载任何内容
bench-too-large-hint = 请换更小的量化或模型，或关闭其他程序
bench-too-large-row = 放不下：{ $device }缺少 { $shortfall }
bench-last-words = { $what }；最后的日志：
bench-stalled = { $limit }内没有响应，引擎已停止
bench-stalled-row = { $limit }内没有响应
bench-refused = 被拒绝：{ $reason }
bench-before-that = 此前测得
bench-confirmed = 符合预测：实测值在预测区间内
bench-corrected = 修正预测：{ $tests }；以实测为准
bench-corrected-test = { $test }为预测的 { $times } 倍
bench-disturbed = 受到干扰：其他程序占用了机器；请在空闲时重测
bench-disturbed-shares = 受到干扰：其他程序占用了机器（引擎只得到 CPU 时间的{ $shares }）；请在空闲时重测
bench-disturbed-share = { $test } { $share }
bench-disturbed-runs = 受到干扰：部分运行期间其他程序占用了机器；请在空闲时重测
bench-unpredicted = 已实测；此文件没有预测值

bench-verdict-confirmed = 符合预测
bench-verdict-corrected = 修正预测
bench-verdict-disturbed = 受到干扰
bench-verdict-measured = 已实测
bench-verdict-met = 达标
bench-verdict-missed = 未达标

bench-likely = 可能原因：{ $reason }
bench-swapping = 内存不足，交换了 { $swapped }
bench-throttled = 核心因温度或功耗降频 { $events } 次
bench-stolen = 宿主机占用了这台虚拟机 { $share } 的 CPU 时间
bench-other-work = 其他进程占用了 { $share } 的 CPU
bench-memory-bandwidth = 只有解码慢，说明内存比假定的慢（可用 `probe --measure` 实测）
bench-clock = 只有预填充慢，说明主频或指令集与假定的不同
bench-clock-or-power = 预填充和解码同样慢，像是主频较低或功耗受限
bench-load-before = 开始前一分钟的平均负载：{ $load }

bench-energy = 能耗：{ $tests }
bench-energy-test = { $test }每 token { $joules } J（每百万 token { $kilowatt_hours } kWh）
bench-no-energy = 能耗：不可用，这台机器没有可读的计量器
bench-shortened = 已缩短：{ $runs }，未满 { $full } 次，以控制在一分钟左右；`-r { $full }` 可全部运行
bench-shortened-test = { $test } { $count } 次
bench-peak-memory = 内存：峰值 { $peak }，含已映射的文件页
bench-planned = { $device } 计划占用：权重 { $weights }，KV 缓存 { $kv_cache }，计算缓冲区 { $compute }
bench-planned-repacked = { $device } 计划占用：权重 { $weights }（其中重排 { $repacked }），KV 缓存 { $kv_cache }，计算缓冲区 { $compute }

bench-need-met = 要求 { $need }：达标，实测 { $measured }
bench-need-missed = 要求 { $need }：未达标，实测 { $measured }
bench-need-unmeasured = 要求 { $need }：未达标，未实测

bench-depth-fit = 深度为 0 时每 token { $zero }，深度每增加一千 token 多 { $slope }（误差在 { $error } 以内）
bench-precise = { $number } 毫秒

## 切片

bench-slices = 由 { $layers } 层中 { $counts } 层的切片轮流实测后推算
bench-slices-parts = { $test }：{ $interval }；{ $whole }中嵌入、输出与引擎自身占 { $fixed }，{ $layers }
bench-slices-less = { $test }：{ $interval }；{ $whole }中{ $layers }，减去最后一层未计算部分的 { $fixed }
bench-slices-contradict = { $test }：未知；各切片互相矛盾，说明其他程序占用了机器
bench-slices-interval = 可能为 { $low } 至 { $high } tok/s
bench-slices-prompt = 整个提示
bench-slices-token = 每个 token{ " " }
bench-slices-dense = { $count } 层每层 { $time }
bench-slices-experts = { $count } 个专家层每层 { $time }
bench-slices-shortage = 整个模型在这里放不下：{ $device }需要 { $needed }，可用 { $available }；以上是内存足够的同类机器的速度

## 调优

bench-setting = 设置
bench-set-to = 取值
bench-answer = 回答
bench-best = 最佳
bench-failed = 失败
bench-tuning-goal = 回答：{ $prompt } token 的提示之后输出 { $output } token
bench-left-out = { $setting } { $choice }：未尝试，预测慢 { $times } 倍
bench-fastest = 最快：{ $settings }
bench-fastest-setting = { $setting } { $best }（最慢者的 { $times } 倍）
bench-gain = 速度为初始设置的 { $times } 倍

## 多个用户

bench-users = 用户
bench-each = 每人
bench-together = 合计
bench-ratio = ×
bench-first-token = 首 token
bench-last-user = 最后一人
bench-short-of = 缺少 { $shortfall }
bench-crowds = 并发用户，每人的提示 { $prompt } token，回答 { $output } token
bench-saturated = 在 { $users } 个用户时饱和：再增加用户，总量增长不到一成
bench-unsaturated = 未饱和：每一步都增长一成以上

## 完整任务

bench-task = { $task }：提示 { $prompt } token，思考与回答 { $output } token
bench-task-times = { $first }后出首 token，{ $whole }后答完，整个回答平均 { $rate }
bench-task-whole = 从首 token 实测到最后一个 token
bench-task-depths = 完整运行会超出允许的时间：在深度 { $depths } 各实测 { $tokens } token，沿拟合直线求和（误差在 { $error } 以内）

## 设备

bench-devices-built = { $engine } { $version }，编译时包含 { $backends }
bench-devices-bare = { $engine } { $version }，编译时没有包含 GPU 后端
bench-device = 设备
bench-device-kind = 类型
bench-device-name = 名称
bench-device-memory = 显存/内存
bench-device-free = 可用
bench-device-cpu = CPU
bench-device-gpu = GPU
bench-device-integrated = 集成 GPU（共享内存）
bench-device-accelerator = 加速器

## 运行过程

bench-run = 第 { $number }/{ $count } 组，{ $step }
bench-loading = 正在加载
bench-warming-up = { $test }：预热
bench-repetition = { $test }：第 { $number } 次，最多 { $most } 次
bench-writing = 正在写入 { $size } 的随机权重
bench-making = 正在生成 { $size } 的随机权重
bench-measuring-layers = 正在实测 { $layers } 层中的 { $counts } 层
bench-measuring-file = 正在实测 { $path }
bench-tuned = 使用 `--tune` 于 { $date } 找到的设置；`--untuned` 使用 llama.cpp 的默认值
bench-stand-in-note = { $quant } 的张量类型由制作者自选：实测的是 { $rule }，并按其公布的大小提高或降低部分张量的位数

## 结果的去向

bench-saved = 已存为结果 { $id }：{ $then }
bench-use-both = 此后在本机的预测以它为依据
bench-use-prefill = 此后在本机的预测以它的预填充为依据
bench-use-decode = 此后在本机的预测以它的解码为依据
bench-use-none = 此后的预测不以它为依据
bench-use-list = `r1-advisor bench history` 列出全部结果
bench-unsaved = 未保存：{ $why }；{ $hint }
bench-tuned-saved = 已保存：此后运行该模型时使用这些设置
bench-tuned-unsaved = 无法把设置保存到 `{ $folder }`
bench-task-too-large = `{ $task }` 放不下：它的 { $tokens } token 使{ $device }缺少 { $shortfall }

## 错误

bench-no-mix = `{ $quant }` 的张量类型由发布者自定，且未公布 `{ $model }` 的大小，无法生成它的文件
bench-no-mix-hint = 请用最接近的标准量化，如 `UD-` 用 `Q2_K` 或 `IQ1_S`，或给出 `{ $quant }` 文件的路径
bench-folder = 无法写入 `{ $folder }`
bench-folder-hint = 请用 `--cache-dir` 指定另一目录
bench-disk-full = `{ $folder }` 空间不足：可用 { $free }，需要 { $needed }
bench-disk-full-hint = 请腾出 { $missing }，用 `--cache-dir` 指定另一目录，或用更小的量化
bench-unreadable = 无法读取 `{ $path }`
bench-unreadable-hint = 请检查路径
bench-interrupted = 已中断
bench-nothing = 没有可实测的内容
bench-nothing-of-none = 使用 `-p 0 -n 0` 时没有可实测的内容
bench-file-synthetic = `{ $target }` 是文件，不是模型
bench-file-synthetic-hint = 请去掉 `--synthetic`，或指定模型，如 `7b:Q4_K_M`
bench-no-quant = `{ $target }` 没有指定量化
bench-no-quant-hint = 请写成 `{ $target }:Q4_K_M`
bench-no-file = 本机没有 `{ $target }` 的文件
bench-no-file-hint = 请用 `r1-advisor pull { $target }` 下载，或加上 `--synthetic` 实测相同形状的随机权重，速度相同
bench-slices-alone = 切片每次只能实测一种配置
bench-slices-alone-hint = 请去掉列表、`--tune`、`--rpc`、`--concurrency`、`--workload` 和 `--needs`，或去掉 `--layers`
bench-tune-alone = `--tune` 自行选择设置
bench-tune-alone-hint = 每个参数只给一个值：调优从那里开始
bench-tune-tests = `--tune` 需要权衡预填充与解码
bench-tune-tests-hint = 请去掉 `-p 0` 和 `-n 0`
bench-too-many-runs = 这些列表共 { $count } 次运行，上限为 { $most }
bench-nothing-shared = 结果 { $a } 与 { $b } 没有共同的指标
bench-nothing-shared-hint = 请比较 token 数和深度相同的结果，或负载相同的结果
bench-no-result = 历史中没有结果 { $id }
bench-no-result-hint = `r1-advisor bench history` 列出所有编号

bench-numbers-none = `{ $part }` 不是数，也不是 `128-512`、`1-8+2` 或 `128-1024*2` 这样的范围
bench-numbers-range = { $number } 不在 { $least }..={ $most } 之内
bench-numbers-step = `{ $part }` 的步长无法前进
bench-numbers-end = `{ $part }` 永远到不了终点
bench-numbers-many = 共有 { $count } 个数，最多 { $most } 个
bench-need-form = 请把要求写成 `decode>=8`、`prefill>=200`、`ttft<=3` 或 `tpot<=0.1`
bench-need-speed = 速度要求的是下限：`>=`
bench-need-time = 时间要求的是上限：`<=`
bench-need-positive = 要求必须大于 0

bench-beyond-training = 模型训练时的上下文为 { $trained } token，而这里要求 { $needed }
bench-beyond-training-hint = 请减小 `-d`、`-p` 或 `-n`：合计不能超过 { $trained } token
