"""Say what is wrong with a frame that is no request: the field, the value and what is allowed."""

import logging
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, get_args

import msgspec

from bridge.message import PROTOCOL, Code, Failure
from bridge.protocol import AnyRequest
from engines.option import allowed

log = logging.getLogger(__name__)

OPS = ", ".join(kind.__struct_config__.tag for kind in get_args(AnyRequest))
"""The names of all requests, as `op` says them."""

LONGEST_VALUE = 60
"""How many characters of a refused value a message repeats."""

TYPES: dict[str, set[type]] = {"boolean": {bool}, "number": {int, float}, "string": {str}}
"""What the values of maps may be, by their type in the schema."""


def blame(frame: bytes, error: Exception) -> Failure:
    """Return the failure to send for a frame that `decode_request` refused with `error`."""
    try:
        raw = msgspec.msgpack.decode(frame)
    except Exception:
        return _bad_frame(f"frame of {len(frame)} bytes is no msgpack", None)
    if not isinstance(raw, Mapping):
        return _bad_frame(f"frame is {_show(raw)}", None)
    request = raw.get("id")
    request = request if type(request) is int and 0 <= request < 2**53 else None
    if raw.get("v", PROTOCOL) != PROTOCOL:
        message = f"v is {_show(raw['v'])}, allowed is {PROTOCOL}: update the older of the two"
        return Failure(request, code=Code.VERSION, message=message, field="v")
    if raw.get("op") not in OPS.split(", "):
        message = f"op is {_show(raw.get('op'))}, allowed are {OPS}"
        return Failure(request, code=Code.BAD_FRAME, message=message, field="op")
    try:
        message, field = _sentence(str(error), raw)
    except Exception:  # whatever came, its sender has an answer
        log.exception("what is wrong with a frame cannot be said: %s", error)
        return _bad_frame("frame has a field that is not allowed", request)
    return Failure(request, code=Code.INVALID, message=message, field=field)


def _bad_frame(what: str, request: int | None) -> Failure:
    message = f"{what}, allowed is one msgpack map with op, id and v"
    return Failure(request, code=Code.BAD_FRAME, message=message)


def _sentence(error: str, raw: Mapping[str, Any]) -> tuple[str, str]:
    """Turn msgspec's message into ours, and return it with the path of the field."""
    what, _, path = error.replace("`key` in ", "").partition(" - at `$")
    path = path.removesuffix("`").lstrip(".")
    if path.endswith("[...]"):
        path = path.removesuffix("[...]")
        if entry := _bad_entry(raw, path):
            return entry
    missing = re.fullmatch(r"Object missing required field `(\w+)`", what)
    if missing:
        field = _join(path, missing[1])
        return f"{field} is missing, allowed are {allowed(_rule(raw, field))}", field
    ours = re.match(r"(\S+) (?:is|has|are) ", what)
    if ours and not what.startswith(("Expected", "Invalid", "Object")):
        own = ours[1]
        inner = own.removeprefix(f"{path.split('.')[-1]}.")
        field = path if own == "column" else _join(path, inner)
        return f"{field}{what.removeprefix(own)}", field
    value = _show(_at(raw, path))
    return f"{path or 'frame'} is {value}, allowed are {allowed(_rule(raw, path))}", path


def _bad_entry(raw: Mapping[str, Any], path: str) -> tuple[str, str] | None:
    """Find the entry at fault in a map, which msgspec does not name."""
    rule = _rule(raw, path)["additionalProperties"]
    for name, value in _at(raw, path).items():
        if not _fits(value, rule):
            field = f"{path}.{name}"
            return f"{field} is {_show(value)}, allowed are {allowed(rule)}", field
    return None  # a name that came twice: only its last value is known here


def _fits(value: Any, rule: dict[str, Any]) -> bool:
    """Return whether a rule, or one of those that it lets choose from, allows a value."""
    return any(
        type(value) in TYPES[one["type"]]
        and ("minimum" not in one or one["minimum"] <= value <= one["maximum"])
        for one in rule.get("anyOf", [rule])
    )


def _rule(raw: Mapping[str, Any], path: str) -> dict[str, Any]:
    """Return the schema of what the protocol allows at a path."""
    schema = _schema()
    rule = schema["$defs"][str(raw["op"]).capitalize()]
    for step in re.findall(r"\w+", path):
        rule = rule.get("items", {}) if step.isdigit() else rule.get("properties", {}).get(step, {})
        rule = _resolved(rule, schema)
    return rule


def _resolved(rule: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference, and take the first choice of an optional value."""
    rule = rule.get("anyOf", [rule])[0]
    name = rule.get("$ref", "").removeprefix("#/$defs/")
    return schema["$defs"][name] if name else rule


@cache
def _schema() -> dict[str, Any]:
    return msgspec.json.schema(AnyRequest, schema_hook=lambda _: {"type": "column"})


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _at(raw: Any, path: str) -> Any:
    """Return the value at a path such as `clips[0].metre[1].numerator`, or None."""
    for step in re.findall(r"\w+", path):
        try:
            raw = raw[int(step)] if isinstance(raw, list) else raw[step]
        except (KeyError, IndexError, TypeError, ValueError):
            return None
    return raw


def _show(value: Any) -> str:
    text = repr(value[:LONGEST_VALUE] if isinstance(value, str | bytes | list) else value)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 3] + "..."
