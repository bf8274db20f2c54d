"""Be a program that plays by rtmidi, in a process of its own; each line that it reads is an order.

It stands between the ports `keys:out` and `synth:in`. `watch` prints what has come or gone,
`burst` plays 3,000 notes at once, `fail` lets every tick fail.
"""

import sys

from bridge.ports.port import AT_ONCE
from bridge.ports.rtmidi_system import RtSystem
from engines.live.event import Event, note_on

BURST = [note_on(number // 127 % 16, number % 127, 1 + number % 127) for number in range(3_000)]


def main() -> None:
    """Play until there are no more orders."""
    system = RtSystem("JACK", "program", print)
    output = system.open_output("synth:in", lambda _event: None)
    system.open_input("keys:out", lambda event: output.send(Event(AT_ONCE, event.data)))
    fails = False

    def tick(_until_s: float) -> None:
        if fails:
            raise ValueError("no tick")

    system.start(tick)
    print("ready", flush=True)  # noqa: T201 - for the parent
    for line in sys.stdin:
        order = line.strip()
        fails = fails or order == "fail"
        for data in BURST if order == "burst" else []:
            output.send(Event(AT_ONCE, data))
        changes = system.watch() if order == "watch" else []
        said = "; ".join(change.sentence for change in changes)
        print(said, flush=True)  # noqa: T201 - for the parent


if __name__ == "__main__":
    main()
