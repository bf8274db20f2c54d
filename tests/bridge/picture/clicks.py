"""Make recordings of clicks on every beat, and the clips that go with them."""

import io

import numpy as np

from bridge.picture import Listening, SoundFile, page
from engines import Clip, Tempo
from tests.bridge.sound.sounds import need
from tests.clips import stiff_clip

need("soundfile")

RATE = 48_000

BEATS = 32
"""How long the music is."""

STEADY = Tempo(time=np.zeros(1), bpm=np.full(1, 120.0))

FREE = Tempo(
    time=np.array([0.0, 3.0, 4.5, 9.0, 20.0]), bpm=np.array([90.0, 140.0, 75.0, 160.0, 99.0])
)


def clip(tempo: Tempo = STEADY) -> Clip:
    return stiff_clip(2 * BEATS, tempo=tempo, length=float(BEATS))


def clicks(tempo: Tempo = STEADY, hertz: float = 1000.0) -> np.ndarray:
    """Return a click on every beat, (F, 2): 5 ms, loud from its first sample."""
    onsets = np.round(tempo.seconds(np.arange(BEATS)) * RATE).astype(int)
    sound = np.zeros((int(tempo.seconds(np.array(BEATS)) * RATE) + RATE, 2), np.float32)
    time = np.arange(RATE // 200) / RATE
    for onset in onsets.tolist():
        sound[onset : onset + len(time)] = 0.6 * np.cos(2 * np.pi * hertz * time)[:, None]
    return sound


def mp3(sound: np.ndarray) -> SoundFile:
    import soundfile  # noqa: PLC0415 - only who renders has it

    file = io.BytesIO()
    with soundfile.SoundFile(file, "w", RATE, 2, format="MP3", subtype="MPEG_LAYER_III") as writer:
        writer.write(sound)
    return SoundFile(content=file.getvalue(), frames=len(sound), sample_rate=RATE, loudness=-16.0)


def click_page(after: Tempo = STEADY) -> str:
    """Return a page with clicks at a steady tempo before, and at the given one after."""
    listening = Listening(before=mp3(clicks()), after=mp3(clicks(after, 2000.0)))
    return page((clip(),), (clip(after),), title="Clicks", sound=listening)
