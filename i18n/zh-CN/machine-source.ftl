### 命令所针对的机器：机器文件，以及 `--gpu` 与 `--gpu-count`。

machine-source-unreadable = 无法读取机器文件 `{ $path }`
machine-source-unreadable-hint = 用 `probe --save FILE` 可以写出本机的机器文件
machine-source-malformed = `{ $path }` 第 { $line } 行：{ $wrong }
machine-source-malformed-hint = 请对照 `probe --save FILE` 写出的文件
machine-source-unknown-key = 未知的键 `{ $key }`
machine-source-missing-key = 缺少键 `{ $key }`
machine-source-impossible = `{ $path }`：{ $what }
machine-source-version = `{ $path }` 是版本 { $version } 的机器文件，本程序读取版本 { $known }
machine-source-version-hint = 请更新程序，或重新写一份文件
machine-source-exists = `{ $path }` 已经存在
machine-source-exists-hint = 用 `--force` 覆盖，或换一个文件名
machine-source-unwritable = 无法写入机器文件 `{ $path }`
machine-source-unwritable-hint = 请确认文件夹存在且有写入权限

machine-source-no-cores = `cpu` 至少要有一个核心、一个线程和一个插槽
machine-source-ram = `ram.total_bytes` 不能小于 `ram.available_bytes`
machine-source-ram-bandwidth = `ram.bandwidth.bytes_per_second` 必须大于 0
machine-source-figure = `{ $key }` 是 { $figure }，不是 { $least } 到 { $most } 之间的数
machine-source-gpu-rates = GPU `{ $name }` 的带宽和算力必须大于 0
machine-source-gpu-free = GPU `{ $name }` 的空闲显存超过了总显存
machine-source-gpu-limit = GPU `{ $name }` 可用的内存超过了总内存
machine-source-gpu-memory = GPU `{ $name }` 没有显存

machine-source-count-of-several = `--gpu-count { $count }` 只适用于一种 GPU，而这里写的是 `{ $gpus }`
machine-source-count-of-several-hint = 请把数量写在名称前，如 `--gpu '2x RTX 3090 + RTX 4090'`
machine-source-two-counts = `--gpu '{ $gpus }'` 写的是 { $own }，而 `--gpu-count` 写的是 { $count }
