### 机器的升级（`upgrade`），以及机器能满足什么需求。

outlook-runs = 模型
outlook-nothing = 无
outlook-nearest = 最接近
outlook-nearest-is = { $target }：{ $why }
outlook-misses = 没有能满足需求的；最接近的是 { $target }：{ $why }
outlook-nothing-meets = 没有能满足需求的
outlook-rate = { $rate } tok/s（{ $low }–{ $high }）
outlook-pick = { $target }，{ $place }，{ $rate }，每个回答 { $time }，质量 { $score }

upgrade-now = 现在  { "" }
upgrade-nothing = 试了 { $count } 种不超过 { $most } 的单项改动，没有一种明显更能满足这些需求。
upgrade-most = 效果最大：{ $change }
upgrade-value = 性价比最高：{ $change }
upgrade-bought = { $change }，{ $price }：之后运行 { $runs }
upgrade-entry = { $change }，{ $price }
upgrade-gains = { $does }；{ $gain } 分
upgrade-price-on = { $about ->
    [yes] 约 { $usd }
   *[no] { $usd }
}{ $used ->
    [yes] ，二手
   *[no] {""}
}（{ $date }）
upgrade-price-alone = { $about ->
    [yes] 约 { $usd }
   *[no] { $usd }
}{ $used ->
    [yes] ，二手
   *[no] {""}
}
upgrade-legend = 分：比现在运行的模型多得的质量分（或按优先级折算）。未列出：花费更多而效果相近的改动，以及目录中没有价格的硬件。价格为美元、不含税，只算这一项改动；机箱、主板和电源能否容纳请自行确认。
upgrade-budget = 只试了不超过 { $most } 的改动（默认值）；用 `--budget` 设定上限。

upgrade-change = 改动
upgrade-price = 价格
upgrade-seen = 日期
upgrade-gain = 增益
upgrade-as-it-is = 维持现状

upgrade-more-cards = 增加到 { $count } 块 { $card }
upgrade-added-card = 另加 { $count } 块 { $card }
upgrade-other-cards = { $count ->
    [1] 换成 { $card }
   *[other] 换成 { $count } 块 { $card }
}
upgrade-more-ram = 内存增加到 { $total }
upgrade-other-machine = 换机器：{ $name }
upgrade-workstation = 换机器：配 { $count } 块{ $used ->
    [yes] 二手
   *[no] {""}
} { $card }、{ $ram } 内存的工作站
