import re
from pathlib import Path

import msgspec
import pytest

from engines.error import EngineError
from engines.live.chain import LiveChain
from engines.live.event import Event, note_off, note_on
from engines.live.preset import LivePreset, parse_live_preset
from engines.registry import find_live, live_engines
from engines.stage import Stage
from tests.engines.live.streams import Ledger, timed, woken

FOLDER = Path(__file__).parents[3] / "presets" / "live"
SHIPPED = {
    f"live/{path.stem}": parse_live_preset(f"live/{path.stem}", path.read_text(encoding="utf-8"))
    for path in sorted(FOLDER.glob("*.toml"))
}
STAGES = [(name, stage) for name, preset in SHIPPED.items() for stage in preset.stages]
every_preset = pytest.mark.parametrize("name", SHIPPED)


@every_preset
def test_a_summary_is_one_short_sentence(name: str) -> None:
    assert re.fullmatch(r"[A-Z][^.]*\.", SHIPPED[name].summary)
    assert 20 <= len(SHIPPED[name].summary) <= 120


def test_no_two_summaries_are_alike() -> None:
    assert len({preset.summary for preset in SHIPPED.values()}) == len(SHIPPED)


@every_preset
def test_a_name_is_plain(name: str) -> None:
    assert re.fullmatch(r"live/[a-z]+(-[a-z]+)*", name)


@pytest.mark.parametrize(("name", "stage"), STAGES)
def test_a_stage_says_only_what_differs_from_the_default(name: str, stage: Stage) -> None:
    defaults = msgspec.to_builtins(find_live(stage.engine).Options())
    for option, value in stage.options.items():
        assert value != defaults[option], f"{name}: {stage.engine}.{option}"


@every_preset
def test_a_stage_names_its_options_in_the_engine_s_order(name: str) -> None:
    for stage in SHIPPED[name].stages:
        order = find_live(stage.engine).Options.__struct_fields__
        assert list(stage.options) == [option for option in order if option in stage.options]


def test_every_live_engine_has_a_preset() -> None:
    assert {stage.engine for _, stage in STAGES} >= {
        name for name, engine in live_engines().items() if type(engine).__module__[:7] == "engines"
    }


@every_preset
def test_a_preset_plays_what_is_played_and_ends_it(name: str) -> None:
    """A chord of four notes for a second, and another one after it."""
    chain, said = LiveChain(SHIPPED[name].stages, seed=1), []
    chords = [(60, 64, 67, 72), (65, 69, 72, 77)]
    rows = [
        (1.0 * (at == 0), message)
        for chord in chords
        for ends in (False, True)
        for at, pitch in enumerate(chord)
        for message in [note_off(0, pitch) if ends else note_on(0, pitch, 80)]
    ]
    for event in timed(rows):
        said += [*woken(chain, event.time_s), *chain.hear(event)]
    said += [*woken(chain, 110.0), *chain.end(110.0)]
    played = {event.data[1] for event in said if event.is_note_on}
    assert played >= {60, 64, 67, 72, 65, 69, 77}
    assert (Ledger(said).sounding, Ledger(said).pedals) == (set(), set())


def test_a_preset_may_have_no_stages() -> None:
    assert parse_live_preset("live/x", 'summary = "Nothing."').stages == ()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("summary = ", "Invalid|invalid"),
        ("", "missing required field `summary`"),
        ('summary = "A."\nrole = "piano"', "unknown field `role`"),
        ('summary = "A."\nstage = 1', r"stage is not there as it should be"),
        ('summary = "A."\n[[stage]]\nengine = "velocity"', "is 'velocity', allowed are"),
        ('summary = "A."\n[[stage]]\nengine = "live.latch"\nhold = 3', "options.hold is 3"),
    ],
)
def test_a_preset_that_is_none_is_refused(text: str, fault: str) -> None:
    with pytest.raises(EngineError, match=f"preset live/x cannot be used: .*({fault})"):
        parse_live_preset("live/x", text)


def test_a_preset_is_a_chain_with_a_sentence() -> None:
    text = 'summary = "Holds."\n[[stage]]\nengine = "live.latch"\nmode = "toggle"'
    preset = LivePreset("live/x", "Holds.", (Stage("live.latch", {"mode": "toggle"}),))
    assert parse_live_preset("live/x", text) == preset
    assert LiveChain(preset.stages).hear(Event(0.0, b"\xf8")) == [Event(0.0, b"\xf8")]
