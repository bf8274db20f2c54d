"""Sound is written whole or not at all, the same bytes each time, and reads back as it was."""

import io
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from bridge.error import BridgeError
from bridge.sound import ogg
from bridge.sound.audio_file import encoded, write_audio
from bridge.sound.audio_form import FORMS, MP3_RATES, Choice
from bridge.sound.level import Level, Sound
from bridge.write_whole import ExistingFileError
from tests.bridge.sound.sounds import RATE, music, need, recorded

need("soundfile")

CHOICES = [Choice(form, bits or None) for form, one in FORMS.items() for bits in one.subtypes]

# a step of the samples; libsndfile's lossy ones were off by .06 and .04 in noise like this
NEAR = {24: 2**-24, 16: 1.5 * 2**-15, 32: 0.0, 0: 0.1}


def read(content: bytes) -> tuple[np.ndarray, int]:
    import soundfile  # noqa: PLC0415 - where it is missing the tests are skipped

    samples, rate = soundfile.read(io.BytesIO(content), always_2d=True)
    return samples, rate


@pytest.fixture
def sound() -> Iterator[Sound]:
    with recorded(music()) as recording:
        yield Sound(recording)


@pytest.mark.parametrize("choice", CHOICES, ids=str)
def test_a_file_reads_back_as_it_was_written(sound: Sound, tmp_path: Path, choice: Choice) -> None:
    path = tmp_path / f"out.{choice.form}"
    write_audio({path: sound}, choice)
    samples, rate = read(path.read_bytes())
    assert rate == RATE
    assert samples.shape == (sound.recording.frames, 2)
    assert np.abs(samples - music()).max() <= NEAR[choice.depth]


@pytest.mark.parametrize("choice", CHOICES, ids=str)
def test_silence_before_the_first_note_is_silence(
    sound: Sound, tmp_path: Path, choice: Choice
) -> None:
    path = tmp_path / f"out.{choice.form}"
    write_audio({path: sound}, choice)
    samples, _ = read(path.read_bytes())
    assert np.abs(samples[: RATE // 10 - 1200]).max() < 1e-3  # codecs ring before, MP3 by a granule


def test_the_same_sound_is_the_same_bytes_in_another_second(sound: Sound, tmp_path: Path) -> None:
    def content(choice: Choice) -> bytes:
        path = tmp_path / f"{choice.bits}.{choice.form}"
        write_audio({path: sound}, choice, overwrite=True)
        return path.read_bytes()

    first, begun = [content(choice) for choice in CHOICES], int(time.time())
    while int(time.time()) == begun:  # what is dated is dated in seconds
        content(CHOICES[0])
    assert [content(choice) for choice in CHOICES] == first


def test_the_bytes_do_not_depend_on_where_they_go(sound: Sound, tmp_path: Path) -> None:
    for form in FORMS:
        path = tmp_path / f"out.{form}"
        write_audio({path: sound}, Choice(form))
        assert path.read_bytes() == encoded(sound, form)


def test_the_checksum_of_ogg_pages_is_the_one_that_libsndfile_writes(sound: Sound) -> None:
    import soundfile  # noqa: PLC0415 - where it is missing the tests are skipped

    file = io.BytesIO()
    soundfile.write(file, music(1.0), RATE, format="OGG")
    content = file.getvalue()
    assert content[14:18] != struct.pack("<I", ogg.SERIAL)
    for head, page in pages(content):
        assert ogg.checksum(page[:22] + bytes(4) + page[26:]) == head[6]
    assert {head[4] for head, _ in pages(encoded(sound, "ogg"))} == {ogg.SERIAL}


def pages(content: bytes) -> Iterator[tuple[tuple[int, ...], bytes]]:
    at = 0
    while at < len(content):
        head = ogg.HEADER.unpack_from(content, at)
        table = content[at + 27 : at + 27 + head[-1]]
        end = at + 27 + len(table) + sum(table)
        yield head, content[at:end]
        at = end


@pytest.mark.parametrize("form", FORMS)
def test_a_full_disk_is_a_sentence_and_nothing_stays(
    tmp_path: Path, form: str, full_disk: Callable[[], None]
) -> None:
    path = tmp_path / f"out.{form}"
    with recorded(music(20.0)) as recording:
        full_disk()
        with pytest.raises(BridgeError, match=r"out.\w+ cannot be written: File too large"):
            write_audio({path: Sound(recording)}, Choice(form))
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_must_stay_keeps_back_what_belongs_to_it(sound: Sound, tmp_path: Path) -> None:
    (tmp_path / "b.wav").write_bytes(b"mine")
    with pytest.raises(ExistingFileError):
        write_audio({tmp_path / "a.wav": sound, tmp_path / "b.wav": sound}, Choice())
    assert [path.name for path in tmp_path.iterdir()] == ["b.wav"]
    assert (tmp_path / "b.wav").read_bytes() == b"mine"


@pytest.mark.parametrize("form", FORMS)
def test_what_is_stopped_leaves_nothing(sound: Sound, tmp_path: Path, form: str) -> None:
    def stop(_share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_audio({tmp_path / f"out.{form}": sound}, Choice(form), tell=stop)
    assert list(tmp_path.iterdir()) == []


def test_progress_runs_to_the_end(sound: Sound, tmp_path: Path) -> None:
    told: list[float] = []
    sounds = {tmp_path / "a.wav": sound, tmp_path / "b.wav": sound}
    write_audio(sounds, Choice(), tell=told.append)
    assert told == sorted(told)
    assert told[-1] == 1


def test_no_sound_at_all_is_refused() -> None:
    nothing = recorded(np.zeros((0, 2), np.float32))
    with nothing, pytest.raises(BridgeError, match="has no frames"):
        encoded(Sound(nothing), "wav")


def test_what_is_louder_than_full_scale_is_clipped_and_not_wrapped() -> None:
    loud = np.array([[1.5, -1.5], [1.0, -1.0]], np.float32)
    with recorded(loud) as recording:
        samples, _ = read(encoded(Sound(recording, Level()), "wav"))
    assert samples == pytest.approx(np.clip(loud, -1, 1), abs=2**-22)


MISTAKES = [
    (Choice("aiff"), RATE, "the format is 'aiff', allowed are wav, flac, ogg, mp3"),
    (Choice("mp3"), 96_000, f"the sample rate is 96000, allowed in mp3 are .*{MP3_RATES[-1]}"),
    (Choice("flac", 32), RATE, "bits is 32, allowed in flac are 24 or 16"),
    (Choice("ogg", 24), RATE, "bits is 24, allowed in ogg are none"),
]


@pytest.mark.parametrize(("choice", "rate", "words"), MISTAKES)
def test_what_a_format_cannot_hold_is_a_sentence(choice: Choice, rate: int, words: str) -> None:
    with pytest.raises(BridgeError, match=words):
        choice.check(rate)


def test_a_wav_of_more_than_four_gib_is_refused() -> None:
    # 4 hours of 6 bytes at 96 kHz are 7.7 GiB
    with pytest.raises(BridgeError, match=r"7\.7 GiB of sound do not fit into a wav file"):
        Choice("wav").check(96_000, 4 * 3600 * 96_000)


def test_a_missing_library_is_a_sentence_with_what_to_install() -> None:
    code = (
        "import sys; sys.modules['soundfile'] = None\n"
        "from bridge.sound.audio_file import encoded\n"
        "from bridge.sound.level import Sound\n"
        "from bridge.sound.recording import Recording\n"
        "recording = Recording(48_000)\n"
        "recording.write(0, bytes(8))\n"
        "encoded(Sound(recording), 'wav')"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    said = ran.stderr.strip().splitlines()[-1]
    assert said.endswith(
        "soundfile is not installed, and sound needs it: pip install 'yuragi[render]'"
    )
