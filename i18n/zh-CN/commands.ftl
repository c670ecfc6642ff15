### 命令行，以及各命令共有的话。

commands-unknown-argument = 没有参数 { $argument }
commands-unknown-command = 没有子命令 { $command }
commands-missing-command = { $command } 需要子命令
commands-invalid-value = { $value } 不是 { $argument } 可取的值
commands-missing-value = { $argument } 缺少值
commands-missing-argument = 缺少必需的参数 { $argument }
commands-once = { $argument } 只能写一次
commands-conflict = { $argument } 不能与 { $prior } 同时使用
commands-conflict-with-others = { $argument } 不能与其他某个参数同时使用
commands-too-many-values = { $argument } 后多出一个值 { $value }
commands-wrong-number-of-values = { $argument } 的值的个数不对
commands-no-equals = { $argument } 的值要用 `=` 连接
commands-not-utf8 = 命令行不是有效的 UTF-8
commands-did-you-mean = 是不是想写 { $near }？
commands-too-large = { $text } 超出可取的范围
commands-not-a-number = `{ $text }` 不是数
commands-usage = 用法：{ $usage }
commands-more-help = 详细说明请用 `--help`。

# 模型文件
commands-unreadable = 无法读取 `{ $path }`
commands-unreadable-hint = 请确认文件存在且有读取权限
commands-not-an-r1 = `{ $path }` 与目录中任何 R1 模型的形状都不同，占用按它的文件头计算
commands-other-name = 文件自称“{ $name }”，但形状与大小同 `{ $id }`


# 本机的模型
commands-removed = 已删除 { $name }
commands-freed = 释放了 { $size }
commands-hub-cache = hub 缓存
commands-folder = 文件夹
commands-no-local-models = 本机没有 R1 模型。
commands-no-local-models-next = 看本机能运行什么：r1-advisor recommend。下载：r1-advisor pull ID:QUANT
commands-column-model = 模型
commands-column-size = 大小
commands-column-place = 存放于
commands-column-name = 名称
commands-shards-missing = { $name }（{ $parts } 个文件中的 { $there } 个）
commands-damaged = { $name }（已损坏）
commands-total = 共 { $size }
commands-partials = 尚未下载完；`pull` 可以续传，`models remove` 可以删除
commands-partial = { $present } / { $whole }
commands-other-models = 另有 { $count } 个其他模型的 GGUF 未列出。

commands-stays = `{ $name }` 保留：{ $how }
commands-not-ours = `{ $name }` 属于其他程序
commands-not-here = 本机没有名为 `{ $name }` 的模型
commands-not-here-hint = `r1-advisor models --local` 可列出本机已有的模型
commands-part-of = 未下载完的 { $name }
commands-remove = 删除 { $names } 并释放 { $size } 吗？
commands-nothing-removed = 没有删除任何文件
commands-nothing-removed-unasked = 未经确认，没有删除任何文件
commands-nothing-removed-unasked-hint = 加 `--yes` 可不询问直接删除
commands-remove-by-ollama = 请用 `ollama rm { $name }` 删除
commands-remove-by-lm-studio = 请在 LM Studio 的 My Models 中删除
commands-remove-here = 请用 `r1-advisor models remove` 删除

# 输出
commands-format = 这种格式只用于 `{ $command }`
commands-format-hint = 请用 `--format table`、`json`、`csv` 或 `markdown`
commands-output-hint = 请检查磁盘是否已满

# `report` 在需求之外读写的内容
commands-no-accelerator = `{ $path }` 没有可用于提供服务的 GPU，未计入
commands-no-machines = `{ $path }` 中没有机器文件
commands-no-machines-hint = `r1-advisor probe --save FILE.toml` 会把所在机器写入文件
commands-column-path = 路径
