"""The lists of presets and engines show those for playing live, apart from the others."""

import json
from collections.abc import Callable
from pathlib import Path

from bridge.midi_file import new_song, write_song
from engines.registry import live_engines
from tests.clips import stiff_clip
from tests.conftest import Ran

Run = Callable[..., Ran]


def test_engines_lists_those_for_playing_live_and_tells_their_options(run_yuragi: Run) -> None:
    listed = run_yuragi("engines").out
    assert all(engine.summary in listed for engine in live_engines().values())
    told = run_yuragi("engines", "live.latch").out
    assert told.startswith("live.latch, a live engine: ")
    assert "mode: chord or toggle; default chord" in told


def test_presets_lists_those_for_playing_live_and_tells_their_stages(run_yuragi: Run) -> None:
    clips, live = run_yuragi("presets").out.split("For yuragi live:")
    assert ("live/latched" in clips, "live/latched" in live) == (False, True)
    assert "live.latch: mode toggle" in run_yuragi("presets", "live/drone").out
    listed = {entry["name"] for entry in json.loads(run_yuragi("presets", "--json").out)}
    assert {"band/natural", "live/latched"} <= listed


def test_a_live_preset_is_told_to_be_none_for_clips(run_yuragi: Run, tmp_path: Path) -> None:
    song = tmp_path / "song.mid"
    write_song(new_song((stiff_clip(8),)), song)
    ran = run_yuragi("humanize", song, "-o", tmp_path / "out.mid", "--preset", "live/latched")
    assert ran.code == 2
    assert "is for playing live, allowed are those for clips: yuragi live --preset" in ran.err
