// Tells a host what it asks of every plug-in.
#pragma once

#include "DistrhoPlugin.hpp"

START_NAMESPACE_DISTRHO

class Named : public Plugin {
public:
    Named(uint32_t parameters, uint32_t states) : Plugin(parameters, 0, states) {}

protected:
    const char* getLabel() const override { return NAME; }
    const char* getMaker() const override { return "yuragi"; }
    const char* getLicense() const override { return "Apache-2.0"; }
    uint32_t getVersion() const override { return d_version(1, 2, 3); }
    int64_t getUniqueId() const override { return 0; }

    void initAudioPort(bool input, uint32_t index, AudioPort& port) override {
        port.groupId = (input ? INPUTS : OUTPUTS) == 2 ? kPortGroupStereo : kPortGroupMono;
        Plugin::initAudioPort(input, index, port);
    }
};

END_NAMESPACE_DISTRHO
