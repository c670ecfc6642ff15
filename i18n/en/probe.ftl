### `probe`, and the line about the machine above recommendations.

probe-what = what
probe-value = value
probe-machine = Machine
probe-cpu = CPU
probe-memory = Memory
probe-bandwidth = Bandwidth
probe-gpu = GPU
probe-disk = Disk
probe-engine = Engine
probe-note = Note
probe-unknown = unknown
probe-none = none
probe-assumed = { $part } (assumed)
probe-each-with = { $count } × { $name }, each with

probe-cores = { $count ->
    [one] 1 core
   *[other] { $count } cores
}
probe-usable-threads = { $count ->
    [one] 1 usable thread
   *[other] { $count } usable threads
}
probe-threads = { $count ->
    [one] 1 thread
   *[other] { $count } threads
}
probe-sockets = { $count } sockets
probe-numa-nodes = { $count } NUMA nodes
probe-last-level-cache = { $cache } last-level cache
probe-no-vectors = no vector instructions that ggml uses

probe-available = { $free } of { $total } available
probe-limited = limited to { $limit } by a control group; the machine has more
probe-no-swap = no swap
probe-swap = { $swap } of swap
probe-measured = { $rate }, measured { $date }
probe-specified = { $rate }, the platform's peak ({ $source })
probe-assumed-rate = { $rate }, assumed
probe-by-threads = { $threads }: { $rate }

probe-free = { $free } of { $total } free
probe-unified = up to { $limit } of main memory
probe-fp16 = { $rate } FP16
probe-mig = { $name } (MIG slice)
probe-driver = driver { $version }
probe-disk-free = { $free } free for models in { $path }

probe-device = { $name }: { $description }, { $free } of { $total } free
probe-not-built = not built in: `bench` cannot measure anything
probe-backend-finds-none = { $backend } is built in but finds no GPU: see the notes, and the driver's own tools
probe-backend-missing = no GPU: { $backend } is not built in, see the README on features
probe-saved = saved to { $path }

## The machine in a line

probe-line-ram = { $total } RAM ({ $free } free)
probe-line-ram-assumed = { $total } RAM (assumed, { $free } free)
probe-line-bandwidth-measured = { $rate } (measured { $date })
probe-line-bandwidth-peak = { $rate } (peak)
probe-line-bandwidth-assumed = { $rate } (assumed)
probe-line-no-gpu = no GPU
probe-line-gpu = { $name } ({ $memory })
probe-line-unified = up to { $limit } of the RAM
