### 推理服务为什么没有给出完整的回答，以及怎么办。

endpoint-not-an-address = `{ $text }` 不是服务器地址
endpoint-not-an-address-hint = 写法如 `http://localhost:8000/v1`
endpoint-unreachable = 无法连接服务器
endpoint-unreachable-hint = 服务器在运行吗？地址和端口对吗？
endpoint-silent-before-answer = { $silence }内没有收到任何 token
endpoint-silent-within-answer = 回答中断了 { $silence }
endpoint-silent-hint = 请用 `--timeout` 延长等待，或降低负载
endpoint-rate-limited = 请求过于频繁（HTTP 429）
endpoint-rate-limited-hint = 请降低负载，或向服务商申请更高的限额
endpoint-status = 服务器返回 HTTP { $status }
endpoint-status-denied-hint = 请把密钥放进 `OPENAI_API_KEY`，或用 `--api-key-env` 指定变量名
endpoint-status-missing-hint = 请检查地址：多数服务器的地址以 `/v1` 结尾
endpoint-status-refused-hint = 提示词和输出超出模型的上下文了吗？见 `--prompt-tokens` 和 `--output-tokens`
endpoint-redirects = 它重定向到 `{ $location }`
endpoint-page = 它返回了网页
endpoint-web-page = 服务器返回的是网页
endpoint-web-page-hint = 该地址是给浏览器用的；多数服务器的地址以 `/v1` 结尾
endpoint-not-streamed = 服务器一次性返回了回答，没有流式输出
endpoint-not-streamed-hint = 中间是否有代理缓冲了数据流？
endpoint-malformed = 数据流中有无效的事件（{ $reason }）：`{ $data }`
endpoint-malformed-hint = 它是兼容 OpenAI 的服务器吗？
endpoint-in-stream = 服务器中断了回答
endpoint-dropped = 收到 { $tokens } token 后连接断开
endpoint-closed = 服务器关闭了连接
endpoint-empty = 回答中没有 token
endpoint-log-hint = 请查看服务器的日志
