// Included before every C++ file of llama.cpp that GCC compiles.
//
// GCC 12 and 13 tell their optimizer that `_tile_loadconfig` reads 8 bytes, where it reads 64. The stores to the
// other 56 are dropped as dead, and the processor refuses the configuration: on a CPU with AMX every quantized
// model ends in a segmentation fault (`ggml_tile_config_init` in ggml-cpu/amx/mmq.cpp).
#if defined(__AMX_TILE__) && !defined(__clang__)
#include <immintrin.h>
#define _tile_loadconfig(config) __asm__ volatile("ldtilecfg %0" ::"m"(*(const char(*)[64])(config)))
#endif
