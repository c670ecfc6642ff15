// The C++ half of memory.rs: what a context takes, buffer type by buffer type.
//
// llama.cpp tells it by a C++ function whose header is not installed, so the declarations below follow
// src/llama-ext.h of the pinned version (llama-cpp-sys-2 0.1.161). A test compares the result with the
// bytes of the tensors, so that a change there does not go unseen.

#include <cstddef>
#include <cstdint>
#include <map>

#include "ggml-backend.h"
#include "llama.h"

struct llama_memory_breakdown_data {
    size_t model   = 0;
    size_t context = 0;
    size_t compute = 0;

    size_t total() const {
        return model + context + compute;
    }
};

using llama_memory_breakdown = std::map<ggml_backend_buffer_type_t, llama_memory_breakdown_data>;

LLAMA_API llama_memory_breakdown llama_get_memory_breakdown(const struct llama_context * ctx);

extern "C" {

struct r1_buffer_memory {
    const char * device;      // null when the buffer type belongs to no device
    const char * buffer_type;
    bool         host;        // whether it is main memory
    uint64_t     weights;
    uint64_t     kv_cache;
    uint64_t     compute;
};

// Fills `out` with at most `capacity` entries and tells how many there are; SIZE_MAX after an exception.
size_t r1_memory_breakdown(const struct llama_context * ctx, struct r1_buffer_memory * out, size_t capacity) {
    try {
        const llama_memory_breakdown breakdown = llama_get_memory_breakdown(ctx);
        size_t count = 0;
        for (const auto & [buft, bytes] : breakdown) {
            if (count < capacity) {
                ggml_backend_dev_t device = ggml_backend_buft_get_device(buft);
                const bool on_cpu = device == nullptr || ggml_backend_dev_type(device) == GGML_BACKEND_DEVICE_TYPE_CPU;
                out[count] = {
                    device == nullptr ? nullptr : ggml_backend_dev_name(device),
                    ggml_backend_buft_name(buft),
                    on_cpu || ggml_backend_buft_is_host(buft),
                    bytes.model,
                    bytes.context,
                    bytes.compute,
                };
            }
            count++;
        }
        return count;
    } catch (...) {
        return SIZE_MAX;
    }
}

}
