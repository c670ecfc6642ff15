### Why a served engine gave no whole answer, and what to do about it.

endpoint-not-an-address = `{ $text }` is not a server address
endpoint-not-an-address-hint = write it like `http://localhost:8000/v1`
endpoint-unreachable = could not connect to the server
endpoint-unreachable-hint = is it running, and are address and port right?
endpoint-silent-before-answer = no token within { $silence }
endpoint-silent-within-answer = the answer stalled for { $silence }
endpoint-silent-hint = allow more time with `--timeout`, or lower the load
endpoint-rate-limited = rate limited (HTTP 429)
endpoint-rate-limited-for = rate limited (HTTP 429), retry after { $wait }
endpoint-rate-limited-hint = lower the load, or ask the provider for a higher limit
endpoint-no-files = this client ran out of file descriptors
endpoint-no-files-hint = raise the limit with `ulimit -n`, or lower the load
endpoint-untrusted = the server's certificate is not trusted
endpoint-untrusted-hint = a self-signed certificate must be in the system's trust store; or use `http://` if the server offers it
endpoint-refused = the server returned an error in place of an answer
endpoint-endless = the stream has a line or event of over 1 MiB
endpoint-status = the server returned HTTP { $status }
endpoint-status-denied-hint = put the key into `OPENAI_API_KEY`, or name its variable with `--api-key-env`
endpoint-status-missing-hint = check the address: most servers want `/v1` at its end
endpoint-status-refused-hint =
    do prompt and output fit into the model's context? see `--prompt-tokens` and `--output-tokens`
endpoint-redirects = it redirects to `{ $location }`
endpoint-page = it sent a web page
endpoint-web-page = the server returned a web page
endpoint-web-page-hint = the address is meant for browsers; most servers want `/v1` at its end
endpoint-not-streamed = the server sent its answer at once instead of streaming it
endpoint-not-streamed-hint = does a proxy buffer the stream?
endpoint-malformed = the stream contains an invalid event ({ $reason }): `{ $data }`
endpoint-malformed-hint = is it an OpenAI-compatible server?
endpoint-in-stream = the server aborted the answer
endpoint-dropped =
    { $tokens ->
        [one] the connection was lost after 1 token
       *[other] the connection was lost after { $tokens } tokens
    }
endpoint-closed = the server closed it
endpoint-empty = the answer has no tokens
endpoint-log-hint = see the server's log
