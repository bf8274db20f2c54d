"""Declare options once; derive validation, schema, help and catalogue from the declaration."""

from collections.abc import Mapping
from typing import Any

import msgspec

from engines.engine import Engine, Options
from engines.error import OptionError
from engines.live.engine import LiveEngine


def dial(low: float, high: float, text: str, unit: str = "") -> msgspec.Meta:
    """Declare a number from low to high (both allowed) with its help text and unit."""
    return msgspec.Meta(ge=low, le=high, description=text, extra_json_schema={"unit": unit})


def note(text: str) -> msgspec.Meta:
    """Declare an option that is no number: a switch, a choice or a list."""
    return msgspec.Meta(description=text)


def read_options(engine: Engine | LiveEngine, given: Mapping[str, Any]) -> Options:
    """Return the engine's options with the given values, and its defaults for the rest.

    Raises:
        OptionError: an unknown option or a value that is not allowed.
    """
    try:
        return msgspec.convert(dict(given), engine.Options)
    except msgspec.ValidationError:
        raise _blame(engine, given) from None


def schema(engine: Engine | LiveEngine) -> dict[str, Any]:
    """Return the options as a JSON Schema (draft 2020-12) object without references.

    Each property has `type`, `default`, `description` and, for a dial, `minimum`, `maximum` and
    `unit`.
    """
    document = msgspec.json.schema(engine.Options)
    properties = document["$defs"][engine.Options.__name__]["properties"]
    return {"type": "object", "properties": properties, "additionalProperties": False}


def allowed(rule: Mapping[str, Any]) -> str:
    """Say in words what one property of a schema allows."""
    if "enum" in rule:
        return " or ".join(str(choice) for choice in rule["enum"])
    if "anyOf" in rule:
        return " or ".join(allowed(choice) for choice in rule["anyOf"])
    if rule.get("type") in {"array", "object"}:
        return _entries(rule)
    if rule.get("type") in {"number", "integer"}:
        return _range(rule)
    if rule.get("type") == "string" and "maxLength" in rule:
        return _text(rule["maxLength"], binary="contentEncoding" in rule)
    return KINDS.get("object" if "$ref" in rule else rule.get("type", ""), "other values")


KINDS = {
    "boolean": "true or false",
    "string": "texts",
    "object": "maps",
    "column": "bin or a list of numbers",
}
"""What a property without a range allows, by its type in the schema."""


def _entries(rule: Mapping[str, Any]) -> str:
    """Say what a list or a map may hold."""
    if rule["type"] == "array":
        fewest, most = rule.get("minItems", 0), rule.get("maxItems", "any number of")
        return f"lists of {fewest} to {most} items, each {allowed(rule.get('items', {}))}"
    if not isinstance(values := rule.get("additionalProperties"), Mapping):
        return KINDS["object"]
    names = {"type": "string", **rule.get("propertyNames", {})}
    return f"maps of {allowed(names)} to {allowed(values)}"


def _text(letters: int, *, binary: bool) -> str:
    """Say how long a text may be, or bytes, of which base64 makes four letters for three."""
    if binary:
        return f"bin of at most {letters * 3 // 4 // 2**20} MiB"
    return f"texts of at most {letters} characters"


def _range(rule: Mapping[str, Any]) -> str:
    kind = "whole numbers" if rule["type"] == "integer" else "numbers"
    unit = f" {rule['unit']}" if rule.get("unit") else ""
    low, high = rule.get("minimum"), rule.get("maximum")
    if "exclusiveMinimum" in rule:
        return f"{kind} above {rule['exclusiveMinimum']:g} up to {high:g}{unit}"
    if low is None or high is None:
        return kind
    return f"{kind} from {low} to {high}{unit}"


def _blame(engine: Engine | LiveEngine, given: Mapping[str, Any]) -> OptionError:
    """Find the first option at fault and say so."""
    properties = schema(engine)["properties"]
    for name, value in given.items():
        if name not in properties:
            known = ", ".join(sorted(properties)) or "none"
            return OptionError(name, f"is no option of {engine.name}, allowed are {known}")
        try:
            msgspec.convert({name: value}, engine.Options)
        except msgspec.ValidationError as error:
            if isinstance(error.__cause__, OptionError):
                return error.__cause__
            return OptionError(name, f"is {value!r}, allowed are {allowed(properties[name])}")
    raise AssertionError("options were refused together but not one by one")
