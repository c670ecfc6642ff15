### Needs: values as people type them, needs files, and what cannot be met as it is stated.

# Values
needs-not-tokens = `{ $text }` is not a number of tokens, write it like `8192` or `32k`
needs-not-a-share = `{ $text }` is not a share, write it like `0.1` or `10%`
needs-not-a-percentage = `{ $text }` is not a percentage, write it like `3` or `3%`
needs-not-a-time = `{ $text }` is not a time; write it like `90`, `90s`, `2min` or `1h`
needs-not-money = `{ $text }` is not an amount of US dollars, write it like `2500` or `$2,500`
needs-not-a-minimum = `{ $text }` is not a minimum score, write it like `aime24=50`
needs-unknown-benchmark = unknown benchmark `{ $name }`
needs-unknown-benchmark-near = unknown benchmark `{ $name }`, did you mean `{ $nearest }`?
needs-unknown-licence = no model has the licence `{ $name }`, only { $known }
needs-not-a-choice = `{ $text }` is not { $known }
needs-not-a-size = `{ $text }` is not a size, write it like `64GiB`, `24GB` or `512 MiB`
needs-not-whole = `{ $text }` is not a whole number
needs-whole-out-of-range = { $text } is not between { $least } and { $most }
needs-not-a-day = `{ $text }` is not a day, write it like `2026-11-25`
needs-not-a-date = `{ $text }` is not a date, write it like `2024-10-31`, `2024-10` or `2024`
needs-not-a-currency = `{ $text }` is not a currency, write it like `CNY` or `CNY=7.1@2026-11-20`: the value of a US dollar and its day
needs-not-positive = `{ $text }` is not a number above 0
needs-not-within = `{ $text }` is not a number from 0 to { $most }
needs-not-layers = `{ $text }` is neither a number of layers from 2 nor `all`
needs-not-gpu-shares = `{ $text }` is not a number for each GPU, such as `3/1`

# Needs files
needs-unreadable = could not read the needs file `{ $path }`
needs-malformed = `{ $path }`, line { $line }: { $wrong }
needs-unknown-key = unknown key `{ $key }`
needs-not-one-value = `{ $key }` takes one value
needs-not-a-switch = `{ $key }` is `true` or `false`
needs-not-with = `{ $key }` cannot be used with `{ $other }`
needs-cannot-be = `{ $key }` cannot be `{ $text }`
needs-wrong-value = `{ $key }`
needs-init-hint = `r1-advisor recommend --init` and `report --init` print a file with every key
needs-did-you-mean = did you mean `{ $near }`?
needs-choose-from = choose from { $known }

# Needs that cannot be met as they are stated
needs-missing = `{ $flag }` is required
needs-missing-hint = `r1-advisor report --help` has examples, and `report --init` prints a needs file to fill in
needs-out-of-range = `{ $flag }` must be between { $least } and { $most }, not { $value }
needs-out-of-range-hint = correct `{ $flag }`, or `{ $key }` in the needs file
needs-availability-out-of-range = `--availability` must be between { $least } and { $most }, not { $share }
needs-context-too-short = a context of { $context } tokens cannot hold a prompt of { $prompt } and an answer of { $output }
needs-context-too-short-hint = raise `--context` to { $length }, or lower `--prompt-tokens` or `--output-tokens`
needs-context-too-long = `--context` times `--sequences` is more than llama.cpp can count
needs-context-too-long-hint = lower `--context` or `--sequences`
needs-unknown-vendor = unknown GPU maker or provider `{ $name }`
needs-unknown-region = unknown region `{ $name }`
needs-unknown-region-hint = use { $known }, or a place as prices name it, such as `mumbai` or `us-east-1`
needs-unknown-currency = the catalog has no exchange rate for `{ $code }`
needs-unknown-currency-hint = give the rate and its day: `{ $code }=7.1@2026-11-20`; the catalog knows { $known }
