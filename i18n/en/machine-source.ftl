### The machine that a command is about: machine files, and `--gpu` with `--gpu-count`.

machine-source-unreadable = could not read the machine file `{ $path }`
machine-source-unreadable-hint = `probe --save FILE` writes one of this machine
machine-source-malformed = `{ $path }`, line { $line }: { $wrong }
machine-source-malformed-hint = compare it with one that `probe --save FILE` writes
machine-source-unknown-key = unknown key `{ $key }`
machine-source-missing-key = the key `{ $key }` is missing
machine-source-impossible = `{ $path }`: { $what }
machine-source-version = `{ $path }` is a machine file of version { $version }, this program reads version { $known }
machine-source-version-hint = update the program, or write the file again
machine-source-exists = `{ $path }` already exists
machine-source-exists-hint = replace it with `--force`, or choose another name
machine-source-unwritable = could not write the machine file `{ $path }`
machine-source-unwritable-hint = check that the folder exists and that you may write to it

machine-source-no-cores = `cpu` needs at least one core, one thread and one socket
machine-source-ram = `ram.total_bytes` must be at least `ram.available_bytes`
machine-source-ram-bandwidth = `ram.bandwidth.bytes_per_second` must be above 0
machine-source-figure = `{ $key }` is { $figure }: not a number from { $least } to { $most }
machine-source-gpu-rates = bandwidth and FLOPS of GPU `{ $name }` must be above 0
machine-source-gpu-free = GPU `{ $name }` has more free than total memory
machine-source-gpu-limit = GPU `{ $name }` may use more memory than there is
machine-source-gpu-memory = GPU `{ $name }` has no memory

machine-source-count-of-several = `--gpu-count { $count }` needs a single kind of GPU, not `{ $gpus }`
machine-source-count-of-several-hint = write the counts with the names, as in `--gpu '2x RTX 3090 + RTX 4090'`
machine-source-two-counts = `--gpu '{ $gpus }'` says { $own }, `--gpu-count` says { $count }
