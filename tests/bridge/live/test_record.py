"""Record through `yuragi record` in a process of its own, and read the file that it leaves."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil
import pytest

from bridge.gig_protocol import Ports
from bridge.live.jack_musician import RATE, Musician, musician, wait_until
from bridge.live.order import Ask, Choose, Finish, Record
from bridge.live.recovery import takes_folder
from bridge.live.stage_door import OrderError, StageDoor
from bridge.midi_file import read_song
from engines.clip import Clip
from engines.live.event import note_off, note_on
from engines.stage import Stage
from tests.bridge.live.programs import Program, yuragi

TICK_S = 0.5 / 960
"""A tick at 120 bpm, in which a take without a clock is written."""


@contextmanager
def record(player: Musician, path: Path, *options: str) -> Iterator[Program]:
    """Run `yuragi record` at a musician's port, listening."""
    arguments = ("--in", f"{player.name}:out", "--out", f"{player.name}:in", "-o", str(path))
    with yuragi("record", *arguments, *options) as process:
        assert process.stdout is not None
        assert any("yuragi records" in line for line in process.stdout), "it has ended"
        yield process


def melody(player: Musician, count: int, step: int = 200) -> None:
    """Play notes that follow each other, and wait until they have come back."""
    begin = player.frame() + RATE // 10
    for number in range(count):
        player.play(note_on(0, number % 128, 1 + number % 127), at=begin + step * number)
        player.play(note_off(0, number % 128), at=begin + step * number + step // 2)
    wait_until(lambda: len(player.heard) >= 2 * count, "all to come back")


def onsets_s(ear: Musician) -> np.ndarray:
    """Return when notes began to somebody who listens, from the first one on."""
    frames = np.array([one.frame for one in ear.heard if one.data[0] == 0x90])
    return (frames - frames[0]) / RATE


def ended(process: Program, by: int) -> str:
    """End a process by a signal and return what it printed since."""
    process.send_signal(by)
    assert process.stdout is not None
    said = process.stdout.read()
    process.wait(20)
    return said


def notes_of(path: Path) -> Clip:
    [clip] = read_song(path).clips
    return clip


def test_ctrl_c_leaves_a_file_with_all_at_its_time(player: Musician, tmp_path: Path) -> None:
    with record(player, tmp_path / "a.mid") as process, musician("ear") as ear:
        player.client.connect(player.out, ear.into)
        melody(player, 200, step=300)
        said = ended(process, signal.SIGINT)
    assert process.returncode == 0
    assert f": {tmp_path / 'a.mid'}" in said
    assert said.startswith("200 notes in ")
    notes = notes_of(tmp_path / "a.mid").notes
    assert notes.velocity.tolist() == [1 + number % 127 for number in range(200)]
    onset_s = notes.onset * 0.5  # without a clock a file is at 120 bpm
    assert np.abs(onset_s - onset_s[0] - onsets_s(ear)).max() < TICK_S + 1 / RATE
    assert not list(takes_folder().glob("*.take"))


def test_a_kill_of_the_command_leaves_a_file_with_every_note(
    player: Musician, tmp_path: Path
) -> None:
    path = tmp_path / "a.mid"
    with record(player, path) as process:
        melody(player, 100)
        ended(process, signal.SIGKILL)
        wait_until(path.exists, "the file")
    assert len(notes_of(path).notes) == 100


def test_a_kill_of_all_leaves_a_journal_that_the_next_one_finishes(
    lonely: Musician, tmp_path: Path
) -> None:
    path = tmp_path / "a.mid"
    with record(lonely, path) as process:
        [child] = psutil.Process(process.pid).children()
        melody(lonely, 100)
        process.send_signal(signal.SIGSTOP)  # so that it cannot finish what its child has left
        child.kill()
        process.kill()
        child.wait(20)
    assert not path.exists()
    path.write_bytes(b"other")
    with yuragi("record", "--recover") as process:
        assert process.stdout is not None
        said = process.stdout.read()
    assert said.startswith("a take that was broken off is kept, 100 notes in ")
    assert len(notes_of(tmp_path / "a 2.mid").notes) == 100
    assert path.read_bytes() == b"other"


def test_when_only_the_process_that_records_is_killed_the_command_finishes(
    lonely: Musician, tmp_path: Path
) -> None:
    with record(lonely, tmp_path / "a.mid") as process:
        [child] = psutil.Process(process.pid).children()
        melody(lonely, 10)
        child.kill()
        assert process.stdout is not None
        said = process.stdout.read()
        assert process.wait(60) == 2
    assert "is kept, 10 notes in " in said
    assert len(notes_of(tmp_path / "a.mid").notes) == 10


def test_bars_are_those_of_the_song_on_a_midi_clock(player: Musician, tmp_path: Path) -> None:
    beat = RATE * 60 // 150
    with record(player, tmp_path / "a.mid", "--clock", "midi") as process:
        begin = player.frame() + RATE // 5
        player.play(b"\xfa", at=begin)
        for number in range(24 * 5):
            at = begin + number * beat // 24
            player.play(b"\xf8", at=at)
            if number % 24 == 0:
                player.play(note_on(0, 60 + number // 24, 64), at=at)
        player.wait_for(note_on(0, 64, 64))
        ended(process, signal.SIGINT)
    clip = notes_of(tmp_path / "a.mid")
    assert np.abs(clip.notes.onset - np.arange(5)).max() <= 1 / 960
    assert clip.tempo.bpm.tolist() == pytest.approx([150.0], abs=0.1)


def test_on_a_tempo_of_ones_own_the_first_bar_begins_with_the_first_note(
    player: Musician, tmp_path: Path
) -> None:
    with record(player, tmp_path / "a.mid", "--bpm", "240") as process, musician("ear") as ear:
        player.client.connect(player.out, ear.into)
        melody(player, 8, step=RATE // 4)
        ended(process, signal.SIGINT)
    clip = notes_of(tmp_path / "a.mid")
    assert np.abs(clip.notes.onset - 4 * onsets_s(ear)).max() <= 1 / 960  # 4 beats a second
    assert clip.tempo.bpm.tolist() == pytest.approx([240.0], abs=0.1)


def test_what_sounds_can_be_recorded(player: Musician, tmp_path: Path) -> None:
    ports = Ports(inputs=(f"{player.name}:out",), output=f"{player.name}:in")
    path = tmp_path / "a.mid"
    with StageDoor(ports) as door:
        stage = Stage("live.harmonise", {"tonic": "C"})
        door.ask(Choose(name="thirds", stages=(stage,)))
        door.ask(Record(folder=str(tmp_path), output=str(path), what="sounded"))
        player.play(note_on(0, 60, 64), note_off(0, 60))
        wait_until(lambda: len(player.heard) >= 4, "two notes")
        door.ask(Ask())
        assert door.state is not None
        assert door.state.take is not None
        assert (door.state.take.output, door.state.take.notes) == (str(path), 2)
        door.ask(Finish())
    heard = {one.data[1] for one in player.heard}
    assert set(notes_of(path).notes.pitch.tolist()) == heard


def test_two_takes_at_once_are_refused(player: Musician, tmp_path: Path) -> None:
    with StageDoor(Ports(inputs=(f"{player.name}:out",))) as door:
        order = Record(folder=str(tmp_path), output=str(tmp_path / "a.mid"))
        door.ask(order)
        with pytest.raises(OrderError, match="under way already, allowed is one"):
            door.ask(order)


def test_where_nothing_sounds_nothing_can_be_recorded(player: Musician, tmp_path: Path) -> None:
    order = Record(folder=str(tmp_path), output=str(tmp_path / "a.mid"))
    with (
        StageDoor(Ports(output=f"{player.name}:in")) as door,
        pytest.raises(OrderError, match="no port is open of which to record what is heard"),
    ):
        door.ask(order)


@pytest.mark.parametrize(
    ("name", "message"),
    [("a.wav", "output is"), ("there.mid", "is there already"), ("no/a.mid", "there is no folder")],
)
def test_a_file_that_cannot_be_written_is_refused_before_anything_is_played(
    run_yuragi: Callable[..., tuple[int, str, str]], tmp_path: Path, name: str, message: str
) -> None:
    (tmp_path / "there.mid").write_bytes(b"other")
    code, _, said = run_yuragi("record", "--in", "1", "-o", tmp_path / name)
    assert (code, message in said) == (2, True)
