### What goes wrong when the machine is probed, and what the driver or the catalog lacks.

probe-read = could not read `{ $path }`
probe-missing = could not find `{ $entry }` in `{ $path }`
probe-proc-hint = is /proc mounted? if not, describe the machine with `--gpu`, `--ram` and `--cpu`
probe-run = could not run `{ $program }`
probe-unknown-system = probing is not supported on `{ $system }`
probe-describe-hint =
    describe the machine with `--gpu`, `--ram` and `--cpu`, or in a file with `--machine`

probe-cpu-lookup = could not look up the CPU
probe-bandwidth-assumed = memory bandwidth is assumed ({ $rate }): measure it in a second or two with `probe --measure`
probe-bandwidth-threads =
    { $threads ->
        [one] memory bandwidth is assumed ({ $rate }): the one usable thread cannot saturate the { $peak } of `{ $name }`; measure it with `probe --measure`
       *[other] memory bandwidth is assumed ({ $rate }): the { $threads } usable threads cannot saturate the { $peak } of `{ $name }`; measure it with `probe --measure`
    }
probe-small-buffer =
    only { $available } of memory is available: the bandwidth was measured with a small buffer and may include the cache
probe-not-kept = could not save the measured bandwidth to `{ $path }`

probe-gpu-lookup = could not look up `{ $name }`
probe-gpu-unknown = `{ $name }` is not in the catalog: its compute rate is unknown; add it with `--catalog`
probe-gpu-without-memory =
    the driver does not report the memory of `{ $name }`: the GPU is ignored; describe the machine with `--gpu`
probe-gpu-catalog-memory =
    the driver does not report the total and free memory of `{ $name }`: using the catalog's figures
probe-gpu-bandwidth =
    the driver reports a memory bandwidth of { $told } for `{ $name }`, the catalog { $published }: using the catalog's
probe-gpu-unusable = cannot use the { $vendor } GPU `{ $name }`

probe-node-missing = `/dev/dri/{ $node }` is not in this container; start it with `--device /dev/dri`
probe-node-denied =
    no permission to open `/dev/dri/{ $node }`; add yourself to its group (`sudo usermod -aG render $USER`) and log in
    again
probe-node-failed = could not open `/dev/dri/{ $node }`
probe-no-kfd =
    `/dev/kfd` is missing, so ROCm sees no AMD GPU (Vulkan does): load `amdgpu`, or start the container with
    `--device /dev/kfd`

probe-nvidia-failed = the NVIDIA driver does not respond ({ $error }): { $advice }
probe-nvidia-gpu-failed = NVIDIA GPU { $index } does not respond ({ $error }): { $advice }
probe-nvidia-load-hint = load it with `sudo modprobe nvidia`, or reinstall it for this kernel
probe-nvidia-version-hint =
    the library and the loaded driver differ in version: restart the machine, or reload the `nvidia` modules
probe-nvidia-permission-hint =
    no permission to open `/dev/nvidia*`: add the user to the `video` group, or start the container with `--gpus all`
probe-nvidia-restart-hint = restart the machine; if that does not help, look for `Xid` in `dmesg`
probe-nvidia-power-hint = check the card's power cables and slot
probe-nvidia-hint = see what `nvidia-smi` says
probe-nvidia-no-library =
    the NVIDIA driver is loaded, but its library `libnvidia-ml.so.1` is missing: start a container with `--gpus all` and
    the NVIDIA container toolkit; elsewhere install the driver's utilities
probe-nvidia-no-driver = an NVIDIA GPU is present, but its driver is not installed: the GPU is ignored
probe-mig-empty =
    `{ $name }` is in MIG mode without slices, so nothing can run on it: create some with `nvidia-smi mig -cgi`, or leave
    MIG mode with `nvidia-smi -mig 0`
probe-mig-slices =
    `{ $name }` is split into MIG slices: CUDA gives a process one of them, chosen by `CUDA_VISIBLE_DEVICES`
