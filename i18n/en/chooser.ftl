### The interactive chooser (`recommend --interactive`).

chooser-no-format = `--interactive` draws on a terminal and has no `--format`
chooser-no-terminal = `--interactive` needs a terminal for its keys and its screen, and standard input or output is none
chooser-without-hint = leave it out: `recommend` takes the same as flags, such as `--use-case` and `--min-decode`
chooser-not-drawn-hint = `recommend` without `--interactive` needs no terminal
chooser-chosen = Chose { $target }. To get here again, and what comes next:
chooser-again = To get here again:

chooser-too-small = The terminal is too small: { $columns } columns and { $rows } rows are needed. q leaves.
chooser-step-use-case = 1 Use-case
chooser-step-limits = 2 Limits
chooser-step-models = 3 Models
chooser-keys-use-case = ↑↓ move  Enter next  ? keys  q leave
chooser-keys-limits = ↑↓ move  ←→ change  Enter find  Esc back  q leave
chooser-keys-models = ↑↓ move  Space more  Enter choose  Esc back  q leave
chooser-help-move = move
chooser-help-change = change a limit
chooser-help-scroll = scroll the details
chooser-help-next = next; choose the model
chooser-help-back = back
chooser-help-keys = these keys
chooser-help-leave = leave
chooser-help-close = Any key closes this.

chooser-limit-priority = priority
chooser-limit-min-decode = minimum decode speed, tok/s
chooser-limit-max-ttft = longest wait for the first token
chooser-limit-max-answer-time = longest whole answer
chooser-limit-context = context, tokens
chooser-limit-sequences = conversations at once
chooser-limit-reserve-ram = RAM reserved for other programs
chooser-limit-gpu-only = only what fits entirely on GPUs
chooser-limit-max-quant-loss = maximum quality loss of the quant
chooser-limit-local-only = no data leaves the machine
chooser-no-limit = no limit
chooser-default = { $value } (default)
chooser-yes = yes
chooser-no = no
chooser-balanced = balanced
chooser-quality = quality
chooser-latency = latency
chooser-cost = cost

chooser-no-model = No model to show.
chooser-rejected = { $target }: not recommended
chooser-not-recommended = This one is not recommended; Esc goes back to the limits.
chooser-more = Space: more
chooser-bar-legend = █ weights  ▓ KV cache  ▒ compute  ░ reserved  · free
chooser-bar = { $bar } { $used } of { $free }: { $name }
chooser-bar-over = { $bar } { $used }, but { $free } free: { $name }
chooser-speed = decode { $rate } tok/s ({ $low }–{ $high }), predicted
chooser-speed-ttft = decode { $rate } tok/s ({ $low }–{ $high }), predicted; first token after { $time }
chooser-if-it-fitted = if it fitted: { $speed }
chooser-remedy = → { $remedy }
chooser-problem = { $what }; { $hint }
