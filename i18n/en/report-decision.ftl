### What to do, and what would change it.

report-title = Serving { $model }: buy, rent or call an API
report-decision = Recommended: { $kind }: { $option }
report-decision-for = For { $served }. { $reason }.
report-decision-nothing = Nothing meets the SLO within the limits for { $served }.
report-decision-four-bits = Its weights are in 4 bits: check the quality of its answers first.
report-decision-no-promise = The provider does not guarantee these latencies: measure them before signing.
report-decision-other = Next best of another kind: { $kind }: { $name }.
report-decision-cheaper = Cheaper, but to be weighed first: { $options }.
report-cheaper = { $kind } for { $cost } ({ $name }; { $why })
report-cheaper-hybrid = two contracts, and requests to route
report-cheaper-lower-quant = check the quality of its answers first
report-cheaper-smaller-model = another model, with other answers
report-between-sentences = { " " }
report-served = { $users } users with { $requests } requests a day ({ $peak }), prompts of { $prompt } and answers of { $answer } tokens, TTFT ≤ { $ttft } and TPOT ≤ { $tpot } at p95
report-served-peak = peak: { $peak } requests/s
report-served-peak-of-year = peak in year { $year }: { $peak } requests/s
report-reason = { $years ->
     [one] { $cost } over 1 year in today's money
    *[other] { $cost } over { $years } years in today's money
  }
report-reason-beside = { $years ->
     [one] { $cost } over 1 year in today's money, { $share } of the cost of { $other }
    *[other] { $cost } over { $years } years in today's money, { $share } of the cost of { $other }
  }
report-decision-binds = What limits it
report-binds = Above { $rate } requests/s per replica ({ $held } in flight), { $binding } is the first limit.
report-binds-provider = The provider guarantees nothing: its rate limits, and its latency at peak hours.
report-decision-runner-up = Next best of another kind
report-decision-runner-up-is = { $option } ({ $kind }): { $reason }.
report-decision-changes = What would change the answer
report-decision-risk = Main risk
report-amount-term = { $years ->
     [one] 1 year, in today's money
    *[other] { $years } years, in today's money
  }
report-amount-per-million = per million tokens, at the planned load
report-amount-per-million-at = per million tokens, at { $share } mean use
report-checks-caption = How the recommendation meets the requirements
report-column-requirement = requirement
report-column-target = target
report-column-reached = reached
report-column-met = met
report-yes = yes
report-no = no
report-unknown = unknown
report-check-load = peak load
report-check-ttft = TTFT p95
report-check-tpot = TPOT p95
report-check-spare = one machine may fail (N+1)
report-check-prices = current prices
report-requests-per-second = { $rate } requests/s
report-carried = { $rate } requests/s within the SLO
report-rate-limits = the provider's rate limits: ask
report-price-age = { $days ->
     [one] at most 1 day old
    *[other] at most { $days } days old
  }
report-older-prices = { $stale } of { $all } older
report-at-most = ≤ { $time }
report-at-the-limit = { $time } at the limit
report-not-promised = not guaranteed
report-spare-counted = one spare is included
report-spare-provider = up to the provider
report-availability-provider = up to the provider
report-goes-nowhere = nowhere
report-goes-to-rented = to rented machines
report-goes-to-providers = to model providers
report-warning-label = Note:
report-warning-old-prices = { $stale } of { $all } prices are older than { $days } days or undated: get quotes before signing.
report-warning-taxes = Prices exclude taxes and duties, and { $planned } of { $budget } is planned: { $tax } of tax would exceed the budget.
report-warning-nothing = Nothing meets the SLO within the limits: relax the SLO, the budget or where data may go.
report-warning-no-promise = The recommended API guarantees no latency: whether it meets the SLO is unknown.
report-warning-low-confidence = The recommendation rests on a price of low confidence: sources disagree, or there is none.
report-flip-below-load = Buying stops being cheaper than { $against } when the load, and the machines with it, falls below { $load } of the plan.
report-flip-above-load = Buying becomes cheaper than { $against } when the load, and the machines with it, rises above { $load } of the plan.
report-flip-never-loses = Buying is cheaper than { $against } at any load from 1 % to 30 times the plan, machines growing with it.
report-flip-never-wins = Buying is never cheaper than { $against } at any load from 1 % to 30 times the plan, machines growing with it.
report-flip-below-use = It stops being cheaper when the planned machines are used less than { $used } of the year's capacity (planned: { $planned }).
report-flip-above-use = It becomes cheaper when the planned machines are used more than { $used } of the year's capacity (planned: { $planned }).
report-flip-above-machine-price = It stops being cheaper when machines cost more than { $price } of the prices here.
report-flip-below-machine-price = It becomes cheaper when machines cost less than { $price } of the prices here.
report-flip-below-api-price = It stops being cheaper when the API costs less than { $price } of its price here.
report-flip-above-api-price = It becomes cheaper when the API costs more than { $price } of its price here.
report-flip-below-throughput = It stops being cheaper when real throughput is below { $throughput } of the prediction.
report-flip-above-throughput = It becomes cheaper when real throughput is above { $throughput } of the prediction.
report-relax = With { $what }, { $fewer } would do instead of { $planned } ({ $name }).
report-relax-tpot = a TPOT of { $time }
report-relax-ttft = a TTFT of { $time }
report-relax-answers = answers of { $tokens } tokens
report-measured-use = Measured on { $date } ({ $source }): { $names }
report-columns-note = All options carry the same load within the same SLO. NPV: all payments over the term in today's money. 1M tokens: a million tokens, prompts and answers, at this load. SLO: met, missed, or ? where nothing is guaranteed.
report-whole = Full report: --format html or markdown; data: --format csv or json
