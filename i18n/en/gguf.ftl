### Why a file is no GGUF of an R1 model, and what to do about it.

gguf-read = could not read the file
gguf-read-hint = check that the file exists and that you may read it
gguf-not-gguf = not a GGUF file: it starts with "{ $found }"
gguf-not-gguf-hint = use a `.gguf` file; safetensors must be converted first
gguf-lfs-pointer = a Git LFS pointer, not the model itself
gguf-lfs-pointer-of = a Git LFS pointer, not the model itself, which has { $size }
gguf-lfs-pointer-hint = run `git lfs pull` in its repository, or download the file with `r1-advisor pull`
gguf-web-page = a web page, not a model file
gguf-web-page-hint = download the file itself: on Hugging Face, its address has `/resolve/` in place of `/blob/`
gguf-empty = the file is empty
gguf-version = GGUF version { $version } is not supported
gguf-version-hint = convert the model again: versions 2 and 3 are supported
gguf-big-endian = the file is big-endian
gguf-big-endian-hint = download the little-endian file: big-endian ones are for s390x only
gguf-truncated =
    { $at ->
        [one] the file ends inside its header, after 1 byte
       *[other] the file ends inside its header, after { $at } bytes
    }
gguf-cut-short = the file is incomplete: it has { $file }, but tensor `{ $tensor }` ends at { $end }
gguf-trailing = the weights end at { $end }, but the file goes on to { $file }
gguf-truncated-hint = the download is incomplete: download the file again
gguf-too-long = the header is longer than { $longest }
gguf-implausible =
    { $what ->
        [tensors] the header claims { $count } tensors at byte { $at }, more than any model has
        [keys] the header claims { $count } keys at byte { $at }, more than any model has
        [texts] the header claims { $count } strings at byte { $at }, more than any model has
       *[bytes] the header claims { $count } bytes at byte { $at }, more than any model has
    }
gguf-broken = the header is broken at byte { $at }
gguf-broken-hint = the file is damaged: download it again and check its SHA-256

gguf-duplicate-key = duplicate key `{ $key }`
gguf-duplicate-tensor = duplicate tensor `{ $tensor }`
gguf-alignment = `general.alignment` is not a power of two
gguf-overlap = tensor `{ $tensor }` at { $offset } overlaps the one before it, which ends at { $expected }
gguf-gap = tensor `{ $tensor }` at { $offset } leaves a gap after the one before it, which ends at { $expected }
gguf-beyond-disks = tensor `{ $tensor }` ends after { $end } bytes
gguf-key-name = a key is empty or too long
gguf-tensor-name = a tensor name is empty or too long
gguf-long-tensor-name = a tensor name is { $length } bytes long (maximum { $most })
gguf-value-type = unknown value type { $kind }
gguf-array-type = an array cannot hold values of type { $kind }
gguf-dimensions = tensor `{ $tensor }` has { $dimensions } dimensions
gguf-dimension = tensor `{ $tensor }` has a dimension of { $length }
gguf-too-many-values = tensor `{ $tensor }` has more values than fit in memory
gguf-tensor-type = tensor `{ $tensor }` is of type { $kind }, which no R1 file uses
gguf-row-length = tensor `{ $tensor }` has rows of { $length } values, which { $kind } cannot store

gguf-missing-key = the header lacks the key `{ $key }`
gguf-unknown-family =
    `general.architecture` is { $found }; R1 models are qwen2, llama, qwen3 or deepseek2
gguf-unknown-family-hint = use a GGUF of a DeepSeek-R1 model; `r1-advisor models` lists them
gguf-wrong-value = `{ $key }` is { $found }, expected { $expected }
gguf-contradiction = `{ $key }` is { $found }, but { $other } requires { $needed }
gguf-key-hint = llama.cpp would not load the file either: download or convert it again
gguf-missing-tensor = the tensor `{ $name }` is missing
gguf-unknown-tensor = a { $family } model of this shape has no tensor `{ $name }`
gguf-wrong-shape = the tensor `{ $name }` has the shape { $found }, but the header's keys imply { $expected }
gguf-tensor-hint =
    it is not an R1 model as llama.cpp's converter writes it, or the file is damaged
gguf-tensor-in-two-files = the tensor `{ $name }` is in two of the files
gguf-shards = file { $shard } of { $shards } has `{ $key }` = { $found }, expected { $expected }
gguf-shards-hint = put all files of one model into one folder, under the names they were published with

gguf-nothing = missing
gguf-skipped = an array or string of length { $count }
gguf-whole-number = an integer from { $least } to { $most }
gguf-float = a finite, non-negative float
gguf-rows = a value that fits `{ $tensor }` with { $rows } rows
gguf-multi-query = multi-query attention
gguf-latent = the size of the latent
gguf-latent-rotary = the size of the latent with its rotary part

gguf-write = could not write `{ $path }`
gguf-write-hint = is the disk full or gone?
gguf-write-interrupted = writing was interrupted
