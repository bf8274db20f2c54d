"""Define the event: one MIDI message and when it sounds.

Source: MIDI 1.0 Detailed Specification, tables 1 to 4 (status bytes, controllers).
"""

from typing import NamedTuple

NOTE_OFF, NOTE_ON, POLY_PRESSURE, CONTROL = 0x80, 0x90, 0xA0, 0xB0
PROGRAM, CHANNEL_PRESSURE, BEND, SYSTEM = 0xC0, 0xD0, 0xE0, 0xF0
"""Statuses; those before SYSTEM have a channel in their lower half."""

CHANNELS = 16
"""How many channels a port has, from 0."""

SUSTAIN, SOSTENUTO, ALL_SOUND_OFF, RESET, ALL_NOTES_OFF = 64, 66, 120, 121, 123
"""Controllers that hold or end what sounds; those from ALL_SOUND_OFF on are channel modes."""

HOLDS = (64, 66, 67, 69)
"""Sustain, sostenuto, soft and hold: pedals that would stay down. Source: MIDI 1.0, table 3."""

RELEASE = 64
"""The release velocity where none is known. Source: MIDI 1.0, note off."""


class Event(NamedTuple):
    """Be a message at a time in seconds of the port's own clock.

    `data` is one whole message with its status byte: 1 to 3 bytes, or a sysex of any length.
    """

    time_s: float
    data: bytes

    @property
    def status(self) -> int:
        """The status without its channel; 0xF0 for all system messages."""
        return self.data[0] & 0xF0

    @property
    def channel(self) -> int:
        """The channel from 0; of no meaning for a system message."""
        return self.data[0] & 0x0F

    @property
    def is_note_on(self) -> bool:
        """Whether a note begins: a note on whose velocity is not 0."""
        return self.data[0] & 0xF0 == NOTE_ON and self.data[2] > 0

    @property
    def is_note_off(self) -> bool:
        """Whether a note ends: a note off, or a note on with velocity 0."""
        status = self.data[0] & 0xF0
        return status == NOTE_OFF or (status == NOTE_ON and self.data[2] == 0)

    @property
    def key(self) -> tuple[int, int]:
        """The channel and pitch of a note's message."""
        return self.data[0] & 0x0F, self.data[1]

    def at(self, time_s: float) -> "Event":
        """Return the same message at another time."""
        return Event(time_s, self.data)


def note_on(channel: int, pitch: int, velocity: int) -> bytes:
    """Return a note on."""
    return bytes((NOTE_ON | channel, pitch, velocity))


def note_off(channel: int, pitch: int, velocity: int = RELEASE) -> bytes:
    """Return a note off."""
    return bytes((NOTE_OFF | channel, pitch, velocity))


def control(channel: int, number: int, value: int) -> bytes:
    """Return a control change."""
    return bytes((CONTROL | channel, number, value))
