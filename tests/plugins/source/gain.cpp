// An effect that makes louder by as many decibels as it is told. It prints when it is made, as many do.
#include "named.hpp"

#include <cmath>
#include <cstdio>

START_NAMESPACE_DISTRHO

class Gain : public Named {
    float decibels = 0;

public:
    Gain() : Named(1, 0) {
        std::puts("Test Gain is made");
        std::fflush(stdout);
    }

protected:
    void initParameter(uint32_t, Parameter& parameter) override {
        parameter.hints = kParameterIsAutomatable;
        parameter.name = "Gain";
        parameter.symbol = "gain";
        parameter.unit = "dB";
        parameter.ranges = ParameterRanges(0, -24, 24);
    }

    float getParameterValue(uint32_t) const override { return decibels; }
    void setParameterValue(uint32_t, float value) override { decibels = value; }

    void run(const float** inputs, float** outputs, uint32_t frames) override {
        const float factor = std::pow(10.0f, decibels / 20);
        for (int channel = 0; channel < OUTPUTS; ++channel)
            for (uint32_t frame = 0; frame < frames; ++frame)
                outputs[channel][frame] = inputs[channel][frame] * factor;
    }
};

Plugin* createPlugin() { return new Gain; }

END_NAMESPACE_DISTRHO
