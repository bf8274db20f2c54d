"""Make the end of every phrase softer: the tutorial engine of CONTRIBUTING.md."""

from typing import Annotated

import numpy as np

from engines import Clip
from engines.engine import Context, Options
from engines.option import dial


class SoftenOptions(Options, frozen=True):
    """Say how much."""

    amount: Annotated[float, dial(0, 2, "0 leaves the notes, 1 is the full effect")] = 1.0
    by: Annotated[float, dial(0, 60, "how much softer the last note is", "velocity")] = 20.0


class Soften:
    """Lower velocities towards the end of each phrase."""

    name = "soften"
    summary = "Lets every phrase die away."
    kind = "humanizer"
    Options = SoftenOptions

    def __call__(self, clip: Clip, options: SoftenOptions, context: Context) -> Clip:
        """Return the clip with softer phrase ends."""
        fade = options.amount * options.by * context.features.phrase_position**2
        velocity = np.clip(clip.notes.velocity - fade, 1, 127)
        return clip.replace(notes=clip.notes.replace(velocity=velocity))
