// Included before every C++ file of llama.cpp's Vulkan backend.
//
// That backend names the types of the extension VK_EXT_layer_settings, with which it would switch on a validation
// layer. The Vulkan headers of Debian 12 (1.3.239) are older than the extension (1.3.272). These are its types as the
// registry has them: https://registry.khronos.org/vulkan/specs/latest/man/html/VK_EXT_layer_settings.html
#pragma once

#include <vulkan/vulkan_core.h>

#ifndef VK_EXT_layer_settings

#include <cstdint>
#include <vector>

namespace vk {

enum class LayerSettingTypeEXT : int32_t { eBool32 = 0 };

struct LayerSettingEXT {
    const char *        pLayerName;
    const char *        pSettingName;
    LayerSettingTypeEXT type;
    uint32_t            valueCount;
    const void *        pValues;
};

struct LayerSettingsCreateInfoEXT {
    explicit LayerSettingsCreateInfoEXT(const std::vector<LayerSettingEXT> & settings) :
        settingCount(static_cast<uint32_t>(settings.size())), pSettings(settings.data()) {}

    // VK_STRUCTURE_TYPE_LAYER_SETTINGS_CREATE_INFO_EXT
    int32_t                 sType = 1000496000;
    const void *            pNext = nullptr;
    uint32_t                settingCount;
    const LayerSettingEXT * pSettings;
};

}  // namespace vk

#endif
