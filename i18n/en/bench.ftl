### `bench`: what it measures, and what it says while it does.

bench-prefill = prefill
bench-decode = decode
bench-main-memory = main memory

## What was run

bench-random-weights = { $model }:{ $quant } with random weights
bench-unnamed = a model
bench-stand-in = { $subject } (built as { $rule }, at its published size)
bench-engine = { $engine } { $version }, { $threads ->
    [one] 1 thread
   *[other] { $threads } threads
}

## The table of tests

bench-test = test
bench-tokens = tokens
bench-depth = depth
bench-measured = measured
bench-predicted = predicted
bench-interval = 80 % interval
bench-range = { $low } to { $high }
bench-one-run = one run
bench-on = on
bench-off = off
bench-all = all

## What came of it

bench-too-large = does not fit: { $needed } needed in { $device }, { $available } free, { $shortfall } short; nothing was loaded
bench-too-large-hint = take a smaller quant or model, or close other programs
bench-too-large-row = does not fit: { $shortfall } short in { $device }
bench-last-words = { $what }; its last log lines:
bench-stalled = no answer within { $limit }; the engine was stopped
bench-stalled-row = no answer within { $limit }
bench-refused = refused: { $reason }
bench-before-that = measured before that
bench-confirmed = confirmed: within the predicted interval
bench-corrected = corrected: { $tests }; trust the measurement
bench-corrected-test = { $test } is { $times } times the prediction
bench-disturbed = disturbed: other programs were using the machine; measure again when it is idle
bench-disturbed-shares =
    disturbed: other programs were using the machine (the engine got { $shares } of its CPU time); measure again when
    it is idle
bench-disturbed-share = { $share } in { $test }
bench-disturbed-runs = disturbed: other programs were using the machine during some of the runs; measure again when it is idle
bench-unpredicted = measured; there is no prediction for this file

bench-verdict-confirmed = confirmed
bench-verdict-corrected = corrected
bench-verdict-disturbed = disturbed
bench-verdict-measured = measured
bench-verdict-met = met
bench-verdict-missed = missed

bench-likely = likely cause: { $reason }
bench-swapping = memory ran short, { $swapped } were swapped
bench-throttled = { $events ->
    [one] a core was throttled once, by heat or power
   *[other] cores were throttled { $events } times, by heat or power
}
bench-stolen = the host of this virtual machine took { $share } of its CPU time
bench-other-work = other processes took { $share } of the CPU
bench-memory-bandwidth = only decode is slow, so memory is slower than assumed (`probe --measure` measures it)
bench-clock = only prefill is slow, so the clock or the instruction set is not what was assumed
bench-clock-or-power = prefill and decode are equally slow, as with a lower clock or a power limit
bench-load-before = load average in the minute before: { $load }

bench-energy = energy: { $tests }
bench-energy-test = { $test } { $joules } J per token ({ $kilowatt_hours } kWh per million)
bench-no-energy = energy: not available, this machine has no counter that may be read
bench-shortened = shortened: { $runs } runs instead of { $full }, to stay near a minute; `-r { $full }` runs all
bench-shortened-test = { $count } { $test }
bench-peak-memory = memory: { $peak } at peak, mapped pages of the file included
bench-planned = planned on { $device }: weights { $weights }, KV cache { $kv_cache }, compute { $compute }
bench-planned-repacked = planned on { $device }: weights { $weights } ({ $repacked } repacked), KV cache { $kv_cache }, compute { $compute }

bench-need-met = needed { $need }: met, measured { $measured }
bench-need-missed = needed { $need }: MISSED, measured { $measured }
bench-need-unmeasured = needed { $need }: MISSED, not measured

bench-depth-fit =
    a token takes { $zero } at depth 0, and { $slope } more for every thousand tokens of depth (within { $error })
bench-precise = { $number } ms

## Slices

bench-slices = predicted from slices of { $counts } of { $layers } layers, run in turns
bench-slices-parts = { $test }: { $interval }; { $whole } takes { $fixed } for embedding, output and the engine's own work, { $layers }
bench-slices-less = { $test }: { $interval }; { $whole } takes { $layers }, less { $fixed } for the part of the last layer that is not computed
bench-slices-contradict = { $test }: unknown; the slices contradict each other, so other programs were using the machine
bench-slices-interval = likely { $low } to { $high } tok/s
bench-slices-prompt = the prompt
bench-slices-token = a token
bench-slices-dense = { $time } for each of { $count } layers
bench-slices-experts = { $time } for each of { $count } layers of experts
bench-slices-shortage =
    the whole model does not fit here: { $needed } needed in { $device }, { $available } free; these are the speeds of
    a machine like this one with enough memory

## Tuning

bench-setting = setting
bench-set-to = to
bench-answer = answer
bench-best = best
bench-failed = failed
bench-tuning-goal = answer: { $output } tokens after a prompt of { $prompt }
bench-left-out = { $setting } { $choice }: not tried, predicted { $times } times slower
bench-fastest = fastest: { $settings }
bench-fastest-setting = { $setting } { $best } ({ $times } times the slowest)
bench-gain = { $times } times as fast as the settings it started from

## Several users

bench-users = users
bench-each = each
bench-together = together
bench-ratio = ×
bench-first-token = first token
bench-last-user = last user's
bench-short-of = { $shortfall } short
bench-crowds = concurrent users, each with a prompt of { $prompt } and an answer of { $output } tokens
bench-saturated = saturated at { $users }: more users add less than a tenth to the total
bench-unsaturated = not saturated: every step added a tenth or more

## A whole task

bench-task = { $task }: a prompt of { $prompt } tokens, { $output } tokens of thinking and answer
bench-task-times = first token after { $first }, done after { $whole }, { $rate } over the whole answer
bench-task-whole = measured from the first token to the last
bench-task-depths =
    the whole would take longer than allowed: { $tokens } tokens were measured at depths { $depths }, and summed up along a
    fitted line (within { $error })

## Devices

bench-devices-built = { $engine } { $version }, built with { $backends }
bench-devices-bare = { $engine } { $version }, built without a GPU backend
bench-device = device
bench-device-kind = kind
bench-device-name = name
bench-device-memory = memory
bench-device-free = free
bench-device-cpu = CPU
bench-device-gpu = GPU
bench-device-integrated = integrated GPU (shares main memory)
bench-device-accelerator = accelerator

## While it runs

bench-run = { $number } of { $count }, { $step }
bench-loading = loading
bench-warming-up = { $test }: warming up
bench-repetition = { $test }: run { $number } of at most { $most }
bench-writing = writing { $size } of random weights
bench-making = generating { $size } of random weights
bench-measuring-layers = measuring { $counts } of { $layers } layers
bench-measuring-file = measuring { $path }
bench-tuned = using the settings that `--tune` found on { $date }; `--untuned` runs llama.cpp's defaults
bench-stand-in-note =
    the tensor types of { $quant } are its makers' choice: measuring { $rule } instead, with some tensors in more or fewer
    bits to match its published size

## What becomes of the result

bench-saved = saved as result { $id }: { $then }
bench-use-both = later predictions on this machine are based on it
bench-use-prefill = later predictions on this machine are based on its prefill
bench-use-decode = later predictions on this machine are based on its decode
bench-use-none = later predictions are not based on it
bench-use-list = `r1-advisor bench history` lists all
bench-unsaved = not saved: { $why }; { $hint }
bench-tuned-saved = saved: these settings are used for this model from now on
bench-tuned-unsaved = could not save the settings in `{ $folder }`
bench-task-too-large = `{ $task }` does not fit: { $shortfall } short in { $device } for its { $tokens } tokens

## Errors

bench-no-mix = the makers of `{ $quant }` chose its tensor types themselves and published no size for `{ $model }`, so no file of it can be generated
bench-no-mix-hint = take the nearest standard quant, such as `Q2_K` or `IQ1_S` for `UD-` quants, or give the path of a `{ $quant }` file
bench-folder = could not write to `{ $folder }`
bench-folder-hint = choose another folder with `--cache-dir`
bench-disk-full = not enough space in `{ $folder }`: { $free } free, { $needed } needed
bench-disk-full-hint = free { $missing }, choose another folder with `--cache-dir`, or take a smaller quant
bench-unreadable = could not read `{ $path }`
bench-unreadable-hint = check the path
bench-interrupted = interrupted
bench-nothing = nothing to measure
bench-nothing-of-none = nothing to measure with `-p 0 -n 0`
bench-file-synthetic = `{ $target }` is a file, not a model
bench-file-synthetic-hint = leave out `--synthetic`, or name a model such as `7b:Q4_K_M`
bench-no-quant = `{ $target }` names no quant
bench-no-quant-hint = write it as `{ $target }:Q4_K_M`
bench-no-file = there is no file of `{ $target }` on this machine
bench-no-file-hint =
    download it with `r1-advisor pull { $target }`, or add `--synthetic` to measure random weights of the same shape,
    which run at the same speed
bench-slices-alone = slices are measured in one configuration at a time
bench-slices-alone-hint = leave out lists, `--tune`, `--rpc`, `--concurrency`, `--workload` and `--needs`, or leave out `--layers`
bench-tune-alone = `--tune` chooses the settings itself
bench-tune-alone-hint = give one value per flag: tuning starts there
bench-tune-tests = `--tune` weighs prefill against decode
bench-tune-tests-hint = leave out `-p 0` and `-n 0`
bench-too-many-runs = the lists make { $count } runs, the limit is { $most }
bench-nothing-shared = results { $a } and { $b } have nothing in common
bench-nothing-shared-hint = compare results with the same number of tokens at the same depth, or under the same load
bench-no-result = there is no result { $id } in the history
bench-no-result-hint = `r1-advisor bench history` lists the numbers

bench-numbers-none = `{ $part }` is neither a number nor a range such as `128-512`, `1-8+2` or `128-1024*2`
bench-numbers-range = { $number } is not in { $least }..={ $most }
bench-numbers-step = the step of `{ $part }` leads nowhere
bench-numbers-end = `{ $part }` never reaches its end
bench-numbers-many = { $count } numbers, the limit is { $most }
bench-need-form = write a need as `decode>=8`, `prefill>=200`, `ttft<=3` or `tpot<=0.1`
bench-need-speed = a speed takes a minimum: `>=`
bench-need-time = a time takes a maximum: `<=`
bench-need-positive = a need must be above 0

bench-beyond-training = the model was trained for a context of { $trained } tokens, not { $needed }
bench-beyond-training-hint = lower `-d`, `-p` or `-n`: together they must stay within { $trained } tokens
