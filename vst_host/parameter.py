"""Describe the parameters of plug-ins, and set them by name in their own units."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from bridge.sound_protocol import Parameter
from vst_host.error import HostError, invalid
from vst_host.library import CONTROLLERS, inner, looking_at

Value = bool | float | str

LISTED = 12
"""So many names or values a sentence lists."""


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
        check(_described(name, probed), value, native.name, where)
        try:
            probed.raw_value = probed.get_raw_value_for(_spelt(probed, value))
        except (ValueError, RuntimeError) as error:
            raise invalid(
                f"{name} of {native.name} is {value!r}, which it refuses", where
            ) from error


def check(parameter: Parameter, value: Value, owner: str, field: str) -> None:
    """Refuse a value that a parameter of `owner` may not have.

    Raises:
        HostError: it may not.
    """
    if isinstance(parameter.default, bool):
        fits, allowed = isinstance(value, bool), "true and false"
    elif parameter.values:
        fits, allowed = _text(value) in parameter.values, _listed(parameter.values)
    else:
        low, high = float(parameter.low or 0), float(parameter.high or 0)
        fits = not isinstance(value, bool | str) and low <= value <= high
        allowed = f"{low:.10g} to {high:.10g} {parameter.unit}".rstrip()
    if not fits:
        what = f"{parameter.name} of {owner} is {value!r}, allowed are {allowed}"
        raise invalid(what, field)


def no_such(name: str, known: list[str], owner: str, field: str) -> HostError:
    """Return the error for a parameter that is not there, with all names and the likeliest."""
    if not known:
        return invalid(f"{owner} has no parameter {name!r}, nor any other", field)
    by_key = {one.casefold(): one for one in known}
    near = get_close_matches(name.casefold(), by_key, 1)
    guess = "".join(f"; did you mean {by_key[key]!r}?" for key in near)
    return invalid(f"{owner} has no parameter {name!r}, allowed are {_listed(known)}{guess}", field)


def _names(native: Any) -> dict[str, str]:
    """Return what the plug-in calls its parameters, by the names that users give them."""
    own = [one for one in native._parameters if not any(r.match(one.name) for r in CONTROLLERS)]  # noqa: SLF001
    return {inner().to_python_parameter_name(one) or "": one.name for one in own}


def _probed(native: Any, named: dict[str, str], name: str, field: str) -> Any:
    """Return pedalboard's view of a parameter, by its name here or its own."""
    own = named.get(name, name)
    if own not in named.values():
        raise no_such(name, sorted(named), native.name, field)
    return inner().AudioProcessorParameter(native, own)


def _listed(values: Sequence[str]) -> str:
    more = ["..."] if len(values) > LISTED else []
    return ", ".join([*map(repr, values[:LISTED]), *more])


def _spelt(probed: Any, value: Value) -> Value:
    return _text(value) if probed.type is str else value


def _text(value: Value) -> str:
    """Return a value as plug-ins spell it whose values are texts: they may be numbers."""
    return value if isinstance(value, str) else f"{value:g}"


def _described(name: str, probed: Any) -> Parameter:
    text = probed.get_text_for_raw_value(probed.default_raw_value)
    if probed.type is str:
        values = tuple(map(str, probed.valid_values))
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
    try:
        return float(inner().strip_common_float_suffixes(text))
    except ValueError:
        return None
