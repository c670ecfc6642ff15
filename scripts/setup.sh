#!/bin/sh
# Finds what is missing to build r1-advisor with its bundled llama.cpp, says why each thing is needed,
# and installs it; without the right to install, prints the line to run. Then names the GPU feature to
# build with, if there is one.
#
#   scripts/setup.sh           check, and install what is missing
#   scripts/setup.sh --check   only check
#
# Exits 0 when everything to build with is there, 1 when something is still missing, 2 on a wrong flag.
# R1_ADVISOR_SETUP_ROOT is a folder to look into instead of `/`: the tests set it.

set -eu

root="${R1_ADVISOR_SETUP_ROOT:-}"
here="$(cd "$(dirname "$0")/.." && pwd)"
# As llama.cpp's CMakeLists.txt asks.
cmake_minimum=3.14

main() {
    install=yes
    case "${1:-}" in
        '') ;;
        --check) install=no ;;
        -h | --help) sed -n '2,/^$/s/^# \{0,1\}//p' "$0" && exit 0 ;;
        *) echo "error: \`$1\` is not a flag of setup.sh; see --help" >&2 && exit 2 ;;
    esac

    scratch="$(mktemp -d)"
    trap 'rm -rf "$scratch"' EXIT
    trap 'exit 130' INT TERM
    system="$(uname -s)"
    manager="$(package_manager)"

    echo "What building r1-advisor needs:"
    survey
    if [ -n "$missing" ]; then
        echo
        if [ "$install" = no ]; then
            say_how_to_install
            exit 1
        fi
        install_missing
        echo
        echo "Again, what building r1-advisor needs:"
        survey
        if [ -n "$missing" ]; then
            echo
            echo "error: still missing: $(words "$missing"). This system's packages may be too old;"
            echo "       install by hand what is marked above, and run this script again."
            exit 1
        fi
    fi
    if [ "$rust" = missing ]; then
        echo
        say_how_to_get_rust
        exit 1
    fi
    echo
    advise_on_gpu
}

# --- What is there -------------------------------------------------------------------------------

# Prints a line for each thing and sets `missing` (of what packages bring) and `rust`.
survey() {
    missing=
    rust=here
    check compiler "C and C++17 compiler" "llama.cpp is written in C++" compiler_version
    if [ "$system" != Darwin ] && [ "$missing" = "" ]; then
        check openmp "OpenMP" "llama.cpp's threads" openmp_works
    fi
    case "${CMAKE_GENERATOR:-}" in
        *Ninja*) check ninja ninja "the builder that CMAKE_GENERATOR names" program_version ninja ;;
        *) check make make "cmake builds llama.cpp with it" program_version make ;;
    esac
    check cmake "cmake $cmake_minimum or later" "llama.cpp's build system" cmake_version
    check libclang libclang "the Rust bindings are made from llama.cpp's headers with it" libclang
    rust_minimum="$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$here/Cargo.toml")"
    if version="$(rust_version)"; then
        echo "  here     Rust $rust_minimum or later: $version"
    else
        rust=missing
        echo "  MISSING  Rust $rust_minimum or later: ${version:-neither rustc nor cargo is on the PATH}"
    fi
}

# check KEY NAME REASON COMMAND...: the command prints what it found, or fails.
check() {
    key="$1" name="$2" reason="$3"
    shift 3
    if found="$("$@" 2>/dev/null)"; then
        echo "  here     $name: $found"
    else
        missing="$missing $key"
        echo "  MISSING  $name: ${found:+$(words "$found"); }$reason"
    fi
}

has() { command -v "$1" >/dev/null 2>&1; }

# A compiler is only there when it compiles and links: a bare gcc may lack libc's or C++'s headers.
compiler_version() {
    # CC and CXX may carry flags, so they are split.
    # shellcheck disable=SC2086
    echo 'int main(void) { return 0; }' | ${CC:-cc} -x c - -o "$scratch/c" || return 1
    # shellcheck disable=SC2086
    printf '#include <filesystem>\nint main() { return std::filesystem::path("a").empty(); }\n' |
        ${CXX:-c++} -std=c++17 -x c++ - -o "$scratch/cxx" || return 1
    # shellcheck disable=SC2086
    ${CXX:-c++} --version | head -n 1
}

# The bindings link GCC's OpenMP library by name, whatever the compiler.
openmp_works() {
    # shellcheck disable=SC2086
    printf '#include <omp.h>\nint main() { return omp_get_max_threads() < 1; }\n' |
        ${CXX:-c++} -fopenmp -x c++ - -o "$scratch/omp" -lgomp || return 1
    echo libgomp
}

program_version() {
    has "$1" || return 1
    "$1" --version | head -n 1
}

cmake_version() {
    version="$(cmake --version | sed -n '1s/[^0-9]*\([0-9.]*\).*/\1/p')"
    echo "$version"
    at_least "$version" "$cmake_minimum"
}

rust_version() {
    version="$(rustc --version 2>/dev/null | sed -n 's/^rustc \([0-9.]*\).*/\1/p')"
    [ -n "$version" ] && has cargo || return 1
    echo "$version"
    at_least "$version" "$rust_minimum"
}

# at_least VERSION MINIMUM, by major and minor.
at_least() {
    [ -n "$1" ] || return 1
    major="${1%%.*}" rest="${1#*.}"
    minor="${rest%%.*}"
    [ "$major" -gt "${2%%.*}" ] || { [ "$major" -eq "${2%%.*}" ] && [ "$minor" -ge "${2#*.}" ]; }
}

# Looks where the bindings' clang-sys looks, and for clang's own headers, which libclang cannot do without.
libclang() {
    if [ -n "${LIBCLANG_PATH:-}" ]; then
        library="$(first_library "$LIBCLANG_PATH" "$LIBCLANG_PATH"/libclang*)" || {
            echo "LIBCLANG_PATH is set to $LIBCLANG_PATH, which holds none: correct or unset it"
            return 1
        }
    else
        llvm="$(llvm_prefix)"
        developer="$(xcode-select --print-path 2>/dev/null || true)"
        tools="$developer/Toolchains/XcodeDefault.xctoolchain/usr/lib"
        library="$(
            first_library "$llvm"/lib/libclang* "$llvm"/lib64/libclang* "$tools"/libclang* ||
                in_search_path "${LD_LIBRARY_PATH:-}" || in_search_path "${LIBRARY_PATH:-}" ||
                first_library "$root"/usr/local/llvm*/lib*/libclang* "$root"/usr/local/lib*/libclang* \
                    "$root"/usr/local/lib*/*/libclang* "$root"/usr/local/lib*/*/*/libclang* \
                    "$root"/usr/lib*/libclang* "$root"/usr/lib*/*/libclang* "$root"/usr/lib*/*/*/libclang* \
                    "$root"/usr/local/opt/llvm*/lib/libclang* "$root"/usr/local/opt/llvm*/lib/llvm*/lib/libclang* \
                    "$root"/Library/Developer/CommandLineTools/usr/lib/libclang* \
                    "$root"/Applications/Xcode.app/Contents/Developer/Toolchains/XcodeDefault.xctoolchain/usr/lib/libclang*
        )" || return 1
    fi
    echo "$library"
    # bindgen asks a clang on the PATH for its headers, and takes what these flags say.
    [ "$system" = Darwin ] || [ -n "${BINDGEN_EXTRA_CLANG_ARGS:-}" ] || has clang || {
        folder="$(dirname "$library")"
        any_exists "$folder"/clang/*/include/stddef.h "$root"/usr/lib*/clang/*/include/stddef.h \
            "$root"/usr/lib*/llvm*/lib*/clang/*/include/stddef.h \
            "$root"/usr/local/llvm*/lib*/clang/*/include/stddef.h || {
            echo "without the headers of clang (stddef.h)"
            return 1
        }
    }
}

llvm_prefix() { "${LLVM_CONFIG_PATH:-llvm-config}" --prefix 2>/dev/null || echo /nonexistent; }

in_search_path() {
    found=
    old_ifs="$IFS"
    IFS=:
    for folder in $1; do
        found="$(first_library "$folder"/libclang*)" && break
    done
    IFS="$old_ifs"
    [ -n "$found" ] && echo "$found"
}

# Prints the first file that clang-sys takes for libclang at run time.
first_library() {
    for file; do
        case "${file##*/}" in
            libclang-cpp.*) ;;
            libclang.so | libclang.so.* | libclang-*.so | libclang-*.so.* | libclang.dylib)
                [ -f "$file" ] && echo "$file" && return 0
                ;;
        esac
    done
    return 1
}

any_exists() {
    for file; do
        [ -e "$file" ] && return 0
    done
    return 1
}

# --- Installing ----------------------------------------------------------------------------------

package_manager() {
    if [ "$system" = Darwin ]; then
        echo brew
        return
    fi
    for candidate in apt-get dnf pacman zypper; do
        has "$candidate" && echo "$candidate" && return
    done
    echo none
}

# packages KEYS...: their names in this system's package manager.
packages() {
    for key; do
        case "$manager:$key" in
            apt-get:compiler) echo g++ ;;
            dnf:compiler | zypper:compiler) echo gcc-c++ ;;
            pacman:compiler) echo gcc ;;
            # Only a clang comes without OpenMP: GCC brings its own.
            apt-get:openmp) echo libomp-dev ;;
            dnf:openmp) echo libomp-devel libgomp ;;
            pacman:openmp) echo openmp ;;
            zypper:openmp) echo libomp-devel libgomp1 ;;
            apt-get:libclang) echo libclang-dev ;;
            dnf:libclang | zypper:libclang) echo clang-devel ;;
            pacman:libclang) echo clang ;;
            apt-get:ninja | dnf:ninja) echo ninja-build ;;
            *:vulkan) vulkan_packages ;;
            *) echo "$key" ;;
        esac
    done
}

vulkan_packages() {
    case "$manager" in
        apt-get) echo libvulkan-dev glslc spirv-headers ;;
        dnf) echo vulkan-loader-devel vulkan-headers glslc spirv-headers-devel ;;
        pacman) echo vulkan-headers vulkan-icd-loader shaderc spirv-headers ;;
        zypper) echo vulkan-devel shaderc spirv-headers ;;
        *) echo the Vulkan SDK ;;
    esac
}

# install_line SUDO KEYS...: the command that installs them, `SUDO` being `sudo ` or nothing.
install_line() {
    sudo="$1"
    shift
    names="$(words "$(packages "$@")")"
    case "$manager" in
        # Waiting for the lock matters on a fresh machine, where automatic updates hold it.
        apt-get) echo "${sudo}apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=120 $names" ;;
        dnf) echo "${sudo}dnf install -y $names" ;;
        pacman) echo "${sudo}pacman -S --needed --noconfirm $names" ;;
        zypper) echo "${sudo}zypper --non-interactive install $names" ;;
        brew) echo "brew install $names" ;;
    esac
}

# How commands that need root are run here: ``, `sudo `, or failing when they cannot be.
root_prefix() {
    [ "$(id -u)" != 0 ] || return 0
    has sudo || return 1
    # A password can only be asked for on a terminal.
    sudo -n true 2>/dev/null || [ -t 0 ] || return 1
    echo "sudo "
}

install_missing() {
    if [ "$manager" = brew ]; then
        install_on_macos
        return
    fi
    if [ "$manager" = none ] || ! prefix="$(root_prefix)"; then
        say_how_to_install
        exit 1
    fi
    # shellcheck disable=SC2086
    line="$(install_line "$prefix" $missing)"
    echo "Installing what is missing: $line"
    if $line; then
        return
    fi
    case "$manager" in
        apt-get)
            echo
            echo "That failed, maybe because the package lists are old. Fetching them: ${prefix}apt-get update"
            # A broken third-party source makes this fail and does not matter to what is wanted here.
            # shellcheck disable=SC2086
            ${prefix}apt-get update || true
            $line && return
            ;;
    esac
    echo
    echo "error: the packages could not be installed; see above"
    # Without an update of everything, pacman would mix old libraries with new.
    [ "$manager" != pacman ] || echo " hint: \`sudo pacman -Syu\` brings the system and its package lists up to date"
    exit 1
}

# The command line tools bring compiler, make and libclang; their installer is a window of its own.
install_on_macos() {
    case " $missing " in
        *" compiler "* | *" make "* | *" libclang "*) by_hand=yes ;;
        *) by_hand= ;;
    esac
    if [ -n "$by_hand" ] || ! has brew; then
        say_how_to_install
        exit 1
    fi
    # shellcheck disable=SC2086
    line="$(install_line "" $missing)"
    echo "Installing what is missing: $line"
    $line
}

say_how_to_install() {
    case "$manager" in
        none)
            echo "error: this system's package manager is not known to setup.sh; install what is marked above"
            return
            ;;
        brew)
            echo "To install what is missing, run:"
            for key in $missing; do
                case "$key" in
                    compiler | make | libclang) tools=yes ;;
                    *) others="${others:-} $key" ;;
                esac
            done
            [ -z "${tools:-}" ] || echo "  xcode-select --install"
            [ -z "${others:-}" ] || echo "  brew install$others"
            [ -z "${others:-}" ] || has brew || echo "  (Homebrew itself: https://brew.sh)"
            return
            ;;
    esac
    echo "To install what is missing, run:"
    sudo="sudo "
    [ "$(id -u)" != 0 ] || sudo=
    refresh=
    [ "$manager" != apt-get ] || refresh="${sudo}apt-get update && "
    # shellcheck disable=SC2086
    echo "  $refresh$(install_line "$sudo" $missing)"
    [ "$(id -u)" = 0 ] || has sudo || echo "  (there is no sudo here: run it as root, without the word)"
}

say_how_to_get_rust() {
    if has rustup; then
        echo "To update Rust, run:"
        echo "  rustup update stable && rustup default stable"
    elif [ -x "${HOME:-}/.cargo/bin/rustc" ]; then
        echo "Rust is installed but not on the PATH; run:"
        echo "  . \"\$HOME/.cargo/env\""
    else
        echo "To install Rust, run:"
        echo "  curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh"
    fi
}

# --- GPU -----------------------------------------------------------------------------------------

# A GPU is reckoned with whatever the build; a feature makes the bundled llama.cpp measure on it.
advise_on_gpu() {
    if [ "$system" = Darwin ]; then
        echo "GPU: every build on macOS has Metal; no feature is needed."
        return
    fi
    features=
    if compiler="$(nvcc_path)"; then
        features="$features cuda"
        echo "GPU: CUDA toolkit found ($compiler): build with \`--features cuda\`"
        has nvcc || echo "     after: export PATH=\"$(dirname "$compiler"):\$PATH\""
    fi
    if compiler="$(hipcc_path)"; then
        features="$features rocm"
        echo "GPU: ROCm found ($compiler): build with \`--features rocm\`"
    fi
    if vulkan_toolchain; then
        features="$features vulkan"
        echo "GPU: Vulkan toolchain found (glslc): build with \`--features vulkan\`"
    fi
    if has_gpu 0x10de || any_exists "$root/dev/nvidiactl"; then
        advise "an NVIDIA GPU" cuda "the CUDA toolkit (https://developer.nvidia.com/cuda-downloads)"
    fi
    if has_gpu 0x1002 || any_exists "$root/dev/kfd"; then
        advise "an AMD GPU" rocm "ROCm (https://rocm.docs.amd.com)"
    fi
    if has_gpu 0x8086; then
        advise "an Intel GPU" vulkan ""
    fi
    if [ -z "$features" ] && [ -z "${gpu_seen:-}" ]; then
        echo "GPU: none found; the default build measures on the CPU."
    fi
    echo "Ready: cargo run --release -- recommend"
}

# advise WHAT FEATURE TOOLKIT: what to do for a GPU that no toolchain found so far builds for.
advise() {
    gpu_seen=yes
    case " $features " in
        *" $2 "* | *" vulkan "*) return ;;
    esac
    echo "GPU: $1, but nothing to build for it with. \`recommend\` counts it all the same; to \`bench\` on it,"
    [ -z "$3" ] || echo "     install $3 and build with \`--features $2\`, or"
    vulkan="$(install_line "sudo " vulkan)"
    echo "     install Vulkan's${vulkan:+ ($vulkan)} and build with \`--features vulkan\`."
}

nvcc_path() {
    command -v nvcc || first_executable "${CUDA_PATH:-/nonexistent}/bin/nvcc" "$root/usr/local/cuda/bin/nvcc" \
        "$root/opt/cuda/bin/nvcc"
}

hipcc_path() {
    command -v hipcc || first_executable "${ROCM_PATH:-/nonexistent}/bin/hipcc" "$root/opt/rocm/bin/hipcc"
}

first_executable() {
    for file; do
        [ -x "$file" ] && echo "$file" && return 0
    done
    return 1
}

# llama.cpp's Vulkan backend wants the shader compiler, the C++ headers and SPIR-V's CMake package.
vulkan_toolchain() {
    sdk="${VULKAN_SDK:-/nonexistent}"
    { has glslc || any_exists "$sdk/bin/glslc"; } &&
        any_exists "$root"/usr/include/vulkan/vulkan.hpp "$sdk"/include/vulkan/vulkan.hpp &&
        any_exists "$root"/usr/share/cmake/SPIRV-Headers "$root"/usr/lib*/cmake/SPIRV-Headers \
            "$root"/usr/lib/*/cmake/SPIRV-Headers "$sdk"/share/cmake/SPIRV-Headers
}

# has_gpu VENDOR: whether a display or 3D controller (PCI class 0x03) of that maker is on the bus.
has_gpu() {
    for device in "$root"/sys/bus/pci/devices/*; do
        [ -r "$device/vendor" ] || continue
        case "$(cat "$device/vendor" "$device/class" | tr '\n' ' ')" in
            "$1 0x03"*) return 0 ;;
        esac
    done
    return 1
}

# words TEXT: its words on one line.
words() {
    # shellcheck disable=SC2086
    set -- $1
    echo "$*"
}

main "$@"
