"""Play the sustain pedal: up as a new harmony sounds, down again just after.

Letters: N notes, O onsets, K harmonies, C controller events.
"""

from typing import Annotated, Literal

import numpy as np

from engines import engine
from engines.clip import SUSTAIN_PEDAL, Clip, Controllers
from engines.engine import Context
from engines.harmony import changes
from engines.option import dial, note


class PedalOptions(engine.Options, frozen=True, kw_only=True):
    """Choose how deep and how long the pedal is held, and for whom."""

    amount: Annotated[float, dial(0, 2, "share of each harmony for which the pedal is held")] = 1.0
    depth: Annotated[float, dial(0, 127, "how far the pedal goes down")] = 127.0
    roles: Annotated[Literal["piano and keys", "any"], note("which parts get a pedal")] = (
        "piano and keys"
    )
    replace: Annotated[bool, note("replace a pedal that the clip has; off keeps it")] = False


class Pedal:
    """Write controller 64 with syncopated pedalling."""

    name = "pedal"
    summary = "Plays the sustain pedal as pianists do, changing just after each new harmony."
    kind = "humanizer"
    Options = PedalOptions

    def __call__(self, clip: Clip, options: PedalOptions, context: Context) -> Clip:
        """Return the clip with a sustain pedal, its notes as they were."""
        features = context.features
        has_pedal = bool((clip.controllers.number == SUSTAIN_PEDAL).any())
        wrong_role = options.roles != "any" and features.role not in {"piano", "keys"}
        if not options.amount or not len(clip.notes) or wrong_role:
            return clip
        if has_pedal and not options.replace:
            return clip
        start = changes(features)
        end = np.append(start[1:], clip.region()[1])
        per_s = clip.tempo.at(start) / 60.0
        down = start + 0.12 * per_s
        up = np.maximum(start + (end - start) * min(options.amount, 1.0), down + 1e-3)
        time = np.stack([down, np.maximum(up, down)], axis=1).ravel()
        value = np.tile([round(options.depth), 0], len(start))
        pedal = Controllers(
            number=np.full(len(time), SUSTAIN_PEDAL), time=np.maximum.accumulate(time), value=value
        )
        both = Controllers.concatenate(clip.controllers.without(SUSTAIN_PEDAL), pedal)
        return clip.replace(controllers=both.take(np.argsort(both.time, kind="stable")))
