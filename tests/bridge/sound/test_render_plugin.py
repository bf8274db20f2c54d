"""The command renders through plug-ins, set as a user asks for it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bridge.midi_file import new_song, write_song
from engines.clip import Clip, Notes
from tests.bridge.sound.sounds import RATE, need
from tests.clips import stiff_clip
from tests.conftest import Ran

need("pedalboard", "pyloudnorm", "scipy", "soundfile")
pytestmark = pytest.mark.usefixtures("own_place")

Run = Callable[..., Ran]

Heard = tuple[list[str], tuple[float, float]]
"""Parameters, and what is heard with them: the pitch in Hz and the effective level."""


@pytest.fixture
def synth(plugins: Path) -> Path:
    """Return the instrument of which every sample is known."""
    return plugins / "Test Synth.vst3"


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    """Return a file of one note, an A of 440 Hz at full velocity, two seconds long."""
    one = Notes(
        pitch=np.array([69]),
        onset=np.zeros(1),
        duration=np.full(1, 4.0),
        velocity=np.full(1, 127.0),
    )
    write_song(new_song((Clip(one, length=4.0, name="Lead"),)), tmp_path / "tone.mid")
    return tmp_path / "tone.mid"


def pitch_and_level(path: Path) -> tuple[float, float]:
    """Return by its spectrum the pitch in Hz of a second of sound, and its effective level."""
    import soundfile  # noqa: PLC0415 - where it is missing the tests are skipped

    # a second, so that its spectrum is in whole Hz
    samples, _ = soundfile.read(path, start=RATE // 2, frames=RATE, always_2d=True)
    samples = samples[:, 0]
    return float(np.abs(np.fft.rfft(samples)).argmax()), float(np.sqrt(np.mean(samples**2)))


SINE = (440, 0.1 / 2**0.5)
"""What Test Synth plays of itself: a cosine of 0.1, whose effective level is that by root two."""

SQUARE_ABOVE = (880, 0.1)
"""What it plays with octave 1 and the square wave, which is always at plus or minus 0.1."""


@pytest.mark.parametrize(
    "heard",
    [
        ([], SINE),
        (["octave=1", "wave=Square"], SQUARE_ABOVE),
        (["octave=-1", "level=0.5"], (220, SINE[1] / 2)),
    ],
)
def test_a_plug_in_plays_as_its_parameters_say(
    run_yuragi: Run,
    tone: Path,
    tmp_path: Path,
    synth: Path,
    heard: Heard,
) -> None:
    params, wanted = heard
    asked = [word for param in params for word in ("--param", param)]
    ran = run_yuragi("render", tone, "-o", tmp_path / "out.wav", "--plugin", synth, *asked)
    assert ran.code == 0, ran.err
    assert "Lead: Test Synth" in ran.out
    assert pitch_and_level(tmp_path / "out.wav") == pytest.approx(wanted, rel=0.01)


def test_a_plug_in_plays_as_a_file_of_instruments_says(
    run_yuragi: Run, tone: Path, tmp_path: Path, synth: Path
) -> None:
    (tmp_path / "mine.toml").write_text(
        f'[track.Lead]\nplugin = "{synth}"\nparameters = {{ octave = 1, wave = "Square" }}\n',
        encoding="utf-8",
    )
    asked = ("--instruments", tmp_path / "mine.toml")
    ran = run_yuragi("render", tone, "-o", tmp_path / "out.wav", *asked)
    assert ran.code == 0, ran.err
    assert pitch_and_level(tmp_path / "out.wav") == pytest.approx(SQUARE_ABOVE, rel=0.01)


def test_a_plug_in_plays_as_its_preset_says(
    run_yuragi: Run, tone: Path, tmp_path: Path, synth: Path
) -> None:
    preset = tmp_path / "mine.vstpreset"
    setting = ("--param", "octave=1", "--param", "wave=Square", "-o", preset)
    ran = run_yuragi("plugins", "save", synth, *setting)
    assert ran.code == 0, ran.err
    asked = ("--plugin", synth, "--preset-file", preset)
    ran = run_yuragi("render", tone, "-o", tmp_path / "out.wav", *asked)
    assert ran.code == 0, ran.err
    assert pitch_and_level(tmp_path / "out.wav") == pytest.approx(SQUARE_ABOVE, rel=0.01)


def test_a_parameter_that_is_not_there_is_a_sentence_and_no_file(
    run_yuragi: Run, tone: Path, tmp_path: Path, synth: Path
) -> None:
    asked = ("--plugin", synth, "--param", "nonesuch=1")
    ran = run_yuragi("render", tone, "-o", tmp_path / "no.wav", *asked)
    assert ran.code == 2
    assert "nonesuch" in ran.err
    assert not (tmp_path / "no.wav").exists()


def test_a_plug_in_that_crashes_is_named_and_leaves_no_file(
    run_yuragi: Run, tmp_path: Path, plugins: Path
) -> None:
    write_song(new_song((stiff_clip(512),)), tmp_path / "long.mid")
    asked = ("--plugin", plugins / "Test Crash Note.vst3")  # at note 500
    ran = run_yuragi("render", tmp_path / "long.mid", "-o", tmp_path / "out.wav", *asked)
    assert ran.code == 2
    assert "Test Crash Note" in ran.err
    assert not (tmp_path / "out.wav").exists()
    assert list(tmp_path.rglob("*.tmp")) == []
