### Why a file that takes the place of a catalog model cannot be used.

model-file-unreadable = could not read `{ $path }`
model-file-unreadable-hint = check that the file exists and that you may read it
model-file-missing-shard = `{ $path }` is missing, one of the { $count } files the model is split into
model-file-missing-shard-hint = put all of them into one folder, under the names they were published with
model-file-not-a-file = `{ $path }` is not a file
model-file-not-a-file-hint = use a `.gguf` file
model-file-unusable = could not use `{ $location }`
model-file-unknown-fit = { $error }; whether it fits is unknown

plan-not-here = llama.cpp plans only for devices it can see, not for `{ $placement }`
plan-not-here-hint = leave out `--plan`: the formula covers machines other than this one
plan-no-tensors =
    the tensor types of `{ $quant }` are its publisher's choice, and only its published size is known
plan-no-tensors-hint = leave out `--plan`, or choose a quant without `UD-`
plan-hint = leave out `--plan` to use the formula
plan-temporary = could not create a temporary file
plan-temporary-hint = check the space in the folder for temporary files

pull-again = { $why }; downloading it again
pull-resume-hint = { $hint }; run the same command again to resume
