### What would make a model meet the needs.

remedy-priced = { $change } ({ $used ->
    [yes] used, about { $usd }
   *[no] about { $usd }
})
remedy-priced-on = { $change } ({ $used ->
    [yes] used, about { $usd }
   *[no] about { $usd }
}, { $date })
remedy-outcome = { $remedy }: { $target }
remedy-outcome-rate = { $remedy }: { $target } at { $rate }
remedy-outcome-experts = { $remedy }: { $target } with experts in RAM
remedy-outcome-rate-experts = { $remedy }: { $target } at { $rate }, experts in RAM

remedy-flags = with `{ $flags }`
remedy-also-ram = without `--gpu-only`
remedy-batch = as a batch job, with nobody waiting (`--use-case batch`)
remedy-gpus = { $more ->
    [one] with a second { $name }
   *[other] with { $more } more { $name }
}
remedy-added-card = with { $count ->
    [one] one { $name }
   *[other] { $count } × { $name }
} added
remedy-other-cards = { $count ->
    [one] with one { $name } instead
   *[other] with { $count } × { $name } instead
}
remedy-ram = with { $total } of RAM
remedy-machine = on another machine, { $name }
remedy-workstation = on a workstation with { $count ->
    [one] one
   *[other] { $count } ×
}{ $used ->
    [yes] {" "}used
   *[no] {""}
} { $name } and { $ram } of RAM
remedy-api = by API: { $provider }, { $input } in and { $output } out ({ $date })
