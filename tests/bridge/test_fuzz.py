"""Send frames that no client would: every one is answered, and the server is none the worse."""

import os
import random
from collections.abc import Iterator

import msgspec
import numpy as np
import psutil
import pytest
import zmq
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.client import Client
from bridge.message import Code, Failure, Reply
from bridge.protocol import Ping, Pong, Render, decode_reply, encode
from bridge.session import Session
from bridge.shelf import Shelf
from bridge.sound_protocol import Block, Bounce, Events, Instrument, Plugin, Plugins, Track
from engines import Stage
from tests.clips import stiff_clip
from tests.conftest import serve

FRAMES = int(os.environ.get("YURAGI_FUZZ_FRAMES", "10000"))
BATCH = 100
VALUES: list[object] = [
    None,
    True,
    -1,
    2**70,
    1e400,
    float("nan"),
    "",
    "x" * 99,
    b"\0" * 7,
    [],
    {},
    [[[]]],
]


MUTE = Instrument(Plugin("/no/such.vst3", parameters={"level": 0.5, "on": True, "wave": "Sine"}))
"""What cannot be played, so that no sound is made but by chance."""

FREE_IDS = 2**40
"""So many that none comes twice: the same request with the same id is answered once."""

FOUR_NOTES = Events(
    time=np.arange(4.0),
    status=np.full(4, 0x90),
    data1=np.arange(60, 64),
    data2=np.full(4, 100),
)


def good_frame(generator: random.Random) -> bytes:
    if generator.random() < 0.2:
        return encode(Plugins(generator.randrange(FREE_IDS)))
    if generator.random() < 0.2:
        tracks = (Track(FOUR_NOTES, MUTE),)
        return encode(Bounce(generator.randrange(FREE_IDS), tracks=tracks, master=()))
    stages = generator.choice(
        [(Stage("echo"),), (Stage("rules.velocity"), Stage("rules.groove")), ()]
    )
    clip = stiff_clip(generator.randrange(1, 20))
    preset = generator.choice(["", "band/natural", "no/such"])
    return encode(Render(generator.randrange(100), clips=(clip,), stages=stages, preset=preset))


def places(raw: object) -> Iterator[tuple[object, object]]:
    """Yield every container in a message with each of its keys."""
    items = (
        raw.items() if isinstance(raw, dict) else enumerate(raw) if isinstance(raw, list) else ()
    )
    for key, value in list(items):
        yield raw, key
        yield from places(value)


def mutated(generator: random.Random) -> bytes:
    frame = bytearray(good_frame(generator))
    match generator.randrange(5):
        case 0:  # cut
            return bytes(frame[: generator.randrange(len(frame))])
        case 1:  # flip bits
            for _ in range(generator.randrange(1, 9)):
                frame[generator.randrange(len(frame))] ^= 1 << generator.randrange(8)
            return bytes(frame)
        case 2:  # random bytes
            return generator.randbytes(generator.randrange(300))
        case 3:  # insert
            at = generator.randrange(len(frame))
            return (
                bytes(frame[:at]) + generator.randbytes(generator.randrange(9)) + bytes(frame[at:])
            )
    raw = msgspec.msgpack.decode(bytes(frame))  # another value in a random place, or none
    container, key = generator.choice(list(places(raw)))
    if generator.random() < 0.3:
        del container[key]  # type: ignore[attr-defined]
    else:
        container[key] = generator.choice(VALUES)  # type: ignore[index]
    return msgspec.msgpack.encode(raw) if _encodable(raw) else b""


def _encodable(raw: object) -> bool:
    try:
        msgspec.msgpack.encode(raw)
    except (OverflowError, ValueError):
        return False
    return True


def send_batch(socket: "zmq.Socket[bytes]", frames: list[bytes]) -> int:
    """Send frames and a ping after them; return how many answers came before its pong."""
    for frame in frames:
        socket.send(frame)
    marker = 2**50
    socket.send(encode(Ping(marker)))
    answers, ponged = 0, False
    while not ponged or answers < len(frames):
        assert socket.poll(10_000), f"{answers} of {len(frames)} frames were answered"
        reply = decode_reply(socket.recv())
        if reply == Pong(marker):
            ponged = True
        elif not isinstance(reply, Block):
            answers += 1
    return answers


def load_all(socket: "zmq.Socket[bytes]") -> None:
    """Have a server load what it does when it has nothing else to do, and what sound needs."""
    clips = (stiff_clip(), stiff_clip(role="drums"))
    sound = Bounce(FREE_IDS, tracks=(Track(FOUR_NOTES),), master=())
    for request in (Render(FREE_IDS, clips=clips, preset="band/natural"), sound):
        socket.send(encode(request))
        reply: Reply = Block(FREE_IDS, start=0, audio=b"")
        while isinstance(reply, Block):
            assert socket.poll(30_000)
            reply = decode_reply(socket.recv())
        assert reply.id == FREE_IDS


@pytest.mark.slow
def test_every_mutated_frame_is_answered_and_memory_stays_flat() -> None:
    generator = random.Random(20261121)
    with serve() as served, zmq.Context() as context, context.socket(zmq.DEALER) as socket:
        process = psutil.Process(served.process.pid)
        socket.connect(served.address)
        load_all(socket)
        send_batch(socket, [mutated(generator) for _ in range(10 * BATCH)])
        before = process.memory_info().rss
        for _ in range(FRAMES // BATCH):
            frames = [mutated(generator) for _ in range(BATCH)]
            assert send_batch(socket, frames) == BATCH
        growth = process.memory_info().rss - before
        assert growth < 4 * 2**20, f"grew by {growth} bytes"
        with Client(served.address) as client:
            clip = stiff_clip()
            assert client.render((clip,), stages=(Stage("echo"),)).takes == ((clip,),)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return Session("0", Shelf(tmp_path_factory.mktemp("presets")))


def is_met(session: Session, frame: bytes) -> bool:
    """Return whether a frame gets an answer or becomes a job; what is about sound is answered."""
    before = len(session.outbox) + len(session.accepted)
    session.receive(b"peer", frame, 0.0)
    met = len(session.outbox) + len(session.accepted) + len(session.sound) - before
    while session.sound:
        peer, asked = session.sound.popleft()
        session.answer(peer, Failure(asked.id, code=Code.INTERNAL, message=""))
    return met == 1


@given(frame=st.binary(max_size=400))
@settings(max_examples=300)
def test_any_bytes_get_an_answer_or_become_a_job(session: Session, frame: bytes) -> None:
    assert is_met(session, frame)


json_like = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | st.text()
    | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
fields = st.fixed_dictionaries(
    {"op": st.sampled_from(["hello", "render", "cancel", "ping", "bounce", "plugins", "?"])},
    optional=dict.fromkeys(
        [
            *("id", "v", "clips", "stages", "preset", "amount", "seed", "takes", "target"),
            *("tracks", "instrument", "master", "scan"),
        ],
        json_like,
    ),
)


@given(message=fields)
@settings(max_examples=300)
def test_any_map_gets_an_answer_or_becomes_a_job(session: Session, message: object) -> None:
    assert is_met(session, msgspec.msgpack.encode(message))


def test_a_frame_with_any_value_in_any_place_is_met(session: Session) -> None:
    good = encode(Bounce(1, tracks=(Track(FOUR_NOTES, MUTE),), master=()))
    raw = msgspec.msgpack.decode(good)
    for container, key in places(raw):
        before = container[key]  # type: ignore[index]
        for value in filter(_encodable, VALUES):
            container[key] = value  # type: ignore[index]
            assert is_met(session, msgspec.msgpack.encode(raw)), (key, value)
        container[key] = before  # type: ignore[index]
