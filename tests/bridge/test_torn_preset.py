"""A preset of the user's that cannot be used is told of wherever it is asked for."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bridge.midi_file import new_song, write_song
from tests.clips import stiff_clip
from tests.conftest import Ran

Run = Callable[..., Ran]


@pytest.fixture(params=["torn", "drums/boom-bap"])
def torn(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[str, Path]:
    """Return the name of a preset and its file, which is no TOML."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    path = tmp_path / "yuragi" / "presets" / f"{request.param}.toml"
    path.parent.mkdir(parents=True)
    path.write_text("summary = ")
    return request.param, path


def test_it_is_told_of_where_it_is_listed(
    run_yuragi: Run, torn: tuple[str, Path], caplog: pytest.LogCaptureFixture
) -> None:
    name, path = torn
    ran = run_yuragi("presets")
    assert f"\n{name} " not in ran.out  # nor is the one that ships taken for it
    assert f"{path} is left out: preset {name} cannot be used: " in caplog.text


def test_it_is_told_of_where_it_is_asked_for(
    run_yuragi: Run, torn: tuple[str, Path], tmp_path: Path
) -> None:
    name, path = torn
    song = tmp_path / "song.mid"
    write_song(new_song((stiff_clip(8, name="Kit", role="drums", channel=9),)), song)
    out = tmp_path / "out.mid"
    for asked in (
        ("presets", name),
        ("humanize", song, "-o", out, "--preset", name),
        ("generate", name, "-o", out),
    ):
        ran = run_yuragi(*asked)
        assert ran.code == 2
        assert f"{path}: preset {name} cannot be used: " in ran.err.splitlines()[-1]
