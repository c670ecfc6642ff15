# Read by the CMake of llama.cpp at each `project()`: `.cargo/config.toml` names it in CMAKE_PROJECT_INCLUDE.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:-include${CMAKE_CURRENT_LIST_DIR}/toolchain-fixes.h>")
endif()
if(CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
    set(in_vulkan_backend "$<STREQUAL:$<TARGET_PROPERTY:NAME>,ggml-vulkan>")
    add_compile_options(
        "$<$<AND:$<COMPILE_LANGUAGE:CXX>,${in_vulkan_backend}>:-include${CMAKE_CURRENT_LIST_DIR}/vulkan-headers.h>")
endif()
