"""Name the clips of notes.json: whatever a client in another language could read or write wrong."""

import numpy as np

from engines import Chord, Clip, Controllers, Key, Loop, Metre, Notes, Pad, Tempo


def cases() -> dict[str, Clip]:
    """Return each clip by what is odd about it."""
    one = _notes([60], onset=[0.5], duration=[0.25], velocity=[96.0], note_id=[7])
    return {
        "no notes": Clip(Notes(), length=4.0),
        "one note": Clip(one, length=4.0),
        "columns at their extremes": Clip(_extremes(), length=1e6),
        "fractions that are not exact in binary": _fractions(),
        "300 notes": Clip(_many(300), length=128.0, role="piano"),
        "zeros that look negative": Clip(
            _notes([60], onset=[-0.0], duration=[-0.0], velocity_deviation=[-0.0]), length=1.0
        ),
        "a name that is not ASCII": Clip(one, length=4.0, name="揺らぎ 𝄞 é"),
        "a name of 256 letters in 1,024 bytes": Clip(one, length=4.0, name="𝄞" * 256),
        "7/8, then 4/4": Clip(one, length=7.5, metre=(Metre(0.0, 7, 8), Metre(3.5, 4, 4))),
        "a loop": Clip(one, length=8.0, loop=Loop(0.5, 4.5)),
        "a key": Clip(one, length=4.0, key=Key(11, (0, 3, 5, 7, 10), "Minor Pentatonic")),
        "two tempi": Clip(one, length=4.0, tempo=_tempo([0.0, 2.0], [120.0, 93.75])),
        "controllers": Clip(one, length=4.0, controllers=_pedal()),
        "chords": Clip(one, length=4.0, chords=(Chord(0.0, "Am7/G"), Chord(2.0, "B♭"))),
        "drums of a channel and a program": Clip(
            one, length=4.0, role="drums", channel=9, program=127
        ),
        "pads of a drum rack": Clip(
            one, length=4.0, pads=(Pad(60, "Kick 808"), Pad(0, ""), Pad(127, "𝄞" * 64))
        ),
    }


def _extremes() -> Notes:
    return _notes(
        [0, 127, 60],
        onset=[0.0, 1e6, 0.5],
        duration=[0.0, 1e6, 1.0],
        velocity=[1.0, 127.0, 64.5],
        note_id=[0, 2**53 - 1, 1],
        release_velocity=[0.0, 127.0, 64.5],
        mute=[0, 1, 0],
        probability=[0.0, 1.0, 0.5],
        velocity_deviation=[-127.0, 127.0, 0.5],
    )


def _fractions() -> Clip:
    notes = _notes(
        [60, 62, 64],
        onset=[0.1, 1 / 3, 2 / 3],
        duration=[1 / 3, 1 / 7, 1e-9],
        velocity=[100 / 3, 90.1, 127 / 7],
        probability=[1 / 3, 0.1, 0.9],
    )
    tempo = _tempo([0.0, 1 / 3], [1000 / 7, 119.99])
    return Clip(notes, length=10 / 3, tempo=tempo, loop=Loop(1 / 3, 2 / 3))


def _many(count: int) -> Notes:
    """Return rows of which no two are alike, by whole numbers alone."""
    row = np.arange(count)
    return _notes(
        row % 128,
        onset=row * 0.375,
        duration=0.25 + row % 7 / 8,
        velocity=1 + row % 127,
        note_id=count + row * 3,
        release_velocity=row % 128,
        mute=row % 2,
        probability=row % 5 / 4,
        velocity_deviation=row % 255 - 127,
    )


def _pedal() -> Controllers:
    return Controllers(
        number=np.array([64, 1, 64]), time=np.array([0.25, 0.5, 3.75]), value=np.array([127, 64, 0])
    )


def _notes(pitch: object, **columns: object) -> Notes:
    rest = {name: np.asarray(values) for name, values in columns.items()}
    return Notes(pitch=np.asarray(pitch), **rest)


def _tempo(time: list[float], bpm: list[float]) -> Tempo:
    return Tempo(time=np.array(time), bpm=np.array(bpm))
