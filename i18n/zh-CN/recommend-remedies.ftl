### 怎样才能满足需求。

remedy-priced = { $change }（{ $used ->
    [yes] 二手约 { $usd }
   *[no] 约 { $usd }
}）
remedy-priced-on = { $change }（{ $used ->
    [yes] 二手约 { $usd }
   *[no] 约 { $usd }
}，{ $date }）
remedy-outcome = { $remedy }：{ $target }
remedy-outcome-rate = { $remedy }：{ $target }，{ $rate }
remedy-outcome-experts = { $remedy }：{ $target }，专家在内存
remedy-outcome-rate-experts = { $remedy }：{ $target }，{ $rate }，专家在内存

remedy-flags = 用 `{ $flags }`
remedy-also-ram = 不用 `--gpu-only`
remedy-batch = 作为批处理任务，无人等待（`--use-case batch`）
remedy-gpus = 再加 { $more } 块 { $name }
remedy-added-card = 另加 { $count } 块 { $name }
remedy-other-cards = 换成 { $count } 块 { $name }
remedy-ram = 内存增至 { $total }
remedy-machine = 换用 { $name }
remedy-workstation = 换用配 { $count } 块{ $used ->
    [yes] 二手
   *[no] {""}
} { $name }、{ $ram } 内存的工作站
remedy-api = 调用 API：{ $provider }，输入 { $input }，输出 { $output }（{ $date }）
