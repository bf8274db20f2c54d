"""Play through `yuragi live` in a process of its own, and listen to what comes."""

import os
import signal
import time
from pathlib import Path

from bridge.live.jack_musician import PERIOD, RATE, Musician, wait_until
from bridge.midi_file import read_song
from engines.live.event import control, note_off, note_on
from tests.bridge.live.programs import live

CHORD = [note_on(0, pitch, 80) for pitch in range(60, 70)]


def test_everything_passes_as_it_is_and_in_order(player: Musician) -> None:
    played = [
        note_on(0, 60, 100),
        bytes((0xA0, 60, 33)),
        control(0, 64, 127),
        bytes((0xE3, 1, 99)),
        bytes((0xD0, 55)),
        bytes((0xC5, 7)),
        bytes((0xF0, 0x7D, *range(100), 0xF7)),
        bytes((0xF2, 1, 2)),
        b"\xfa",
        b"\xf8",
        note_off(0, 60, 1),
        control(0, 64, 0),
    ]
    with live(player):
        player.play(*played)
        player.wait_for(played[-1])
    assert player.messages()[: len(played)] == played


def test_what_is_heard_sounds_in_the_same_period_or_the_next(player: Musician) -> None:
    with live(player):
        begin = player.frame() + RATE // 10
        for number in range(100):
            player.play(note_on(0, 60, 1 + number), at=begin + 200 * number)
            player.play(note_off(0, 60), at=begin + 200 * number + 100)
        wait_until(lambda: len(player.heard) >= 200, "all notes to come")
    late = [heard.frame - begin - 100 * number for number, heard in enumerate(player.heard[:200])]
    assert max(late) <= PERIOD
    assert min(late) >= 0


def test_ctrl_c_ends_what_sounds(player: Musician) -> None:
    with live(player) as process:
        player.play(*CHORD, control(0, 64, 127))
        player.wait_for(*CHORD, control(0, 64, 127))
        process.send_signal(signal.SIGINT)
        wait_until(lambda: player.sounding.silent, "silence")
        assert process.wait(20) == 130


def test_a_kill_ends_what_sounds_within_200_ms(player: Musician) -> None:
    # the best of three: other tests run beside this one, and may hold the machine for so long
    assert min(seconds_to_silence(player) for _ in range(3)) < 0.2


def seconds_to_silence(player: Musician) -> float:
    """Kill the program in a chord with the pedal down, and return how long it is heard."""
    player.heard.clear()
    with live(player) as process:
        player.play(*CHORD, control(0, 64, 127))
        player.wait_for(*CHORD, control(0, 64, 127))
        killed_s = time.perf_counter()
        os.kill(process.pid, signal.SIGKILL)
        wait_until(lambda: player.sounding.silent, "silence")
        player.wait_until_alone()
    return player.heard[-1].time_s - killed_s


def test_what_sounds_is_recorded_until_the_end(player: Musician, tmp_path: Path) -> None:
    path = tmp_path / "take.mid"
    with live(player, "--record", str(path), "--preset", "live/harmony") as process:
        player.play(note_on(0, 60, 90))
        wait_until(lambda: len(player.heard) >= 3, "the harmony")
        player.play(note_off(0, 60))
        wait_until(lambda: player.sounding.silent, "its end")
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
    (clip,) = read_song(path).clips
    assert len(clip.notes) == 3
    assert 60 in clip.notes.pitch
