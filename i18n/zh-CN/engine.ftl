### 加载和运行模型时会出什么错，以及怎么办。

engine-not-built = 本程序编译时没有包含 llama.cpp
engine-not-built-hint = 编译时请去掉 `--no-default-features`，见 README

engine-load = llama.cpp 无法加载 `{ $path }`
engine-load-architecture-hint = 此版本的 llama.cpp 不支持该模型；`r1-advisor models` 列出可运行的模型
engine-load-memory-hint = 请关闭其他程序，或选用更小的量化或模型；`r1-advisor estimate` 可查看所需内存
engine-load-hint = 文件大小为 { $size }：请与 hub 上的大小比较，不同则重新下载
engine-load-path-hint = 请检查路径
engine-not-utf8 = 路径不是 UTF-8

engine-open = llama.cpp 无法建立 { $context } token 的上下文
engine-open-hint = 请降低深度或 micro-batch；量化的 KV 缓存需要 `--flash-attention on`
engine-open-memory-hint = 请降低深度、上下文或 micro-batch，或关闭其他程序

engine-host = 无法使用 `{ $host }`
engine-host-hint = 请在该机器上运行 llama.cpp 的 `rpc-server --host 0.0.0.0`，并在防火墙中放行其端口
engine-hosts-silent = `{ $hosts }` 在 { $limit }内没有响应
engine-hosts-silent-hint = 一个 `rpc-server` 同时只服务一个程序：请等待另一个程序结束，或检查该处是否为 `rpc-server`
engine-no-rpc-client = 此 llama.cpp 编译时没有包含 RPC
engine-no-device = 它没有提供任何设备
engine-unknown-kind = 未知的引擎 `{ $text }`：可用 `llama`、`fake`，或 `fake:` 加上 { $failures } 之一
engine-not-a-host = `{ $text }` 不是主机；写法如 `192.168.1.20:50052`

engine-breakdown = llama.cpp 没有报告内存用量
engine-compute = llama.cpp 无法计算 { $tokens } token 的批次（状态 { $status }）
engine-compute-hint = 请降低深度或 micro-batch
engine-no-truncation = 它的缓存无法截断
engine-no-reason = 未给出原因
engine-stopped = 引擎已停止
engine-tokenize = llama.cpp 无法对文本分词
engine-unexpected = 引擎进程收到意外的消息：`{ $line }`
engine-bug-hint = 这是程序的错误，请报告

engine-crashed = 引擎进程{ $ending }
engine-ended-illegal-instruction = 遇到非法指令（SIGILL）
engine-ended-aborted = 异常中止（SIGABRT）
engine-ended-killed = 被强制结束（SIGKILL）
engine-ended-segmentation-fault = 崩溃（SIGSEGV）
engine-ended-signal = 被信号 { $number } 结束
engine-ended-status = 以状态 { $status } 退出
engine-crashed-rpc-hint = `--rpc` 的某个服务器已断开，或其版本与本程序的 llama.cpp 不同：请查看它的日志
engine-crashed-killed-hint = 内存用尽时系统会结束进程：请选用更小的量化或模型，或关闭其他程序
engine-crashed-instruction-hint = 程序是为其他 CPU 编译的：请在本机编译，或使用 `--features portable`
engine-crashed-memory-hint = 请用 `--gpu-layers` 把更多层留在 CPU，降低深度，或选用更小的量化
engine-crashed-hint = 上面最后几行出自 llama.cpp；用更小的量化或 `--gpu-layers 0` 可判断问题出在内存还是 GPU

engine-stalled = 引擎在 { $limit }内没有响应，已被停止
engine-stalled-hint = 请用 `--time-limit` 放宽时限，或用 `-p` 和 `-n` 减少 token；若 GPU 驱动卡死，请试 `--gpu-layers 0`
engine-start = 无法启动引擎进程
engine-start-hint = 程序是否在运行期间被移动或替换？
engine-cancelled = 已中断
