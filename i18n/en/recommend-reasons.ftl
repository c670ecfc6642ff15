### Why a model is recommended.

reason-memory = { $place }: { $weights } of weights ({ $published ->
    [yes] published size
   *[no] computed from the tensors
}), { $cache } of KV cache, { $left } left
reason-memory-tightest = { $place }: { $weights } of weights ({ $published ->
    [yes] published size
   *[no] computed from the tensors
}), { $cache } of KV cache, { $left } left on the tightest device, { $device }
reason-place-cpu = runs on the CPU from RAM
reason-place-gpu = fits entirely on the { $gpu }
reason-place-gpus = fits entirely on { $count } GPUs
reason-place-experts = { $layers ->
    [one] the routed experts of 1 layer stay in RAM, the rest is on the GPU
   *[other] the routed experts of { $layers } layers stay in RAM, the rest is on the GPU
}
reason-place-partial = { $layers ->
    [one] 1 layer fits on the GPU, the others run from RAM
   *[other] { $layers } layers fit on the GPU, the others run from RAM
}

reason-time = about { $time } for an answer of { $tokens } tokens, thinking included, at { $rate } ({ $basis })
reason-predicted = predicted
reason-scaled = scaled from another model measured here on { $date }
reason-measured = measured here on { $date }

reason-crowd = { $count } conversations at once get that each and { $all } together ({ $low }–{ $high }): they share each read of the weights (predicted from one conversation, not yet validated by measurements)
reason-tuned = runs with the settings that `bench --tune` found fastest here on { $date }: { $flags }; { $gain } times as fast as llama.cpp's defaults
reason-tuned-default = runs with the settings that `bench --tune` found fastest here on { $date }: { $flags }; no faster than llama.cpp's defaults

reason-shared-memory = the GPU may use { $limit } of the { $ram } that it shares with the CPU
reason-shared-memory-apple = the GPU may use { $limit } of the { $ram } that it shares with the CPU; `sudo sysctl iogpu.wired_limit_mb=N` raises that
reason-shared-memory-amd = the GPU may use { $limit } of the { $ram } that it shares with the CPU; the kernel's `ttm.pages_limit` or a larger frame buffer in the firmware raises that

reason-idle-gpus = { $idle } of the { $all } GPUs stay free for other work{ $copies ->
    [0] { "" }
    [one] {" "}or a second copy that serves more users
   *[other] {" "}or { $copies } more copies that serve more users
}

reason-quality = quality { $score } ± { $half }: { $abilities }; { $loss }
ability-measured = { $name } { $score } ± { $half } ({ $benchmarks })
ability-related = { $name } { $score } ± { $half } (by { $benchmarks })
ability-imputed = { $name } { $score } ± { $half } (estimated, never measured)
reason-loss = { $quant } costs about { $percent } % of that ({ $low }–{ $high } % by the curve of published losses)
reason-loss-measured = { $quant } costs about { $percent } % of that ({ $low }–{ $high } % by the curve of published losses; measured on this model: { $measured } %, { $publisher })
reason-loss-perplexity = { $quant } costs about { $percent } % of that ({ $low }–{ $high } % by the curve of published losses; on this model perplexity rises by { $measured } %, { $publisher })
reason-as-good-as = as far as anybody measured, { $targets } { $count ->
    [one] is
   *[other] are
} as good: speed, memory and the priority decided
reason-below-usual-speed = slower than the usual { $usual } for this use-case{ $borderline ->
    [yes] , perhaps: `r1-advisor bench { $target } --synthetic` will tell
   *[no] { "" }
}

reason-cost = electricity up to { $month } a month for { $fit ->
    [some] the { $answers } answers that fit into a day
   *[all] { $answers } answers a day
} ({ $watts } W under load, { $kwh } per kWh), { $million } per million output tokens
reason-cost-api = electricity up to { $month } a month for { $fit ->
    [some] the { $answers } answers that fit into a day
   *[all] { $answers } answers a day
} ({ $watts } W under load, { $kwh } per kWh), { $million } per million output tokens; the same answers by API: { $api } a month ({ $provider }, { $date })

reason-other-quant = { $quant } would add { $points } points: { $time } per answer, { $memory } of memory
reason-advised = { $size } is also the common advice for this use-case
reason-better-than-advised = the common advice is { $sizes }; compared with { $target }: { $difference }
reason-advised-lacks = the common advice is { $sizes }; { $target }: { $why }
reason-unmeasured-bandwidth = the speed is predicted from an unmeasured memory bandwidth; `r1-advisor probe --measure` narrows the range
reason-against = compared with { $target }: { $difference }
