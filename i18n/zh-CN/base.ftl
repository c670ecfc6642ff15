### 程序各部分共用的话：语言、单位、列举、系统错误。

language-name = 简体中文

cause = { $what }：{ $why }

label-error = 错误：
label-hint = 提示：
label-note = 注意：

list-comma = 、
list-and = 、
list-or = { " 或 " }
list-phrase = ，
list-semicolon = ；

unit-percent = { $number }%
time-never = 无法完成
time-milliseconds = { $number } 毫秒
time-seconds = { $number } 秒
time-minutes = { $number } 分钟
time-minutes-seconds = { $minutes } 分 { $seconds } 秒
time-hours-minutes = { $hours } 小时 { $minutes } 分
time-days = { $number } 天

system-not-found = 没有那个文件或目录
system-permission-denied = 权限不足
system-is-a-directory = 是一个目录
system-not-a-directory = 不是目录
system-already-exists = 文件已存在
system-storage-full = 磁盘空间不足
system-read-only = 文件系统只读
system-not-regular = 不是普通文件
system-too-long = 文件太长
system-file-too-large = 达到文件大小上限
system-timed-out = 等待数据超时

toml-duplicate-key = 不是正确的 TOML：键重复
toml-unquoted = 不是正确的 TOML：没有值，或字符串没有加引号
toml-missing-comma = 不是正确的 TOML：缺少逗号
toml-no-value = 不是正确的 TOML：键没有值
toml-open-string = 不是正确的 TOML：字符串的引号没有闭合
toml-open-array = 不是正确的 TOML：方括号没有闭合
toml-open-inline-table = 不是正确的 TOML：花括号没有闭合
toml-open-table = 不是正确的 TOML：表名的方括号没有闭合
toml-wrong-type = 值的类型不对（{ $parser }）
toml-other = 不是正确的 TOML（{ $parser }）
