"""What the server says of itself to who says hello."""

from pathlib import Path

from bridge.protocol import Hello, Welcome, decode_reply, encode
from bridge.session import Session
from bridge.shelf import Shelf
from engines.performance.weights import SHIPPED, Library


def welcomed(shelf: Shelf, library: Library = SHIPPED) -> Welcome:
    session = Session("1.2.3", shelf, library=library)
    session.receive(b"peer", encode(Hello(1)), 0.0)
    reply = decode_reply(session.outbox.popleft().frame)
    assert isinstance(reply, Welcome)
    return reply


def test_hello_says_what_each_preset_is_made_of(tmp_path: Path) -> None:
    stages = ("echo", "rules.groove", "euclid", "rules.groove")
    tables = "".join(f'[[stage]]\nengine = "{engine}"\n' for engine in stages)
    (tmp_path / "beat.toml").write_text(f'summary = "Drums."\nrole = "drums"\n{tables}')
    presets = {preset["name"]: preset for preset in welcomed(Shelf(tmp_path)).presets}
    assert presets["beat"] == {
        "name": "beat",
        "role": "drums",
        "summary": "Drums.",
        "kind": "generator",
        "engines": ["echo", "rules.groove", "euclid"],
    }
    assert presets["band/natural"]["kind"] == "humanizer"


def test_hello_warns_of_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "odd.toml").write_text("summary = ")
    warnings = welcomed(Shelf(tmp_path), Library(tmp_path)).warnings
    weights, drums, engine, preset = warnings  # tests/third_party: an engine that does not load
    assert weights.startswith("the learned engines play by rules: ")
    assert drums.startswith("drums are played by rules: ")
    assert engine.startswith("engine missing does not load: ")
    assert preset.startswith(f"{tmp_path / 'odd.toml'} is left out: ")


def test_hello_does_not_warn_of_weights_that_are_there(tmp_path: Path) -> None:
    assert not any("weights" in warning for warning in welcomed(Shelf(tmp_path)).warnings)
