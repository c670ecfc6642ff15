### `bench history`、`bench show`、`bench compare` 及其数据库。

history-id = 编号
history-when = 时间
history-subject = 模型
history-measured = 实测
history-verdict = 结论
history-empty = 本机还没有实测结果；可运行 `r1-advisor bench 1.5b:Q4_K_M --synthetic`
history-next = 查看一个结果的全部内容：`r1-advisor bench show ID`；比较两个结果：`r1-advisor bench compare A B`
history-shown = 结果 { $id }：{ $subject }，{ $when }
history-key = 键
history-value = 值

history-compared = { $letter }：结果 { $id }，{ $subject }，{ $when }
history-compared-disturbed = { $letter }：结果 { $id }，{ $subject }，{ $when }，受到干扰
history-difference = B - A，95%
history-range = { $low } 至 { $high }
history-better = B 更好
history-worse = B 更差
history-within-chance = 差异不显著
history-untested = 重复次数太少，无法判断
history-welch = 对各次重复作 Welch t 检验：p 为仅凭偶然出现这样差异的概率；真实差异在 20 次中有 19 次落在区间内。检验不知道两次运行之间还改变了什么。

history-test = { $test } { $tokens } token
history-test-at-depth = 深度 { $depth } 处{ $test } { $tokens } token
history-sliced = { $test }，由切片推算
history-under-load = { $figure }，{ $load }
history-output = 输出
history-figure = { $name } { $value }

history-folder = 无法建立 `{ $path }` 所在的目录
history-database = 无法使用 `{ $path }` 中的历史
history-place-hint = 磁盘是否已满，或文件不属于你？可用 `R1_ADVISOR_HISTORY` 指定另一文件
history-foreign = `{ $path }` 是其他程序的数据库
history-newer = `{ $path }` 中的历史为版本 { $found }，本程序支持到 { $known }
history-newer-hint = 请更新 r1-advisor，或用 `R1_ADVISOR_HISTORY` 指定另一文件（`off` 表示不保存）
history-unreadable = 无法读取 `{ $path }` 的结果 { $id }
history-unreadable-hint = 其他结果不受影响
