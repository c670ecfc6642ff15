### `pull`: what is fetched, checked and missing.

pull-waiting = another program is fetching the same file, waiting to use it
pull-no-hash = no hash is published for this file, so it cannot be checked for damage
pull-file-of = { $name } ({ $number } of { $count })
pull-not-an-r1 = `{ $name }` is not an R1 model of the catalog

pull-model-scope-catalog-only = `--source modelscope` takes models of the catalog, not `{ $target }`
pull-model-scope-catalog-only-hint = name a model such as `671b:UD-IQ1_S`, or leave out `--source`
pull-no-quant = `{ $target }` does not say which quant
pull-no-quant-hint = write it like `{ $like }`
pull-no-file = no published file is known for `{ $target }`
pull-no-file-hint = the nearest with one is `{ $near }`
pull-not-on-model-scope = ModelScope is not known to have `{ $target }`
pull-not-on-model-scope-near = it has `{ $near }`
pull-not-on-model-scope-hint = leave out `--source`, or name a mirror with `--endpoint`

pull-too-large = `{ $name }` will not run on this machine: with a context of { $context } tokens it needs { $missing } more memory
pull-too-large-hint = use `--force` to fetch it anyway; `r1-advisor recommend` shows what runs here
pull-anyway = { $problem }. Fetch it anyway?
pull-nothing = nothing was fetched
pull-other-shape = the file is complete, but does not have the shape of `{ $id }`
pull-other-shape-hint = the catalog or the repository is wrong; `r1-advisor estimate FILE` shows what the file is
pull-other-mix = the file has { $tensors } tensors in { $size }, where llama.cpp's rules for { $quant } make { $usual_tensors } in { $usual_size }: its makers chose some types themselves

pull-checked-by-catalog = SHA-256 matches the catalog
pull-checked-by-hub = SHA-256 matches the hub
pull-damaged = `{ $path }` is damaged: its SHA-256 is not that of its name
pull-checked-by-header = header and size match
pull-not-checked = not checked, no hash is published
pull-fetched = { $target }: { $size }, { $checked }; fetched { $received } in { $time }, { $rate }/s
pull-here-already = { $target }: { $size }, { $checked }; already here
pull-next = Next: measure it
pull-column-received = received
