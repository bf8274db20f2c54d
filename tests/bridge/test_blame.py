"""Every bad frame gets a sentence with the field, the value received and what is allowed."""

import copy
from typing import Any

import msgspec
import pytest

from bridge.blame import blame
from bridge.message import Code, Failure
from bridge.protocol import decode_request

GOOD: dict[str, Any] = {
    "op": "render",
    "id": 1,
    "v": 1,
    "preset": "any",
    "clips": [
        {
            "length": 4.0,
            "notes": {"pitch": [60, 62], "onset": [0, 1], "duration": [1, 1], "velocity": [80, 80]},
        }
    ],
}


def refuse(raw: object) -> Failure:
    frame = raw if isinstance(raw, bytes) else msgspec.msgpack.encode(raw)
    with pytest.raises((msgspec.DecodeError, ValueError)) as caught:
        decode_request(frame)
    return blame(frame, caught.value)


def with_change(*path_and_value: Any) -> dict[str, Any]:
    *path, value = path_and_value
    raw = copy.deepcopy(GOOD)
    place: Any = raw
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return raw


CLIP, NOTES = ("clips", 0), ("clips", 0, "notes")
PADS = [{"pitch": 60, "name": "Kick"}, {"pitch": 60, "name": "Snare"}]
NAN, HUGE = float("nan"), 1e300

CASES = [
    (("amount", 3), "amount", "3", "0 to 2"),
    (("amount", NAN), "amount", "nan", "0 to 2"),
    (("amounts", {"groove": 1, "velocity": 3}), "amounts.velocity", "3", "0 to 2"),
    (("amounts", {"rules.velocity": NAN}), "amounts.rules.velocity", "nan", "0 to 2"),
    (("amounts", {"velocity": "x"}), "amounts.velocity", "'x'", "numbers from 0 to 2"),
    (("amounts", {"velocity": True}), "amounts.velocity", "True", "numbers from 0 to 2"),
    (("amounts", {5: 1}), "amounts", "{5: 1}", "texts of at most 64 characters to numbers"),
    (("amounts", {"x" * 65: 1}), "amounts", "xxx", "texts of at most 64 characters to numbers"),
    (("amounts", [1]), "amounts", "[1]", "maps of texts"),
    (("options", {5: 1}), "options", "{5: 1}", "maps"),
    (("takes", 0), "takes", "0", "1 to 64"),
    (("seed", 2**60), "seed", str(2**60), "0 to 9007199254740991"),
    (("deadline_ms", -1), "deadline_ms", "-1", "above 0"),
    (("stages", [{"engine": 5}]), "stages[0].engine", "5", "texts"),
    ((*CLIP, "pads", PADS), "clips[0].pads[1].pitch", "60 again", "of no pad before"),
    ((*CLIP, "pads", [PADS[0] | {"pitch": 128}]), "clips[0].pads[0].pitch", "128", "0 to 127"),
    ((*CLIP, "pads", [PADS[0] | {"name": "x" * 65}]), "clips[0].pads[0].name", "xxx", "64"),
    ((*CLIP, "pads", PADS * 65), "clips[0].pads", "Kick", "0 to 128 items"),
    (("target", {"start": "x"}), "target.start", "'x'", "numbers"),
    (("target", {"start": NAN}), "target.start", "nan", "0 to 1000000"),
    (("target", {"start": 3, "end": 1}), "target.end", "1", "after 3"),
    (("target", {"note_ids": [2**60]}), "target.note_ids[0]", str(2**60), "0 to"),
    (("clips", []), "clips", "[]", "1 to 256 items"),
    ((*CLIP, "length", -1), "clips[0].length", "-1", "above 0"),
    ((*CLIP, "role", "tuba"), "clips[0].role", "'tuba'", "bass"),
    ((*CLIP, "loop", {"start": 2, "end": 1}), "clips[0].loop.end", "1.0", "after 2.0"),
    ((*CLIP, "metre", [{"denominator": 3}]), "clips[0].metre[0].denominator", "3", "1 or 2 or 4"),
    ((*CLIP, "metre", [{}, {}]), "clips[0].metre[1].time", "0.0", "after the one before"),
    ((*CLIP, "tempo", {"time": [0], "bpm": [0]}), "clips[0].tempo.bpm[0]", "0.0", "1 to 6e+07 bpm"),
    ((*NOTES, "pitch", [60, 200]), "clips[0].notes.pitch[1]", "200", "0 to 127"),
    ((*NOTES, "pitch", [60, 61.5]), "clips[0].notes.pitch[1]", "61.5", "whole numbers"),
    ((*NOTES, "pitch", "x"), "clips[0].notes.pitch", "str", "bin or a list"),
    ((*NOTES, "onset", [0, NAN]), "clips[0].notes.onset[1]", "nan", "0 to 1e+06 beats"),
    ((*NOTES, "onset", [0, -1]), "clips[0].notes.onset[1]", "-1.0", "0 to 1e+06 beats"),
    ((*NOTES, "onset", [0, HUGE]), "clips[0].notes.onset[1]", "1e+300", "0 to 1e+06 beats"),
    ((*NOTES, "onset", [0]), "clips[0].notes.onset", "1 rows", "2 as in pitch"),
    ((*NOTES, "onset", b"123"), "clips[0].notes.onset", "3 bytes", "multiples of 8"),
    ((*NOTES, "velocity", [0, 80]), "clips[0].notes.velocity[0]", "0.0", "1 to 127"),
    ((*NOTES, "duration", [1, -2]), "clips[0].notes.duration[1]", "-2.0", "0 to 1e+06 beats"),
]


@pytest.mark.parametrize(("change", "field", "value", "allowed"), CASES)
def test_a_bad_field_is_named_with_its_value_and_what_is_allowed(
    change: tuple[Any, ...], field: str, value: str, allowed: str
) -> None:
    failure = refuse(with_change(*change))
    assert (failure.code, failure.field, failure.id) == (Code.INVALID, field, 1)
    assert failure.message.startswith(f"{field} ")
    assert value in failure.message
    assert allowed in failure.message.split("allowed are")[1]


def test_a_missing_field_is_named() -> None:
    raw = copy.deepcopy(GOOD)
    del raw["clips"]
    assert refuse(raw).message.startswith("clips is missing, allowed are lists")


OF_PLUGINS = [
    ({"parameters": {"level": 0.5, "on": True, "wave": None}}, "parameters.wave", "None"),
    ({"parameters": {"ok": "text", "level": float("nan"), "a": [1]}}, "parameters.a", "[1]"),
    ({"parameters": [1]}, "parameters", "[1]"),
    ({"state": "aa"}, "state", "'aa'"),
]


@pytest.mark.parametrize(("wrong", "field", "value"), OF_PLUGINS)
def test_what_is_wrong_with_a_plugin_is_named(wrong: Any, field: str, value: str) -> None:
    failure = refuse({"op": "bounce", "id": 1, "master": [{"path": "x.vst3", **wrong}]})
    assert (failure.code, failure.field) == (Code.INVALID, f"master[0].{field}")
    assert failure.message.startswith(f"master[0].{field} is {value}, allowed are ")


def test_a_state_is_told_as_the_bytes_that_it_is() -> None:
    failure = refuse({"op": "bounce", "id": 1, "master": [{"path": "x.vst3", "state": "aa"}]})
    assert failure.message.endswith("allowed are bin of at most 8 MiB")


def test_a_frame_of_which_nothing_can_be_said_is_refused_nonetheless() -> None:
    error = ValueError("Expected `int`, got `str` - at `$.no_such_field[...]`")
    failure = blame(msgspec.msgpack.encode(GOOD), error)
    assert (failure.id, failure.code) == (1, Code.BAD_FRAME)


@pytest.mark.parametrize("frame", [b"", b"\xc1", b"\xff" * 9, msgspec.msgpack.encode(GOOD)[:-3]])
def test_bytes_that_are_no_msgpack_are_told_so(frame: bytes) -> None:
    failure = refuse(frame)
    assert (failure.code, failure.id) == (Code.BAD_FRAME, None)
    assert f"{len(frame)} bytes is no msgpack" in failure.message


def test_a_frame_that_is_no_map_is_told_so() -> None:
    assert refuse([1, 2]).message == "frame is [1, 2], allowed is one msgpack map with op, id and v"


def test_a_name_that_comes_twice_in_a_map_is_refused_with_the_map() -> None:
    twice = b"\x82" + 2 * (msgspec.msgpack.encode("velocity") + b"\x03")
    good = msgspec.msgpack.encode({**GOOD, "amounts": {}})
    failure = refuse(good.replace(b"amounts\x80", b"amounts" + twice[:-1] + b"\x01"))
    assert failure.message.startswith("amounts is {'velocity': 1}, allowed are maps of texts")


def test_an_unknown_op_is_told_the_known_ones() -> None:
    failure = refuse({"op": "sing", "id": 4})
    assert (failure.id, failure.code, failure.field) == (4, Code.BAD_FRAME, "op")
    assert failure.message.startswith("op is 'sing', allowed are hello, ping, cancel, render, open")


def test_another_version_of_the_protocol_is_named_as_such() -> None:
    failure = refuse({**GOOD, "v": 2})
    assert (failure.code, failure.field) == (Code.VERSION, "v")
    assert "v is 2, allowed is 1" in failure.message


def test_a_long_value_is_not_repeated_whole() -> None:
    assert len(refuse(with_change("takes", "x" * 10_000)).message) < 200
