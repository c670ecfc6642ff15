### Machines beside each other (`recommend --compare`).

compare-machine = machine
compare-price = price
compare-at-least = { $usd } + ?
compare-best = Best for these needs: { $number }, { $name }
compare-nothing = Nothing meets these needs on any of them.
compare-cheapest = Cheapest that meets them, of those with a known price: { $number }, { $name }
compare-part = { $count ->
    [1] { $name }
   *[other] { $count } × { $name }
} { $usd }{ $dated ->
    [yes] {" "}({ $date })
   *[no] { "" }
}
compare-bill = price of { $number } without tax: { $parts }
compare-bill-unknown = price of { $number } without tax: { $parts }; unknown: { $unknown }
