"""Play in real time: engines that hear one MIDI message at a time and answer at once."""

__all__: list[str] = []
