### 代替资料库模型的文件为什么不能用。

model-file-unreadable = 无法读取 `{ $path }`
model-file-unreadable-hint = 请确认文件存在且有读取权限
model-file-missing-shard = 缺少 `{ $path }`：模型分成 { $count } 个文件，这是其中之一
model-file-missing-shard-hint = 请把它们按发布时的名称放进同一个目录
model-file-not-a-file = `{ $path }` 不是文件
model-file-not-a-file-hint = 请使用 `.gguf` 文件
model-file-unusable = 无法使用 `{ $location }`
model-file-unknown-fit = { $error }；无法判断是否放得下

plan-not-here = llama.cpp 只为它看得到的设备做规划，不能为“{ $placement }”规划
plan-not-here-hint = 去掉 `--plan`：其他机器用公式估算
plan-no-tensors = `{ $quant }` 各张量的类型由发布者自选，只知道公布的大小
plan-no-tensors-hint = 去掉 `--plan`，或选用不带 `UD-` 的量化
plan-hint = 去掉 `--plan`，改用公式估算
plan-temporary = 无法创建临时文件
plan-temporary-hint = 请检查临时文件目录的剩余空间

pull-again = { $why }；重新下载
pull-resume-hint = { $hint }；再次运行同一命令会从中断处继续
