### `pull`：下载、校验与缺少的内容。

pull-waiting = 另一个程序正在下载同一文件，等它下完后直接使用
pull-no-hash = 该文件没有公布校验值，无法检查是否完好
pull-file-of = { $name }（第 { $number } 个，共 { $count } 个）
pull-not-an-r1 = `{ $name }` 不是目录中的 R1 模型

pull-model-scope-catalog-only = `--source modelscope` 只用于目录中的模型，不能是 `{ $target }`
pull-model-scope-catalog-only-hint = 请给出 `671b:UD-IQ1_S` 这样的模型，或去掉 `--source`
pull-no-quant = `{ $target }` 没有写明量化版本
pull-no-quant-hint = 请写成 `{ $like }` 这样
pull-no-file = 没有已知的 `{ $target }` 文件
pull-no-file-hint = 已知最接近的是 `{ $near }`
pull-not-on-model-scope = 未知 ModelScope 是否有 `{ $target }`
pull-not-on-model-scope-near = 已知它有 `{ $near }`
pull-not-on-model-scope-hint = 请去掉 `--source`，或用 `--endpoint` 指定镜像

pull-too-large = `{ $name }` 无法在本机运行：加上 { $context } token 的上下文，还差 { $missing } 内存
pull-too-large-hint = 加 `--force` 可强制下载；`r1-advisor recommend` 可查看本机能运行什么
pull-anyway = { $problem }。仍要下载吗？
pull-nothing = 没有下载任何文件
pull-other-shape = 文件完整，但结构不是 `{ $id }` 的
pull-other-shape-hint = 目录或仓库有误；`r1-advisor estimate FILE` 可查看这个文件是什么
pull-other-mix = 文件有 { $tensors } 个张量，共 { $size }；按 llama.cpp 的 { $quant } 规则应为 { $usual_tensors } 个，共 { $usual_size }：发布者自行选择了部分类型

pull-checked-by-catalog = SHA-256 与目录一致
pull-checked-by-hub = SHA-256 与发布站点一致
pull-damaged = `{ $path }` 已损坏：SHA-256 与名称不符
pull-checked-by-header = 文件头与大小正确
pull-not-checked = 未校验：没有公布校验值
pull-fetched = { $target }：{ $size }，{ $checked }；用 { $time } 下载了 { $received }，{ $rate }/s
pull-here-already = { $target }：{ $size }，{ $checked }；本机已有
pull-next = 下一步：实测
pull-column-received = 已接收
