"""Describe the parameters of plug-ins, and set them by name in their own units."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from bridge.sound_protocol import Parameter
from vst_host.error import HostError, invalid
from vst_host.library import CONTROLLERS, looking_at

Value = bool | float | str

LISTED = 12
"""So many names or values a sentence lists."""

MOST_VALUES = 256
"""So many values a parameter of texts may have to be described by them."""


def describe(native: Any) -> tuple[Parameter, ...]:
    """Return what can be set of a plug-in that is loaded."""
    with looking_at():
        return tuple(_described(name, one) for name, one in native.parameters.items())


def set_parameters(native: Any, wanted: Mapping[str, Value], field: str) -> None:
    """Set parameters in their order.

    Raises:
        HostError: there is no such parameter, or the value is not allowed.
    """
    named = _names(native) if wanted else {}
    for name, value in wanted.items():
        where = f"{field}.parameters.{name}"
        probed = _probed(native, named, name, where)
        _check(probed, value, where)
        try:
            probed.raw_value = probed.get_raw_value_for(_spelt(probed, value))
        except (ValueError, RuntimeError) as error:
            raise HostError(f"{where} is {value!r}, which the plug-in refuses", where) from error


def between(low: float | None, high: float | None, unit: str | None) -> str:
    """Return a range as sentences say it."""
    return f"{low:.10g} to {high:.10g}" + (f" {unit}" if unit else "")


def no_such(name: str, known: list[str], where: str) -> HostError:
    """Return the error for a parameter that is not there, with names like it."""
    near = get_close_matches(name, known, 3) or known[:LISTED]
    more = ", ..." if len(near) < len(known) else ""
    allowed = f"allowed are {', '.join(near)}{more}" if known else "and it has none"
    return invalid(where, f"is no parameter of this plug-in, {allowed}")


def _names(native: Any) -> dict[str, str]:
    """Return what the plug-in calls its parameters, by the names that users give them."""
    from pedalboard import _pedalboard as inner  # noqa: PLC0415

    own = [one for one in native._parameters if not any(r.match(one.name) for r in CONTROLLERS)]  # noqa: SLF001
    plain = {inner.normalize_python_parameter_name(one.name): one.name for one in own}
    return plain | {inner.to_python_parameter_name(one) or "": one.name for one in own}


def _probed(native: Any, named: dict[str, str], name: str, where: str) -> Any:
    """Return pedalboard's view of a parameter."""
    from pedalboard import _pedalboard as inner  # noqa: PLC0415

    spelt = name if name in named else inner.normalize_python_parameter_name(name or " ")
    if spelt not in named:
        with looking_at(no_parameters=True):
            raise no_such(name, sorted(named), where)
    return inner.AudioProcessorParameter(native, named[spelt])


def _check(probed: Any, value: Value, where: str) -> None:
    """Refuse a value that is not allowed, before pedalboard does in its words."""
    if probed.type is bool:
        if not isinstance(value, bool):
            raise invalid(where, f"is {value!r}, allowed are true and false")
    elif probed.type is str:
        if _spelt(probed, value) not in probed.valid_values:
            raise invalid(where, f"is {value!r}, allowed are {_listed(probed.valid_values)}")
    elif isinstance(value, bool | str) or not probed.min_value <= value <= probed.max_value:
        allowed = between(probed.min_value, probed.max_value, probed.label)
        raise invalid(where, f"is {value!r}, allowed are {allowed}")


def _listed(values: list[str]) -> str:
    more = ["..."] if len(values) > LISTED else []
    return ", ".join([*map(repr, values[:LISTED]), *more])


def _spelt(probed: Any, value: Value) -> Value:
    """Return a value as the plug-in spells it: texts may be numbers."""
    if probed.type is not str or isinstance(value, str):
        return value
    return f"{value:g}"


def _described(name: str, probed: Any) -> Parameter:
    text = probed.get_text_for_raw_value(probed.default_raw_value)
    if probed.type is str:
        values = tuple(map(str, probed.valid_values[:MOST_VALUES]))
        return Parameter(name=name, unit=probed.label or "", values=values, default=text)
    if probed.type is bool:
        return Parameter(
            name=name, values=("false", "true"), default=probed.default_raw_value >= 0.5
        )
    return Parameter(
        name=name,
        unit=probed.label or "",
        low=probed.min_value,
        high=probed.max_value,
        step=probed.step_size,
        default=_number(text),
    )


def _number(text: str) -> float | None:
    from pedalboard import _pedalboard as inner  # noqa: PLC0415

    try:
        return float(inner.strip_common_float_suffixes(text))
    except ValueError:
        return None
