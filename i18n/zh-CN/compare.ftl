### 多台机器的比较（`recommend --compare`）。

compare-machine = 机器
compare-price = 价格
compare-at-least = { $usd } + ?
compare-best = 最符合需求：{ $number }，{ $name }
compare-nothing = 这些机器都不能满足需求。
compare-cheapest = 价格已知的机器中，满足需求且最便宜：{ $number }，{ $name }
compare-part = { $count ->
    [1] { $name }
   *[other] { $count } × { $name }
} { $usd }{ $dated ->
    [yes] （{ $date }）
   *[no] { "" }
}
compare-bill = { $number } 的价格（不含税）：{ $parts }
compare-bill-unknown = { $number } 的价格（不含税）：{ $parts }；未知：{ $unknown }
