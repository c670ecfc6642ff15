//! Compiles the C++ halves of `src/engine/llama` against the headers that the bindings installed.

#[cfg(feature = "portable")]
pub mod libraries {
    use std::path::Path;
    use std::{env, fs};

    /// llama.cpp and its backends are libraries then, which the program finds where it lies itself, here and wherever
    /// all of them are copied to.
    pub fn put_beside_the_program() {
        let cmake = env::var("DEP_LLAMA_GGML_CMAKE_DIR").expect("llama-cpp-sys-2 tells its install folder");
        let backends =
            env::var("DEP_LLAMA_BACKENDS_DIR").expect("llama-cpp-sys-2 tells where the backends are");
        let out = env::var("OUT_DIR").expect("Cargo tells the folder of this build");
        // <target>/<profile>/build/<package>/out
        let program = Path::new(&out).ancestors().nth(3).expect("a profile's folder");
        let libraries = Path::new(&cmake).parent().expect("the folder of libraries around cmake's");
        for folder in [libraries, Path::new(&backends)] {
            for file in fs::read_dir(folder).expect("a folder of libraries").flatten() {
                let name = file.file_name().to_string_lossy().into_owned();
                if [".so", ".dylib", ".dll"].iter().any(|ending| name.contains(ending)) {
                    // Programs may be using the old one.
                    let _ = fs::remove_file(program.join(&name));
                    fs::copy(file.path(), program.join(&name)).expect("room for the libraries");
                }
            }
        }
        // The folder above is for tests, which lie in `deps`.
        let origin = match env::var("CARGO_CFG_TARGET_OS").as_deref() {
            Ok("windows") => return,
            Ok("macos") => "@loader_path",
            _ => "$ORIGIN",
        };
        println!("cargo::rustc-link-arg=-Wl,-rpath,{origin}");
        println!("cargo::rustc-link-arg=-Wl,-rpath,{origin}/..");
    }
}

#[cfg(feature = "llama")]
pub mod shims {
    use std::env;
    use std::path::Path;

    const SOURCES: [&str; 2] = ["src/engine/llama/memory_shim.cpp", "src/engine/llama/quantizer_shim.cpp"];

    pub fn compile() {
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
