import numpy as np
import pytest

from bridge.sound_protocol import Instrument, Track
from tests.vst_host.process import Peer, Row, events

RATE = 48_000


def piano(rows: list[Row], soundfont: str, program: int | None = None) -> Track:
    return Track(events(rows), Instrument(soundfont=soundfont, program=program))


def onset(sound: np.ndarray) -> int:
    """Return the first frame that sounds."""
    return int(np.flatnonzero(np.abs(sound[0]) > 1e-6)[0])


def test_notes_begin_within_a_millisecond_of_where_they_are_due(peer: Peer, soundfont: str) -> None:
    # what the attack takes is known from a note on frame 6,400, where FluidSynth hears at once
    attack = onset(peer.bounce(piano([(6_400 / RATE, 0x90, 100, 127)], soundfont), tail_s=1).mix)
    for due in np.random.default_rng(3).integers(0, RATE, 12).tolist():
        rows: list[Row] = [(due / RATE, 0x90, 100, 127), (1.0, 0x80, 100, 0)]
        begins = onset(peer.bounce(piano(rows, soundfont), tail_s=0.1).mix) - (attack - 6_400)
        assert abs(begins - due) / RATE < 1e-3


def test_the_pedal_holds_a_note(peer: Peer, soundfont: str) -> None:
    rows: list[Row] = [(0.0, 0x90, 60, 100), (0.1, 0x80, 60, 0), (2.0, 0x90, 20, 1)]
    pedal: list[Row] = [(0.0, 0xB0, 64, 127)]
    dry = peer.bounce(piano(rows, soundfont), tail_s=0).mix[:, RATE:]
    held = peer.bounce(piano([*pedal, *rows], soundfont), tail_s=0).mix[:, RATE:]
    assert np.abs(held).max() > 10 * np.abs(dry).max()


def test_a_program_is_the_tracks_or_else_the_instruments(peer: Peer, soundfont: str) -> None:
    note: list[Row] = [(0.01, 0x90, 60, 100), (0.5, 0x80, 60, 0)]
    flute: list[Row] = [(0.0, 0xC0, 73, 0), *note]
    said, chosen, plain = (
        peer.bounce(one, tail_s=0.2).mix
        for one in (piano(flute, soundfont), piano(note, soundfont, 73), piano(note, soundfont))
    )
    assert np.array_equal(said, chosen)
    assert not np.allclose(said, plain, atol=1e-3)
    insisted = peer.bounce(piano([(0.0, 0xC0, 0, 0), *note], soundfont, 73), tail_s=0.2).mix
    assert np.array_equal(insisted, chosen)


def test_the_tenth_channel_plays_drums(peer: Peer, soundfont: str) -> None:
    drum, tone = (
        peer.bounce(piano([(0.0, 0x90 | channel, 36, 100)], soundfont), tail_s=0.5).mix
        for channel in (9, 0)
    )
    assert not np.allclose(drum, tone, atol=1e-3)


@pytest.mark.parametrize(
    "message", [(0xE0, 0x7F, 0x7F), (0xB0, 7, 20), (0xB0, 11, 20), (0xB0, 10, 0), (0xD0, 127, 0)]
)
def test_controllers_bends_and_pressure_are_heard(
    peer: Peer, soundfont: str, message: tuple[int, int, int]
) -> None:
    note: list[Row] = [(0.0, 0x90, 60, 100), (0.9, 0x80, 60, 0)]
    plain = peer.bounce(piano(note, soundfont, 48), tail_s=0.2).mix
    moved = peer.bounce(piano([*note, (0.4, *message)], soundfont, 48), tail_s=0.2).mix
    # the grid of 64 frames may hear it up to half a step sooner
    assert np.array_equal(plain[:, : 19_200 - 32], moved[:, : 19_200 - 32])
    assert not np.allclose(plain, moved, atol=1e-3)


def test_the_same_request_gives_the_same_bytes(peer: Peer, soundfont: str) -> None:
    rows: list[Row] = [(0.1 * k, 0x90, 50 + k, 100) for k in range(10)]
    first, again, third = (
        peer.bounce(piano(rows, soundfont), tail_s=0.2).mix.tobytes() for _ in range(3)
    )
    assert first == again == third


def test_two_tracks_have_their_own_programs(peer: Peer, soundfont: str) -> None:
    note: list[Row] = [(0.0, 0x90, 60, 100), (0.5, 0x80, 60, 0)]
    heard = peer.bounce(piano(note, soundfont, 0), piano(note, soundfont, 73), stems=True)
    assert not np.allclose(heard.stems[0], heard.stems[1], atol=1e-3)


def test_a_soundfont_that_is_none_is_refused_in_a_sentence(
    peer: Peer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    junk = tmp_path_factory.mktemp("soundfont") / "junk.sf2"
    junk.write_bytes(b"RIFF" + bytes(100))
    failure = peer.refusal(piano([(0.0, 0x90, 60, 1)], str(junk)))
    assert failure.message == f"{junk} is no soundfont, allowed are .sf2 and .sf3 files"
    assert failure.field == "tracks[0].instrument.soundfont"


def test_a_soundfont_that_is_not_there_is_refused_in_a_sentence(peer: Peer) -> None:
    failure = peer.refusal(piano([(0.0, 0x90, 60, 1)], "/nowhere/font.sf2"))
    assert failure.message == "/nowhere/font.sf2 is not there, allowed are soundfonts (.sf2, .sf3)"
