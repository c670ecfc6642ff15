### Where a model runs, in a word.

placement-single-gpu = GPU
placement-split-gpus = GPUs, split
placement-unified = GPU, unified
placement-expert-offload = GPU + experts in RAM
placement-partial-offload = GPU + RAM
placement-cpu-only = CPU

placement-ram = RAM
placement-time-range = { $time } ({ $low }–{ $high } { $unit ->
    [ms] ms
    [s] s
    [min] min
   *[h] h
})
