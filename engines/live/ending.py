"""Know the messages that end every note of a channel, or what holds them.

Source: MIDI 1.0 Detailed Specification, table 3 and "Channel mode messages": all sound off, all
notes off, and the four mode messages after it, which end all notes as well.
"""

from engines.live.event import ALL_NOTES_OFF, ALL_SOUND_OFF, CONTROL, RESET, Event

ENDING = frozenset({ALL_SOUND_OFF, *range(ALL_NOTES_OFF, 128)})
"""The controllers that end all notes of their channel."""


def ends_notes(event: Event) -> bool:
    """Return whether an event ends all notes of its channel."""
    return event.data[0] & 0xF0 == CONTROL and event.data[1] in ENDING


def resets(event: Event) -> bool:
    """Return whether an event resets its channel's controllers, and so all that holds notes."""
    return event.data[0] & 0xF0 == CONTROL and event.data[1] == RESET
