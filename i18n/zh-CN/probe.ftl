### `probe`，以及推荐结果上方的机器概要。

probe-what = 项目
probe-value = 值
probe-machine = 机器
probe-cpu = CPU
probe-memory = 内存
probe-bandwidth = 带宽
probe-gpu = GPU
probe-disk = 磁盘
probe-engine = 引擎
probe-note = 注意
probe-unknown = 未知
probe-none = 无
probe-assumed = { $part }（假定）
probe-each-with = { $count } × { $name }，每块

probe-cores = { $count } 核
probe-usable-threads = { $count } 个可用线程
probe-threads = { $count } 线程
probe-sockets = { $count } 路
probe-numa-nodes = { $count } 个 NUMA 节点
probe-last-level-cache = 末级缓存 { $cache }
probe-no-vectors = 没有 ggml 可用的向量指令

probe-available = 可用 { $free }，共 { $total }
probe-limited = 受控制组限制为 { $limit }；机器本身更多
probe-no-swap = 没有交换空间
probe-swap = 交换空间 { $swap }
probe-measured = { $rate }，{ $date } 实测
probe-specified = { $rate }，平台峰值（{ $source }）
probe-assumed-rate = { $rate }，假定
probe-by-threads = { $threads }：{ $rate }

probe-free = 可用 { $free }，共 { $total }
probe-unified = 最多用内存 { $limit }
probe-fp16 = FP16 { $rate }
probe-mig = { $name }（MIG 切片）
probe-driver = 驱动 { $version }
probe-disk-free = { $path } 可存放模型的空间为 { $free }

probe-device = { $name }：{ $description }，可用 { $free }，共 { $total }
probe-not-built = 未编译进来：无法用 `bench` 实测
probe-backend-finds-none = 已包含 { $backend }，但没有找到 GPU：请查看注意事项和驱动自带的工具
probe-backend-missing = 没有 GPU：未编译 { $backend }，见 README 中的 features
probe-saved = 已保存到 { $path }

## 机器概要

probe-line-ram = 内存 { $total }（可用 { $free }）
probe-line-ram-assumed = 内存 { $total }（假定，可用 { $free }）
probe-line-bandwidth-measured = { $rate }（{ $date } 实测）
probe-line-bandwidth-peak = { $rate }（峰值）
probe-line-bandwidth-assumed = { $rate }（假定）
probe-line-no-gpu = 无 GPU
probe-line-gpu = { $name }（{ $memory }）
probe-line-unified = 最多用内存 { $limit }
