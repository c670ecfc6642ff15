### What goes wrong when a model is loaded and run, and what to do about it.

engine-not-built = this program was built without llama.cpp
engine-not-built-hint = build it without `--no-default-features`, see the README

engine-load = llama.cpp could not load `{ $path }`
engine-load-architecture-hint =
    this version of llama.cpp does not support the model; `r1-advisor models` lists those that run
engine-load-memory-hint =
    close other programs, or choose a smaller quant or model; `r1-advisor estimate` shows what one needs
engine-load-hint =
    the file has { $size }: compare that with the hub, and download it again if it differs
engine-load-path-hint = check the path
engine-not-utf8 = the path is not UTF-8

engine-open =
    { $context ->
        [one] llama.cpp could not open a context of 1 token
       *[other] llama.cpp could not open a context of { $context } tokens
    }
engine-open-hint =
    lower the depth or the micro-batch; a quantized KV cache needs `--flash-attention on`
engine-open-memory-hint = lower the depth, the context or the micro-batch, or close other programs

engine-host = could not use `{ $host }`
engine-host-hint =
    run llama.cpp's `rpc-server --host 0.0.0.0` on that machine and open its port in the firewall
engine-hosts-silent = `{ $hosts }` did not respond within { $limit }
engine-hosts-silent-hint =
    an `rpc-server` serves one program at a time: wait for the other one, or check that it is an `rpc-server`
engine-no-rpc-client = this llama.cpp was built without RPC
engine-no-device = it offers no device
engine-unknown-kind = unknown engine `{ $text }`: use `llama`, `fake`, or `fake:` with one of { $failures }
engine-not-a-host = `{ $text }` is not a host; write it like `192.168.1.20:50052`

engine-breakdown = llama.cpp did not report its memory use
engine-compute =
    { $tokens ->
        [one] llama.cpp could not compute a batch of 1 token (status { $status })
       *[other] llama.cpp could not compute a batch of { $tokens } tokens (status { $status })
    }
engine-compute-hint = lower the depth or the micro-batch
engine-no-truncation = its cache cannot be truncated
engine-no-reason = no reason given
engine-stopped = the engine was stopped
engine-tokenize = llama.cpp could not tokenize the text
engine-unexpected = the engine process received an unexpected message: `{ $line }`
engine-bug-hint = this is a bug, please report it

engine-crashed = the engine process { $ending }
engine-ended-illegal-instruction = hit an illegal instruction (SIGILL)
engine-ended-aborted = aborted (SIGABRT)
engine-ended-killed = was killed (SIGKILL)
engine-ended-segmentation-fault = crashed (SIGSEGV)
engine-ended-signal = was killed by signal { $number }
engine-ended-status = exited with status { $status }
engine-crashed-rpc-hint =
    a server of `--rpc` went away, or its version differs from this program's llama.cpp: check its log
engine-crashed-killed-hint =
    the system kills processes when memory runs out: choose a smaller quant or model, or close other programs
engine-crashed-instruction-hint =
    the program was built for another CPU: build it on this machine, or with `--features portable`
engine-crashed-memory-hint =
    keep more layers on the CPU with `--gpu-layers`, lower the depth, or choose a smaller quant
engine-crashed-hint =
    the last lines above are llama.cpp's; try a smaller quant or `--gpu-layers 0` to see whether memory or the GPU is
    at fault

engine-stalled = the engine did not respond within { $limit } and was stopped
engine-stalled-hint =
    allow more time with `--time-limit`, or fewer tokens with `-p` and `-n`; try `--gpu-layers 0` if the GPU driver
    hangs
engine-start = could not start the engine process
engine-start-hint = was the program moved or replaced while running?
engine-cancelled = interrupted
