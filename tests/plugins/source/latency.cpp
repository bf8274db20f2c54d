// An effect that is late by 512 frames, and says so.
#include "named.hpp"

START_NAMESPACE_DISTRHO

class Latency : public Named {
    static constexpr uint32_t kFrames = 512;
    float waiting[OUTPUTS][kFrames] = {};
    uint32_t place = 0;

public:
    Latency() : Named(0, 0) { setLatency(kFrames); }

protected:
    void initParameter(uint32_t, Parameter&) override {}
    float getParameterValue(uint32_t) const override { return 0; }
    void setParameterValue(uint32_t, float) override {}

    void activate() override {
        for (auto& channel : waiting)
            for (float& sample : channel) sample = 0;
    }

    void run(const float** inputs, float** outputs, uint32_t frames) override {
        for (uint32_t frame = 0; frame < frames; ++frame, place = (place + 1) % kFrames)
            for (int channel = 0; channel < OUTPUTS; ++channel) {
                const float heard = inputs[channel][frame];
                outputs[channel][frame] = waiting[channel][place];
                waiting[channel][place] = heard;
            }
    }
};

Plugin* createPlugin() { return new Latency; }

END_NAMESPACE_DISTRHO
