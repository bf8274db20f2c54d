"""Declare options once; derive validation, schema, help and catalogue from the declaration."""

import math
from collections.abc import Mapping
from typing import Any

import msgspec

from engines.engine import Engine, Options
from engines.error import OptionError


def dial(low: float, high: float, text: str, unit: str = "") -> msgspec.Meta:
    """Declare a number from low to high (both allowed) with its help text and unit."""
    return msgspec.Meta(ge=low, le=high, description=text, extra_json_schema={"unit": unit})


def note(text: str) -> msgspec.Meta:
    """Declare an option that is no number: a switch, a choice or a list."""
    return msgspec.Meta(description=text)


def read_options(engine: Engine, given: Mapping[str, Any]) -> Options:
    """Return the engine's options with the given values, and its defaults for the rest.

    Raises:
        OptionError: an unknown option or a value that is not allowed.
    """
    try:
        return msgspec.convert(dict(given), engine.Options)
    except msgspec.ValidationError:
        raise _blame(engine, given) from None


def schema(engine: Engine) -> dict[str, Any]:
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
    if rule.get("type") == "array":
        count = f"{rule.get('minItems', 0)} to {rule.get('maxItems', 'any number of')}"
        return f"lists of {count} items, each {allowed(rule.get('items', {}))}"
    if "minimum" in rule:
        kind = "whole numbers " if rule["type"] == "integer" else ""
        unit = f" {rule['unit']}" if rule.get("unit") else ""
        return f"{kind}{_number(rule['minimum'])} to {_number(rule['maximum'])}{unit}"
    return {"boolean": "true or false", "string": "text"}.get(rule.get("type", ""), "other values")


def _blame(engine: Engine, given: Mapping[str, Any]) -> OptionError:
    """Find the first option at fault and say so."""
    properties = schema(engine)["properties"]
    for name, value in given.items():
        field = f"{engine.name}.{name}"
        if name not in properties:
            known = ", ".join(sorted(properties))
            return OptionError(f"{field} is no option, allowed are {known}", field)
        try:
            msgspec.convert({name: value}, engine.Options)
        except msgspec.ValidationError:
            return OptionError(
                f"{field} is {value!r}, allowed are {allowed(properties[name])}", field
            )
    raise AssertionError("options were refused together but not one by one")


def _number(value: float) -> str:
    return f"{value:g}" if math.isfinite(value) else str(value)
