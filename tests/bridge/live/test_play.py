"""Play scores through the process that plays, and look on which sample they sound."""

from itertools import pairwise
from pathlib import Path

import numpy as np

from bridge.gig_protocol import Ports
from bridge.live.clip_score import clip_score
from bridge.live.jack_musician import RATE, Musician, musician, wait_until
from bridge.live.order import Ask, Play, Stop, Swap
from bridge.live.sheet import Sheet, to_sheet
from bridge.live.stage_door import StageDoor
from bridge.midi_file import new_song, write_song
from engines.clip import Clip, Loop, Notes, Tempo
from tests.bridge.live.programs import yuragi

BPM = 150.0
BEAT = int(RATE * 60 / BPM)
"""Frames of a beat: 19,200."""


def clip(*pitches: int, step: float = 0.25, length: float = 4.0) -> Clip:
    """Return a loop of notes that follow each other, over and over until the loop is full."""
    onsets = np.arange(0.0, length, step)
    notes = Notes(
        pitch=np.resize(pitches, len(onsets)),
        onset=onsets,
        duration=np.full(len(onsets), step / 2),
        velocity=np.full(len(onsets), 90.0),
    )
    tempo = Tempo(time=np.zeros(1), bpm=np.full(1, BPM))
    return Clip(notes, length=length, tempo=tempo, loop=Loop(0.0, length))


def sheet(*pitches: int, step: float = 0.25) -> Sheet:
    return to_sheet(clip_score([clip(*pitches, step=step)]))


def opened(player: Musician) -> StageDoor:
    return StageDoor(Ports(output=f"{player.name}:in"))


def onsets(player: Musician) -> list[int]:
    return [one.frame for one in player.heard if one.data[0] == 0x90]


def test_every_onset_is_on_its_sample(player: Musician) -> None:
    with opened(player) as door:
        door.ask(Play(score=sheet(60, 62, 64, step=1 / 48), loops=3))
        wait_until(lambda: len(onsets(player)) == 3 * 4 * 48, "three bars")
    frames = np.array(onsets(player))
    exact = frames[0] + np.arange(len(frames)) * BEAT / 48
    assert np.abs(frames - exact).max() <= 1
    assert player.sounding.silent


def test_another_score_enters_on_the_bar_line_and_nothing_is_lost(player: Musician) -> None:
    with opened(player) as door:
        door.ask(Play(score=sheet(60)))
        wait_until(lambda: len(onsets(player)) >= 4, "the first beat")
        door.ask(Swap(sheet(72)))
        wait_until(lambda: len(onsets(player)) >= 40, "the other score")
        door.ask(Stop())
        wait_until(lambda: player.sounding.silent, "silence")
    pitches = [one.data[1] for one in player.heard if one.data[0] == 0x90]
    turn = pitches.index(72)
    assert turn % 16 == 0
    assert set(pitches[:turn]) == {60}
    assert set(pitches[turn:]) == {72}
    gaps = {b - a for a, b in pairwise(onsets(player)[: turn + 16])}
    assert gaps <= {BEAT // 4, BEAT // 4 + 1, BEAT // 4 - 1}


def test_another_score_brings_its_tempo_from_the_bar_line_on(player: Musician) -> None:
    fast = clip(72).replace(tempo=Tempo(time=np.zeros(1), bpm=np.full(1, 2 * BPM)))
    with opened(player) as door:
        door.ask(Play(score=sheet(60)))
        wait_until(lambda: len(onsets(player)) >= 4, "the first beat")
        door.ask(Swap(to_sheet(clip_score([fast]))))
        wait_until(lambda: len(onsets(player)) >= 48, "two bars of the other score")
    pitches = [one.data[1] for one in player.heard if one.data[0] == 0x90]
    turn = pitches.index(72)
    gaps = np.diff(onsets(player)[: turn + 32])
    assert np.abs(gaps[:turn] - BEAT // 4).max() <= 1
    assert np.abs(gaps[turn:] - BEAT // 8).max() <= 1


def test_a_midi_clock_is_followed_from_its_start(player: Musician) -> None:
    # a listener of its own: who sends and listens at once hears one period later
    with musician("drum machine") as clock:
        ports = Ports(inputs=("drum machine:out",), output=f"{player.name}:in", clock="midi")
        with StageDoor(ports) as door:
            door.ask(Play(score=sheet(60)))
            begin = clock.frame() + RATE // 2
            clock.play(b"\xfa", at=begin)
            for number in range(24 * 9):
                clock.play(b"\xf8", at=begin + number * BEAT // 24)
            wait_until(lambda: len(onsets(player)) >= 32, "two bars")
            door.ask(Ask())
    state = door.state
    assert state is not None
    assert abs((state.bpm or 0) - BPM) < 0.05
    late = [frame - begin - number * BEAT // 4 for number, frame in enumerate(onsets(player))]
    assert max(np.abs(late[4:32])) <= 1


def test_the_command_plays_a_file_once_and_leaves(player: Musician, tmp_path: Path) -> None:
    path = tmp_path / "song.mid"
    write_song(new_song([clip(60, 64, 67)]), path)
    with yuragi("play", str(path), "--out", f"{player.name}:in") as process:
        assert process.wait(20) == 0
    assert len(onsets(player)) == 16
    assert player.sounding.silent
