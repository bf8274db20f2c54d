"""Write messages.json: one frame of every kind, as hexadecimal, for clients in other languages.

Run it when the protocol changes: python -m tests.vectors.make_vectors
"""

import json
from pathlib import Path

import msgspec
import numpy as np

from bridge.protocol import (
    Cancel,
    Cancelled,
    Code,
    Failure,
    Hello,
    Limits,
    Message,
    Ping,
    Pong,
    Progress,
    Render,
    Rendered,
    Request,
    Timings,
    Welcome,
    encode,
)
from engines import Chord, Clip, Controllers, Key, Loop, Metre, Notes, Target, Tempo


def main() -> None:
    """Write the file beside this one."""
    vectors = [_vector(message) for message in _messages()]
    text = json.dumps(vectors, indent=1) + "\n"
    Path(__file__).with_name("messages.json").write_text(text, encoding="utf-8")


def _messages() -> list[Message]:
    clip = _clip()
    return [
        Hello(1, client="vector"),
        Ping(2),
        Cancel(3, request=4),
        Render(
            4, clips=(clip,), preset="band/natural", seed=5, slot="clip 1", target=Target(0.0, 4.0)
        ),
        Welcome(
            1,
            version="0.1.0",
            limits=Limits(),
            engines=[{"name": "echo", "kind": "analyser", "summary": "...", "options": {}}],
            presets=[{"name": "band/natural", "role": "auto", "summary": "..."}],
        ),
        Pong(2),
        Cancelled(3, request=4, found=True),
        Progress(4, fraction=0.25),
        Rendered(4, takes=((clip,),), seed=5, timings=Timings(0.1, 1.5, 1.75)),
        Failure(None, code=Code.INVALID, message="amount is 3, ...", field="amount"),
    ]


def _clip() -> Clip:
    notes = Notes(
        pitch=np.array([60, 64]), onset=np.array([0.0, 0.5]), duration=np.array([0.5, 1.0])
    )
    return Clip(
        notes,
        length=4.0,
        controllers=Controllers(
            number=np.array([64]), time=np.array([0.25]), value=np.array([127])
        ),
        tempo=Tempo(time=np.zeros(1), bpm=np.full(1, 96.0)),
        metre=(Metre(0.0, 3, 4),),
        key=Key(9, (0, 2, 3, 5, 7, 8, 10), "Minor"),
        chords=(Chord(0.0, "Am7"),),
        role="piano",
        loop=Loop(0.0, 3.0),
        name="Klavier ♪",
        channel=0,
        program=0,
    )


def _vector(message: Message) -> dict[str, str]:
    frame = encode(message)
    op = msgspec.msgpack.decode(frame)["op"]
    sender = "client" if isinstance(message, Request) else "server"
    return {"name": f"{sender} {op}", "from": sender, "op": op, "hex": frame.hex()}


if __name__ == "__main__":
    main()
