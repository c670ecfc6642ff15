### `validate`: predictions held against measurements.

validate-resolved = { $rows ->
    [one] { $resolved } of 1 row predicted
   *[other] { $resolved } of { $rows } rows predicted
}
validate-resolved-served = { $rows ->
    [one] { $resolved } of 1 row of served engines predicted, by simulating its run
   *[other] { $resolved } of { $rows } rows of served engines predicted, each by simulating its run
}
validate-basis-catalog = with the catalog's constants, of which { $fitted } are fitted to measurements
validate-basis-device = leave-one-out: each device with constants that were fitted without its rows
validate-basis-deployment = leave-one-out: each deployment with constants that were fitted without its rows
validate-basis-source = leave-one-out: each source with constants that were fitted without its rows
validate-basis-group = leave-one-out: each model, device, engine and precision with constants that were fitted without its rows
validate-legend = Error: |predicted − measured| / measured, its median and 90th percentile. Covered: share of measurements inside the 80 % interval. Bias: median of predicted / measured − 1; above zero, predictions are too fast.
validate-legend-served = TPOT: time between tokens; above zero, its bias means that predictions are too slow. All: rows with a stated concurrency; unbounded runs are a class of their own.

validate-rows = rows
validate-all = all
validate-decode = decode
validate-prefill = prefill
validate-tpot = TPOT
validate-output = output
validate-ttft = TTFT
validate-output-throughput = output throughput
validate-median = median
validate-p90 = p90
validate-covered = covered
validate-bias = bias

validate-bad = Median error above { $limit }: { $classes }.
validate-bad-class = { $by } { $class } ({ $errors })
validate-bad-error = { $measure } { $error }

validate-worst = Largest errors, predicted/measured
validate-worst-rates = Largest errors, predicted/measured in tok/s
validate-id = id
validate-hardware = hardware
validate-model = model
validate-engine = engine
validate-in-flight = in flight
validate-tpot-milliseconds = TPOT ms
validate-rate = tok/s
validate-ttft-milliseconds = TTFT ms
validate-not-predicted = { $id } not predicted, { $hardware }: { $reason }

validate-passed = passed
validate-missed = MISSED
validate-gate = { $what }: { $reached } (limit { $limit })
validate-nothing-measured = nothing measured
validate-gate-median = { $measure }, median error
validate-gate-p90 = { $measure }, p90 error
validate-gate-least-coverage = { $measure }, least coverage
validate-gate-most-coverage = { $measure }, most coverage
validate-gate-unresolved = unresolved rows

## Classes of rows.

validate-class-r1 = R1
validate-class-reference = reference
validate-class-r1-old = R1, before 2024-10
validate-class-r1-new = R1, since 2024-10
validate-class-reference-old = reference, before 2024-10
validate-class-reference-new = reference, since 2024-10
validate-class-offload = GPU and CPU
validate-class-cpu = CPU
validate-class-one-gpu = one GPU
validate-class-several-gpus = several GPUs
validate-class-shallow = up to 1k
validate-class-deeper = 1k to 8k
validate-class-deepest = 8k and deeper
validate-class-unbounded = unbounded
validate-class-at-once = at once
validate-class-held = held in flight
validate-class-open-loop = open loop
validate-class-dense = dense
validate-class-experts = experts
validate-class-experts-in-ram = experts in RAM
validate-class-early = { $engine } before 2025-05
validate-class-nodes = several nodes
validate-class-linked = several, linked
validate-class-pcie = several over PCIe
validate-class-few = 2 to 16
validate-class-some = 17 to 100
validate-class-many = above 100
validate-class-drafts = drafts
validate-class-no-drafts = no drafts
validate-class-tuned = tuned
validate-class-deployed = as deployed

## Tables that cannot be read, and rows that cannot be predicted.

validate-unreadable = could not read `{ $path }`
validate-unreadable-hint = check the path and your permissions
validate-no-column = the table has no column `{ $column }`
validate-no-column-near = did you mean `{ $nearest }`?
validate-no-column-hint = required columns: { $columns }
validate-empty = the table has no rows
validate-empty-hint = add a line for each measurement below the header
validate-line = line { $line }: { $problem }
validate-line-hint = correct that line; `r1-advisor validate --help` describes the columns
validate-cell = `{ $column }`: { $problem }
validate-not-a-number = not a number
validate-not-a-count = not a whole number
validate-not-positive = figures must be above zero, or empty

validate-unknown-cpu = unknown CPU `{ $name }`
validate-unknown-backend = unknown backend `{ $name }`
validate-unknown-model = unknown model `{ $name }`, and no known dense model of its size
validate-unknown-accelerator = unknown accelerator `{ $name }`
validate-unknown-figures = bandwidth or compute of `{ $name }` is unknown
validate-unknown-precision = unknown precision `{ $name }`
validate-too-large = the weights exceed the memory by { $short }
validate-latency-limit = measured under a latency limit that the row does not state
validate-no-lengths = the row states neither concurrency nor lengths
validate-disaggregated = other machines prefill than decode
