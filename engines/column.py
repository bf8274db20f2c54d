"""Hold tables of numbers as read-only numpy columns that travel as raw bytes.

A `Table` is a frozen struct whose fields are numpy arrays of one length. In memory each is an
`np.ndarray`; on the wire each is a msgpack `bin` of little-endian numbers, so a clip is decoded
without touching its numbers one by one. What each column is called, its dtype, its range and its
default stand once, in the class's `COLUMNS`.

Letters: R rows.
"""

from copy import copy
from typing import Any, ClassVar, NamedTuple, Self

import msgspec
import numpy as np

from engines.error import ClipError

RAW = np.dtype("V1")
"""The dtype of a column that has come from the wire and has not been given its own dtype yet."""


def empty() -> np.ndarray:
    """Return the value of a column that was left out."""
    return np.empty(0, RAW)


class Column(NamedTuple):
    """Describe one column.

    `default` fills a column that was left out; None asks for it, and "row" counts 0, 1, 2, ...
    """

    dtype: str
    low: float
    high: float
    default: float | str | None
    unit: str
    meaning: str


class Table(msgspec.Struct, frozen=True, eq=False):
    """Be a table of R rows, valid once built.

    Raises:
        ClipError: a column is missing, has another length, or holds a value out of its range.
    """

    COLUMNS: ClassVar[dict[str, Column]] = {}

    def __post_init__(self) -> None:
        rows = -1
        for name in self.COLUMNS:
            self._set(name, getattr(self, name), rows)
            rows = len(getattr(self, name)) if rows < 0 else rows
        self.check()

    def check(self) -> None:
        """Refuse what no column shows alone; a table that has such a rule overrides this."""

    def __len__(self) -> int:
        return len(getattr(self, self.__struct_fields__[0]))

    def __eq__(self, other: object) -> bool:
        """Compare bit for bit."""
        if not isinstance(other, Table) or type(self) is not type(other):
            return NotImplemented
        return all(
            getattr(self, name).tobytes() == getattr(other, name).tobytes() for name in self.COLUMNS
        )

    def __ne__(self, other: object) -> bool:  # the root struct's own would compare identities
        return not self == other

    __hash__ = None  # type: ignore[assignment]

    def replace(self, **columns: np.ndarray) -> Self:
        """Return the table with other values in some columns; only these are checked."""
        replaced = copy(self)
        for name, values in columns.items():
            replaced._set(name, values, len(self))  # noqa: SLF001  (its own class)
        replaced.check()
        return replaced

    def take(self, rows: np.ndarray) -> Self:
        """Return the table with only the given rows ((K,) indices or (R,) mask), in their order."""
        return type(self)(**{name: getattr(self, name)[rows] for name in self.COLUMNS})

    @classmethod
    def concatenate(cls, *tables: Self) -> Self:
        """Return one table with the rows of all, in order."""
        return cls(**{n: np.concatenate([getattr(t, n) for t in tables]) for n in cls.COLUMNS})

    def _set(self, name: str, given: np.ndarray, rows: int) -> None:
        """Fill a column, valid and read-only; `rows` is -1 for the first."""
        column = self.COLUMNS[name]
        values = _typed(name, column, given, rows)
        if len(values) != rows >= 0:
            first = next(iter(self.COLUMNS))
            raise ClipError(f"{name} has {len(values)} rows, allowed are {rows} as in {first}")
        _check_range(name, column, values)
        values.flags.writeable = False
        msgspec.structs.force_setattr(self, name, values)


def to_wire(value: Any) -> Any:
    """Encode a column for msgspec: an array becomes its bytes.

    Raises:
        NotImplementedError: the value is no column.
    """
    if isinstance(value, np.ndarray):
        return value.data
    raise NotImplementedError(f"cannot encode {type(value).__name__}")


def from_wire(kind: type, value: Any) -> Any:
    """Decode a column for msgspec: bytes, or a plain list of numbers, become an array.

    Raises:
        ClipError: the value is neither.
    """
    if kind is not np.ndarray:
        raise NotImplementedError(f"cannot decode {kind.__name__}")
    if isinstance(value, bytes | bytearray | memoryview):
        return np.frombuffer(value, RAW)
    if isinstance(value, list) and all(type(v) in (int, float) for v in value):
        return np.array(value, dtype=np.float64)
    raise ClipError(f"column is {type(value).__name__}, allowed are bin or a list of numbers")


def _typed(name: str, column: Column, values: np.ndarray, rows: int) -> np.ndarray:
    """Return the column with its own dtype, filled with its default where it was left out."""
    if len(values) == 0 and rows > 0 and column.default is not None:
        if column.default == "row":
            return np.arange(rows, dtype=column.dtype)
        return np.full(rows, column.default, dtype=column.dtype)
    dtype = np.dtype(column.dtype)
    if values.dtype != RAW:
        return _exact(name, column, values, dtype)
    if len(values) % dtype.itemsize:
        raise ClipError(
            f"{name} has {len(values)} bytes, allowed are multiples of {dtype.itemsize}"
        )
    return values.view(dtype)


def _exact(name: str, column: Column, values: np.ndarray, dtype: np.dtype[Any]) -> np.ndarray:
    """Give an array its column's dtype, and refuse a number that would not survive it."""
    if values.ndim != 1:
        raise ClipError(f"{name} has {values.ndim} dimensions, allowed is 1")
    if values.dtype == dtype:
        return values.copy() if values.flags.writeable else np.ascontiguousarray(values)
    _check_range(name, column, values)
    typed = values.astype(dtype)
    if dtype.kind != "f" and not np.array_equal(typed, values):
        row = int(np.flatnonzero(typed != values)[0])
        raise ClipError(f"{name}[{row}] is {values[row]}, allowed are whole numbers")
    return typed


def _check_range(name: str, column: Column, values: np.ndarray) -> None:
    low, high = column.low, column.high
    # `min` and `max` go through Python first; a NaN makes both a NaN, which fails the comparison
    if not len(values) or (np.minimum.reduce(values) >= low and np.maximum.reduce(values) <= high):
        return
    row = int(np.flatnonzero(~((values >= low) & (values <= high)))[0])
    unit = f" {column.unit}" if column.unit else ""
    raise ClipError(f"{name}[{row}] is {values[row]}, allowed are {low:g} to {high:g}{unit}")
