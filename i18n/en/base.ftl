### What every part of the program says: the language, units, lists, the system's errors.

language-name = English

# A sentence and its cause.
cause = { $what }: { $why }

label-error = error:
label-hint = { " " }hint:
label-note = note:

list-comma = { ", " }
list-and = { " and " }
list-or = { " or " }
list-phrase = { ", " }
list-semicolon = { "; " }

unit-percent = { $number } %
time-never = never
time-milliseconds = { $number } ms
time-seconds = { $number } s
time-minutes = { $number } min
time-minutes-seconds = { $minutes } min { $seconds } s
time-hours-minutes = { $hours } h { $minutes } min
time-days = { $number } days

system-not-found = no such file or directory
system-permission-denied = permission denied
system-is-a-directory = it is a directory
system-not-a-directory = it is not a directory
system-already-exists = the file exists already
system-storage-full = no space left on the disk
system-read-only = the file system is read-only
system-not-regular = it is not a regular file
system-too-long = the file is too long
system-file-too-large = file size limit reached
system-timed-out = nothing came for too long

toml-duplicate-key = { $parser }
toml-unquoted = { $parser }
toml-missing-comma = { $parser }
toml-no-value = { $parser }
toml-open-string = { $parser }
toml-open-array = { $parser }
toml-open-inline-table = { $parser }
toml-open-table = { $parser }
toml-wrong-type = { $parser }
toml-other = { $parser }
