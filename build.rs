//! Compiles the C++ halves of `src/engine/llama` against the headers that the bindings installed.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "llama")]
    shims::compile();
}

#[cfg(feature = "llama")]
mod shims {
    use std::env;
    use std::path::Path;

    const SOURCES: [&str; 2] = ["src/engine/llama/memory_shim.cpp", "src/engine/llama/quantizer_shim.cpp"];

    pub(super) fn compile() {
        // The bindings tell where CMake's package files went: <prefix>/lib/cmake, next to <prefix>/include.
        println!("cargo::rerun-if-env-changed=DEP_LLAMA_GGML_CMAKE_DIR");
        let cmake = env::var("DEP_LLAMA_GGML_CMAKE_DIR").expect("llama-cpp-sys-2 tells its install folder");
        let prefix = Path::new(&cmake).ancestors().nth(2).expect("an install folder above lib/cmake");
        for source in SOURCES {
            println!("cargo::rerun-if-changed={source}");
        }
        cc::Build::new()
            .cpp(true)
            .std("c++17")
            .include(prefix.join("include"))
            .files(SOURCES)
            .compile("r1_advisor_llama_shims");
    }
}
