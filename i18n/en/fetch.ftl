### Why a file could not be downloaded, and what to do about it.

fetch-no-file = `{ $target }` does not name a file
fetch-no-file-hint = use a URL, or `hf.co/OWNER/REPO/FILE.gguf`

fetch-request = could not connect to `{ $url }`
fetch-request-hint = check the network and `HTTPS_PROXY`; set `HF_ENDPOINT` to use a mirror of Hugging Face
fetch-request-url-hint = check the URL, and `HF_ENDPOINT` and `HF_TOKEN` if they are set
fetch-request-trust-hint =
    the server's certificate is not trusted: check the system clock and CA certificates, or set `SSL_CERT_FILE`

fetch-status = `{ $url }` returned HTTP { $status }
fetch-status-forbidden-hint =
    the repository is private, gated or does not exist: check its name, accept its terms on its page and set `HF_TOKEN`
fetch-status-store-hint =
    the server that stores the file refused, not the repository: run the command again, or check the proxy and the system clock
fetch-status-missing-hint =
    check owner, repository and file name; files of a split model end in `-00001-of-0000N.gguf`
fetch-status-wait-hint = rate limited: try again in { $wait }, or set `HF_TOKEN`
fetch-status-wait-later-hint = rate limited: try again later, or set `HF_TOKEN`
fetch-status-busy-hint = the server is busy: try again in { $wait }
fetch-later-hint = try again later

fetch-encoded = `{ $url }` was compressed on its way ({ $encoding })
fetch-web-page = `{ $url }` is a web page, not a model file
fetch-web-page-hint =
    use the URL of the file itself, or `hf.co/OWNER/REPO/FILE.gguf`; networks with a login page also answer like this

fetch-redirect-too-often = `{ $url }` redirects too many times
fetch-redirect-to-nowhere = `{ $url }` redirects without a valid location
fetch-redirect-to-unprotected = `{ $url }` redirects from HTTPS to plain HTTP
fetch-redirect-to-other-protocol = `{ $url }` redirects to something other than HTTP
fetch-redirect-to-link-local = `{ $url }` redirects to a link-local address
fetch-wrong-range = asked `{ $url }` for bytes { $asked }, got "{ $answered }"
fetch-broken-off =
    { $at ->
        [one] the connection to `{ $url }` broke after 1 byte
       *[other] the connection to `{ $url }` broke after { $at } bytes
    }
fetch-too-long = `{ $url }` sent more data than requested
fetch-listing = `{ $url }` did not return a list of files
fetch-listing-too-long = the list of files at `{ $url }` is longer than { $most }
fetch-server-hint =
    the server or a proxy misbehaves: try another one, or download the file with another program and pass its path

fetch-no-length = `{ $url }` does not report its size
fetch-no-length-hint = download the file with another program and pass its path

fetch-changed =
    `{ $url }` changed during the download: its { $what ->
        [length] size
       *[other] { $what }
    } was { $was } and is now { $found }
fetch-changed-unknown =
    `{ $url }` changed during the download: its { $what ->
        [length] size
       *[other] { $what }
    } was { $was } and is now unknown
fetch-replaced = `{ $file }` was replaced on the server during the download
fetch-replaced-hint = the old file was discarded: run the command again to download the new one

fetch-wrong-checksum = `{ $file }` is corrupted: its SHA-256 is { $found }, expected { $expected }
fetch-wrong-checksum-hint =
    the file was discarded: run the command again; if it fails twice, check memory and disk, or try another `--endpoint`

fetch-not-as-published-length = `{ $file }` is not the file in the catalog: it has { $found } bytes, expected { $expected }
fetch-not-as-published-sha256 =
    `{ $file }` is not the file in the catalog: its SHA-256 is { $found }, expected { $expected }
fetch-not-as-published-hint =
    its publisher replaced it: use `hf.co/OWNER/REPO:QUANT` to download the current file

fetch-no-such-file = `{ $repository }` has no file `{ $path }`
fetch-no-such-quant = `{ $repository }` has no `{ $quant }` GGUF
fetch-no-such-quant-hint = available: { $known }
fetch-no-gguf-hint = the repository has no GGUF files: check its name
fetch-no-repository = could not find repository `{ $repository }` (HTTP { $status })
fetch-no-repository-hint =
    check the name; if it is private or gated, accept its terms on its page and set `HF_TOKEN`
fetch-nearest-hint = did you mean `{ $nearest }`?

fetch-unsafe-name = unsafe file name "{ $name }"
fetch-unsafe-name-hint =
    do not trust its publisher: file names must not contain `..` or start with `/`

fetch-name-too-long = the file name "{ $name }…" is too long: { $length } bytes
fetch-name-too-long-hint = file systems take 255 bytes: download the file with another program, under a shorter name

fetch-offline = `{ $file }` is not on this machine and `HF_HUB_OFFLINE` is set
fetch-offline-hint = unset `HF_HUB_OFFLINE` to download it

fetch-read = could not read `{ $path }`
fetch-write = could not write `{ $path }`
fetch-remove = could not remove `{ $path }`
fetch-create-folder = could not create the folder `{ $path }`
fetch-create-link = could not create the link `{ $path }`
fetch-lock = could not lock `{ $path }`
fetch-disk-hint = check the folder and its disk
fetch-disk-full-hint = free some space and run the command again: the download resumes
fetch-disk-denied-hint = choose a writable folder with `--to DIR` or `HF_HUB_CACHE`

fetch-disk-limit-hint =
    raise the limit (`ulimit -f unlimited`), or choose a file system that holds files of this size with `--to DIR` or `HF_HUB_CACHE`

fetch-no-space = not enough space in `{ $path }`: { $needed } needed, { $free } free
fetch-no-space-hint =
    free some space (see `r1-advisor models --local`), or choose another disk with `--to DIR` or `HF_HUB_CACHE`

fetch-occupied = `{ $path }` exists and is a different file
fetch-occupied-hint = move it away, or choose another folder with `--to DIR`

fetch-outside = `{ $path }` is outside of `{ $root }`: a link leads there
fetch-outside-hint = nothing was removed: remove the file or the link yourself

fetch-in-use = `{ $path }` is being downloaded
fetch-in-use-hint = wait for that download, or stop it

fetch-interrupted = interrupted; the downloaded part is kept
fetch-interrupted-hint = run the same command again to resume

fetch-header = could not use `{ $url }`
