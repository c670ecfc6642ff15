//! `scripts/setup.sh` on machines that are not here: programs, files and the user are stand-ins.

#![expect(clippy::needless_raw_string_hashes, reason = "snapbox writes them so when it updates a snapshot")]

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::{Command, Stdio};

use snapbox::{assert_data_eq, str};
use tempfile::TempDir;

use crate::support::Ran;

/// What the script itself runs, taken from the real machine.
const TOOLS: &[&str] =
    &["sh", "sed", "head", "tr", "dirname", "mktemp", "rm", "cat", "mkdir", "touch", "chmod"];

const COMPILER: &str = "case \"$1\" in --version) echo 'c++ 14.2.0' ;; *) cat >/dev/null ;; esac";
const LIBCLANG: &[&str] =
    &["usr/lib/llvm-19/lib/libclang.so.1", "usr/lib/llvm-19/lib/clang/19/include/stddef.h"];

/// A made-up machine: a folder for its programs and a folder for its files.
struct Machine {
    folder: TempDir,
    variables: Vec<(&'static str, String)>,
}

impl Machine {
    /// A machine with Rust and nothing to build C++ with.
    fn bare(system: &str, user_id: u32) -> Self {
        let machine = Self { folder: TempDir::new().expect("a folder"), variables: Vec::new() };
        for folder in ["bin", "root"] {
            fs::create_dir(machine.folder.path().join(folder)).expect("a folder");
        }
        for tool in TOOLS {
            let real =
                ["/usr/bin", "/bin"].iter().map(|bin| Path::new(bin).join(tool)).find(|path| path.exists());
            let link = machine.folder.path().join("bin").join(tool);
            symlink(real.unwrap_or_else(|| panic!("no `{tool}`")), link).expect("a link");
        }
        machine
            .program("uname", &format!("echo {system}"))
            .program("id", &format!("echo {user_id}"))
            .program("rustc", "echo 'rustc 99.0.0 (made up)'")
            .program("cargo", "")
    }

    /// A machine with all there is to build with.
    fn complete(system: &str) -> Self {
        LIBCLANG
            .iter()
            .fold(Self::bare(system, 1000), |machine, file| machine.file(file, ""))
            .program("cc", COMPILER)
            .program("c++", COMPILER)
            .program("make", "echo 'GNU Make 4.4'")
            .program("cmake", "echo 'cmake version 3.31.6'")
    }

    fn program(self, name: &str, body: &str) -> Self {
        let path = self.folder.path().join("bin").join(name);
        fs::write(&path, format!("#!/bin/sh\n{body}\n")).expect("a program");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a mode");
        self
    }

    /// A package manager that shows how it was called and, from its `works_from`th call on, installs everything.
    fn package_manager(self, name: &str, works_from: u32) -> Self {
        let bin = self.folder.path().join("bin").display().to_string();
        let root = self.folder.path().join("root").display().to_string();
        let files = LIBCLANG.join(" ");
        let body = format!(
            r#"echo "[{name} $*]"
echo x >>{root}/calls
case "$*" in update) exit 0 ;; esac
[ "$(sed -n '$=' {root}/calls)" -ge {works_from} ] || exit 100
for compiler in cc c++; do printf '%s\n' '#!/bin/sh' 'case "$1" in --version) echo c++ 14 ;; *) cat >/dev/null ;; esac' >{bin}/$compiler; done
printf '%s\n' '#!/bin/sh' 'echo make 4' >{bin}/make
printf '%s\n' '#!/bin/sh' 'echo cmake version 3.31.6' >{bin}/cmake
chmod +x {bin}/*
for file in {files}; do mkdir -p {root}/"$(dirname $file)"; touch {root}/$file; done"#
        );
        self.program(name, &body)
    }

    fn file(self, name: &str, content: &str) -> Self {
        let path = self.folder.path().join("root").join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, content).expect("a file");
        self
    }

    fn variable(mut self, name: &'static str, value: &str) -> Self {
        self.variables.push((name, value.to_owned()));
        self
    }

    /// What the script prints and how it ends, without the names of this run's folders.
    fn set_up(&self, arguments: &[&str]) -> String {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/setup.sh");
        let ran: Ran = Command::new("/bin/sh")
            .arg(script)
            .args(arguments)
            .env_clear()
            .env("PATH", self.folder.path().join("bin"))
            .env("HOME", self.folder.path())
            .env("R1_ADVISOR_SETUP_ROOT", self.folder.path().join("root"))
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .output()
            .expect("sh runs")
            .into();
        let code = ran.code().expect("an exit status");
        format!("{}{}exit {code}\n", ran.out(), ran.errors())
            .replace(&self.folder.path().join("root").display().to_string(), "")
            .replace(&self.folder.path().join("bin").display().to_string(), "/bin")
            .replace(env!("CARGO_PKG_RUST_VERSION"), "[MINIMUM]")
    }
}

/// The last line but one: above the exit status, the line to run.
fn line_to_run(output: &str) -> &str {
    output.lines().rev().nth(1).expect("a line").trim()
}

#[test]
fn a_complete_machine_is_told_what_is_there_and_what_to_run() {
    assert_data_eq!(
        Machine::complete("Linux").set_up(&[]),
        str![[r#"
What building r1-advisor needs:
  here     C and C++17 compiler: c++ 14.2.0
  here     OpenMP: libgomp
  here     make: GNU Make 4.4
  here     cmake 3.14 or later: 3.31.6
  here     libclang: /usr/lib/llvm-19/lib/libclang.so.1
  here     Rust [MINIMUM] or later: 99.0.0

GPU: none found; the default build measures on the CPU.
Ready: cargo run --release -- recommend
exit 0

"#]]
    );
}

#[test]
fn a_check_says_what_is_missing_why_and_what_to_run_and_installs_nothing() {
    let machine = Machine::bare("Linux", 0).package_manager("apt-get", 1);
    assert_data_eq!(
        machine.set_up(&["--check"]),
        str![[r#"
What building r1-advisor needs:
  MISSING  C and C++17 compiler: llama.cpp is written in C++
  MISSING  make: cmake builds llama.cpp with it
  MISSING  cmake 3.14 or later: llama.cpp's build system
  MISSING  libclang: the Rust bindings are made from llama.cpp's headers with it
  here     Rust [MINIMUM] or later: 99.0.0

To install what is missing, run:
  apt-get update && apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=120 g++ make cmake libclang-dev
exit 1

"#]]
    );
}

#[test]
fn each_package_manager_is_asked_in_its_own_words() {
    let lines = [
        (
            "apt-get",
            "sudo apt-get update && sudo apt-get install -y --no-install-recommends \
             -o DPkg::Lock::Timeout=120 g++ make cmake libclang-dev",
        ),
        ("dnf", "sudo dnf install -y gcc-c++ make cmake clang-devel"),
        ("pacman", "sudo pacman -S --needed --noconfirm gcc make cmake clang"),
        ("zypper", "sudo zypper --non-interactive install gcc-c++ make cmake clang-devel"),
    ];
    for (manager, line) in lines {
        // A sudo that would ask for a password, and nobody at a terminal to type it.
        let machine = Machine::bare("Linux", 1000).program(manager, "exit 99").program("sudo", "exit 1");
        let output = machine.set_up(&[]);
        assert_eq!(line_to_run(&output), line, "{output}");
        assert!(output.ends_with("exit 1\n"), "{output}");
    }
}

#[test]
fn root_installs_what_is_missing_after_fetching_old_package_lists() {
    let machine = Machine::bare("Linux", 0).package_manager("apt-get", 2);
    assert_data_eq!(
        machine.set_up(&[]),
        str![[r#"
What building r1-advisor needs:
  MISSING  C and C++17 compiler: llama.cpp is written in C++
  MISSING  make: cmake builds llama.cpp with it
  MISSING  cmake 3.14 or later: llama.cpp's build system
  MISSING  libclang: the Rust bindings are made from llama.cpp's headers with it
  here     Rust [MINIMUM] or later: 99.0.0

Installing what is missing: apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=120 g++ make cmake libclang-dev
[apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=120 g++ make cmake libclang-dev]

That failed, maybe because the package lists are old. Fetching them: apt-get update
[apt-get update]
[apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=120 g++ make cmake libclang-dev]

Again, what building r1-advisor needs:
  here     C and C++17 compiler: c++ 14
  here     OpenMP: libgomp
  here     make: make 4
  here     cmake 3.14 or later: 3.31.6
  here     libclang: /usr/lib/llvm-19/lib/libclang.so.1
  here     Rust [MINIMUM] or later: 99.0.0

GPU: none found; the default build measures on the CPU.
Ready: cargo run --release -- recommend
exit 0

"#]]
    );
}

#[test]
fn a_user_with_sudo_installs_by_it() {
    let machine = Machine::bare("Linux", 1000)
        .package_manager("dnf", 1)
        .program("sudo", "[ \"$1\" != -n ] && \"$@\"; :");
    let output = machine.set_up(&[]);
    assert!(
        output.contains("sudo dnf install -y gcc-c++ make cmake clang-devel\n[dnf install -y"),
        "{output}"
    );
    assert!(output.ends_with("exit 0\n"), "{output}");
}

#[test]
fn without_sudo_the_line_is_for_root() {
    let output = Machine::bare("Linux", 1000).package_manager("pacman", 1).set_up(&[]);
    assert_eq!(line_to_run(&output), "(there is no sudo here: run it as root, without the word)", "{output}");
    assert!(output.ends_with("exit 1\n"), "{output}");
}

#[test]
fn packages_that_cannot_be_had_end_it_without_asking_twice() {
    let output = Machine::bare("Linux", 0).package_manager("pacman", 9).set_up(&[]);
    assert_eq!(output.matches("[pacman").count(), 1, "{output}");
    assert!(output.contains("sudo pacman -Syu"), "{output}");
    assert!(output.ends_with("exit 1\n"), "{output}");
}

#[test]
fn an_unknown_system_is_told_what_it_lacks() {
    let output = Machine::bare("Linux", 0).set_up(&[]);
    assert!(output.contains("MISSING  libclang"), "{output}");
    assert!(
        line_to_run(&output).starts_with("error: this system's package manager is not known"),
        "{output}"
    );
    assert!(output.ends_with("exit 1\n"), "{output}");
}

#[test]
fn macos_gets_its_command_line_tools_by_hand_and_cmake_from_homebrew() {
    let machine = Machine::bare("Darwin", 501).program("xcode-select", "exit 2");
    assert_data_eq!(
        machine.set_up(&[]),
        str![[r#"
What building r1-advisor needs:
  MISSING  C and C++17 compiler: llama.cpp is written in C++
  MISSING  make: cmake builds llama.cpp with it
  MISSING  cmake 3.14 or later: llama.cpp's build system
  MISSING  libclang: the Rust bindings are made from llama.cpp's headers with it
  here     Rust [MINIMUM] or later: 99.0.0

To install what is missing, run:
  xcode-select --install
  brew install cmake
  (Homebrew itself: https://brew.sh)
exit 1

"#]]
    );

    let with_tools =
        Machine::complete("Darwin").program("cmake", "exit 1").package_manager("brew", 1).set_up(&[]);
    assert!(with_tools.contains("[brew install cmake]"), "{with_tools}");
    assert!(with_tools.contains("GPU: every build on macOS has Metal"), "{with_tools}");
    assert!(with_tools.ends_with("exit 0\n"), "{with_tools}");
}

#[test]
fn what_is_too_old_counts_as_missing() {
    let cmake = Machine::complete("Linux").program("cmake", "echo cmake version 3.10.2").set_up(&["--check"]);
    assert!(cmake.contains("MISSING  cmake 3.14 or later: 3.10.2; llama.cpp's build system"), "{cmake}");

    let rust =
        Machine::complete("Linux").program("rustc", "echo rustc 1.63.0").program("rustup", "").set_up(&[]);
    assert!(rust.contains("MISSING  Rust [MINIMUM] or later: 1.63.0"), "{rust}");
    assert_eq!(line_to_run(&rust), "rustup update stable && rustup default stable", "{rust}");
    assert!(rust.ends_with("exit 1\n"), "{rust}");
}

#[test]
fn a_compiler_that_cannot_compile_counts_as_missing() {
    let output = Machine::complete("Linux").program("c++", "exit 1").set_up(&["--check"]);
    assert!(output.contains("MISSING  C and C++17 compiler"), "{output}");
}

#[test]
fn libclang_without_its_headers_or_elsewhere_than_told_counts_as_missing() {
    let no_headers = Machine::bare("Linux", 0).file("usr/lib/libclang-19.so.1", "").set_up(&["--check"]);
    assert!(
        no_headers.contains("MISSING  libclang: /usr/lib/libclang-19.so.1 without the headers of clang"),
        "{no_headers}"
    );

    let led_astray = Machine::complete("Linux").variable("LIBCLANG_PATH", "/nowhere").set_up(&["--check"]);
    assert!(led_astray.contains("LIBCLANG_PATH is set to /nowhere, which holds none"), "{led_astray}");

    // clang's C++ library has a like name and is another thing.
    let other = Machine::bare("Linux", 0).file("usr/lib/libclang-cpp.so.19", "").set_up(&["--check"]);
    assert!(other.contains("MISSING  libclang: the Rust bindings"), "{other}");
}

#[test]
fn the_gpu_feature_is_named_when_its_toolchain_is_there() {
    let cuda = Machine::complete("Linux").file("dev/nvidiactl", "").program("nvcc", "").set_up(&[]);
    assert!(
        cuda.contains("GPU: CUDA toolkit found (/bin/nvcc): build with `--features cuda`\nReady"),
        "{cuda}"
    );

    let rocm = Machine::complete("Linux").file("dev/kfd", "").program("hipcc", "").set_up(&[]);
    assert!(rocm.contains("GPU: ROCm found (/bin/hipcc): build with `--features rocm`\nReady"), "{rocm}");

    let vulkan = Machine::complete("Linux")
        .program("glslc", "")
        .file("usr/include/vulkan/vulkan.hpp", "")
        .file("usr/share/cmake/SPIRV-Headers/SPIRV-HeadersConfig.cmake", "")
        .set_up(&[]);
    assert!(
        vulkan.contains("Vulkan toolchain found (glslc): build with `--features vulkan`\nReady"),
        "{vulkan}"
    );
}

#[test]
fn a_gpu_without_a_toolchain_is_told_where_to_get_one() {
    let bus = |vendor: &str| {
        Machine::complete("Linux")
            .program("apt-get", "exit 99")
            .file("sys/bus/pci/devices/0000:01:00.0/vendor", &format!("{vendor}\n"))
            .file("sys/bus/pci/devices/0000:01:00.0/class", "0x030000\n")
    };
    assert_data_eq!(
        bus("0x10de").set_up(&[]).split_once("99.0.0\n").expect("a survey").1.to_owned(),
        str![[r#"

GPU: an NVIDIA GPU, but nothing to build for it with. `recommend` counts it all the same; to `bench` on it,
     install the CUDA toolkit (https://developer.nvidia.com/cuda-downloads) and build with `--features cuda`, or
     install Vulkan's (sudo apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=120 libvulkan-dev glslc spirv-headers) and build with `--features vulkan`.
Ready: cargo run --release -- recommend
exit 0

"#]]
    );
    assert!(bus("0x1002").set_up(&[]).contains("GPU: an AMD GPU, but nothing to build for it with"));
    assert!(bus("0x8086").set_up(&[]).contains("GPU: an Intel GPU, but nothing to build for it with"));
    assert!(bus("0x1af4").set_up(&[]).contains("GPU: none found"));
}

#[test]
fn a_wrong_flag_is_a_usage_error() {
    assert_eq!(
        Machine::complete("Linux").set_up(&["--chekc"]),
        "error: `--chekc` is not a flag of setup.sh; see --help\nexit 2\n"
    );
}
