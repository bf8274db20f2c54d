"""The journal of a take, and the MIDI file that is made of it."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.error import BridgeError
from bridge.live.follower import Follower
from bridge.live.midi_take import finish, midi_take, unfinished
from bridge.live.take_journal import (
    Head,
    Heard,
    Mark,
    Take,
    TakeJournal,
    read_take,
)
from bridge.midi_source import Source, decode
from bridge.write_whole import ExistingFileError
from engines.live.engine import NEVER
from engines.live.event import Event, control, note_off, note_on

HEAD = Head(version="1", began_s=1.7e9, start_s=100.0, ports=("Keys",))
ON, OFF = note_on(0, 60, 100), note_off(0, 60)


def file_of(heard: Sequence[Heard] = (), marks: Sequence[Mark] = (), head: Head = HEAD) -> Source:
    return decode(midi_take(Take(head, tuple(heard), tuple(marks), 110.0)))


def spoken(source: Source, track: int = 1) -> list[tuple[int, bytes]]:
    """Return the ticks, of which a beat has 960, and the bytes of a track's messages."""
    found = source.tracks[track]
    pairs = zip(found.ticks.tolist(), found.events, strict=True)
    return [(tick, event) for tick, event in pairs if event[0] != 0xFF]


def tempi(source: Source) -> list[tuple[int, float]]:
    conductor = source.tracks[0]
    rows = [(int(conductor.ticks[row]), content) for row, content in conductor.metas(0x51)]
    return [(tick, round(6e7 / int.from_bytes(content), 1)) for tick, content in rows]


def steady(bpm: float, beats: range, start_s: float = 100.0) -> list[Mark]:
    return [Mark(start_s + beat * 60 / bpm, float(beat)) for beat in beats]


def test_a_journal_gives_back_what_came(tmp_path: Path) -> None:
    journal = TakeJournal(tmp_path / "a.take", HEAD)
    heard = (Heard(100.5, 0, ON), Heard(101.0, 0, OFF), Heard(101.5, 3, b"\xf0\x01\xf7"))
    marks = (Mark(101.0, 2.0), Mark(102.0, 0.0, jump=True))
    journal.keep([*heard[:2], marks[0]])
    journal.keep([heard[2], marks[1]])
    journal.close(103.0)
    assert read_take(journal.path) == Take(HEAD, heard, marks, closed_s=103.0)


def test_a_journal_can_be_read_while_it_is_written(tmp_path: Path) -> None:
    journal = TakeJournal(tmp_path / "a.take", HEAD)
    journal.keep([Heard(100.5, 0, ON)])
    assert read_take(journal.path).heard == (Heard(100.5, 0, ON),)
    journal.close(101.0)


def test_a_process_that_is_killed_loses_nothing_it_was_handed(tmp_path: Path) -> None:
    path = tmp_path / "a.take"
    play = f"""
import os, signal
from pathlib import Path
from bridge.live.take_journal import Head, Heard, TakeJournal
from engines.live.event import note_on
journal = TakeJournal(Path({os.fspath(path)!r}), Head("1", 0.0, 0.0))
for batch in range(500):
    journal.keep([Heard(batch + n / 4, 0, note_on(0, n, 1 + batch % 127)) for n in range(4)])
os.kill(os.getpid(), {int(signal.SIGKILL)})
"""
    subprocess.run([sys.executable, "-c", play], check=False, timeout=60)
    take = read_take(path)
    assert [(one.time_s, one.data[1]) for one in take.heard] == [
        (n / 4, n % 4) for n in range(2000)
    ]
    assert (take.torn, take.closed_s) == (0, None)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.integers(1, 10_000))
def test_a_torn_end_costs_only_the_record_that_is_torn(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "a.take"
    path.unlink(missing_ok=True)
    journal = TakeJournal(path, HEAD)
    head = path.stat().st_size
    journal.keep([Heard(float(n), 0, ON) for n in range(100)])
    whole = path.read_bytes()
    record = (len(whole) - head) // 100
    cut = cut % (len(whole) - head)
    path.write_bytes(whole[: len(whole) - cut])
    take = read_take(path)
    assert len(take.heard) == (len(whole) - cut - head) // record
    assert take.torn == (-cut) % record
    journal.close(0.0)


def test_a_record_that_was_spoilt_ends_what_is_read(tmp_path: Path) -> None:
    journal = TakeJournal(tmp_path / "a.take", HEAD)
    journal.keep([Heard(1.0, 0, ON)])
    content = bytearray(journal.path.read_bytes())
    content[-1] ^= 1
    journal.path.write_bytes(content)
    assert read_take(journal.path).heard == ()
    journal.close(0.0)


def test_what_is_no_journal_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.take").write_bytes(b"MThd")
    with pytest.raises(BridgeError, match="begins with b'MThd', allowed is b'yuragi take 1"):
        read_take(tmp_path / "a.take")


def test_a_journal_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "a.take").write_bytes(b"old")
    with pytest.raises(BridgeError, match="cannot be written: File exists"):
        TakeJournal(tmp_path / "a.take", HEAD)


def test_the_disk_is_waited_for_a_second_after_what_it_does_not_have(tmp_path: Path) -> None:
    journal = TakeJournal(tmp_path / "a.take", HEAD)
    assert journal.due_s == NEVER
    journal.keep([Heard(100.25, 0, ON)])
    journal.keep([Heard(100.75, 0, OFF)])
    assert journal.due_s == 101.25
    journal.wake(101.25)
    assert journal.due_s == NEVER
    journal.close(102.0)


def test_without_a_pulse_a_take_is_at_120_bpm_from_its_start() -> None:
    source = file_of([Heard(101.0, 0, ON), Heard(101.75, 0, OFF)])
    assert spoken(source) == [(1920, ON), (3360, OFF)]  # 2 and 3.5 beats behind 100 s
    assert tempi(source) == [(0, 120.0)]


def test_a_take_lies_on_the_beats_of_its_pulse() -> None:
    head = Head("1", 0.0, 100.0, song=True)
    source = file_of([Heard(101.0, 0, ON), Heard(103.0, 0, OFF)], steady(90.0, range(9)), head)
    assert spoken(source) == [(1440, ON), (4320, OFF)]  # 1 s is 1.5 beats
    assert tempi(source) == [(0, 90.0)]


def test_a_song_that_is_recorded_from_its_ninth_bar_on_starts_there() -> None:
    head = Head("1", 0.0, 100.0, song=True)
    marks = steady(120.0, range(32, 40), start_s=90.0)  # beat 32 at 106 s
    source = file_of([Heard(106.5, 0, ON), Heard(107.0, 0, OFF)], marks, head)
    assert spoken(source) == [(33 * 960, ON), (34 * 960, OFF)]


def test_counting_that_began_anywhere_is_moved_by_whole_bars() -> None:
    marks = steady(120.0, range(1001, 1010), start_s=100.0 - 1001 / 2)  # beat 1001 at 100 s
    source = file_of([Heard(100.5, 0, ON), Heard(101.0, 0, OFF)], marks)
    assert spoken(source) == [(2 * 960, ON), (3 * 960, OFF)]  # 1002 is 2 behind 1000


def test_what_came_before_the_pulse_is_kept_in_its_bar() -> None:
    head = Head("1", 0.0, 100.0, song=True)
    marks = steady(120.0, range(8), start_s=104.0)
    source = file_of([Heard(103.0, 0, ON), Heard(104.0, 0, OFF)], marks, head)
    assert spoken(source) == [(2 * 960, ON), (4 * 960, OFF)]  # beats -2 and 0, a bar later


def test_a_hand_that_is_early_for_the_first_beat_moves_no_bar() -> None:
    head = Head("1", 0.0, 100.0, song=True)
    source = file_of([Heard(99.9, 0, ON), Heard(101.0, 0, OFF)], steady(120.0, range(8)), head)
    assert spoken(source) == [(0, ON), (2 * 960, OFF)]


def test_a_change_of_tempo_is_one_event() -> None:
    first = steady(120.0, range(9))
    second = [Mark(104.0 + beat, 8.0 + beat) for beat in range(1, 9)]  # 60 bpm
    source = file_of([Heard(106.0, 0, ON), Heard(107.0, 0, OFF)], first + second)
    assert tempi(source) == [(0, 120.0), (8 * 960, 60.0)]
    assert spoken(source) == [(10 * 960, ON), (11 * 960, OFF)]


def test_a_song_that_loops_goes_on_by_whole_bars() -> None:
    head = Head("1", 0.0, 100.0, song=True)
    again = [Mark(102.0, 0.0, jump=True), *steady(120.0, range(1, 4), start_s=102.0)]
    marks = [*steady(120.0, range(4)), *again]
    source = file_of([Heard(102.5, 0, ON), Heard(103.0, 0, OFF)], marks, head)
    assert spoken(source) == [(5 * 960, ON), (6 * 960, OFF)]
    assert tempi(source) == [(0, 120.0)]


def test_a_song_that_was_stopped_goes_on_in_a_later_bar() -> None:
    head = Head("1", 0.0, 100.0, song=True)
    again = [Mark(105.2, 4.0, jump=True), *steady(120.0, range(5, 9), start_s=103.2)]
    marks = [*steady(120.0, range(5)), *again]
    source = file_of([Heard(105.7, 0, ON), Heard(106.2, 0, OFF)], marks, head)
    assert spoken(source) == [(13 * 960, ON), (14 * 960, OFF)]  # 105.2 s were beat 10.4: bar 4


@pytest.mark.parametrize("seed", range(3))
def test_ticks_lie_on_the_beats_of_a_clock_that_jitters(tmp_path: Path, seed: int) -> None:
    rng, follower = np.random.default_rng(seed), Follower()
    journal = TakeJournal(tmp_path / "a.take", Head("1", 0.0, 0.0, song=True))
    follower.hear(Event(0.0, b"\xfa"))
    for tick in range(24 * 32):
        time_s = tick * 60 / 120 / 24
        follower.hear(Event(time_s + rng.normal(0, 1e-3), b"\xf8"))
        beat = follower.beat(time_s)
        if tick % 24 == 12 and beat is not None:
            journal.keep([Mark(time_s, beat)])
        if tick % 24 == 0:
            journal.keep([Heard(time_s, 0, ON), Heard(time_s + 0.1, 0, OFF)])
    journal.close(16.0)
    ticks = [
        tick for tick, data in spoken(decode(midi_take(read_take(journal.path)))) if data == ON
    ]
    off = np.array(ticks) - np.arange(32) * 960
    assert abs(off[8:]).max() <= 2  # 1 ms is 1.92 ticks


def test_a_note_that_never_ended_is_ended_with_the_take() -> None:
    assert spoken(file_of([Heard(101.0, 0, ON)])) == [(1920, ON), (20 * 960, OFF)]


def test_everything_that_came_is_in_the_file() -> None:
    said = [control(2, 64, 127), b"\xc1\x05", b"\xe0\x01\x40", b"\xa0\x3c\x10", b"\xd0\x20"]
    source = file_of([Heard(101.0, 0, data) for data in [*said, b"\xf3\x01", b"\xf0\x7e\xf7"]])
    kept = [data for _, data in spoken(source)]
    assert kept == [*said, b"\xf7\x02\xf3\x01", b"\xf0\x02\x7e\xf7"]


def test_what_a_clock_said_is_not_in_the_file() -> None:
    clock = [Heard(101.0, 0, bytes([code])) for code in (0xF8, 0xFA, 0xFB, 0xFC, 0xFE)]
    assert spoken(file_of(clock)) == []


def test_a_sysex_of_a_megabyte_is_kept(tmp_path: Path) -> None:
    sysex = b"\xf0" + bytes(n % 128 for n in range(2**20)) + b"\xf7"
    journal = TakeJournal(tmp_path / "a.take", HEAD)
    journal.keep([Heard(101.0, 0, sysex)])
    journal.close(102.0)
    [(_, event)] = spoken(decode(finish(journal.path).read_bytes()))
    assert event[-len(sysex) + 1 :] == sysex[1:]


def test_each_port_has_a_track_of_its_name() -> None:
    head = Head("1", 0.0, 100.0, ports=("Keys", "Pads"))
    source = file_of([Heard(101.0, 1, ON), Heard(101.5, 1, OFF)], head=head)
    assert [content for t in source.tracks[1:] for _, content in t.metas(0x03)] == [
        b"Keys",
        b"Pads",
    ]
    assert [data for _, data in spoken(source, 2)] == [ON, OFF]


def test_finishing_puts_the_file_in_the_place_of_the_journal(tmp_path: Path) -> None:
    journal = TakeJournal(tmp_path / "a.take", HEAD)
    journal.close(101.0)
    assert finish(journal.path) == tmp_path / "a.mid"
    assert [path.name for path in tmp_path.iterdir()] == ["a.mid"]


def test_a_journal_stays_if_its_file_cannot_be_written(tmp_path: Path) -> None:
    journal = TakeJournal(tmp_path / "a.take", HEAD)
    journal.close(101.0)
    (tmp_path / "a.mid").write_bytes(b"other")
    with pytest.raises(ExistingFileError):
        finish(journal.path)
    assert journal.path.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no flock")
def test_what_is_being_recorded_is_not_unfinished(tmp_path: Path) -> None:
    journal = TakeJournal(tmp_path / "a.take", HEAD)
    assert unfinished(tmp_path) == []
    with pytest.raises(BridgeError, match="is being recorded"):
        finish(journal.path)
    journal.close(101.0)
    assert unfinished(tmp_path) == [journal.path]


def test_what_has_its_file_is_not_unfinished(tmp_path: Path) -> None:
    journal = TakeJournal(tmp_path / "a.take", HEAD)
    journal.close(101.0)
    finish(journal.path, keep=True)
    assert unfinished(tmp_path) == []


def test_a_song_that_leaps_at_once_makes_no_endless_file() -> None:
    # from the leap's tempo of a million beats a second, a second before it would be beat -1,000,000
    source = file_of(marks=[Mark(101.0, 0.0), Mark(101.0002, 200.0), Mark(102.0, 201.0)])
    assert source.tracks[0].end < 300 * 960


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.floats(90, 130), st.integers(0, 1), st.booleans()), max_size=40),
    st.lists(st.tuples(st.floats(0, 5), st.floats(-50, 500), st.booleans()), max_size=20),
    st.booleans(),
)
def test_whatever_the_song_did_each_note_is_in_the_file_once_and_ended(
    notes: list[tuple[float, int, bool]], moves: list[tuple[float, float, bool]], song: bool
) -> None:
    heard = [
        Heard(time_s, port, note_on(0, 60, 1) if is_on else note_off(0, 60))
        for time_s, port, is_on in notes
    ]
    at = np.cumsum([wait for wait, _, _ in moves]).tolist()
    marks = [Mark(100.0 + t, beat, jump) for t, (_, beat, jump) in zip(at, moves, strict=True)]
    source = file_of(heard, marks, Head("1", 0.0, 100.0, ("a", "b"), song=song))
    for port in (0, 1):
        begun = [data for _, data in spoken(source, port + 1) if data[0] == 0x90]
        assert len(begun) == sum(one.port == port and one.data[0] == 0x90 for one in heard)
