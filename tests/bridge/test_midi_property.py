"""Claims about any MIDI file, any clip and any damage."""

from collections import Counter
from io import BytesIO
from operator import itemgetter
from random import Random

import mido
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.midi_file import MidiFileError, Song, new_song
from bridge.midi_song import to_song, to_source
from bridge.midi_source import decode, encode
from engines.clip import Clip, Controllers, Notes
from tests.bridge.midi_bytes import END, chunk, header, midi, quantity, timed, track

sevens = st.integers(0, 127)
channels = st.sampled_from([0, 1, 9])
pitches = st.sampled_from([36, 60, 61])
payloads = st.binary(max_size=200)


def message(status: int, *numbers: st.SearchStrategy[int]) -> st.SearchStrategy[bytes]:
    return st.tuples(channels.map(lambda channel: status | channel), *numbers).map(bytes)


def sized(start: bytes) -> st.SearchStrategy[bytes]:
    return payloads.map(lambda content: start + quantity(len(content)) + content)


note_events = message(0x90, pitches, sevens) | message(0x80, pitches, sevens)
metas = (
    st.integers(0, 127)
    .filter(lambda kind: kind != 0x2F)
    .flatmap(lambda kind: sized(bytes([0xFF, kind])))
)
other_events = st.one_of(
    message(0xA0, sevens, sevens),
    message(0xB0, sevens, sevens),
    message(0xC0, sevens),
    message(0xD0, sevens),
    message(0xE0, sevens, sevens),
    metas,
    sized(b"\xf0"),
    sized(b"\xf7"),
)
deltas = st.sampled_from([0, 0, 0, 1, 5, 127, 128, 20000])
timelines = st.lists(st.tuples(deltas, note_events | note_events | other_events), max_size=30)
ticks = st.integers(0, 50)
beats = st.sampled_from([0.0, 0.5, 1.0, 1.0004, 2.0]) | st.floats(0, 3)


controller_rows = st.lists(
    st.tuples(st.sampled_from([1, 64]), st.sampled_from([0.0, 0.5, 1.0]), st.integers(0, 3)),
    max_size=12,
).map(lambda rows: sorted(rows, key=itemgetter(1)))


@st.composite
def note_tables(draw: st.DrawFn, times: st.SearchStrategy[float]) -> Notes:
    rows = draw(
        st.lists(st.tuples(pitches, times, times, st.integers(1, 127), sevens), max_size=20)
    )
    pitch, onset, duration, velocity, release = np.array(rows, dtype=float).reshape(-1, 5).T
    return Notes(
        pitch=pitch, onset=onset, duration=duration, velocity=velocity, release_velocity=release
    )


def with_running_status(events: list[tuple[int, bytes]]) -> bytes:
    """Return a track that leaves out each status byte that it may."""
    content, status = b"", 0
    for delta, event in events:
        content += quantity(delta) + (event[1:] if event[0] == status else event)
        status = event[0] if event[0] < 0xF0 else 0
    return chunk(b"MTrk", content + END)


def read_again(song: Song) -> Song:
    return to_song(decode(encode(to_source(song))))


def begun_and_ended(song: Song) -> tuple[Counter[tuple[float, ...]], Counter[tuple[float, ...]]]:
    """Count what begins where and what ends where, at 960 ticks a beat, for overlaps may cross."""
    begun: Counter[tuple[float, ...]] = Counter()
    ended: Counter[tuple[float, ...]] = Counter()
    for number, clip in enumerate(clip for clip in song.clips if len(clip.notes)):
        notes = clip.notes
        begin, end = np.rint(notes.onset * 960), np.rint(notes.end * 960)
        pitch, velocity = notes.pitch.tolist(), np.rint(notes.velocity).tolist()
        begun.update(zip([number] * len(notes), pitch, begin.tolist(), velocity, strict=True))
        release = np.rint(notes.release_velocity).tolist()
        ended.update(zip([number] * len(notes), pitch, end.tolist(), release, strict=True))
    return begun, ended


@given(st.lists(timelines, max_size=3), st.integers(1, 0x7FFF), st.sampled_from([0, 1]))
def test_every_event_survives(
    tracks: list[list[tuple[int, bytes]]], division: int, form: int
) -> None:
    content = midi(*map(with_running_status, tracks), form=form, division=division)
    # our writer uses running status wherever it may, so even the bytes must be the same
    assert encode(to_source(to_song(decode(content)))) == content


@given(timelines)
def test_running_status_says_the_same(events: list[tuple[int, bytes]]) -> None:
    short, long = decode(midi(with_running_status(events))), decode(midi(timed(events)))
    assert short.tracks[0].events == long.tracks[0].events


@given(st.lists(st.tuples(deltas, note_events | message(0xB0, sevens, sevens)), max_size=30))
def test_mido_reads_the_same_events(events: list[tuple[int, bytes]]) -> None:
    content = encode(to_source(to_song(decode(midi(timed(events))))))
    read = mido.MidiFile(file=BytesIO(content)).tracks[0]
    assert [(message.time, bytes(message.bytes())) for message in read][:-1] == events


@given(note_tables(ticks.map(lambda tick: tick / 960)), note_tables(ticks.map(lambda t: t / 960)))
def test_a_new_song_survives(first: Notes, second: Notes) -> None:
    song = new_song([Clip(notes=notes, length=1.0, channel=3) for notes in (first, second)])
    again = read_again(song)
    assert begun_and_ended(again) == begun_and_ended(song)
    assert not again.warnings


@given(note_tables(beats), note_tables(beats), st.randoms(use_true_random=False))
def test_changed_notes_survive(before: Notes, after: Notes, random: Random) -> None:
    song = read_again(new_song([Clip(notes=before, length=1.0), one_note()]))
    ids = np.array(random.sample(range(50), len(after)), dtype=np.int64)
    clip = song.clips[0].replace(notes=after.replace(note_id=ids))
    changed = song.with_clips([clip, *song.clips[1:]])
    assert begun_and_ended(read_again(changed)) == begun_and_ended(changed)


@given(timelines)
def test_changing_one_clip_leaves_all_else(events: list[tuple[int, bytes]]) -> None:
    own = [(0, bytes((0x95, 60, 80))), (96, bytes((0x85, 60, 64)))]
    song = to_song(decode(midi(timed([*events, *own]), division=96)))
    (mine,) = (clip for clip in song.clips if clip.channel == 5)
    moved = mine.replace(notes=mine.notes.replace(onset=mine.notes.onset + 1 / 7))
    source = to_source(song.with_clips([moved if c is mine else c for c in song.clips]))
    left = [
        (tick, event)
        for tick, event in zip(source.tracks[0].ticks, source.tracks[0].events, strict=True)
        if event[0] not in (0x95, 0x85)
    ]
    assert left == [
        (960 // 96 * tick, event)
        for tick, (_, event) in zip(np.cumsum([delta for delta, _ in events]), events, strict=True)
    ]


@given(controller_rows, controller_rows)
def test_controllers_survive_in_order(
    before: list[tuple[int, float, int]], after: list[tuple[int, float, int]]
) -> None:
    song = read_again(new_song([one_note().replace(controllers=table(before))]))
    changed = song.with_clips([song.clips[0].replace(controllers=table(after))])
    assert read_again(changed).clips[0].controllers == table(after)


@given(st.data())
@settings(max_examples=300)
def test_damage_raises_no_other_error(data: st.DataObject) -> None:
    content = bytearray(RICH)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    song = outcome(bytes(content[: data.draw(st.integers(0, len(content)))]))
    assert song is None or outcome(encode(to_source(song))) is not None


def test_every_truncated_file_is_refused() -> None:
    assert [length for length in range(len(RICH)) if outcome(RICH[:length])] == []


def outcome(content: bytes) -> Song | None:
    """Return the song, or None where the content is refused as it should be."""
    try:
        return to_song(decode(content))
    except MidiFileError:
        return None


def one_note() -> Clip:
    return Clip(notes=Notes(*map(np.array, ([60], [0.0], [1.0], [80.0]))), length=1.0)


def table(rows: list[tuple[int, float, int]]) -> Controllers:
    number, time, value = np.array(rows, dtype=float).reshape(-1, 3).T
    return Controllers(number=number, time=time, value=value)


RICH = header(tracks=2) + b"".join(
    [
        track("00 ff 51 03 07 a1 20", "00 ff 58 04 04 02 18 08", "00 ff 59 02 02 00"),
        track(
            "00 ff 03 02 c3 a9",
            "00 c0 05",
            "00 b0 40 7f",
            "00 f0 04 41 10 42 f7",
            "00 90 3c 50",
            "60 3c 00",
            "81 00 99 24 64",
            "10 f7 01 fa",
            "10 89 24 40",
        ),
    ]
)
"""A file with one of each."""
