"""Be the floor that playing live is measured against: rtmidi alone, in a process of its own.

`python -m bridge.live.rtmidi_floor echo` sends back what it hears, `... play` plays 1,000 notes
when it hears one, each for its time. Both have JACK ports of the client `floor-in` and `floor-out`.
"""

import sys
import time

import rtmidi

from bridge.ports.rtmidi_system import RtSystem
from engines.live.event import Event, note_off, note_on

NOTES, GAP_S = 1_000, 0.004
"""So many notes are played, so far apart."""


def echo() -> None:
    """Send back what is heard."""
    heard = rtmidi.MidiIn(rtmidi.API_UNIX_JACK, "floor-in")
    sent = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, "floor-out")
    heard.ignore_types(sysex=False, timing=False, active_sense=False)
    heard.set_callback(lambda given, _: sent.send_message(given[0]))
    heard.open_virtual_port("in")
    sent.open_virtual_port("out")
    _stay()


def play() -> None:
    """Play notes for their times when one is heard, as a gig does where no JACK runs."""
    system = RtSystem("JACK", "floor", print)
    output = system.open_output("", lambda _event: None)

    def begin(event: Event) -> None:
        for number in range(NOTES if event.is_note_on else 0):
            time_s = event.time_s + 0.1 + number * GAP_S
            output.send(Event(time_s, note_on(0, number % 128, 100)))
            output.send(Event(time_s + GAP_S / 2, note_off(0, number % 128)))

    system.open_input("", begin)
    system.start(lambda _until_s: None)
    _stay()


def _stay() -> None:
    print("ready", flush=True)  # noqa: T201 - for the parent
    while True:
        time.sleep(60)


if __name__ == "__main__":
    {"echo": echo, "play": play}[sys.argv[1]]()
