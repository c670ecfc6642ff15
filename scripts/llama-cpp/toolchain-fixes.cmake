# Read by the CMake of llama.cpp at each `project()`: `.cargo/config.toml` names it in CMAKE_PROJECT_INCLUDE.

# The client of llama.cpp's RPC servers (`bench --rpc`), for which the bindings have no switch. Without RDMA: its library
# would have to be linked wherever it happens to be installed.
set(GGML_RPC ON CACHE BOOL "")
set(GGML_RPC_RDMA OFF CACHE BOOL "")

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:-include${CMAKE_CURRENT_LIST_DIR}/toolchain-fixes.h>")
endif()
if(CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
    set(in_vulkan_backend "$<STREQUAL:$<TARGET_PROPERTY:NAME>,ggml-vulkan>")
    add_compile_options(
        "$<$<AND:$<COMPILE_LANGUAGE:CXX>,${in_vulkan_backend}>:-include${CMAKE_CURRENT_LIST_DIR}/vulkan-headers.h>")
endif()
