### Titles, tables and the sentences around them.

report-contents = Contents
report-page-language = en
report-colon = : { $text }
report-sentence = { $clause }.
report-title-decision = Decision
report-title-requirements = Requirements
report-title-model = Model and quality
report-title-load = Load
report-title-sizing = Sizing
report-title-options = Options
report-title-bill = Bill of materials
report-title-site = Site
report-title-cost = Cost by year
report-title-break-even = Break-even
report-title-sensitivity = Sensitivity
report-title-risks = Risks
report-title-compliance = Compliance and privacy
report-title-implementation = Implementation
report-title-acceptance = Acceptance test
report-title-assumptions = Assumptions
report-title-sign-off = Sign-off
report-title-method = Appendix: method
report-requirements-caption = Requirements, given and by default
report-options-caption = All options at the same load, SLO and term
report-models-caption = Published results and licences
report-order-caption = What to order
report-findings-caption = What to review
report-method-caption = How figures are computed
report-break-even-caption = Buying the cheapest machines that meet the SLO, as many as planned, is cheaper than
report-sensitivity-caption = Cost of owning, a year, when one assumption changes
report-assumptions-caption = Every figure and its source
report-sign-off-caption = Signatures
report-column-way = way
report-column-what = option
report-column-quantity = qty
report-column-up-front = up front
report-column-yearly = per year
report-column-npv = NPV
report-column-million = 1M tokens
report-column-user-month = per user and month
report-column-used = used
report-column-ttft = TTFT p95
report-column-tpot = TPOT p95
report-column-slo = SLO
report-column-item = item
report-column-value = value
report-column-origin = origin
report-column-source = source
report-column-confidence = confidence
report-column-model = model
report-column-parameters = parameters
report-column-benchmark = { $benchmark }, %
report-column-licence = licence
report-column-each = each
report-column-total = total
report-column-paid = paid
report-column-price-source = source of the price
report-column-question = question
report-column-known = known
report-column-verdict = verdict
report-column-how = formula
report-column-against = against
report-column-used-above = used above
report-column-tokens-above = million tokens per month above
report-column-payback = payback
report-column-assumption = assumption
report-column-low = low
report-column-high = high
report-column-cost-low = cost at low
report-column-cost-high = cost at high
report-column-role = role
report-column-name = name
report-column-date = date
report-column-conditions = conditions
report-role-requester = requester
report-role-technical = technical
report-role-finance = finance
report-role-security = security
report-role-procurement = procurement
report-role-legal = legal
report-confidence-low = low
report-confidence-medium = medium
report-confidence-high = high
report-paid-up-front = up front
report-paid-yearly = each year
report-review = needs review
report-pass = pass
report-parameters-active = { $all }, { $active } active
report-each-year = { $what }, per year
report-million-tokens = { $millions } million
report-all-year = { $count }, all year
report-gpu-hours = { $most ->
     [one] { $hours } GPU-hours, 1 GPU at most
    *[other] { $hours } GPU-hours, { $most } GPUs at most
  }
report-source-computed = computed, see assumptions
report-order-network = network and cables
report-order-install = installation
report-order-spares = spare parts
report-of-the-machines = { $share } of the machines
report-order-source = { $of }: { $source } ({ $date })
report-order-source-old = { $of }: { $source } ({ $date }, old)
report-order-note = Ask sellers for lead times. A machine's price includes memory, disks, network adapters and rails; the network share includes switches, cables and rack. Taxes and duties are excluded.
report-options-note = All at the same load, SLO and term. Used: the mean load over the year as a share of what the working replicas carry within the SLO. TTFT and TPOT are at that limit; prediction error is among the assumptions. APIs need no staff to run them; own and rented machines include the staff of the assumptions.
report-remark = { $note } ({ $names }).
report-load = { $daily } requests per working day. Peak: { $daily } × { $share } ÷ 3600 × { $burst } = { "" }
report-load-grows = { $users } users × { $each } = { $now } requests per working day in the first year; growing { $growth } a year, { $daily } in year { $year }, which everything is sized for. Peak: { $daily } × { $share } ÷ 3600 × { $burst } = { "" }
report-load-tokens = , × { $answer } tokens = { $output } output tok/s. Over a year: { $tokens } million tokens, prompts and answers.
report-load-tokens-growing = , × { $answer } tokens = { $output } output tok/s. Per year, averaged over { $years } years: { $tokens } million tokens, prompts and answers.
report-sizing-nothing = No machine with a known price can hold this model.
report-sizing-replica = { $name }: { $gpus } per replica in { $engine }, { $weights } of weights and { $cache } of KV cache, room for { $wall } requests at full length.
report-sizing-limit = Within the SLO a replica carries { $rate } requests/s ({ $output } output tok/s, { $held } in flight); the next limit is { $binding }.
report-sizing-replicas = Working replicas: { $replicas }; GPUs: { $gpus }.
report-sizing-with-spare = Working replicas: { $replicas }; GPUs, spares included: { $gpus }.
report-sizing-short = That carries { $carried } of the peak's { $peak } requests/s at the usable share.
report-sizing-answer = At that rate an answer of { $tokens } tokens is complete within { $time } for 95 % of requests.
report-site-nothing = The recommendation is hosted elsewhere: the site needs nothing but a network.
report-site-if-bought = If { $name } were bought:
report-site-if-used-instead = The recommendation needs nothing on site. If { $name } is used instead:
report-site-if-bought-instead = The recommendation needs nothing on site. If { $name } were bought instead:
report-site-power = { $nameplate } kW nameplate power to wire and cool ({ $heat } BTU/h), { $average } kW drawn on average.
report-site-rack = { $height ->
     [one] Rack space: 1 U.
    *[other] Rack space: { $height } U.
  }
report-site-check = Check circuits, cooling, floor load and noise on site: this program does not know it.
report-precision-of-provider = the provider's choice
report-model = { $name }, as required; the machines here hold its weights in { $precision }.
report-model-alone = No smaller model is among the options.
report-model-smaller = Smaller models are priced among the options, with their scores below: { $names }.
report-model-successors = Successors that only an API serves are among the options, but their quality is not known here.
report-cost-line = { $what } { $usd }
report-cost = { $yearly } a year: { $lines }. Cumulative, from the start to the end of each year: { $paid }.
report-cost-owned = { $yearly } a year: { $lines }. Cumulative, from the start to the end of each year: { $paid }, the last less resale value.
report-nothing-to-buy = Nothing for sale meets the SLO.
report-break-even-note = The number of machines stays as planned. Used: how busy they would have to be on average over the whole year, nights included; more users with the same daily curve do not raise it, because they need more machines. Payback: at the planned load of each year, without interest, and possibly after the term.
report-start = How to start it
report-start-nothing = Nothing to start: the recommendation already has an OpenAI-compatible endpoint.
report-file = `{ $name }`: { $what }
report-acceptance-how = Run from a machine next to the servers, or from your own for an API; replace HOST with the server's address. A command exits with 1 when too few requests meet the SLO:
report-not-modelled = Not modelled
report-again = This command reproduces the report with the same version and catalog; it spells out every default:
report-what-if = What if
report-what-if-note = Move a slider to recompute the tables of options and break-evens. Charts and text stay as planned.
report-what-if-reset = Reset to plan
report-what-if-cheapest = At these settings the cheapest is { $name }: { $cost } over the term in today's money.
report-what-if-nothing = At these settings nothing here meets the SLO within the limits.
report-slider-load = Utilisation: mean load over the year, as a share of the peak
report-slider-answer = Answer length
report-slider-tpot = TPOT target
report-slider-machine-price = Price of machines, relative to the plan
report-slider-api-price = Price of APIs, relative to the plan
report-slider-tokens = { $tokens } tokens
report-no-room = the model does not fit
report-bought = Bought: { $name }

## Why a model lies so over its GPUs.

report-why-layout = { $layout }: with { $held } in flight, { $part } takes { $share } of a step.
report-why-layout-against = { $layout }: with { $held } in flight, { $part } takes { $share } of a step; the next best, { $other }, takes { $replicas ->
    [one] one replica
   *[other] { $replicas } replicas
} on { $gpus } GPUs, against { $own }.
report-part-weights = reading weights
report-part-compute = compute
report-part-cache = reading the KV cache
report-part-exchange = exchange between GPUs
report-part-launch = launches and scheduling
report-sizing-interval = As engines are usually deployed, it takes { $least } to { $most } replicas in four cases of five, and costs { $low } to { $high } a year.
