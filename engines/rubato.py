"""Bend the tempo: an arch over each phrase and a slowing at the end.

Letters: T tempo changes.
"""

from typing import Annotated, Literal

import numpy as np

from engines import engine
from engines.clip import Clip, Tempo
from engines.engine import Context
from engines.features import Features
from engines.option import dial, note

GRID = 0.5


class RubatoOptions(engine.Options, frozen=True, kw_only=True):
    """Choose how far the tempo bends and where it is written."""

    amount: Annotated[float, dial(0, 2, "how far the tempo bends")] = 1.0
    write: Annotated[Literal["notes", "tempo"], note("where the tempo goes")] = "notes"
    arch: Annotated[float, dial(0, 30, "arch of the tempo over a phrase", "%")] = 8.0


class Rubato:
    """Give all parts of a request one curve of tempo."""

    name = "rubato"
    summary = "Lets the tempo breathe: forward into the phrase, back at its end."
    kind = "humanizer"
    Options = RubatoOptions

    def __call__(self, clip: Clip, options: RubatoOptions, context: Context) -> Clip:
        """Return the clip with another tempo map or other note times."""
        if not options.amount or not len(clip.notes):
            return clip
        features = Features(context.ensemble[0])
        time = np.arange(0.0, clip.length, GRID)
        starts = features.phrase_onset
        phrase = np.clip(np.searchsorted(starts, time, side="right") - 1, 0, len(starts) - 2)
        x = (time - starts[phrase]) / (starts[phrase + 1] - starts[phrase])
        speed = np.exp(options.amount * options.arch / 100 * (2 / 3 - (2 * x - 1) ** 2 * 2))
        if options.write == "tempo":
            return clip.replace(tempo=Tempo(time=time, bpm=clip.tempo.at(time) * speed))
        edge = np.append(time, clip.length)
        passed = np.concatenate([[0.0], np.cumsum(np.diff(edge) / speed)])
        warp = passed * clip.length / passed[-1]
        onset = np.interp(clip.notes.onset, edge, warp)
        end = np.interp(clip.notes.end, edge, warp) + np.maximum(clip.notes.end - clip.length, 0.0)
        return clip.replace(notes=clip.notes.replace(onset=onset, duration=end - onset))
