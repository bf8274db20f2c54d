// A synthesizer of which every sample is known. A note is a cosine at velocity / 127 * 0.1 that is at
// its peak on the frame of its note on and gone on the frame of its note off, or of the pedal's.
//
// On each of 16 channels: CC 7 and 11 scale, CC 1 adds the octave above (at 127 as loud as the note),
// pressure of a channel or key makes it louder (at 127 twice), the bend goes 2 semitones either way, CC 64
// holds, CC 120 ends, CC 121 resets. Voices outlive a reset by the host and CC 123, as those of some real
// plug-ins do.
//
// FATAL_NOTE and HANGING_NOTE say at which note on since it was made it crashes or never returns; 0 is
// never. Key 60 at velocity 127 is not counted: hosts warm instruments up with it. With STATE it learns
// from CC 16 by how many semitones above -64 it transposes, and saves that. With LATENCY it is late by 512
// frames and says so. SLOW_US is how long each call takes it besides, HISS how loud it always is, at 0.8 of
// real time, and with FATAL_END it crashes as it is let go of, if it has played.
#include "named.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <unistd.h>

#ifndef FATAL_NOTE
#define FATAL_NOTE 0
#endif
#ifndef HANGING_NOTE
#define HANGING_NOTE 0
#endif
#ifndef SLOW_US
#define SLOW_US 0
#endif
#ifndef HISS
#define HISS 0
#endif
#ifndef FATAL_END
#define FATAL_END 0
#endif

START_NAMESPACE_DISTRHO

struct Voice {
    bool sounds = false, key = false;
    float velocity = 0, pressure = 0;
    double turns = 0;
};

struct Channel {
    Voice voices[128];
    bool pedal = false;
    float volume = 1, expression = 1, modulation = 0, pressure = 0, bend = 0;

    void lift(Voice& voice) {
        voice.key = false;
        voice.sounds = pedal && voice.sounds;
    }

    void control(int number, int value) {
        const float part = value / 127.0f;
        if (number == 1) modulation = part;
        if (number == 7) volume = part;
        if (number == 11) expression = part;
        if (number == 64) pedal = value >= 64;
        if (number == 121) { pedal = false; modulation = pressure = bend = 0; expression = 1; }
        if (number == 120) for (Voice& voice : voices) voice.sounds = voice.key = false;
        if (!pedal) for (Voice& voice : voices) voice.sounds = voice.key;
    }
};

class Synth : public Named {
    enum { kLevel, kOctave, kWave, kCutoff, kParameters };
    Channel channels[16];
    float values[kParameters] = {1, 0, 0, 20000};
    float low = 0;
    int heard = 0, learned = 0;
    float waiting[512] = {};
    int place = 0;

public:
    Synth() : Named(kParameters, STATE) {
#if LATENCY
        setLatency(512);
#endif
    }

    ~Synth() override { if (FATAL_END && heard) std::abort(); }

protected:
    void initParameter(uint32_t index, Parameter& parameter) override {
        static const struct { const char *name, *symbol, *unit; float low, high; uint32_t hints; } all[] = {
            {"Level", "level", "", 0, 1, 0},
            {"Octave", "octave", "", -2, 2, kParameterIsInteger},
            {"Wave", "wave", "", 0, 1, kParameterIsInteger},
            {"Cutoff", "cutoff", "Hz", 20, 20000, 0},
        };
        parameter.hints = kParameterIsAutomatable | all[index].hints;
        parameter.name = all[index].name;
        parameter.symbol = all[index].symbol;
        parameter.unit = all[index].unit;
        parameter.ranges = ParameterRanges(values[index], all[index].low, all[index].high);
        if (index == kWave) {
            parameter.enumValues.values = new ParameterEnumerationValue[2]{{0, "Sine"}, {1, "Square"}};
            parameter.enumValues.count = 2;
            parameter.enumValues.restrictedMode = true;
        }
    }

    float getParameterValue(uint32_t index) const override { return values[index]; }
    void setParameterValue(uint32_t index, float value) override { values[index] = value; }

#if STATE
    void initState(uint32_t, State& state) override {
        state.key = "learned";
        state.defaultValue = "0";
    }
    String getState(const char*) const override { return String(learned); }
    void setState(const char*, const char* value) override { learned = std::atoi(value); }
#endif

    void hear(const MidiEvent& event) {
        if (event.size > MidiEvent::kDataSize) return;
        Channel& channel = channels[event.data[0] & 0x0F];
        const int kind = event.data[0] & 0xF0, first = event.data[1], second = event.data[2];
        Voice& voice = channel.voices[first];
        if (kind == 0x90 && second > 0) {
            if (first != 60 || second != 127) ++heard;
            if (heard && heard == FATAL_NOTE) std::abort();
            if (heard && heard == HANGING_NOTE) for (volatile int waiting = 1; waiting;) {}
            voice = Voice{true, true, second / 127.0f};
        }
        else if (kind == 0x80 || kind == 0x90) channel.lift(voice);
        else if (kind == 0xA0) voice.pressure = second / 127.0f;
        else if (kind == 0xB0) {
            channel.control(first, second);
            if (STATE && first == 16) learned = second - 64;
        }
        else if (kind == 0xD0) channel.pressure = first / 127.0f;
        else if (kind == 0xE0) channel.bend = ((second << 7 | first) - 8192) / 8192.0f * 2;
    }

    float wave(double turns) const {
        const double value = std::cos(2 * M_PI * turns);
        return values[kWave] < 0.5f ? value : value >= 0 ? 1 : -1;
    }

    float sound(Channel& channel) {
        float sum = 0;
        for (int pitch = 0; pitch < 128; ++pitch) {
            Voice& voice = channel.voices[pitch];
            if (!voice.sounds) continue;
            const float louder = (1 + channel.pressure) * (1 + voice.pressure);
            sum += 0.1f * voice.velocity * louder
                * (wave(voice.turns) + channel.modulation * wave(2 * voice.turns));
            const double key = pitch + channel.bend + learned + 12 * std::round(values[kOctave]);
            voice.turns += 440 * std::exp2((key - 69) / 12) / getSampleRate();
            voice.turns -= std::floor(voice.turns);
        }
        return sum * channel.volume * channel.expression;
    }

    // One pole, and none where the cutoff is at its highest.
    float filtered(float sample) {
        if (values[kCutoff] > 19999) return sample;
        const float share = 1 - std::exp(-2 * M_PI * values[kCutoff] / getSampleRate());
        return low += share * (sample - low);
    }

    void run(const float**, float** outputs, uint32_t frames, const MidiEvent* events, uint32_t count) override {
        uint32_t next = 0;
        for (uint32_t frame = 0; frame < frames; ++frame) {
            while (next < count && events[next].frame <= frame) hear(events[next++]);
            float sum = 0;
            for (Channel& channel : channels) sum += sound(channel);
            sum = filtered(sum * values[kLevel]);
            if (LATENCY) { std::swap(sum, waiting[place]); place = (place + 1) % 512; }
            if (HISS) sum += frame & 1 ? HISS : -HISS;
            for (int output = 0; output < OUTPUTS; ++output) outputs[output][frame] = sum;
        }
        while (next < count) hear(events[next++]);
        if (SLOW_US) usleep(SLOW_US);
        if (HISS) usleep(frames / getSampleRate() * 0.8e6);
    }
};

Plugin* createPlugin() { return new Synth; }

END_NAMESPACE_DISTRHO
