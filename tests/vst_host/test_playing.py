from pathlib import Path

import numpy as np
import pytest

from tests.vst_host.process import Peer, Row, events, track

RATE = 48_000
FULL = 0.1
"""How loud the test synth plays a note at velocity 127."""


def at(frame: int) -> float:
    return frame / RATE


def cosine(frames: int, key: float = 69) -> np.ndarray:
    """Return what the test synth plays: a cosine that is at its peak on the first frame."""
    return FULL * np.cos(2 * np.pi * 440 * 2 ** ((key - 69) / 12) * np.arange(frames) / RATE)


def sounding(sound: np.ndarray) -> tuple[int, int]:
    """Return the first frame that sounds and the one after the last."""
    loud = np.flatnonzero(sound[0])
    return int(loud[0]), int(loud[-1]) + 1


def test_every_note_begins_and_ends_on_its_frame(peer: Peer, synth: Path) -> None:
    lots = np.random.default_rng(7)
    begins = np.cumsum(lots.integers(400, 9_000, 50))
    ends = begins + lots.integers(1, 300, 50)
    rows = [
        row
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)
        for row in ((at(begin), 0x90, 69, 127), (at(end), 0x80, 69, 0))
    ]
    sound = peer.bounce(track(rows, synth)).mix[0]
    edges = np.flatnonzero(np.diff((sound != 0).astype(int), prepend=0, append=0))
    assert edges[::2].tolist() == begins.tolist()
    assert edges[1::2].tolist() == ends.tolist()


@pytest.mark.parametrize("rate", [22_050, 44_100, 96_000])
def test_notes_begin_on_their_frame_at_any_sample_rate(peer: Peer, synth: Path, rate: int) -> None:
    begins = np.random.default_rng(rate).choice(rate, 5, replace=False)
    for begin in begins.tolist():
        rows = [(begin / rate, 0x90, 69, 127), (1.1, 0x80, 69, 0)]
        sound = peer.bounce(track(rows, synth), sample_rate=rate, tail_s=0.1).mix
        assert np.flatnonzero(sound[0])[0] == begin


def test_notes_of_an_instrument_that_says_that_it_is_late_are_on_their_frames(
    peer: Peer, plugins: Path
) -> None:
    rows: list[Row] = [(0.0, 0x90, 69, 127), (0.1, 0x80, 69, 0)]
    for bounced in range(2):  # loaded for it, and kept from before
        sound = peer.bounce(track(rows, plugins / "Test Late.vst3")).mix
        assert sounding(sound) == (0, 4_800), bounced
        assert np.allclose(sound[0, :4_800], cosine(4_800), atol=1e-5)


def test_a_note_sounds_as_the_plugin_plays_it(peer: Peer, synth: Path) -> None:
    rows: list[Row] = [(0.1, 0x90, 69, 127), (0.6, 0x80, 69, 0)]
    sound = peer.bounce(track(rows, synth)).mix
    assert np.allclose(sound[0, 4_800:28_800], cosine(24_000), atol=1e-5)


def test_there_is_silence_before_the_first_note_though_the_plugin_hangs_when_warmed_up(
    peer: Peer, synth: Path
) -> None:
    heard = peer.bounce(track([(2.0, 0x90, 69, 127), (2.1, 0x80, 69, 0)], synth))
    assert sounding(heard.mix) == (96_000, 100_800)
    assert heard.bounced.warnings == []


def test_the_pedal_holds_a_note_until_it_is_released(peer: Peer, synth: Path) -> None:
    rows: list[Row] = [
        (0.1, 0xB0, 64, 127),
        (0.2, 0x90, 69, 127),
        (0.3, 0x80, 69, 0),
        (0.55, 0xB0, 64, 0),
    ]
    assert sounding(peer.bounce(track(rows, synth)).mix) == (9_600, 26_400)


def test_a_pedal_that_goes_down_and_up_within_one_block_is_heard(peer: Peer, synth: Path) -> None:
    rows: list[Row] = [
        (at(1_000), 0x90, 69, 127),
        (at(1_100), 0xB0, 64, 127),
        (at(1_200), 0x80, 69, 0),
        (at(1_500), 0xB0, 64, 0),
    ]
    assert sounding(peer.bounce(track(rows, synth)).mix) == (1_000, 1_500)


def test_a_pedal_pressed_after_a_note_has_ended_on_the_same_frame_does_not_hold_it(
    peer: Peer, synth: Path
) -> None:
    ended: list[Row] = [(0.0, 0x90, 69, 127), (0.1, 0x80, 69, 0), (0.1, 0xB0, 64, 127)]
    held: list[Row] = [(0.0, 0x90, 69, 127), (0.1, 0xB0, 64, 127), (0.1, 0x80, 69, 0)]
    up: Row = (0.2, 0xB0, 64, 0)
    assert sounding(peer.bounce(track([*ended, up], synth)).mix) == (0, 4_800)
    assert sounding(peer.bounce(track([*held, up], synth)).mix) == (0, 9_600)


def test_a_pedal_that_is_lifted_and_pressed_on_one_frame_lets_go(peer: Peer, synth: Path) -> None:
    rows: list[Row] = [
        (0.0, 0xB0, 64, 127),
        (0.01, 0x90, 69, 127),
        (0.02, 0x80, 69, 0),
        (0.1, 0xB0, 64, 0),
        (0.1, 0xB0, 64, 127),
        (0.2, 0xB0, 64, 0),
    ]
    assert sounding(peer.bounce(track(rows, synth)).mix) == (480, 4_800)


@pytest.mark.parametrize(
    "others",
    [
        [(0xB0, 11, 127)],
        [(0xE0, 0, 64)],
        [(0xB0, 7, 127), (0xB0, 10, 64), (0xB1, 11, 127)],
        [(0xB1, 64, 127), (0x91, 30, 1), (0x81, 30, 0), (0xB1, 64, 0)],
    ],
    ids=["expression", "bend", "three others", "another channel's notes"],
)
def test_a_pedal_pressed_together_with_others_holds_the_next_note(
    peer: Peer, synth: Path, others: list[tuple[int, int, int]]
) -> None:
    together = [*others, (0xB0, 64, 127)]
    rows: list[Row] = [(0.1, 0x90, 69, 127), (0.35, 0x80, 69, 0), (0.6, 0xB0, 64, 0)]
    rows += [(0.3, *message) for message in together]
    assert sounding(peer.bounce(track(rows, synth)).mix) == (4_800, 28_800)


def test_volume_and_expression_that_move_together_are_both_heard(peer: Peer, synth: Path) -> None:
    half = [(0.15, 0xB0, number, 64) for number in (7, 11)]
    rows: list[Row] = [(0.0, 0x90, 69, 127), *half, (0.2, 0x90, 20, 1), (0.3, 0x80, 69, 0)]
    sound = peer.bounce(track([*rows, (0.3, 0x80, 20, 0)], synth)).mix[0]
    expected = cosine(9_600)[7_201:] * (64 / 127) ** 2
    assert np.allclose(sound[7_201:9_600], expected, rtol=0.07, atol=1e-5)


@pytest.mark.parametrize(
    ("message", "factor"),
    [
        ((0xB0, 7, 64), 64 / 127),
        ((0xB0, 11, 32), 32 / 127),
        ((0xD0, 127, 0), 2),
        ((0xA0, 69, 127), 2),
    ],
    ids=["volume", "expression", "pressure", "pressure of a key"],
)
def test_what_makes_louder_or_softer_is_heard_from_its_frame_on(
    peer: Peer, synth: Path, message: tuple[int, int, int], factor: float
) -> None:
    rows: list[Row] = [(0.0, 0x90, 69, 127), (0.1, *message), (0.2, 0x80, 69, 0)]
    sound = peer.bounce(track(rows, synth)).mix[0]
    expected = cosine(9_600)
    expected[4_800:] *= factor
    assert np.allclose(sound[:4_800], expected[:4_800], atol=1e-5)
    # what plug-ins are told is a float, of which this one makes whole numbers, rounding down
    assert np.allclose(sound[4_800:9_600], expected[4_800:], rtol=2.1 / 32, atol=1e-5)
    assert sound[4_800] == pytest.approx(expected[4_800], rel=2.1 / 32)


def test_a_bend_is_heard_from_its_frame_on(peer: Peer, synth: Path) -> None:
    # the whole way up, 0x3FFF, is 8191 of 8192 parts of two semitones
    rows: list[Row] = [(0.0, 0x90, 69, 127), (0.1, 0xE0, 0x7F, 0x7F), (0.2, 0x80, 69, 0)]
    sound = peer.bounce(track(rows, synth)).mix[0]
    turns = 440 / RATE * 4_800 % 1
    pitch = 440 * 2 ** (2 / 12 * 8191 / 8192)
    bent = FULL * np.cos(2 * np.pi * (turns + pitch * np.arange(4_800) / RATE))
    assert np.allclose(sound[:4_800], cosine(4_800), atol=1e-5)
    assert np.allclose(sound[4_800:9_600], bent, atol=2e-3)  # the plug-in hears it a little lower


def test_two_channels_of_one_track_have_their_own_controllers(peer: Peer, synth: Path) -> None:
    rows: list[Row] = [
        (0.0, 0xB1, 7, 0),
        (0.1, 0x91, 69, 127),
        (0.1, 0x90, 69, 127),
        (0.2, 0x90, 69, 0),
        (0.2, 0x91, 69, 0),
    ]
    sound = peer.bounce(track(rows, synth)).mix[0]
    assert np.allclose(sound[4_800:9_600], cosine(4_800), atol=1e-5)


def test_a_parameter_is_set_by_its_name_or_the_plugins_own(peer: Peer, synth: Path) -> None:
    rows: list[Row] = [(0.0, 0x90, 69, 127), (0.1, 0x80, 69, 0)]
    for name in ("level", "Level"):
        heard = peer.bounce(track(rows, synth, parameters={name: 0.25}))
        assert heard.bounced.peak == pytest.approx(FULL / 4, rel=1e-4)


def test_a_parameter_of_steps_and_one_of_names_are_set(peer: Peer, synth: Path) -> None:
    rows: list[Row] = [(0.0, 0x90, 69, 127), (0.1, 0x80, 69, 0)]
    higher = peer.bounce(track(rows, synth, parameters={"octave": 1})).mix[0]
    square = peer.bounce(track(rows, synth, parameters={"wave": "Square"})).mix[0]
    assert np.allclose(higher[:4_800], cosine(4_800, 81), atol=1e-4)
    assert np.allclose(np.abs(square[:4_800]), FULL, atol=1e-6)


@pytest.mark.parametrize("name", ["Test Synth", "Test State", "Test Mono"])
def test_the_same_request_gives_the_same_bytes_whatever_was_played_before(
    peer: Peer, plugins: Path, name: str
) -> None:
    path = plugins / f"{name}.vst3"
    rows: list[Row] = [(0.1, 0x90, 60, 90), (0.4, 0xE0, 0, 80), (0.5, 0x80, 60, 0)]
    moved: list[Row] = [
        (0.0, 0xB0, 7, 20),
        (0.0, 0xB0, 16, 100),
        (0.0, 0xE0, 0, 10),
        (0.0, 0xB0, 64, 127),
        (0.1, 0x90, 50, 127),
    ]
    first = peer.bounce(track(rows, path))
    other = peer.bounce(track(moved, path), tail_s=0.5)
    again = peer.bounce(track(rows, path))
    assert other.bounced.peak > 0
    assert first.mix.tobytes() == again.mix.tobytes()


def test_a_track_without_notes_is_silent_beside_one_with_notes(peer: Peer, synth: Path) -> None:
    rows: list[Row] = [(0.0, 0x90, 69, 127), (0.1, 0x80, 69, 0)]
    alone = peer.bounce(track(rows, synth))
    both = peer.bounce(track([], synth), track(rows, synth))
    assert np.array_equal(alone.mix, both.mix)


def test_messages_may_come_in_one_frame_by_the_hundred(peer: Peer, synth: Path) -> None:
    rows: list[Row] = [(0.1, 0x90, pitch, 1) for pitch in range(100)]
    rows += [(0.2, 0x80, pitch, 0) for pitch in range(100)]
    assert sounding(peer.bounce(track(rows, synth)).mix) == (4_800, 9_600)


def test_the_table_of_messages_may_end_with_a_controller(peer: Peer, synth: Path) -> None:
    rows: list[Row] = [(0.0, 0x90, 69, 127), (0.1, 0x80, 69, 0), (1.0, 0xB0, 1, 5)]
    assert peer.bounce(track(rows, synth), tail_s=0).mix.shape == (2, RATE)
    assert len(events(rows)) == 3
