### `bench history`, `bench show`, `bench compare`, and the database behind them.

history-id = id
history-when = when
history-subject = model
history-measured = measured
history-verdict = verdict
history-empty = nothing was measured on this machine yet; try `r1-advisor bench 1.5b:Q4_K_M --synthetic`
history-next = One result in full: `r1-advisor bench show ID`. Two side by side: `r1-advisor bench compare A B`
history-shown = result { $id }: { $subject }, { $when }
history-key = key
history-value = value

history-compared = { $letter }: result { $id }, { $subject }, { $when }
history-compared-disturbed = { $letter }: result { $id }, { $subject }, { $when }, disturbed
history-difference = B - A, 95 %
history-range = { $low } to { $high }
history-better = B is better
history-worse = B is worse
history-within-chance = no significant difference
history-untested = too few repetitions to tell
history-welch =
    Welch's t-test over the repetitions: p is how often chance alone would show such a difference, and the true
    difference lies within the interval 19 times out of 20. It knows nothing of what changed between the two runs.

history-test = { $test } of { $tokens ->
    [one] 1 token
   *[other] { $tokens } tokens
}
history-test-at-depth = { $test } of { $tokens ->
    [one] 1 token
   *[other] { $tokens } tokens
} at depth { $depth }
history-sliced = { $test }, predicted from slices
history-under-load = { $figure }, { $load }
history-output = output
history-figure = { $name } { $value }

history-folder = could not create the folder of `{ $path }`
history-database = could not use the history in `{ $path }`
history-place-hint = is the disk full, or the file not yours? `R1_ADVISOR_HISTORY` can name another file
history-foreign = `{ $path }` is a database of another program
history-newer = the history in `{ $path }` has version { $found }, this program supports { $known }
history-newer-hint = update r1-advisor, or let `R1_ADVISOR_HISTORY` name another file (`off` for none)
history-unreadable = could not read result { $id } of `{ $path }`
history-unreadable-hint = the other results are unaffected
