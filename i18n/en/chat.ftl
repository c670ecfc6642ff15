### Why there is no answer in a conversation.

chat-no-tokenizer = the model has no tokenizer: its weights are random, as `bench --synthetic` writes them
chat-no-tokenizer-hint = download the real model with `r1-advisor pull`, or measure this one with `bench`
chat-no-template = the model has no chat template
chat-template = could not apply the model's chat template
chat-template-time = it runs for more than 1.7 s
chat-template-memory = it takes more than 256 MiB of memory, or calls itself without end
chat-template-output = it writes more than 16 MiB
chat-template-hint = pass a template with `--chat-template FILE`, or use another publisher's file
chat-context-full =
    the conversation takes { $prompt_tokens } tokens, which leaves no room for an answer in a context of { $context }
chat-context-hint = raise `--context`, for example to { $tokens }, or shorten the prompt
chat-new-hint = start a new conversation with `/new`, or start again with a larger `--context`
chat-unheard = the reader of the answer is gone
