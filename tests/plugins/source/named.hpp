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
        const int channels = input ? INPUTS : OUTPUTS;
        port.groupId = channels == 1 ? kPortGroupMono : channels == 2 ? kPortGroupStereo : kAround;
        Plugin::initAudioPort(input, index, port);
    }

    void initPortGroup(uint32_t group, PortGroup& portGroup) override {
        if (group != kAround) return Plugin::initPortGroup(group, portGroup);
        portGroup.name = "Around";
        portGroup.symbol = "around";
    }

private:
    enum { kAround = 0 };  // the group of all ports, where they are more than two
};

END_NAMESPACE_DISTRHO
