### Progress.

ui-transfer = { $percent } %  { $present } of { $total }, { $rate }/s, { $left } left
