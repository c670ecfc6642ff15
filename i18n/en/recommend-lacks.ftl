### What a model lacks, and how it compares with another.

lacks-nothing = fits
lacks-several = { $lacks }
lacks-memory = { $shortfall } too large (takes { $takes })
lacks-gpu = no GPU, and only GPUs are allowed
lacks-disk = files { $by } over the disk limit
lacks-licence = licence not allowed: { $licence }
lacks-context = trained for a context of { $trained } tokens ({ $asked } needed)
lacks-score = { $benchmark } { $score } (minimum { $minimum })
lacks-published-score = no { $benchmark } score published
lacks-quality = the quant loses { $percent } % of the quality (maximum { $maximum } %)
lacks-speed = { $rate } tok/s (minimum { $minimum })
lacks-speed-borderline = borderline: { $rate } tok/s (minimum { $minimum }); `r1-advisor bench { $target } --synthetic` will tell
lacks-first-token = first token after { $time } (maximum { $maximum })
lacks-day = { $fit } answers fit into a day (needed { $needed })
lacks-answer-time = answer takes { $time } (maximum { $maximum })
lacks-known-speed = speed unknown: no figure for the GPU's bandwidth or compute
lacks-known-cost = cost unknown: no figure for the power of a device
lacks-monthly-budget = electricity { $by } a month over the budget
lacks-token-budget = electricity per million tokens { $by } over the limit
lacks-rank = fits, but { $target } is better
lacks-better-choice = fits, but { $target } is better: { $difference }

difference = { $quality ->
    [better] { $points } points better
    [worse] { $points } points worse
   *[same] equal quality
}, { $speed ->
    [faster] { $times } times as fast
    [slower] takes { $times } times as long
   *[same] as fast
}, { $memory ->
    [more] { $bytes } more memory
    [less] { $bytes } less memory
   *[same] as much memory
}
