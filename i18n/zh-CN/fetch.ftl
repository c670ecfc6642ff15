### 文件为什么下载不了，以及怎么办。

fetch-no-file = `{ $target }` 没有指明文件
fetch-no-file-hint = 请使用网址，或 `hf.co/OWNER/REPO/FILE.gguf`

fetch-request = 无法连接 `{ $url }`
fetch-request-hint = 请检查网络和 `HTTPS_PROXY`；使用 Hugging Face 镜像请设置 `HF_ENDPOINT`
fetch-request-url-hint = 请检查网址，以及已设置的 `HF_ENDPOINT` 和 `HF_TOKEN`
fetch-request-trust-hint = 服务器证书不受信任：请检查系统时钟和 CA 证书，或设置 `SSL_CERT_FILE`

fetch-status = `{ $url }` 返回 HTTP { $status }
fetch-status-forbidden-hint = 仓库是私有的、需要申请或不存在：请检查名称，在其页面接受条款，并设置 `HF_TOKEN`
fetch-status-store-hint = 拒绝请求的是存放文件的服务器，不是仓库：请再次运行，或检查代理和系统时钟
fetch-status-missing-hint = 请检查所有者、仓库和文件名；分片模型的文件名以 `-00001-of-0000N.gguf` 结尾
fetch-status-wait-hint = 请求过于频繁：请在 { $wait }后重试，或设置 `HF_TOKEN`
fetch-status-wait-later-hint = 请求过于频繁：请稍后重试，或设置 `HF_TOKEN`
fetch-status-busy-hint = 服务器繁忙：请在 { $wait }后重试
fetch-later-hint = 请稍后重试

fetch-encoded = `{ $url }` 在传输途中被压缩（{ $encoding }）
fetch-web-page = `{ $url }` 是网页，不是模型文件
fetch-web-page-hint = 请使用文件本身的网址，或 `hf.co/OWNER/REPO/FILE.gguf`；需要登录的网络也会这样应答

fetch-redirect-too-often = `{ $url }` 重定向次数过多
fetch-redirect-to-nowhere = `{ $url }` 的重定向没有有效地址
fetch-redirect-to-unprotected = `{ $url }` 从 HTTPS 重定向到了不加密的 HTTP
fetch-redirect-to-other-protocol = `{ $url }` 重定向到了 HTTP 以外的协议
fetch-redirect-to-link-local = `{ $url }` 重定向到了链路本地地址
fetch-wrong-range = 向 `{ $url }` 请求字节 { $asked }，返回的却是“{ $answered }”
fetch-broken-off = 与 `{ $url }` 的连接在收到 { $at } 字节后中断
fetch-too-long = `{ $url }` 发来的数据比请求的多
fetch-listing = `{ $url }` 返回的不是文件列表
fetch-listing-too-long = `{ $url }` 的文件列表超过 { $most }
fetch-server-hint = 服务器或代理有问题：请换一个，或用其他程序下载文件后给出路径

fetch-no-length = `{ $url }` 没有给出文件大小
fetch-no-length-hint = 请用其他程序下载文件，再给出路径

fetch-changed =
    `{ $url }` 在下载期间发生了变化：{ $what ->
        [length] 大小
       *[other] { $what }
    }原为 { $was }，现为 { $found }
fetch-changed-unknown =
    `{ $url }` 在下载期间发生了变化：{ $what ->
        [length] 大小
       *[other] { $what }
    }原为 { $was }，现在未知
fetch-replaced = `{ $file }` 在下载期间被服务器替换
fetch-replaced-hint = 旧文件已丢弃：再次运行即可下载新文件

fetch-wrong-checksum = `{ $file }` 已损坏：SHA-256 是 { $found }，应为 { $expected }
fetch-wrong-checksum-hint = 文件已丢弃：请再次运行；若再次出错，请检查内存和磁盘，或换一个 `--endpoint`

fetch-not-as-published-length = `{ $file }` 与资料库记录的文件不同：大小是 { $found } 字节，应为 { $expected } 字节
fetch-not-as-published-sha256 = `{ $file }` 与资料库记录的文件不同：SHA-256 是 { $found }，应为 { $expected }
fetch-not-as-published-hint = 发布者已替换该文件：用 `hf.co/OWNER/REPO:QUANT` 可下载当前的文件

fetch-no-such-file = `{ $repository }` 中没有文件 `{ $path }`
fetch-no-such-quant = `{ $repository }` 中没有 `{ $quant }` 的 GGUF
fetch-no-such-quant-hint = 现有：{ $known }
fetch-no-gguf-hint = 该仓库没有 GGUF 文件：请检查名称
fetch-no-repository = 找不到仓库 `{ $repository }`（HTTP { $status }）
fetch-no-repository-hint = 请检查名称；若是私有的或需要申请，请在其页面接受条款并设置 `HF_TOKEN`
fetch-nearest-hint = 是否想写 `{ $nearest }`？

fetch-unsafe-name = 不安全的文件名“{ $name }”
fetch-unsafe-name-hint = 不要信任其发布者：文件名不能含有 `..`，也不能以 `/` 开头

fetch-name-too-long = 文件名“{ $name }…”太长：{ $length } 字节
fetch-name-too-long-hint = 文件系统最多支持 255 字节：请用其他程序下载，并换一个较短的名称

fetch-offline = `{ $file }` 不在本机，且设置了 `HF_HUB_OFFLINE`
fetch-offline-hint = 取消 `HF_HUB_OFFLINE` 即可下载

fetch-read = 无法读取 `{ $path }`
fetch-write = 无法写入 `{ $path }`
fetch-remove = 无法删除 `{ $path }`
fetch-create-folder = 无法创建目录 `{ $path }`
fetch-create-link = 无法创建链接 `{ $path }`
fetch-lock = 无法锁定 `{ $path }`
fetch-disk-hint = 请检查该目录及其所在磁盘
fetch-disk-full-hint = 请腾出空间后再次运行：下载会从中断处继续
fetch-disk-denied-hint = 请用 `--to DIR` 或 `HF_HUB_CACHE` 选择可写的目录

fetch-disk-limit-hint = 请提高上限（`ulimit -f unlimited`），或用 `--to DIR` 或 `HF_HUB_CACHE` 选择支持这种大小的文件系统

fetch-no-space = `{ $path }` 空间不足：需要 { $needed }，剩余 { $free }
fetch-no-space-hint = 请腾出空间（见 `r1-advisor models --local`），或用 `--to DIR` 或 `HF_HUB_CACHE` 选择另一块磁盘

fetch-occupied = `{ $path }` 已存在，而且是另一个文件
fetch-occupied-hint = 请移走它，或用 `--to DIR` 选择另一个目录

fetch-outside = `{ $path }` 在 `{ $root }` 之外：有链接指向那里
fetch-outside-hint = 没有删除任何文件：请自行删除该文件或链接

fetch-in-use = `{ $path }` 正在下载
fetch-in-use-hint = 请等待该下载完成，或停止它

fetch-interrupted = 已中断；已下载的部分会保留
fetch-interrupted-hint = 再次运行同一命令即可继续

fetch-header = 无法使用 `{ $url }`
