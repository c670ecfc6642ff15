### `bench --endpoint`: a served model under load.

served-at-once = { $users ->
    [one] 1 user
   *[other] { $users } users
}
served-rate = { $rate } req/s

served-subject = { $model } at { $endpoint }, { $date }
served-workload = { $prompt }-token prompts, { $output }-token answers; { $prefix }
served-workload-about = prompts of about { $prompt } tokens, answers of about { $output }; { $prefix }
served-workload-case = prompts of about { $prompt } tokens, answers of about { $output } (`{ $case }`); { $prefix }
served-prefix-own = no two prompts start alike
served-prefix-shared = all prompts start with the same { $tokens } tokens
served-nothing = nothing was measured

## The table of loads

served-users = users
served-offered = req/s offered
served-completed = answered
served-failed = failed
served-total = total { $percentile }
served-depth = depth
served-within = within SLO
served-goodput = goodput req/s

## One load

served-answered = { $load }: { $completed } of { $sent } requests answered in { $time }
served-answered-but = { $load }: { $completed } of { $sent } requests answered in { $time }; { $others }
served-failed-count = { $count } FAILED
served-unfinished-count = { $count } not waited for
served-failure = { $count } × { $kind }: { $example }
served-failure-under = { $load }: { $count } × { $kind }: { $example }
served-kind-unreachable = unreachable
served-kind-timed-out-before = timed out before the first token
served-kind-timed-out-between = timed out between tokens
served-kind-rate-limited = rate limited
served-kind-status = error status
served-kind-web-page = web page
served-kind-not-streamed = not streamed
served-kind-malformed = malformed
served-kind-in-stream = error in the stream
served-kind-dropped = connection lost
served-kind-empty = empty answer
served-kind-no-files = out of file descriptors here
served-kind-untrusted = untrusted certificate
served-kind-refused = error in place of an answer
served-kind-endless = line without end
served-at-depth = at a depth of { $tokens } tokens
served-time = time
served-mean = mean
served-longest = longest
served-ttft = to first token (TTFT)
served-answer-begins = to the answer after thinking
served-tpot = per token after the first (TPOT)
served-end-to-end = to last token
served-gap = longest pause within an answer
served-output = { $rate } of output in total, { $answers } answers/s
served-output-each = { $rate } of output in total, { $answers } answers/s; { $each } per user (p50)
served-thinking = { $share } of the output was thinking, which counts
served-goodput-line = goodput { $rate } req/s: { $share } of requests within the SLO
served-milliseconds = { $number } ms

## What came of it

served-highest = highest load within the SLO: { $load } ({ $beyond } is not)
served-highest-so-far = highest load within the SLO so far: { $load }
served-highest-tried = within the SLO up to { $load }, the highest load tried (`--sweep-most`)
served-highest-none = no load is within the SLO
served-met = met: { $promise }
served-missed = missed: { $promise }
served-all-failed = failed: no request was answered
served-promise = { $limits }, for { $share } of requests
served-promise-ttft = first token within { $limit }
served-promise-tpot = each further token within { $limit }
served-cost = the run cost { $cost } USD: { $prompt } prompt tokens at { $input } and { $output } output tokens at { $each }
served-cost-per-million =
    the run cost { $cost } USD: { $prompt } prompt tokens at { $input } and { $output } output tokens at { $each }; { $million }
    per million output tokens, prompts included
served-label-note = note:{ " " }
served-note-pieces =
    the server does not count tokens: every piece of the stream was counted as one, and the prompt lengths are estimates
served-note-short = the model ended its answers at { $share } of the requested length, { $why }
served-short-allowed = as it may
served-short-despite = although it was asked to continue
served-short-unable = as this server cannot be asked to continue
served-note-cached = { $share } of the prompt tokens came from the server's cache
served-note-buffered =
    { $count ->
        [one] one answer
       *[other] { $count } answers
    } came in one burst: something buffers the stream, so there is no TPOT, TTFT means nothing, and no SLO is met
served-note-cut =
    { $count ->
        [one] one answer
       *[other] { $count } answers
    } went on beyond the requested length and were cut there: the server ignores `max_tokens`
served-note-read-again =
    the server read { $share } of the depth again for each request, which is in TTFT: it keeps no prefix cache, or too small a one
served-note-incoherent = incoherent answers, of { $answers }: { $kinds }; is the model loaded right?
served-incoherent-empty = { $count } empty
served-incoherent-repeating = { $count } repeating one token
served-incoherent-not-text = { $count } that are not text
served-note-client = this client used more than half a core and may itself be the bottleneck
served-note-interrupted = interrupted: these are the results so far

## While it runs

served-asking = asking { $endpoint }
served-warming-up = warming up
served-filling = filling the cache with { $depth } tokens
served-progress = { $load }: { $completed } of { $sent } answered, { $time }
served-progress-failed = { $load }: { $completed } of { $sent } answered, { $failed } failed, { $time }

## Errors

served-sweep-without-slo = a sweep looks for the highest load within an SLO, and none is given
served-sweep-without-slo-hint =
    add `--slo-ttft 2s` or `--slo-tpot 50ms`, or measure given loads with `--concurrency 1,2,4`
served-sweep-at-depths = a sweep takes a single depth
served-no-price = the catalog has no API price `{ $name }`
served-did-you-mean = did you mean `{ $name }`?
served-did-you-mean-of = did you mean `{ $name }`? The server has { $models }
served-known = known: { $names }
served-no-key = `{ $variable }` is not set
served-no-key-hint = `--api-key-env` takes the variable's name, not the key
served-no-model = the server has no model `{ $model }`
served-models = the server has { $models }
served-more = { $count } more
served-name-model = name the model with `--model`
served-lists-none = the server lists no models
served-several = the server has { $count } models
served-several-hint = choose one with `--model`: { $models }
served-unknown-device = bandwidth or compute of `{ $name }` is unknown
served-no-precision = `{ $precision }` is not a precision of { $engine }
served-no-precision-hint = use `BF16`, `FP8`, `INT8`, `INT4`, `NVFP4` or `W4AFP8`; for GGUF files add `--served-by llama.cpp`
