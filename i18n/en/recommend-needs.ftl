### The needs, as `recommend`, `upgrade` and `--compare` list them.

asked-for = For `{ $name }`: { $purpose }
asked-given = { "  " }given    { "" }
asked-default = { "  " }default  { "" }
asked-context = { $tokens } tokens of context
asked-prompt = prompts of { $tokens } tokens
asked-output = answers of { $tokens } tokens, thinking included
asked-min-decode = at least { $rate } tok/s
asked-max-quant-loss = quant loss up to { $percent } %
asked-balanced = quality and speed in balance
asked-quality = quality first
asked-latency = speed first
asked-cost = low cost first
asked-sequences = { $count } conversations at once
asked-kv-type = KV cache in { $kind }
asked-max-ttft = first token within { $time }
asked-max-answer-time = answer within { $time }
asked-reserve-ram = { $size } of RAM reserved
asked-reserve-gpu = { $size } reserved on each GPU
asked-gpu-only = GPUs only
asked-max-disk = files up to { $size }
asked-min-score = { $benchmark } at least { $minimum }
asked-licences = licence { $licences }
asked-local-only = no API
asked-answers = { $count ->
    [one] 1 answer a day
   *[other] { $count } answers a day
}
asked-power-price = { $price } per kWh
asked-budget = hardware up to { $most }
asked-monthly-budget = electricity up to { $most } a month
asked-max-token-price = electricity up to { $most } tokens
