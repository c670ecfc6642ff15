### What the command says: files, measurements, printing.

report-no-launch-folder = nothing is recommended, so `{ $folder }` is not written
report-launch-failed = could not write the folder `{ $folder }`
report-launch-new-folder = name a folder that does not exist yet, or is empty
report-launch-parent = does the parent folder of `{ $folder }` exist, and may you write to it?
report-output-parent = does the folder of `{ $path }` exist, and may you write to it?
report-no-browser = found no browser to print the page
report-no-browser-hint = install Chromium, Chrome or Edge, or name one in `{ $variable }`; or use `--format html` and print it yourself
report-print-failed = `{ $browser }` could not print the page
report-print-hint = name another browser in `{ $variable }`, or use `--format html` and print it yourself
report-history-skipped = skipped the history
report-result-of-history = result { $id } of `bench history`
report-measured-hint = `r1-advisor bench --format json > FILE` writes one; for a server, say what answers there with `--serves`, `--served-on` or `--price`
report-measured-rejected = `{ $path }`
report-measured-unreadable = could not read it
report-measured-no-result = not a result of `bench`
report-measured-nothing = nothing in it counts: no request was answered, or something else used the machine
report-measured-unnamed = does not say what answered: which model on what
report-measured-other-model = not a result of `bench` for a model of the catalog
report-measured-sliced = extrapolated from slices, not measured
report-measured-mixed = did not run entirely on GPUs of one kind, as options do
report-measured-unknown-gpu = unknown accelerator `{ $name }`
report-progress = sizing machines for the load

report-beyond-training = `{ $model }` was trained for a context of { $trained } tokens, which cannot hold a prompt of { $prompt } and an answer of { $output }
report-beyond-training-hint = lower `--prompt-tokens` or `--output-tokens`: together they must stay within { $trained }
