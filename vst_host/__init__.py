"""Host plug-ins and soundfonts, in a process of its own, and turn MIDI messages into sound."""

__all__: list[str] = []
