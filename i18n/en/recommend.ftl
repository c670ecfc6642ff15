### The page of `recommend`: headings, tables, what comes next.

recommend-nothing = Nothing meets these needs on this machine.
recommend-run = Run { $target }
recommend-rejected = Why not the others
recommend-all-quants = Every quant
recommend-unknown = unknown

recommend-rank = #
recommend-model = model
recommend-quant = quant
recommend-weights = weights
recommend-runs-on = runs on
recommend-memory = memory
recommend-rate = tok/s
recommend-range = range
recommend-ttft = first token
recommend-answer = answer
recommend-quality = quality
recommend-token-cost = $/M
recommend-decode = decode
recommend-verdict = verdict
recommend-why = why


recommend-legend =
    memory: weights, KV cache and compute buffers. tok/s: predicted decode speed in the middle of the answer; range: its
    80 % interval. answer: with the model's own length of thinking. quality: the mean of { $abilities }, in percent of their
    benchmarks, less the loss of the quant. $/M: electricity per million output tokens, at most.

recommend-measured = Measured { $target }: decode { $rate }, predicted { $predicted } ({ $low }–{ $high }); { $verdict }
recommend-measured-alone = Measured { $target }: decode { $rate }; { $verdict }
recommend-not-measured = Measured { $target }: it did not run; { $verdict }
recommend-disturbed = another program used the machine, so nothing was learned: try again when it is idle
recommend-holds = within the prediction
recommend-fails = below the prediction

recommend-next-phone = Next, on the phone: load { $quant } from { $repository } in an app that runs GGUF files
recommend-next-server = This is a server: vLLM or SGLang serve many users on it, llama.cpp a few. Plan it with
recommend-nearest-remedy = Closest is { $target }. To run it: { $remedy }
recommend-nearest = Closest is { $target }: { $why }. Lower the needs, or see every quant with `--all`

recommend-fact = { $fact }

recommend-fetching = fetching { $target }
recommend-measuring = measuring { $target }
recommend-measuring-random = measuring { $target } on random weights
recommend-not-started-hint = was the program moved or replaced in the meantime?

recommend-ask-why = Reasons, costs and what would make the others fit: add `--why`; every quant: `--all`

verdict-fits-gpu = fits { $here ->
    [yes] your
   *[no] the
} { $gpu } ({ $used } of { $all })
verdict-fits-gpus = fits { $count }x { $gpu } ({ $used } of { $all })
verdict-experts = experts in RAM ({ $in_ram }), the rest on the { $gpu }
verdict-partly = partly on the { $gpu }, { $in_ram } in RAM
verdict-cpu = runs on the CPU ({ $used } of { $all })
verdict-rate = { $rate }
verdict-answer = an answer in about { $time }
verdict-quality = { $score } ± { $half }
verdict-role = { "" }
verdict-pick = pick
verdict-better = better
verdict-faster = faster
verdict-longer-context = longer context
