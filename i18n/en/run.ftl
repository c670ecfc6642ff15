### `run`: a conversation, and the lines under its answers.

run-end = { $parts }
run-first-token = first token after { $time }
run-tokens = { $tokens ->
    [one] 1 token
   *[other] { $tokens } tokens
}
run-tokens-thinking = { $tokens ->
    [one] 1 token
   *[other] { $tokens } tokens
} ({ $thinking } thinking)
run-in-time = { $tokens } in { $time }
run-context-used = context { $used } of { $context }
run-cut-by-max-tokens = cut off by `--max-tokens`
run-cut-by-context = cut off: the context is full
run-stopped = stopped
run-thinking = thinking: { $parts }
run-thought = thought for { $time }, { $tokens }

# A conversation
run-loading = loading { $name }
run-reloading = The conversation is kept and the model loaded again.
run-welcome = { $name }: { $parts }. /help lists the commands, Ctrl-C stops an answer.
run-context = context { $context } tokens
run-placed-by-engine = placed by llama.cpp
run-threads = { $threads ->
    [one] 1 thread
   *[other] { $threads } threads
}
run-tuned = tuned on { $date }
run-chat-context-full = the context is full: `/new` starts a new conversation, a larger `--context` allows longer ones
run-forgotten = The answer had not begun, so the question is dropped.
run-new-conversation = New conversation.
run-thoughts-shown = Thinking is shown from now on.
run-thoughts-folded = Thinking is hidden from now on.
run-unknown-command = Unknown command `{ $command }`, try { $known }.
run-help-new = start a new conversation; same as /reset
run-help-think = show or hide thinking from now on
run-help-stats = show what the conversation took so far
run-help-help = show this
run-help-quit = leave; same as /exit, Ctrl-D, and Ctrl-C at the prompt
run-help-interrupt = stop an answer
run-no-answers = No answers yet.
run-stats =
    { "  " }answers       { $answers } with { $tokens } tokens, { $thinking } of them thinking
    { "  " }speed         { $speed } on average
    { "  " }last answer   first token after { $ttft }, { $reused } of { $prompt } prompt tokens from cache
    { "  " }context       { $used } of { $context } tokens
run-stats-memory = { "  " }memory        { $peak } at most
run-reading = reading the prompt: { $tokens } of { $of } tokens
run-answering = answering: { $tokens }
run-context-full = the context of { $context } tokens was full before the answer was complete; raise `--context`

# What is run, and where
run-no-gpu = the engine sees no GPU, so everything runs on the CPU; `r1-advisor probe` shows why
run-beyond-training = `{ $name }` was trained for { $trained } tokens of context, not { $context }
run-beyond-training-hint = lower `--context` to { $trained }
run-too-large = `{ $name }` does not fit: with a context of { $context } tokens it needs { $missing } more memory
run-too-large-hint = use a smaller quant, a shorter `--context`, or `--kv-type q8_0`; `--force` tries anyway
run-not-here = `{ $name }` is not on this machine
run-remote-hint = fetch it with `r1-advisor pull { $name }`, then run the path that it prints
run-fetch = `{ $name }` is not on this machine. Fetch it ({ $offer })?
run-not-here-hint = add `--pull` to fetch it ({ $offer }), or run `r1-advisor pull { $name }`
run-size = { $size }
run-about-size = about { $size }
run-unknown-size = of unknown size
run-size-from = { $size } from hf.co/{ $repository }
run-no-quant = no quant of `{ $id }` runs at a usable speed here
run-no-quant-hint = `r1-advisor recommend` shows what does; name a quant to run it anyway

# The prompt
run-chat-format = a chat cannot be written with `--format`
run-chat-format-hint = give a prompt, `--prompt-file`, or pipe one in
run-empty-prompt = the prompt is empty
run-empty-prompt-hint = give one after the model, with `--prompt-file`, or through a pipe
run-not-utf8 = it is not UTF-8
run-check-path = check the path
run-column-prompt = prompt
run-column-thinking = thinking
run-column-answer = answer
run-column-tokens = tokens
run-column-first-token = first token
run-column-total = total
run-column-decode = decode
