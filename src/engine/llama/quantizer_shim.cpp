// The C++ half of quantizer.rs: which type llama.cpp's quantizer gives each tensor of a model.
//
// The declarations follow src/llama-ext.h of the pinned version (llama-cpp-sys-2 0.1.161), which is not
// installed.

#include <cstdint>
#include <memory>
#include <vector>

#include "ggml.h"
#include "llama.h"

struct quantize_state_impl;

LLAMA_API quantize_state_impl * llama_quant_init(
        const llama_model * model,
        const llama_model_quantize_params * params);

LLAMA_API void llama_quant_free(quantize_state_impl * qs);

struct llama_quant_model_desc {
    const char * architecture;
    uint32_t n_embd;
    uint32_t n_ff;
    uint32_t n_layer;
    uint32_t n_head;
    uint32_t n_head_kv;
    uint32_t n_expert;
    uint32_t n_embd_head_k;
    uint32_t n_embd_head_v;
};

LLAMA_API llama_model * llama_quant_model_from_metadata(const llama_quant_model_desc * desc);

LLAMA_API bool llama_quant_tensor_allows_quantization(
        const quantize_state_impl * qs,
        const ggml_tensor * tensor);

LLAMA_API void llama_quant_compute_types(
        quantize_state_impl * qs,
        llama_ftype ftype,
        ggml_tensor ** tensors,
        ggml_type * result_types,
        size_t n_tensors);

extern "C" {

struct r1_quant_tensor {
    const char * name;
    int64_t      shape[4];
};

// Fills `types` with the type of each tensor, -1 where the quantizer leaves it as it is. False after an exception.
bool r1_quantizer_types(
        const struct llama_quant_model_desc * model_desc,
        int32_t                               ftype,
        const struct r1_quant_tensor *        tensors,
        size_t                                count,
        int32_t *                             types) {
    try {
        std::unique_ptr<llama_model, decltype(&llama_model_free)> model(
            llama_quant_model_from_metadata(model_desc), llama_model_free);

        llama_model_quantize_params params = llama_model_quantize_default_params();
        params.ftype = (llama_ftype) ftype;
        std::unique_ptr<quantize_state_impl, decltype(&llama_quant_free)> state(
            llama_quant_init(model.get(), &params), llama_quant_free);

        const ggml_init_params memory = { (count + 1) * ggml_tensor_overhead(), nullptr, /*.no_alloc =*/ true };
        std::unique_ptr<ggml_context, decltype(&ggml_free)> context(ggml_init(memory), ggml_free);

        std::vector<ggml_tensor *> asked;
        std::vector<size_t>        places;
        for (size_t i = 0; i < count; i++) {
            const int64_t * shape = tensors[i].shape;
            ggml_tensor * tensor =
                ggml_new_tensor_4d(context.get(), GGML_TYPE_F32, shape[0], shape[1], shape[2], shape[3]);
            ggml_set_name(tensor, tensors[i].name);
            types[i] = -1;
            if (llama_quant_tensor_allows_quantization(state.get(), tensor)) {
                asked.push_back(tensor);
                places.push_back(i);
            }
        }

        std::vector<ggml_type> given(asked.size());
        llama_quant_compute_types(state.get(), (llama_ftype) ftype, asked.data(), given.data(), asked.size());
        for (size_t i = 0; i < asked.size(); i++) {
            types[places[i]] = given[i];
        }
        return true;
    } catch (...) {
        return false;
    }
}

}
