### 为什么文件不是 R1 模型的 GGUF，以及怎么办。

gguf-read = 无法读取文件
gguf-read-hint = 请确认文件存在且有读取权限
gguf-not-gguf = 不是 GGUF 文件：开头是“{ $found }”
gguf-not-gguf-hint = 请使用 `.gguf` 文件；safetensors 需要先转换
gguf-lfs-pointer = 这是 Git LFS 指针，不是模型本身
gguf-lfs-pointer-of = 这是 Git LFS 指针，不是模型本身（模型大小为 { $size }）
gguf-lfs-pointer-hint = 请在其仓库中运行 `git lfs pull`，或用 `r1-advisor pull` 下载文件
gguf-web-page = 这是网页，不是模型文件
gguf-web-page-hint = 请下载文件本身：在 Hugging Face 上，其网址含 `/resolve/` 而不是 `/blob/`
gguf-empty = 文件是空的
gguf-version = 不支持 GGUF 版本 { $version }
gguf-version-hint = 请重新转换模型：支持版本 2 和 3
gguf-big-endian = 文件是大端字节序
gguf-big-endian-hint = 请下载小端字节序的文件：大端文件只用于 s390x
gguf-truncated = 文件在文件头中就结束了，只有 { $at } 字节
gguf-cut-short = 文件不完整：只有 { $file }，而张量 `{ $tensor }` 到 { $end } 才结束
gguf-trailing = 权重到 { $end } 结束，而文件一直延续到 { $file }
gguf-truncated-hint = 下载不完整：请重新下载
gguf-too-long = 文件头超过 { $longest }
gguf-implausible =
    { $what ->
        [tensors] 文件头在第 { $at } 字节处声称有 { $count } 个张量，没有模型会有这么多
        [keys] 文件头在第 { $at } 字节处声称有 { $count } 个键，没有模型会有这么多
        [texts] 文件头在第 { $at } 字节处声称有 { $count } 个字符串，没有模型会有这么多
       *[bytes] 文件头在第 { $at } 字节处声称有 { $count } 字节，没有模型会有这么多
    }
gguf-broken = 文件头在第 { $at } 字节处损坏
gguf-broken-hint = 文件已损坏：请重新下载并核对 SHA-256

gguf-duplicate-key = 键 `{ $key }` 重复
gguf-duplicate-tensor = 张量 `{ $tensor }` 重复
gguf-alignment = `general.alignment` 不是 2 的幂
gguf-overlap = 张量 `{ $tensor }` 位于 { $offset }，与前一个张量（结束于 { $expected }）重叠
gguf-gap = 张量 `{ $tensor }` 位于 { $offset }，与前一个张量（结束于 { $expected }）之间有空隙
gguf-beyond-disks = 张量 `{ $tensor }` 到 { $end } 字节才结束
gguf-key-name = 有一个键为空或过长
gguf-tensor-name = 有一个张量名为空或过长
gguf-long-tensor-name = 有一个张量名长 { $length } 字节（最多 { $most }）
gguf-value-type = 未知的值类型 { $kind }
gguf-array-type = 数组不能存放类型 { $kind } 的值
gguf-dimensions = 张量 `{ $tensor }` 有 { $dimensions } 维
gguf-dimension = 张量 `{ $tensor }` 有一维长 { $length }
gguf-too-many-values = 张量 `{ $tensor }` 的值多到内存放不下
gguf-tensor-type = 张量 `{ $tensor }` 的类型是 { $kind }，没有 R1 文件使用它
gguf-row-length = 张量 `{ $tensor }` 每行 { $length } 个值，{ $kind } 无法存放

gguf-missing-key = 文件头缺少键 `{ $key }`
gguf-unknown-family = `general.architecture` 是 { $found }；R1 的模型是 qwen2、llama、qwen3 或 deepseek2
gguf-unknown-family-hint = 请使用 DeepSeek-R1 模型的 GGUF；`r1-advisor models` 列出全部模型
gguf-wrong-value = `{ $key }` 是 { $found }，应为{ $expected }
gguf-contradiction = `{ $key }` 是 { $found }，但 { $other } 要求 { $needed }
gguf-key-hint = llama.cpp 也无法加载这个文件：请重新下载或转换
gguf-missing-tensor = 缺少张量 `{ $name }`
gguf-unknown-tensor = 这种形状的 { $family } 模型没有张量 `{ $name }`
gguf-wrong-shape = 张量 `{ $name }` 的形状是 { $found }，而按文件头的键应为 { $expected }
gguf-tensor-hint = 它不是 llama.cpp 转换脚本生成的 R1 模型，或者文件已损坏
gguf-tensor-in-two-files = 张量 `{ $name }` 同时出现在两个文件里
gguf-shards = 第 { $shard } 个文件（共 { $shards } 个）的 `{ $key }` 是 { $found }，应为 { $expected }
gguf-shards-hint = 请把同一个模型的全部文件按发布时的名称放进同一个目录

gguf-nothing = 缺失
gguf-skipped = 长度为 { $count } 的数组或字符串
gguf-whole-number = { $least } 到 { $most } 的整数
gguf-float = 有限且非负的浮点数
gguf-rows = 与 { $rows } 行的 `{ $tensor }` 相符的值
gguf-multi-query = 多查询注意力
gguf-latent = 潜向量的大小
gguf-latent-rotary = 潜向量及其旋转部分的大小

gguf-write = 无法写入 `{ $path }`
gguf-write-hint = 磁盘是否已满或已断开？
gguf-write-interrupted = 写入已中断
