### Changes of a machine (`upgrade`), and what a machine does for the needs.

outlook-runs = runs
outlook-nothing = nothing
outlook-nearest = closest
outlook-nearest-is = { $target }: { $why }
outlook-misses = nothing meets the needs; closest is { $target }: { $why }
outlook-nothing-meets = nothing meets the needs
outlook-rate = { $rate } tok/s ({ $low }–{ $high })
outlook-pick = { $target } on { $place }, { $rate }, { $time } per answer, quality { $score }

upgrade-now = now   { "" }
upgrade-nothing =
    No single change up to { $most } does much more for these needs ({ $count ->
        [one] 1 was tried
       *[other] { $count } were tried
    }).
upgrade-most = Biggest gain: { $change }
upgrade-value = Best value: { $change }
upgrade-bought = { $change }, { $price }: then it runs { $runs }
upgrade-entry = { $change }, { $price }
upgrade-gains = { $does }; { $gain } points
upgrade-price-on = { $about ->
    [yes] about { $usd }
   *[no] { $usd }
}{ $used ->
    [yes] {" "}used
   *[no] {""}
} ({ $date })
upgrade-price-alone = { $about ->
    [yes] about { $usd }
   *[no] { $usd }
}{ $used ->
    [yes] {" "}used
   *[no] {""}
}
upgrade-legend =
    points: gain in quality over what the machine runs now, or in what the priority trades for it. Left out: changes
    that cost more for about the same, and hardware without a price in the catalog. Prices are in US dollars without
    tax, for the change alone; check that the case, board and power supply can take it.
upgrade-budget = Changes up to { $most } were tried (the default); `--budget` sets the limit.

upgrade-change = change
upgrade-price = price
upgrade-seen = seen
upgrade-gain = gain
upgrade-as-it-is = as it is

upgrade-more-cards = { $count } × { $card } in all
upgrade-added-card = add { $count ->
    [one] one { $card }
   *[other] { $count } × { $card }
}
upgrade-other-cards = { $count ->
    [one] replace what is there by one { $card }
   *[other] replace what is there by { $count } × { $card }
}
upgrade-more-ram = { $total } of RAM in all
upgrade-other-machine = another machine: { $name }
upgrade-workstation = another machine: a workstation with { $count ->
    [one] one
   *[other] { $count } ×
}{ $used ->
    [yes] {" "}used
   *[no] {""}
} { $card } and { $ram } of RAM
