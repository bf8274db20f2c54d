"""What the documents say is what the program does."""

import os
import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from bridge.message import Code
from bridge.protocol import AnyReply, AnyRequest, Limits, Render
from engines.clip import ROLES, Clip, Notes

ROOT = Path(__file__).parents[1]
PROTOCOL = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")


def test_the_reference_is_what_the_program_says_of_itself() -> None:
    # in a process of its own: click keeps the first help option that a command was asked for
    code = "import runpy, sys; sys.stdout.write(runpy.run_path(sys.argv[1])['reference']())"
    made = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code, str(ROOT / "docs" / "make_reference.py")],
        capture_output=True,
        check=True,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
    )
    written = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    assert written == made.stdout.decode(), "run: python docs/make_reference.py"


def test_the_tutorial_engine_is_the_one_that_the_tests_run() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    shown = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert shown is not None
    code = (ROOT / "tests" / "third_party" / "yuragi_soften.py").read_text(encoding="utf-8")
    assert shown[1] == code


@pytest.mark.parametrize("message", [*AnyRequest.__args__, *AnyReply.__args__])
def test_the_protocol_page_names_every_message_and_field(message: type[msgspec.Struct]) -> None:
    assert f"`{message.__struct_config__.tag}`" in PROTOCOL
    for field in message.__struct_fields__:
        assert f"`{field}`" in PROTOCOL, field


@pytest.mark.parametrize("struct", [Render, Clip, Notes, Limits])
def test_the_protocol_page_names_every_field_of_what_a_message_holds(
    struct: type[msgspec.Struct],
) -> None:
    for field in struct.__struct_fields__:
        assert f"`{field}`" in PROTOCOL, field


def test_the_protocol_page_names_every_code_and_role() -> None:
    for code in Code:
        assert f"`{code.value}`" in PROTOCOL
    assert f"`{' '.join(ROLES)}`" in PROTOCOL


def test_the_ranges_of_the_protocol_page_are_those_of_the_columns() -> None:
    for name, column in Notes.COLUMNS.items():
        kind = {"u1": "u8", "<f8": "f64", "<i8": "i64"}[column.dtype]
        row = re.search(rf"\| `{name}` \| {kind} \| (\S+) (?:to|or) ([^| ]+)", PROTOCOL)
        assert row is not None, name
        low, high = row[1], row[2].replace(",", "").replace("2^53", str(2**53))
        assert (float(low), float(high)) == (column.low, column.high)
