"""Prove that the music that ships with the project is what its README files say."""

from collections import defaultdict
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import mido
import pytest

from bridge.midi_file import read_song
from engines.role import infer

ROOT = Path(__file__).parent.parent
EXAMPLES = sorted((ROOT / "examples").glob("*.mid"))
CLIPS = sorted((ROOT / "tests" / "music").glob("*.mid"))
MUSIC = [*EXAMPLES, *CLIPS]
HUMAN = {"drums_human.mid", "piano_performed.mid"}
STIFF = [path for path in MUSIC if path.name not in HUMAN]

LARGEST_CLIP = 20_000
"""Bytes that a clip for tests may take in the repository."""

every_file = pytest.mark.parametrize("path", MUSIC, ids=lambda path: path.stem)
every_stiff_file = pytest.mark.parametrize("path", STIFF, ids=lambda path: path.stem)
every_clip = pytest.mark.parametrize("path", CLIPS, ids=lambda path: path.stem)


class Note(NamedTuple):
    track: int
    channel: int
    pitch: int
    velocity: int
    start: int
    end: int


def notes_of(file: mido.MidiFile) -> list[Note]:
    """Return the notes, times in ticks; fails on a key-up without a key-down and the reverse."""
    notes = []
    for index, track in enumerate(file.tracks):
        now, held = 0, {}
        for message in track:
            now += message.time
            if message.type == "note_on":
                assert message.note not in held, "a pitch sounds twice at once"
                held[message.note] = (message.velocity, now)
            elif message.type == "note_off":
                velocity, start = held.pop(message.note)
                notes.append(Note(index, message.channel, message.note, velocity, start, now))
        assert not held, "a key never comes up"
    return notes


def metas_of(file: mido.MidiFile, kind: str) -> list[tuple[int, mido.MetaMessage]]:
    """Return the events of the kind in the first track with their ticks."""
    now, found = 0, []
    for message in file.tracks[0]:
        now += message.time
        if message.type == kind:
            found.append((now, message))
    return found


@every_file
def test_a_file_has_type_1_and_ticks_that_sixteenths_and_triplets_divide(path: Path) -> None:
    file = mido.MidiFile(path)
    assert file.type == 1
    assert file.ticks_per_beat in {480, 960}


@every_file
def test_notes_begin_and_end_and_never_overlap_at_one_pitch(path: Path) -> None:
    notes = notes_of(mido.MidiFile(path))
    assert notes
    assert all(note.end > note.start for note in notes)


@every_file
def test_every_track_has_a_name(path: Path) -> None:
    file = mido.MidiFile(path)
    assert all(track.name for track in file.tracks)


@every_file
def test_a_file_says_tempo_metre_and_where_it_comes_from(path: Path) -> None:
    file = mido.MidiFile(path)
    for kind in ("set_tempo", "time_signature", "copyright"):
        assert metas_of(file, kind)[0][0] == 0


@every_file
def test_a_file_ends_with_a_whole_bar(path: Path) -> None:
    file = mido.MidiFile(path)
    end = max(sum(message.time for message in track) for track in file.tracks)
    changes = [
        (tick, Fraction(4 * metre.numerator, metre.denominator) * file.ticks_per_beat)
        for tick, metre in metas_of(file, "time_signature")
    ]
    until = [tick for tick, _ in changes[1:]] + [end]
    for (tick, bar), after in zip(changes, until, strict=True):
        assert (after - tick) % bar == 0


@every_stiff_file
def test_stiff_music_lies_on_the_grid(path: Path) -> None:
    file = mido.MidiFile(path)
    # 480 ticks a quarter note: a sixty-fourth lasts 480 / 16 = 30, a triplet sixteenth 480 / 6 = 80
    off = [note for note in notes_of(file) if note.start % 30 and note.start % 80]
    assert off == []


@every_stiff_file
def test_stiff_music_has_one_velocity_per_track(path: Path) -> None:
    velocities = defaultdict(set)
    for note in notes_of(mido.MidiFile(path)):
        velocities[note.track].add(note.velocity)
    assert {len(found) for found in velocities.values()} == {1}


@every_stiff_file
def test_stiff_music_has_no_pedal(path: Path) -> None:
    messages = [message for track in mido.MidiFile(path).tracks for message in track]
    assert not [message for message in messages if message.type == "control_change"]


@every_clip
def test_a_clip_is_short_and_small(path: Path) -> None:
    assert path.stat().st_size < LARGEST_CLIP
    assert mido.MidiFile(path).length < 60


@every_clip
def test_a_clip_is_taken_for_what_it_is_named(path: Path) -> None:
    named = path.stem.split("_")[0]
    assert {infer(clip) for clip in read_song(path).clips} == {named}


def test_the_piano_example_lasts_more_than_a_minute() -> None:
    assert mido.MidiFile(ROOT / "examples" / "piano.mid").length > 60


def test_the_song_has_a_track_for_each_of_five_instruments() -> None:
    song = read_song(ROOT / "examples" / "song.mid")
    assert [infer(clip) for clip in song.clips] == ["winds", "piano", "guitar", "bass", "drums"]


def test_the_drummer_played_what_the_programmed_drums_have() -> None:
    human, stiff = (
        mido.MidiFile(ROOT / f"examples/{name}.mid") for name in ("drums_human", "drums")
    )
    played, written = notes_of(human), notes_of(stiff)
    assert human.length == pytest.approx(stiff.length)
    assert len({note.velocity for note in played}) > 50
    assert {note.channel for note in played + written} == {9}
    for note in written:
        # half a sixteenth of 120 ticks is the furthest that a stroke can lie from its step
        assert any(abs(p.start - note.start) <= 60 for p in played if p.pitch == note.pitch)


def test_the_shuffle_is_in_triplets() -> None:
    notes = notes_of(mido.MidiFile(ROOT / "tests/music/drums_shuffle.mid"))
    # an eighth triplet lasts 480 / 3 = 160 ticks, a sixteenth 480 / 4 = 120
    assert all(note.start % 160 == 0 for note in notes)
    assert any(note.start % 120 for note in notes)


def test_the_performance_has_a_sustain_pedal_and_many_velocities() -> None:
    file = mido.MidiFile(ROOT / "tests/music/piano_performed.mid")
    pedal = [message.value for message in file.tracks[1] if message.type == "control_change"]
    assert min(pedal) < 64 <= max(pedal)
    assert len({note.velocity for note in notes_of(file)}) > 30


def test_the_piece_with_changes_changes_tempo_metre_and_key() -> None:
    file = mido.MidiFile(ROOT / "tests/music/piano_changes.mid")
    counts = [len(metas_of(file, k)) for k in ("set_tempo", "time_signature", "key_signature")]
    assert counts == [3, 2, 2]


def test_the_pickups_are_a_rest_and_a_short_bar() -> None:
    rest, short = (
        mido.MidiFile(ROOT / f"tests/music/{name}.mid") for name in ("piano_pickup", "lead_ballad")
    )
    # an upbeat of a sixteenth in 2/4 begins 2 - 1/4 = 7/4 quarter notes in: 7 * 120 ticks
    assert min(note.start for note in notes_of(rest)) == 840
    assert [metre.numerator for _, metre in metas_of(short, "time_signature")] == [1, 4]


@pytest.mark.parametrize("folder", ["examples", "tests/music"])
def test_the_readme_lists_every_file_twice_as_music_and_with_its_licence(folder: str) -> None:
    text = (ROOT / folder / "README.md").read_text(encoding="utf-8")
    music, licences = text.split("## Sources and licences")
    names = [path.name for path in MUSIC if path.parent == ROOT / folder]
    assert [name for name in names if f"`{name}`" not in music] == []
    assert [name for name in names if f"`{name}`" not in licences] == []
