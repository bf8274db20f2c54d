// Never returns to what loads it.
#include "named.hpp"

START_NAMESPACE_DISTRHO

Plugin* createPlugin() {
    for (volatile int waiting = 1; waiting;) {}
    return nullptr;
}

END_NAMESPACE_DISTRHO
