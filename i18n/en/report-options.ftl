### The ways of getting the tokens: their names and kinds, what they cost, what must be known of them.

report-name-cards = { $host } with { $count } × { $card }
report-name-own = own machine with { $count } × { $card }
report-name-at = { $what } at { $provider }
report-name-gpu-hour = { $gpu } at { $provider }, per GPU-hour
report-name-mix = { $base }, peak: { $peak }
report-name-served = { $model } in { $precision } on { $gpus } × { $device }, { $engine }
report-name-api = the API `{ $id }`
report-name-nothing = do nothing, or wait
report-named = { $name } ({ $kind })
report-named-model = { $model } in { $precision } on { $name }
report-named-precision = { $name }, { $precision }
report-counted = { $count } × { $name }
report-counted-gpus = { $count ->
     [one] 1 GPU: { $name }
    *[other] { $count } GPUs: { $name }
  }
report-kind-buy = buy
report-kind-rent-reserved = rent, 3 years
report-kind-rent-on-demand = rent, on demand
report-kind-hybrid = hybrid
report-kind-api = API
report-kind-own = own machines
report-kind-lower-quant = 4-bit weights
report-kind-smaller-model = smaller model
report-kind-wait = wait
report-paid-capital = capital
report-paid-energy = energy
report-paid-support = support
report-paid-staff = staff
report-paid-gpus = GPUs
report-paid-services = storage, traffic, services
report-paid-tokens = tokens
report-price-tokens = { $input } in, { $output } out
report-date-unknown = unknown
report-excluded = excluded: { $reason }
report-excluded-budget = { $capex } is above the budget of { $budget }
report-excluded-premises = data must not leave the premises
report-excluded-api = data must not go to model providers
report-excluded-vendor = { $vendor } is not an allowed vendor
report-excluded-place = located in { $stands_in }, not in { $asked }
report-stated = { $sentence }
report-note-place-unknown = Location not stated: ask whether it is in { $asked } before signing
report-note-paid-for = Already paid for: resale value and support are not counted
report-note-too-few = { $held } available, { $needed } needed for { $model }: they carry { $peak } of the peak and { $served } of all requests
report-note-base = Own machines carry the whole load in { $hours } of a working day's hours, and { $requests } of all requests
report-note-by-the-hour = Rented by the hour on working days, as many GPUs as each hour needs: { $mean } on average, { $most } at most
report-note-around-the-clock = Rented by the hour, around the clock on working days
report-note-api-measured = TTFT and TPOT measured on { $date } ({ $source }) with { $count } requests in flight; the provider promises neither
report-note-api-unmeasured = The provider promises no latency: measure it before signing
report-note-successor = A successor of R1: answers differ in content and length
report-note-wait = Nobody is served; GPU and memory prices rose through 2026, API prices fell
report-note-too-slow = Even a single request misses the SLO
report-note-four-bits = Weights in 4 bits, since these GPUs cannot compute in 8: check the quality of its answers first
report-note-measured = Based on a measurement of { $date } ({ $source })
report-note-scaled = Predicted, corrected by a measurement of { $gpus } on { $date } ({ $source })
report-gpus = { $count ->
     [one] one GPU
    *[other] { $count } GPUs
  }
report-machines = { $count ->
     [one] 1 machine
    *[other] { $count } machines
  }
report-replicas = { $count ->
     [one] 1 replica
    *[other] { $count } replicas
  }
report-years = { $count ->
     [one] 1 year
    *[other] { $count } years
  }
report-months = { $count ->
     [one] 1 month
    *[other] { $count } months
  }
report-never = never
report-decade = over 10 years
report-binding-tpot = TPOT
report-binding-ttft = TTFT
report-binding-cache = room for the KV cache
report-binding-alone = a single request
