### What one model takes on a machine (`estimate`).

estimate-from = from { $file }
estimate-fits = fits on { $place } with { $context } tokens of context ({ $used } of { $free })
estimate-fits-on = the { $device }
estimate-too-large = does not fit with { $context } tokens of context: { $missing } missing
estimate-verdict-time = { $tokens ->
    [one] 1 token
   *[other] { $tokens } tokens
} in { $time }
estimate-raised-limit = GPU limit raised to { $limit }
estimate-raise-command = first raise the GPU's limit to { $limit }: `{ $command }` (until the next start)
estimate-raise-parameter = first raise the GPU's limit to { $limit }: on Linux by the kernel parameter `{ $parameter }`, elsewhere in the BIOS
estimate-ollama-experts = has no flag for experts in RAM: use llama.cpp
estimate-ollama-sharded = pulls no GGUF that is split into several files: use llama.cpp

estimate-device = device
estimate-memory = memory
estimate-in-use = in use while running
estimate-weights = weights
estimate-kv-cache = KV cache
estimate-compute = compute
estimate-repack = CPU repack
estimate-repack-is = weights rearranged for the CPU, beside those of the file; the system drops one copy when memory is short
estimate-program = program
estimate-program-is = the engine's code, vocabulary and work space
estimate-less = less
estimate-less-is = reserved for logits that no answer needs: never written
estimate-reserve = reserve
estimate-free = free
estimate-bar = { $name } { $bar } { $used } of { $free } free
estimate-bar-apart = { $name }: { $used } of { $free } free

estimate-weights-of-file = read from the file's header
estimate-weights-published = published size of the files
estimate-weights-computed = computed to the byte from the tensors and llama.cpp's quantization rules
estimate-cache-computed = computed to the byte as llama.cpp allocates it
estimate-formula = formula
estimate-planned = planned by llama.cpp itself
estimate-speed-measured = measured here on { $date }{ $sequences ->
    [one] { "" }
   *[other] ; { $sequences } sequences share each read of the weights, which no published llama.cpp run validates
}
estimate-speed-scaled = predicted, and scaled from { $from ->
    [unknown] another model
   *[other] { $from }
} measured here on { $date }{ $sequences ->
    [one] { "" }
   *[other] ; { $sequences } sequences share each read of the weights, which no published llama.cpp run validates
}
estimate-speed-predicted = predicted from bandwidth and compute with constants fitted to published measurements{ $sequences ->
    [one] { "" }
   *[other] ; { $sequences } sequences share each read of the weights, which no published llama.cpp run validates
}

estimate-bottleneck = bottleneck
estimate-binds-memory = memory: { $device }, { $left } left
estimate-binds-over = memory: { $device }, { $missing } too much
estimate-binds = { $memory }; decode: { $count ->
    [one] { $bytes } per token
   *[other] { $bytes } per step of { $count } tokens
} from { $device } at { $bandwidth }
estimate-numa-fits = { $nodes } nodes of about { $size }: the { $ram } in RAM fit one
estimate-numa-spread = { $nodes } nodes of about { $size }: the { $ram } in RAM are spread over several
estimate-numa-pin = `numactl -N 0 -m 0` before the command keeps them on one node, `--numa distribute` uses all: measure both
estimate-numa-drop = drop the page cache before the first start, so that `--numa distribute` can place the pages

estimate-speed = speed
estimate-decode = decode
estimate-together = together
estimate-prefill = prefill
estimate-depth = at { $depth ->
    [one] 1 token
   *[other] { $depth } tokens
} of depth
estimate-each = each of { $count } sequences, at { $depth ->
    [one] 1 token
   *[other] { $depth } tokens
} of depth
estimate-all = all { $count } sequences
estimate-over = over { $tokens ->
    [one] 1 token
   *[other] { $tokens } tokens
}
estimate-range = { $what }; 80 % interval { $low }–{ $high }
estimate-unknown = unknown
estimate-unknown-why = no figure for the GPU's bandwidth or compute

estimate-times = time to answer
estimate-prompt = a prompt of { $tokens ->
    [one] 1 token
   *[other] { $tokens } tokens
}
estimate-ttft = first token
estimate-token = per token
estimate-token-times = { $start } at the start, { $end } at the end
estimate-whole = whole answer
estimate-whole-time = { $time } for { $tokens ->
    [one] 1 token
   *[other] { $tokens } tokens
}, thinking included
estimate-tokens = { $tokens } tokens
estimate-task-chat = chat
estimate-task-code = code
estimate-task-mathematics = mathematics
estimate-short = short
estimate-typical = typical
estimate-long = long

estimate-context = context
estimate-context-trained = up to { $tokens } tokens fit this way, the most it was trained for ({ $step } per 1,024)
estimate-context-up-to = up to { $tokens } tokens fit this way; 1,024 more take { $step }
estimate-context-step = 1,024 tokens take { $step }
estimate-beyond-too-large = { $tokens } do not fit: { $missing } too much for { $device }
estimate-beyond = { $tokens }: { $facts }
estimate-gpu-layers = { $layers ->
    [one] 1 layer on GPUs
   *[other] { $layers } layers on GPUs
}
estimate-expert-layers = { $layers ->
    [one] experts of 1 layer in RAM
   *[other] experts of { $layers } layers in RAM
}

estimate-context-too-small = a context of { $room } tokens cannot hold a prompt of { $prompt } and an answer of { $output }, or a depth of { $depth }
estimate-context-too-small-hint = raise `--context` to { $context }, or lower `--prompt-tokens`, `--output-tokens` or `--depth`
estimate-context-too-long = `{ $model }` was trained for a context of { $trained } tokens, not { $asked }
estimate-context-too-long-hint = lower `--context` to { $most }
estimate-no-values = `{ $model }` caches no values: its latent attention recovers them from the keys
estimate-no-values-hint = leave out `--kv-type-v`
estimate-backend-vendor = { $backend } does not support the { $gpu }
estimate-backend-vendor-hint = its usual backend is { $usual }
estimate-backend-alone = no GPU for { $backend }
estimate-backend-alone-hint = name one with `--gpu`
estimate-no-gpu-for-layers = no GPU to put layers on: name one with `--gpu`
estimate-no-quant = `{ $target }` names no quant
estimate-no-quant-hint = write it like `{ $target }:Q4_K_M`
estimate-no-artifact = `{ $model }` is not published in `{ $quant }`, a mix of its makers' own
estimate-no-artifact-hint = the nearest known one is `{ $target }`
