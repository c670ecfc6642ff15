### The command line, and what every command may say.

commands-unknown-argument = unknown argument { $argument }
commands-unknown-command = unknown command { $command }
commands-missing-command = { $command } needs a command
commands-invalid-value = { $value } is not a value of { $argument }
commands-missing-value = { $argument } needs a value
commands-missing-argument = { $argument } is required
commands-once = { $argument } can be given only once
commands-conflict = { $argument } cannot be used with { $prior }
commands-conflict-with-others = { $argument } cannot be used with one of the other arguments
commands-too-many-values = unexpected value { $value } for { $argument }
commands-wrong-number-of-values = wrong number of values for { $argument }
commands-no-equals = { $argument } needs `=` before its value
commands-not-utf8 = the command line is not valid UTF-8
commands-did-you-mean = did you mean { $near }?
commands-too-large = { $text } is out of range
commands-not-a-number = `{ $text }` is not a number
commands-usage = Usage: { $usage }
commands-more-help = For more information, use `--help`.

# Model files
commands-unreadable = could not read `{ $path }`
commands-unreadable-hint = check that the file exists and that you may read it
commands-not-an-r1 = `{ $path }` has the shape of no R1 model in the catalog, so its needs are computed from its header
commands-other-name = the file calls itself "{ $name }", but has the shape and size of `{ $id }`


# Models on this machine
commands-removed = removed { $name }
commands-freed = freed { $size }
commands-hub-cache = hub cache
commands-folder = folder
commands-no-local-models = No R1 model on this machine.
commands-no-local-models-next = What runs here: r1-advisor recommend. To fetch it: r1-advisor pull ID:QUANT
commands-column-model = model
commands-column-size = size
commands-column-place = where
commands-column-name = name
commands-shards-missing = { $name } ({ $there } of { $parts } files)
commands-damaged = { $name } (damaged)
commands-total = { $size } in total
commands-partials = Incomplete; `pull` resumes them, `models remove` deletes them
commands-partial = { $present } of { $whole }
commands-other-models = { $count ->
    [one] 1 GGUF of another model is not listed.
   *[other] { $count } GGUFs of other models are not listed.
}

commands-stays = `{ $name }` stays: { $how }
commands-not-ours = `{ $name }` belongs to another program
commands-not-here = no model called `{ $name }` on this machine
commands-not-here-hint = `r1-advisor models --local` lists what is here
commands-part-of = the incomplete { $name }
commands-remove = Remove { $names } and free { $size }?
commands-nothing-removed = nothing was removed
commands-nothing-removed-unasked = nothing was removed without confirmation
commands-nothing-removed-unasked-hint = add `--yes` to remove it without asking
commands-remove-by-ollama = remove it with `ollama rm { $name }`
commands-remove-by-lm-studio = remove it in LM Studio, under My Models
commands-remove-here = remove it with `r1-advisor models remove`

# Output
commands-format = only `{ $command }` has this format
commands-format-hint = use `--format table`, `json`, `csv` or `markdown`
commands-output-hint = check that the disk has free space

# What `report` reads and writes beside the needs
commands-no-accelerator = `{ $path }` has no GPU that models are served on, skipping it
commands-no-machines = `{ $path }` has no machine files
commands-no-machines-hint = `r1-advisor probe --save FILE.toml` writes the machine that it runs on to a file
commands-column-path = path
