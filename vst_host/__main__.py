"""Host plug-ins for the process that started this one: `python -m vst_host WITNESS`.

It prints where it can be reached, and ends when its standard input does.
"""

import os
import signal
import sys
import threading
from pathlib import Path

from bridge.witness import Witness
from vst_host.door import Door
from vst_host.studio import Studio


def main(path: str) -> None:
    """Host until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who started this
    ours = os.dup(1)
    os.dup2(2, 1)  # plug-ins print
    threading.Thread(target=_end_with_input, daemon=True).start()
    witness = Witness(Path(path))  # once it is told where we are, its name may go
    door = Door()
    os.write(ours, f"{door.address}\n".encode())
    os.close(ours)
    Studio(door, witness).run()


def _end_with_input() -> None:
    while os.read(0, 4096):
        pass
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
