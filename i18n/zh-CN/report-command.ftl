### What the command says: files, measurements, printing.

report-no-launch-folder = 没有推荐方案，因此未写入 `{ $folder }`
report-launch-failed = 无法写入文件夹 `{ $folder }`
report-launch-new-folder = 请指定一个尚不存在或为空的文件夹
report-launch-parent = `{ $folder }` 的上级文件夹是否存在，是否有写入权限？
report-output-parent = `{ $path }` 所在的文件夹是否存在，是否有写入权限？
report-no-browser = 没有找到可打印网页的浏览器
report-no-browser-hint = 请安装 Chromium、Chrome 或 Edge，或用 `{ $variable }` 指定；也可用 `--format html` 后自行打印
report-print-failed = `{ $browser }` 无法打印网页
report-print-hint = 请用 `{ $variable }` 指定另一个浏览器，或用 `--format html` 后自行打印
report-history-skipped = 未采用历史记录
report-result-of-history = `bench history` 中的结果 { $id }
report-measured-hint = `r1-advisor bench --format json > FILE` 会写出这样的文件；测量服务器时，用 `--serves`、`--served-on` 或 `--price` 说明其背后是什么
report-measured-rejected = `{ $path }`
report-measured-unreadable = 无法读取
report-measured-no-result = 不是 `bench` 的结果
report-measured-nothing = 没有可采用的数据：请求都未得到应答，或测量时机器被其他程序占用
report-measured-unnamed = 没有说明应答的是什么：哪个模型、什么硬件
report-measured-other-model = 不是 `bench` 对目录中模型的测量结果
report-measured-sliced = 由切片推算，并非实测
report-measured-mixed = 并非完全运行在同一种 GPU 上，而方案都是如此
report-measured-unknown-gpu = 目录中没有加速卡 `{ $name }`
report-progress = 正在按负载测算设备

report-beyond-training = `{ $model }` 训练时的上下文为 { $trained } token，容不下 { $prompt } token 的提示词和 { $output } token 的回答
report-beyond-training-hint = 请减小 `--prompt-tokens` 或 `--output-tokens`：合计不能超过 { $trained }
