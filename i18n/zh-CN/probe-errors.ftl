### 检测机器时会出什么错，驱动或资料库缺什么。

probe-read = 无法读取 `{ $path }`
probe-missing = 在 `{ $path }` 里找不到 `{ $entry }`
probe-proc-hint = /proc 挂载了吗？若没有，请用 `--gpu`、`--ram` 和 `--cpu` 描述机器
probe-run = 无法运行 `{ $program }`
probe-unknown-system = 不支持检测 `{ $system }` 系统
probe-describe-hint = 请用 `--gpu`、`--ram` 和 `--cpu` 描述机器，或用 `--machine` 指定机器文件

probe-cpu-lookup = 无法查找 CPU
probe-bandwidth-assumed = 内存带宽按 { $rate } 假定：用 `probe --measure` 一两秒就能测出
probe-bandwidth-threads = 内存带宽按 { $rate } 假定：可用的 { $threads } 个线程用不满 `{ $name }` 的 { $peak }；请用 `probe --measure` 实测
probe-small-buffer = 可用内存只有 { $available }：带宽是用小缓冲区测的，可能含有缓存的成分
probe-not-kept = 测得的带宽无法存入 `{ $path }`

probe-gpu-lookup = 无法查找 `{ $name }`
probe-gpu-unknown = 资料库里没有 `{ $name }`：算力未知；可用 `--catalog` 补充
probe-gpu-without-memory = 驱动没有报告 `{ $name }` 的显存容量，未计入：请用 `--gpu` 描述这台机器
probe-gpu-catalog-memory = 驱动没有报告 `{ $name }` 的显存容量和空闲量：采用资料库的值
probe-gpu-bandwidth = 驱动报告 `{ $name }` 的显存带宽为 { $told }，资料库为 { $published }：采用资料库的值
probe-gpu-unusable = 无法使用 { $vendor } GPU `{ $name }`

probe-node-missing = 容器里没有 `/dev/dri/{ $node }`；启动容器时请加 `--device /dev/dri`
probe-node-denied = 无权打开 `/dev/dri/{ $node }`；请把自己加入它的用户组（`sudo usermod -aG render $USER`）后重新登录
probe-node-failed = 无法打开 `/dev/dri/{ $node }`
probe-no-kfd = 缺少 `/dev/kfd`，ROCm 看不到 AMD GPU（Vulkan 可以）：请加载 `amdgpu`，或启动容器时加 `--device /dev/kfd`

probe-nvidia-failed = NVIDIA 驱动没有响应（{ $error }）：{ $advice }
probe-nvidia-gpu-failed = NVIDIA GPU { $index } 没有响应（{ $error }）：{ $advice }
probe-nvidia-load-hint = 请用 `sudo modprobe nvidia` 加载，或为当前内核重装驱动
probe-nvidia-version-hint = 库与已加载的驱动版本不同：请重启机器，或重新加载 `nvidia` 模块
probe-nvidia-permission-hint = 无权打开 `/dev/nvidia*`：请把用户加入 `video` 组，或启动容器时加 `--gpus all`
probe-nvidia-restart-hint = 请重启机器；若无效，在 `dmesg` 里查找 `Xid`
probe-nvidia-power-hint = 请检查显卡的供电线和插槽
probe-nvidia-hint = 请看 `nvidia-smi` 的输出
probe-nvidia-no-library = NVIDIA 驱动已加载，但缺少它的库 `libnvidia-ml.so.1`：容器请用 `--gpus all` 和 NVIDIA 容器工具包启动，否则请安装驱动附带的工具
probe-nvidia-no-driver = 有 NVIDIA GPU，但没有安装驱动：这块卡不计入
probe-mig-empty = `{ $name }` 处于 MIG 模式但没有切片，什么都跑不了：请用 `nvidia-smi mig -cgi` 创建，或用 `nvidia-smi -mig 0` 退出 MIG 模式
probe-mig-slices = `{ $name }` 已切成 MIG 切片：CUDA 每个进程只能用其中一个，由 `CUDA_VISIBLE_DEVICES` 选定
