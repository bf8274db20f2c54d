"""Know the drum kit: which voice a note number plays.

Source: General MIDI 1 percussion map (35-81); 22, 26 and 58 are the hi-hat edges and the tom rim
of the Roland TD kits, as in the Groove MIDI Dataset (Gillick et al. 2019, ICML, appendix).
"""

import numpy as np

VOICES = ("kick", "snare", "side", "tom", "hat", "pedal", "ride", "crash", "hand")
"""The voices: side is side stick and clap, hand is all other percussion."""

KICK, SNARE, SIDE, TOM, HAT, PEDAL, RIDE, CRASH, HAND = range(len(VOICES))

NOTES = {
    KICK: (35, 36),
    SNARE: (38, 40),
    SIDE: (37, 39),
    TOM: (41, 43, 45, 47, 48, 50, 58),
    HAT: (22, 26, 42, 46, 54, 69, 70, 82),
    PEDAL: (44,),
    RIDE: (51, 53, 59),
    CRASH: (49, 52, 55, 57),
}
"""Note numbers of each voice; tambourine, cabasa, maracas and shaker keep time as a hi-hat does."""


def voices(pitch: np.ndarray) -> np.ndarray:
    """Return the index into `VOICES` of note numbers of any shape."""
    return np.asarray(_VOICE[pitch])


def _table() -> np.ndarray:
    table = np.full(128, HAND)
    for voice, pitches in NOTES.items():
        table[list(pitches)] = voice
    return table


_VOICE = _table()
