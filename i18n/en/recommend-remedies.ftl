### What would make a model meet the needs.

remedy-priced = { $change } (about { $usd })
remedy-priced-on = { $change } (about { $usd }, { $date })
remedy-outcome = { $remedy }: { $target }
remedy-outcome-rate = { $remedy }: { $target } at { $rate }
remedy-outcome-experts = { $remedy }: { $target } with experts in RAM
remedy-outcome-rate-experts = { $remedy }: { $target } at { $rate }, experts in RAM

remedy-flags = with `{ $flags }`
remedy-also-ram = without `--gpu-only`
remedy-gpus = { $more ->
    [one] with one more { $name }
   *[other] with { $more } more { $name }
}
remedy-ram = with { $total } of RAM
remedy-machine = on a machine with { $name }
remedy-api = by API: { $provider }, { $input } in and { $output } out ({ $date })
