### 进度。

ui-transfer = { $percent }%  { $present } / { $total }，{ $rate }/s，还需 { $left }
