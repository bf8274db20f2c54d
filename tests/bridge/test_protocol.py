import json
from pathlib import Path
from typing import Any, get_args

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.message import Code, Failure
from bridge.protocol import (
    AnyReply,
    AnyRequest,
    Cancel,
    Hello,
    Ping,
    Progress,
    Render,
    Rendered,
    Timings,
    decode_reply,
    decode_request,
    encode,
)
from engines import Clip, Controllers, Loop, Metre, Notes, Stage, Target, Tempo
from engines.column import from_wire
from tests.clips import stiff_clip
from tests.vectors.make_vectors import texts

FOLDER = Path(__file__).parents[1] / "vectors"
MESSAGES = json.loads((FOLDER / "messages.json").read_text(encoding="utf-8"))
CLIPS = json.loads((FOLDER / "notes.json").read_text(encoding="utf-8"))

beats = st.floats(0, 1e6)


@st.composite
def clips(draw: st.DrawFn) -> Clip:
    count = draw(st.integers(0, 20))

    def column(values: st.SearchStrategy[float], dtype: str) -> np.ndarray:
        return np.array(draw(st.lists(values, min_size=count, max_size=count)), dtype)

    notes = Notes(
        pitch=column(st.integers(0, 127), "u1"),
        onset=column(beats, "f8"),
        duration=column(beats, "f8"),
        velocity=column(st.floats(1, 127), "f8"),
        probability=column(st.floats(0, 1), "f8"),
        mute=column(st.integers(0, 1), "u1"),
    )
    return Clip(
        notes,
        length=draw(st.floats(1e-3, 1e6)),
        controllers=Controllers(
            number=column(st.integers(0, 127), "u1"),
            time=column(beats, "f8"),
            value=column(st.integers(0, 127), "u1"),
        ),
        tempo=Tempo(time=np.zeros(1), bpm=np.full(1, draw(st.floats(1, 1000)))),
        metre=(Metre(0, draw(st.integers(1, 32)), 8),),
        loop=draw(st.sampled_from([None, Loop(1.0, 2.0)])),
        name=draw(st.text(max_size=20)),
    )


@given(
    clips(),
    st.integers(0, 2**53 - 1),
    st.floats(0, 2),
    st.dictionaries(st.text(max_size=64), st.floats(0, 2)),
)
def test_a_render_request_comes_out_of_its_frame_as_it_went_in(
    clip: Clip, seed: int, amount: float, amounts: dict[str, float]
) -> None:
    request = Render(
        7,
        clips=(clip,),
        stages=(Stage("echo"),),
        amount=amount,
        amounts=amounts,
        seed=seed,
        target=Target(1.0, 2.0),
    )
    assert decode_request(encode(request)) == request


@given(clips())
def test_a_rendered_reply_comes_out_of_its_frame_as_it_went_in(clip: Clip) -> None:
    timings = Timings(1.0, 2.0, 3.0)
    reply = Rendered(1, takes=((clip,),), seed=3, timings=timings, warnings=["it is late"])
    assert decode_reply(encode(reply)) == reply


@pytest.mark.parametrize("message", [Hello(1), Ping(2), Cancel(3, request=2)])
def test_small_requests_come_out_as_they_went_in(message: Hello | Ping | Cancel) -> None:
    assert decode_request(encode(message)) == message


@pytest.mark.parametrize(
    "message", [Progress(1, fraction=0.5), Failure(None, code=Code.BUSY, message="later")]
)
def test_small_replies_come_out_as_they_went_in(message: Progress | Failure) -> None:
    assert decode_reply(encode(message)) == message


def test_columns_may_come_as_plain_lists() -> None:
    raw = msgspec.msgpack.encode(
        {
            "op": "render",
            "id": 1,
            "preset": "any",
            "clips": [
                {"length": 4, "notes": {"pitch": [60], "onset": [0.5], "duration": [1]}},
            ],
        }
    )
    request = decode_request(raw)
    assert isinstance(request, Render)
    assert request.clips[0].notes.onset.tolist() == [0.5]


def test_columns_left_out_take_their_defaults() -> None:
    notes = Notes(pitch=np.array([60, 61]), onset=np.zeros(2), duration=np.ones(2))
    assert notes.velocity.tolist() == [100.0, 100.0]
    assert notes.note_id.tolist() == [0, 1]


@pytest.mark.parametrize("name", ["messages.json", "notes.json"])
def test_the_vectors_are_what_the_code_writes(name: str) -> None:
    written = (FOLDER / name).read_text(encoding="utf-8")
    assert written == texts()[name], "run: python -m tests.vectors.make_vectors"


@pytest.mark.parametrize("vector", MESSAGES, ids=lambda v: v["name"])
def test_the_vectors_that_other_languages_read_are_what_this_version_writes(
    vector: dict[str, str],
) -> None:
    frame = bytes.fromhex(vector["hex"])
    decode = decode_request if vector["from"] == "client" else decode_reply
    assert encode(decode(frame)) == frame


def test_the_vectors_hold_every_kind_of_message() -> None:
    kinds = (*get_args(AnyRequest), *get_args(AnyReply))
    assert {vector["op"] for vector in MESSAGES} == {kind.__struct_config__.tag for kind in kinds}


@pytest.mark.parametrize("vector", CLIPS, ids=lambda v: v["name"])
def test_a_clip_of_plain_numbers_is_the_same_clip_as_its_frame(vector: dict[str, Any]) -> None:
    frame = bytes.fromhex(vector["hex"])
    plain = msgspec.convert(vector["clip"], Clip, dec_hook=from_wire)
    assert encode(plain) == frame
    assert msgspec.msgpack.decode(frame, type=Clip, dec_hook=from_wire) == plain


def test_a_clip_is_equal_only_bit_for_bit() -> None:
    clip = stiff_clip()
    moved = clip.replace(notes=clip.notes.replace(onset=np.nextafter(clip.notes.onset, 1)))
    assert clip == stiff_clip()
    assert not clip != stiff_clip()  # noqa: SIM202 - both operators are asked
    assert clip.notes != moved.notes
    assert clip != moved
