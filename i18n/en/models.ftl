### `models` and `models show`.

models-size = size
models-active = active
models-licence = licence
models-legend =
    B: billions of parameters; active: those that each token reads. Q4_K_M: size of the weights at 4 bits.
    AIME 2024, MATH-500 and GPQA Diamond: percent solved at the first attempt, as published; – where unpublished.
models-next = Details and sources of one model: r1-advisor models show 70b

models-part = part
models-what = what
models-value = value
models-source = source

models-model = model
models-id = id
models-aliases = also called
models-origin = origin
models-original = DeepSeek-R1 itself, trained from { $base }
models-distill = { $base }, fine-tuned on answers of DeepSeek-R1
models-repository = original weights
models-released = released

models-shape = shape
models-parameters = parameters
models-parameter-count = { $all } billion ({ $exact }); each token reads { $active } billion
models-layers = layers
models-layer-count = { $layers } layers of { $hidden }, vocabulary { $vocabulary }
models-attention = attention
models-attention-grouped = { $heads } heads of { $size } share { $groups } of keys and values (GQA)
models-attention-latent = { $heads } heads share one latent of { $rank } and { $rotary } rotary values per token (MLA)
models-feed-forward = feed-forward
models-feed-forward-dense = { $width } wide
models-feed-forward-experts =
    { $experts } experts { $width } wide, of which a token uses { $used } and { $shared } shared; the first
    { $dense } layers are dense
models-context = context
models-context-tokens = { $tokens } tokens
models-context-stretched = { $tokens } tokens, stretched from { $original }
models-context-yarn = { $tokens } tokens, stretched from { $original } with YaRN

models-sampling = sampling
models-temperature = temperature
models-longest-answer = longest answer
models-longest-answer-tokens = { $tokens } tokens in the makers' tests

models-benchmarks = benchmarks
models-codeforces = Codeforces rating
models-score = { $score } ({ $note })
models-answers = tokens per answer, thinking included
models-answer-tokens = { $tokens } tokens: { $task }
models-corrections = corrections
models-correction = { $claim } { $correction }

models-files = files
models-file-count = { $count ->
    [one] 1 file
   *[other] { $count } files
}
models-hashed = sha256 known
models-file-legend = ~ rounded by the publisher   = unpublished: the weights as computed from the tensor layout
models-sources = sources
