"""Reach the machine's MIDI ports: JACK by its own client, all other systems by python-rtmidi."""

__all__: list[str] = []
