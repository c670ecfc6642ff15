### 怎样才能满足需求。

remedy-priced = { $change }（约 { $usd }）
remedy-priced-on = { $change }（约 { $usd }，{ $date }）
remedy-outcome = { $remedy }：{ $target }
remedy-outcome-rate = { $remedy }：{ $target }，{ $rate }
remedy-outcome-experts = { $remedy }：{ $target }，专家在内存
remedy-outcome-rate-experts = { $remedy }：{ $target }，{ $rate }，专家在内存

remedy-flags = 用 `{ $flags }`
remedy-also-ram = 不用 `--gpu-only`
remedy-gpus = 再加 { $more } 块 { $name }
remedy-ram = 内存增至 { $total }
remedy-machine = 换用配 { $name } 的机器
remedy-api = 调用 API：{ $provider }，输入 { $input }，输出 { $output }（{ $date }）
