"""Claims about MIDI files that are read, and written as they were or not at all."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bridge.error import BridgeError
from bridge.midi_file import MidiFileError, Song, new_song, read_song, write_song
from bridge.midi_song import to_song, to_source
from bridge.midi_source import Source, decode, encode
from engines.clip import Clip, Key, Metre, Notes
from tests.bridge.midi_bytes import END, chunk, header, midi, track

NOTE = ("00 90 3c 50", "60 80 3c 20")
"""Middle C from tick 0 to tick 96."""


def song_of(*events: str) -> Song:
    """Return the song of one track at 96 ticks a beat."""
    return to_song(decode(midi(track(*events), division=96)))


def timeline(source: Source) -> list[tuple[int, int, str]]:
    """Return track, tick and hexadecimal bytes of each event."""
    return [
        (number, int(tick), event.hex())
        for number, track in enumerate(source.tracks)
        for tick, event in zip(track.ticks, track.events, strict=True)
    ]


def survives(content: bytes) -> bool:
    """Tell whether events, tracks and all else of a file are the same once written and read."""
    old = decode(content)
    new = decode(encode(to_source(to_song(old))))
    same = [(s.format, s.ticks_per_beat, s.header, s.tail, timeline(s)) for s in (old, new)]
    ends = [[(track.end, track.before) for track in s.tracks] for s in (old, new)]
    return same[0] == same[1] and ends[0] == ends[1]


def test_times_are_read_in_beats() -> None:
    notes = song_of("30 90 3c 50", "60 80 3c 20").clips[0].notes
    assert notes.onset.tolist() == [0.5]  # 0x30 = 48 of 96 ticks
    assert notes.duration.tolist() == [1.0]


def test_each_channel_of_each_track_with_notes_is_a_clip() -> None:
    first = track("00 91 3c 50", "60 81 3c 40", "00 90 3c 50", "60 80 3c 40")
    second = track("00 90 30 50", "60 80 30 40")
    silent = track("00 b3 07 64")
    clips = to_song(decode(midi(silent, first, second))).clips
    assert [(c.channel, c.notes.pitch.tolist()) for c in clips] == [(1, [60]), (0, [60]), (0, [48])]


def test_a_clip_knows_what_the_file_says_about_it() -> None:
    conductor = track("00 ff 51 03 07 a1 20", "00 ff 58 04 03 02 18 08", "00 ff 59 02 fe 01")
    part = track("00 ff 03 04 42 61 73 73", "00 c2 21", "00 92 30 50", "60 82 30 40", "60 b2 07 64")
    clip = to_song(decode(midi(conductor, part, division=96))).clips[0]
    assert (clip.name, clip.channel, clip.program, clip.length) == ("Bass", 2, 0x21, 2.0)
    assert clip.tempo.bpm.tolist() == [120.0]  # 0x07a120 = 500,000 microseconds
    assert clip.metre == (Metre(0.0, 3, 4),)
    assert clip.key == Key(7, (0, 2, 3, 5, 7, 8, 10), "Minor")  # two flats in minor: G
    assert clip.controllers.number.tolist() == [7]


@pytest.mark.parametrize(("text", "name"), [("c3a9", "é"), ("e9", "é"), ("506961 00", "Pia")])
def test_names_are_read_as_utf_8_or_else_latin_1(text: str, name: str) -> None:
    length = len(bytes.fromhex(text))
    assert song_of(f"00 ff 03 {length:02x} {text}", *NOTE).clips[0].name == name


def test_the_name_of_a_track_of_several_parts_tells_no_roles() -> None:
    name = "00 ff 03 04 42 61 73 73"  # "Bass"
    clips = song_of(name, "00 c0 28", *NOTE, "00 99 24 50", "60 89 24 40").clips
    assert [clip.role for clip in clips] == ["strings", "drums"]  # program 40 is a violin


def test_running_status_is_understood() -> None:
    clip = song_of("00 90 3c 50", "30 40 50", "30 3c 00", "00 40 00").clips[0]
    assert clip.notes.pitch.tolist() == [60, 64]
    assert clip.notes.duration.tolist() == [1.0, 0.5]


def test_a_note_on_of_velocity_0_ends_a_note() -> None:
    notes = song_of("00 90 3c 50", "60 90 3c 00").clips[0].notes
    assert (notes.duration.tolist(), notes.release_velocity.tolist()) == ([1.0], [64.0])


def test_overlapping_notes_of_a_pitch_end_in_the_order_they_began() -> None:
    notes = song_of("00 90 3c 50", "30 90 3c 51", "30 80 3c 40", "60 80 3c 40").clips[0].notes
    assert notes.duration.tolist() == [1.0, 1.5]


def test_a_note_that_never_ends_lasts_until_the_end_of_its_track() -> None:
    song = song_of("00 90 3c 50", "60 b0 07 64", "60 b0 07 60")
    assert song.clips[0].notes.duration.tolist() == [2.0]
    assert song.warnings == (
        "track 1, channel 1: notes without an end: 1 (read as lasting to the end of the track)",
    )


def test_a_missing_note_off_does_not_shift_the_ends_of_later_notes() -> None:
    events = ["00 90 3c 50", *["60 90 3c 50", "30 80 3c 40"] * 2, "60 b0 07 64"]
    assert song_of(*events).clips[0].notes.duration.tolist()[1:] == [0.5, 0.5]


def test_a_note_of_no_ticks_may_be_written_end_first() -> None:
    events = ("00 80 3c 40", "00 90 3c 50", *["60 90 3c 50", "30 80 3c 40"] * 2)
    song = song_of(*events)
    assert song.clips[0].notes.duration.tolist() == [0.0, 0.5, 0.5]
    assert not song.warnings


def test_a_file_without_notes_has_no_clips_and_survives() -> None:
    content = midi(track("00 ff 03 01 41"), track())
    assert to_song(decode(content)).clips == ()
    assert survives(content)


@pytest.mark.parametrize(
    "events",
    [
        ("00 ff 60 02 01 02", "60 ff 60 00", *NOTE),
        ("00 f0 03 41 10 f7", "10 f0 02 41 10", "10 f7 02 42 f7", "10 f7 01 fa", *NOTE),
        ("00 ff 59 02 80 05", *NOTE),
        ("00 ff 51 03 00 00 00", "00 ff 58 02 03 02", "00 ff 51 02 07 a1", *NOTE),
        ("00 ff 01 03 e9 00 ff", "00 ff 05 01 e9", "00 ff 06 01 80", *NOTE),
        ("00 ff 00 00", "00 ff 20 01 03", "00 ff 21 00", "00 ff 54 05 ff 00 00 00 00", *NOTE),
        ("00 ff 7f 03 00 00 41", "00 e0 00 40", "00 d0 50", "00 a0 3c 20", "00 c0 05", *NOTE),
        ("00 80 3c 40", "00 90 3c 50", "10 90 3c 00", "00 80 3c 00"),
        ("00 90 3c 50", "60 b0 07 64"),
        ("00 90 3c 50", "00 80 3c 40", "00 90 3c 50", "60 80 3c 40", "00 b0 40 7f"),
        ("ff ff ff 7f 90 3c 50", "60 90 3c 00"),
    ],
    ids=[
        "unknown meta events with delta times",
        "sysex, its continuation and an escaped realtime message",
        "an impossible key signature",
        "impossible tempo and metre",
        "text bytes of any kind",
        "odd lengths and an odd frame rate",
        "channel events of other kinds",
        "note offs that end nothing",
        "a note that never ends",
        "order inside a tick",
        "the longest pause",
    ],
)
def test_what_is_not_changed_survives(events: tuple[str, ...]) -> None:
    assert survives(midi(track(*events), division=0x7FFF))


def test_chunks_of_other_kinds_survive() -> None:
    alien = chunk(b"XFIH", b"\x01\x02\x03")
    start = header(tracks=2, more=b"\x07\x08")
    assert survives(start + alien + track(*NOTE) + alien * 2 + track(*NOTE) + alien + b"\0\0")


def test_events_behind_the_end_of_track_are_kept() -> None:
    song = to_song(decode(midi(track("00 ff 2f 00", *NOTE))))
    assert len(to_source(song).tracks[0].events) == 2
    assert song.warnings == ("track 1 has events behind its end of track; it is moved behind them",)


def test_a_missing_end_of_track_is_added() -> None:
    song = to_song(decode(header() + chunk(b"MTrk", bytes.fromhex("00 90 3c 50 60 80 3c 20"))))
    assert encode(to_source(song)).endswith(END)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "it is empty, allowed is a MIDI file"),
        (b"RIFF\0\0\0\0", "it is no MIDI file: it begins with b'RIFF', allowed is b'MThd'"),
        (b"MThd", "it ends at byte 4, allowed there is the header"),
        (b"MThd\0\0\0\6\0\0", "the header has 2 bytes, allowed are the 6 that it announces"),
        (b"MThd\0\0\0\2\0\0", "its header has 2 bytes, allowed are 6 or more"),
        (midi(form=2), "format is 2, allowed are 0 and 1"),
        (
            midi(division=0xE728),
            "division is SMPTE time (0xe728), allowed are 1 to 32767 ticks a beat",
        ),
        (midi(division=0), "resolution is 0 (0x0000), allowed are 1 to 32767 ticks a beat"),
        (header(tracks=2) + track(), "it ends at byte 26, allowed there is track 2 of 2"),
        (midi(track(*NOTE))[:-6], "track 1 of 1 has 6 bytes, allowed are the 12 that it announces"),
        (
            header() + b"MTrk\xff\xff\xff\xff",
            "track 1 of 1 has 0 bytes, allowed are the 4294967295 that it announces",
        ),
        (
            midi(track("00 90 3c 80")),
            "track 1 of 1: data byte is 128, allowed are 0 to 127",
        ),
        (
            midi(track("00 3c 50")),
            "track 1 of 1: an event begins with byte 60, allowed is a status byte",
        ),
        (
            midi(track("00 f8")),
            "track 1 of 1: status byte is 0xf8, allowed are 0x80 to 0xf0, 0xf7 and 0xff",
        ),
        (
            midi(track("00 90 3c", end=b"")),
            "track 1 of 1: its 3 bytes end inside event 1, allowed are whole events",
        ),
        (
            midi(track("00 ff 01 05 41", end=b"")),
            "track 1 of 1: its 5 bytes end inside event 1, allowed are whole events",
        ),
        (
            midi(track("ff ff ff ff 7f 90 3c 50")),
            "track 1 of 1: a delta time or a length has more than 4 bytes, allowed are 1 to 4",
        ),
        (
            midi(track("ff ff ff 7f 90 3c 50"), division=96),
            "it lasts 2.7962e+06 beats, allowed are up to 1e+06",
        ),
    ],
)
def test_a_broken_file_is_refused_by_name_and_reason(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "song.mid"
    path.write_bytes(content)
    with pytest.raises(MidiFileError) as caught:
        read_song(path)
    assert str(caught.value) == f"{path}: {message}"


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MidiFileError, match="it is no file, allowed is a MIDI file"):
        read_song(tmp_path)


@pytest.mark.parametrize("name", ["missing.mid", "a\0b.mid", "x" * 300])
def test_a_file_that_cannot_be_opened_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(MidiFileError, match="it cannot be read"):
        read_song(tmp_path / name)


def test_a_file_of_more_than_64_mib_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "long.mid"
    with path.open("wb") as file:
        file.truncate(64 * 2**20 + 1)
    with pytest.raises(MidiFileError, match="it has more than 67108864 bytes"):
        read_song(path)


def test_a_song_is_written_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "song.mid"
    write_song(one_note(), path)
    assert read_song(path).clips[0].notes == one_note().clips[0].notes
    assert list(tmp_path.iterdir()) == [tmp_path / "song.mid"]


def test_an_existing_file_is_not_overwritten_unasked(tmp_path: Path) -> None:
    path = tmp_path / "song.mid"
    path.write_bytes(b"precious")
    with pytest.raises(BridgeError, match="is there already"):
        write_song(one_note(), path)
    assert path.read_bytes() == b"precious"


def test_an_existing_file_is_overwritten_if_asked(tmp_path: Path) -> None:
    path = tmp_path / "song.mid"
    path.write_bytes(b"precious")
    path.chmod(0o600)
    write_song(one_note(), path, overwrite=True)
    assert len(read_song(path).clips) == 1
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_target_of_a_link_is_overwritten(tmp_path: Path) -> None:
    target, link = tmp_path / "song.mid", tmp_path / "link.mid"
    target.write_bytes(b"precious")
    link.symlink_to(target)
    write_song(one_note(), link, overwrite=True)
    assert link.is_symlink()
    assert len(read_song(target).clips) == 1


def test_a_ring_of_links_is_refused(tmp_path: Path) -> None:
    ring = tmp_path / "ring.mid"
    ring.symlink_to(ring)
    with pytest.raises(MidiFileError, match="it cannot be read"):
        read_song(ring)
    with pytest.raises(BridgeError, match="cannot be written"):
        write_song(one_note(), ring / "song.mid")


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "song.mid").mkdir()
    with pytest.raises(BridgeError, match="is no file, allowed are files"):
        write_song(one_note(), tmp_path / "song.mid", overwrite=True)
    assert list(tmp_path.iterdir()) == [tmp_path / "song.mid"]


def test_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BridgeError, match="cannot be written: No such file or directory"):
        write_song(one_note(), tmp_path / "missing" / "song.mid")


INTERRUPTED = """
import sys
from bridge.error import BridgeError
from bridge.midi_file import new_song, write_song

def interrupt(event, arguments):
    if event == "os.rename":
        raise KeyboardInterrupt

sys.addaudithook(interrupt)
write_song(new_song([]), sys.argv[1], overwrite=True)
"""


def test_an_interrupted_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "song.mid"
    path.write_bytes(b"precious")
    command = [sys.executable, "-c", INTERRUPTED, str(path)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert "KeyboardInterrupt" in ended.stderr
    assert path.read_bytes() == b"precious"
    assert list(tmp_path.iterdir()) == [tmp_path / "song.mid"]


def one_note() -> Song:
    notes = Notes(*map(np.array, ([60], [0.0], [1.0], [80.0])))
    return new_song([Clip(notes=notes, length=1.0)])
