//! The words of llama-bench that clap has no form for: one dash and several letters. They are put into the long flags
//! that they stand for before clap reads the command line, so that what worked there works here.

use std::ffi::OsString;

/// llama-bench's short words, and the flags of `bench` that they stand for.
const WORDS: [(&str, &str); 14] = [
    ("-ngl", "--gpu-layers"),
    ("-ncmoe", "--n-cpu-moe"),
    ("-rpc", "--rpc"),
    ("-ub", "--micro-batch"),
    ("-fa", "--flash-attention"),
    ("-ctk", "--cache-type-k"),
    ("-ctv", "--cache-type-v"),
    ("-ts", "--tensor-split"),
    ("-sm", "--split-mode"),
    ("-mg", "--main-gpu"),
    ("-mmp", "--mmap"),
    ("-o", "--format"),
    ("--output", "--format"),
    ("--list-devices", "--devices"),
];

/// The same arguments, in which llama-bench's words behind `bench` are long flags.
pub(crate) fn translated(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut in_bench = false;
    arguments
        .into_iter()
        .map(|argument| {
            let Some(word) = argument.to_str() else { return argument };
            match word {
                "bench" => in_bench = true,
                // What follows is no flag any more.
                "--" => in_bench = false,
                _ => {}
            }
            if !in_bench {
                return argument;
            }
            match WORDS.iter().find(|(short, _)| *short == word) {
                Some((_, long)) => (*long).into(),
                // Ours are `markdown` and `sqlite`.
                None => argument,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn translate(line: &str) -> String {
        let words = translated(line.split(' ').map(OsString::from));
        words.iter().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn llama_benchs_words_are_understood_behind_bench_and_nowhere_else() {
        assert_eq!(
            translate(
                "r1-advisor bench 7b:Q4_K_M -p 512 -n 128 -ngl 0,99 -ub 256 -fa 1 -ctk q8_0 -mmp 0 -o csv"
            ),
            "r1-advisor bench 7b:Q4_K_M -p 512 -n 128 --gpu-layers 0,99 --micro-batch 256 --flash-attention 1 \
             --cache-type-k q8_0 --mmap 0 --format csv"
        );
        assert_eq!(translate("r1-advisor estimate 7b:Q4_K_M -ngl 3"), "r1-advisor estimate 7b:Q4_K_M -ngl 3");
        assert_eq!(translate("r1-advisor bench -- -ngl"), "r1-advisor bench -- -ngl");
    }
}
