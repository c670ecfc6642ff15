### 对话为什么没有回答。

chat-no-tokenizer = 模型没有分词器：它的权重是随机的，由 `bench --synthetic` 生成
chat-no-tokenizer-hint = 请用 `r1-advisor pull` 下载真正的模型，或用 `bench` 测量这一个
chat-no-template = 模型没有对话模板
chat-template = 无法使用模型的对话模板
chat-template-time = 运行超过 1.7 秒
chat-template-memory = 占用内存超过 256 MiB，或无休止地调用自身
chat-template-output = 输出超过 16 MiB
chat-template-hint = 请用 `--chat-template FILE` 给出模板，或改用其他发布者的文件
chat-context-full = 对话占用 { $prompt_tokens } token，{ $context } 的上下文里已没有回答的空间
chat-context-hint = 请提高 `--context`，如 { $tokens }，或缩短提示词
chat-new-hint = 用 `/new` 开始新对话，或用更大的 `--context` 重新启动
chat-unheard = 回答的读取方已退出
