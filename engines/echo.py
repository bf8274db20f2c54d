"""Hand a clip back as it came, to measure what the road itself costs."""

from engines.clip import Clip
from engines.engine import Context
from engines.engine import Options as NoOptions


class Echo:
    """Return the clip itself."""

    name = "echo"
    summary = "Hands the clip back unchanged; measures the road, not the music."
    kind = "analyser"
    Options = NoOptions

    def __call__(self, clip: Clip, options: NoOptions, context: Context) -> Clip:  # noqa: ARG002
        """Return the clip itself."""
        return clip
