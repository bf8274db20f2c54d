"""Record what is heard."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bridge.error import BridgeError
from bridge.live.jack_musician import wait_until
from bridge.live.recorder import WAITING, Recorder, new_take
from bridge.live.take_journal import Head, read_take
from bridge.live.timeline import Steady
from bridge.midi_file import read_song
from engines.live.event import Event, note_off, note_on

HEAD = Head(version="1", began_s=0.0, start_s=0.0, song=True)


def test_a_take_becomes_a_midi_file(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "a.take", HEAD)
    for n in range(100):
        recorder.hear(Event(n / 4, note_on(0, n, 100)))
        recorder.hear(Event(n / 4 + 0.25, note_off(0, n)))
    [clip] = read_song(recorder.close(26.0)).clips
    assert clip.notes.pitch.tolist() == list(range(100))
    assert clip.notes.onset.tolist() == [n / 2 for n in range(100)]  # 120 bpm


def test_a_take_lies_on_the_beats_of_the_pulse(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "a.take", HEAD, Steady(90.0, 1.0))
    for step in range(1000):
        recorder.look(1.0 + step / 100)
    recorder.hear(Event(3.0, note_on(0, 60, 100)))
    recorder.hear(Event(5.0, note_off(0, 60)))
    [clip] = read_song(recorder.close(12.0)).clips
    assert clip.notes.onset.tolist() == [3.0]  # 2 s at 90 bpm
    assert clip.notes.duration.tolist() == [3.0]
    assert clip.tempo.bpm.tolist() == pytest.approx([90.0], abs=0.01)


def test_a_beat_is_marked_once(tmp_path: Path) -> None:
    pulse = Steady(60.0)
    recorder = Recorder(tmp_path / "a.take", HEAD, pulse)
    for step in range(350):
        recorder.look(step / 100)
    pulse.jumps += 1
    recorder.look(3.5)
    recorder.close(4.0, keep=True)
    marks = read_take(recorder.path).marks
    assert [(mark.beat, mark.jump) for mark in marks] == [
        (0.0, True),
        (1.0, False),
        (2.0, False),
        (3.0, False),
        (3.5, True),
    ]


def test_what_a_clock_says_is_not_recorded(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "a.take", HEAD)
    recorder.hear(Event(0.0, b"\xf8"))
    assert recorder.heard == 0
    recorder.close(1.0)


def test_a_take_whose_file_cannot_be_written_stays_a_journal(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "a.take", HEAD)
    recorder.hear(Event(0.5, note_on(0, 60, 100)))
    (tmp_path / "a.mid").write_bytes(b"other")
    with pytest.raises(BridgeError, match="is there already"):
        recorder.close(1.0)
    assert len(read_take(tmp_path / "a.take").heard) == 1


def test_a_new_take_has_a_name_of_its_own(tmp_path: Path) -> None:
    first = new_take(tmp_path)
    first.touch()
    assert not new_take(tmp_path).exists()


@contextmanager
def small_disk() -> Iterator[Callable[[int], None]]:
    """Yield what limits how long files may be, as a disk that is full would."""
    resource = pytest.importorskip("resource", reason="Windows limits no files")
    before, on_limit = resource.getrlimit(resource.RLIMIT_FSIZE), signal.SIGXFSZ
    handler = signal.signal(on_limit, signal.SIG_IGN)
    try:
        yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(on_limit, handler)


def hear(recorder: Recorder, *numbers: int) -> None:
    for number in numbers:
        recorder.hear(Event(number / 10, note_on(0, number % 128, 100)))
        recorder.hear(Event(number / 10 + 0.05, note_off(0, number % 128)))


def test_what_a_full_disk_does_not_take_is_written_when_there_is_room(tmp_path: Path) -> None:
    told: list[str] = []
    recorder = Recorder(tmp_path / "a.take", HEAD, tell=told.append)
    with small_disk() as limit:
        limit(2000)
        hear(recorder, *range(500))
        wait_until(lambda: len(told) > 0, "the sentence")
        limit(100_000)
        hear(recorder, *range(500, 600))
        [clip] = read_song(recorder.close(61.0)).clips
    assert clip.notes.pitch.tolist() == [number % 128 for number in range(600)]
    assert recorder.notes == 600
    assert len(told) == 1
    assert told[0].startswith("the recording waits, and goes on when there is room: ")


def test_of_a_take_that_found_no_room_that_is_counted_which_is_in_the_file(tmp_path: Path) -> None:
    told: list[str] = []
    recorder = Recorder(tmp_path / "a.take", HEAD, tell=told.append)
    hear(recorder, *range(10))
    wait_until(lambda: len(read_take(recorder.path).heard) == 20, "a part to be written")
    with small_disk() as limit:
        limit(2000)
        hear(recorder, *range(10, WAITING))
        path = recorder.close(1e5)
    [clip] = read_song(path).clips
    assert len(clip.notes) == recorder.notes == 10
    assert len(told) == 2
    assert told[1].startswith(f"{2 * (WAITING - 10)} messages of the take are lost")
