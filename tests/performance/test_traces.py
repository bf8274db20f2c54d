"""What players did is played from, wherever a clip leads."""

import json
from typing import Any

import msgspec
import numpy as np
import pytest

from engines import Clip, Loop, Notes
from engines.features import Features
from engines.performance.interpreter import SAMPLED
from engines.performance.traces import (
    BLOCK,
    FADE,
    Bank,
    Trace,
    Traces,
    independent,
    kept,
    traced,
)

VELOCITY, STRETCH, ASYNCHRONY, ARTICULATION = range(len(SAMPLED))


def chords(size: np.ndarray, beat: float = 0.5, **fields: Any) -> Features:
    """Return chords of so many notes each, so many beats apart, at 120 bpm."""
    onset = beat * np.repeat(np.arange(len(size)), size)
    pitch = 40 + 3 * np.concatenate([np.arange(notes) for notes in size]) % 80
    notes = Notes(pitch=pitch, onset=onset, duration=np.full(len(onset), beat))
    return Features(Clip(notes, length=beat * len(size), **fields))


def mixed(onsets: int, seed: int, most: int = 4) -> np.ndarray:
    return np.random.default_rng(seed).integers(1, most + 1, onsets)


def donor(onsets: int, seed: int, size: np.ndarray | None = None) -> Trace:
    """Return who remembers from onset to onset, and is early where loud."""
    rng, tie = np.random.default_rng(seed), 0.6
    features = chords(mixed(onsets, seed) if size is None else size)
    own = rng.standard_normal((len(features.notes), 4))
    own[:, STRETCH] = rng.standard_normal(len(features.group_onset))[features.group]
    smooth = np.convolve(rng.standard_normal(onsets + 8), np.full(8, 8**-0.5), mode="valid")
    score = np.sqrt(0.5) * (smooth[features.group, None] + own)
    score[:, STRETCH] = own[:, STRETCH]
    score[:, ASYNCHRONY] = np.sqrt(1 - tie**2) * own[:, 2] - tie * score[:, VELOCITY]
    score[features.group_size[features.group] == 1, ASYNCHRONY] = np.nan
    return traced(features, score)


def bank(donors: int = 12, onsets: int = 600) -> Bank:
    return Bank(kept([donor(onsets, seed) for seed in range(donors)]))


def even(size: int) -> Bank:
    """Return donors all of whose places are alike."""
    return Bank(kept([donor(600, seed, np.full(600, size)) for seed in range(12)]))


def fields(features: Features, of: Bank, seeds: int = 40) -> np.ndarray:
    return np.stack([of.field(features, np.random.default_rng(seed)) for seed in range(seeds)])


def test_noise_is_as_normal_as_the_traces_are() -> None:
    drawn = fields(chords(mixed(300, 99)), bank()).reshape(-1, 4)
    assert drawn.mean(axis=0) == pytest.approx(0.0, abs=0.1)
    assert drawn.std(axis=0) == pytest.approx(1.0, abs=0.07)
    # 68.3 % of a normal distribution lie within one deviation, 95.4 % within two
    for far, share in ((1, 0.683), (2, 0.954)):
        assert (np.abs(drawn) < far).mean(axis=0) == pytest.approx(share, abs=0.03)


def test_variance_stays_one_where_one_place_fades_into_the_next() -> None:
    drawn = fields(chords(np.full(3 * BLOCK, 2)), even(2), 200)
    seam = drawn.reshape(200, -1, 2, 4)[:, BLOCK : BLOCK + FADE]
    assert seam.std(axis=(0, 1, 2)) == pytest.approx(1.0, abs=0.1)


def test_what_goes_together_in_a_hand_stays_together() -> None:
    drawn = fields(chords(np.full(300, 3)), even(3))
    tied = np.corrcoef(drawn[..., VELOCITY].ravel(), drawn[..., ASYNCHRONY].ravel())[0, 1]
    assert tied == pytest.approx(-0.6, abs=0.05)


def test_what_players_remember_is_remembered() -> None:
    drawn = fields(chords(np.ones(400, dtype=int)), bank())[..., VELOCITY]
    # half of the variance is a mean of 8 onsets, of which the next shares 7
    following = np.mean([np.corrcoef(one[1:], one[:-1])[0, 1] for one in drawn])
    assert following == pytest.approx(0.5 * 7 / 8, abs=0.08)


def test_the_notes_of_an_onset_have_one_stretch() -> None:
    features = chords(mixed(200, 5, most=6))
    for draw in (bank().field, independent):
        stretch = draw(features, np.random.default_rng(1))[:, STRETCH]
        mean = np.bincount(features.group, stretch) / features.group_size
        assert stretch == pytest.approx(mean[features.group])


def test_a_larger_chord_is_as_alike_as_the_donors_are() -> None:
    drawn = fields(chords(np.full(200, 4)), even(2))[..., VELOCITY].reshape(-1, 4)
    # the donors' two notes share half of their variance; each of them is taken twice
    for pair in ([0, 1], [2, 3]):
        assert np.corrcoef(drawn[:, pair].T)[0, 1] == pytest.approx(0.5, abs=0.06)


def test_the_melody_over_larger_chords_remembers_as_the_donor_does() -> None:
    top = fields(chords(np.full(400, 3)), even(1))[..., VELOCITY].reshape(40, -1, 3)[..., 2]
    following = np.mean([np.corrcoef(one[1:], one[:-1])[0, 1] for one in top])
    # as of single notes: half of the variance is a mean of 8 onsets, of which the next shares 7
    assert following == pytest.approx(0.5 * 7 / 8, abs=0.08)


def test_a_note_alone_takes_the_top_of_a_chord() -> None:
    size = np.full(50, 3)
    score = np.tile([[0.0], [0.0], [1.0], [0.0], [0.0], [-1.0]], (25, 4))
    drawn = Bank(kept([traced(chords(size), score)])).field(
        chords(np.ones(20, dtype=int)), np.random.default_rng(0)
    )
    assert np.abs(drawn) == pytest.approx(1.0)


def test_the_place_is_like_the_music() -> None:
    size = np.tile(np.repeat([1, 4], 60), 5)
    loud_or_soft = np.where(size == 4, (-1.0) ** np.arange(len(size)), 0.0)
    score = np.repeat(loud_or_soft, size)[:, None] * np.ones(4)
    of = Bank(kept([traced(chords(size), score)]))
    for notes, expected in ((1, 0.0), (4, 1.0)):
        drawn = of.field(chords(np.full(40, notes)), np.random.default_rng(0))
        assert np.abs(drawn) == pytest.approx(expected)


def test_a_melody_that_was_loud_all_along_does_not_make_others_loud() -> None:
    size = np.full(600, 3)
    score = np.random.default_rng(0).standard_normal((1800, 4))
    score[2::3, VELOCITY] += 1.5
    drawn = fields(chords(np.full(300, 3)), Bank(kept([traced(chords(size), score)])))
    voices = drawn[..., VELOCITY].reshape(-1, 3)
    assert voices.mean(axis=0) == pytest.approx(0.0, abs=0.1)
    # as wide in all as 1 and 1.5 for one of three notes
    assert voices.std() == pytest.approx(np.sqrt(1.0 + 1.5**2 / 3), abs=0.1)


def test_rows_are_those_of_the_clip() -> None:
    size = mixed(60, 3)
    features = chords(size)
    shuffle = np.random.default_rng(0).permutation(len(features.notes))
    mixed_up = Features(features.clip.replace(notes=features.notes.take(shuffle)))
    of = bank()
    straight, other = (of.field(each, np.random.default_rng(7)) for each in (features, mixed_up))
    assert np.array_equal(straight[shuffle], other)


def test_a_seed_always_gives_the_same_and_others_something_else() -> None:
    features, of = chords(mixed(100, 1)), bank()
    one, same, other = (of.field(features, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert one.tobytes() == same.tobytes() != other.tobytes()


def test_the_end_of_a_loop_leads_to_its_start() -> None:
    line, of = np.ones(2 * BLOCK, dtype=int), even(1)
    loop = chords(line, loop=Loop(0.0, float(BLOCK)))
    for features, expected in ((chords(line), 0.0), (loop, 0.44 * 0.8**0.5)):
        drawn = fields(features, of, 300)[..., VELOCITY]
        # an onset is like the next by 0.44, and has 0.8 of its variance from before the start
        assert np.corrcoef(drawn[:, 0], drawn[:, -1])[0, 1] == pytest.approx(expected, abs=0.15)


@pytest.mark.parametrize("onsets", [1, 2, 3, BLOCK, BLOCK + 1, BLOCK + FADE + 1])
@pytest.mark.parametrize("of", [1, 2, 10])
def test_donors_may_be_shorter_than_the_clip(onsets: int, of: int) -> None:
    small = Bank(kept([donor(of, seed) for seed in range(2)]))
    drawn = small.field(chords(mixed(onsets, 8)), np.random.default_rng(0))
    assert np.isfinite(drawn).all()


@pytest.mark.parametrize("loop", [None, Loop(0.0, 0.25), Loop(1.0, 2.0), Loop(30.0, 31.0)])
def test_any_loop_is_played(loop: Loop | None) -> None:
    drawn = bank(2).field(chords(mixed(12, 8), loop=loop), np.random.default_rng(0))
    assert np.isfinite(drawn).all()


def at_once(pitch: np.ndarray, onset: np.ndarray) -> Features:
    table = Notes(pitch=pitch, onset=onset, duration=np.full(len(onset), 0.001))
    return Features(Clip(table, length=4.0))


@pytest.mark.parametrize(
    "features",
    [
        at_once(np.full(1, 60), np.zeros(1)),
        at_once(np.full(10, 60), np.zeros(10)),
        at_once(np.arange(128), np.zeros(128)),
        at_once(20 + np.arange(10_000) % 90, np.arange(10_000) / 10_000),
    ],
    ids=["one note", "ten notes of one pitch at one onset", "every key", "10,000 notes in a beat"],
)
def test_any_notes_get_noise(features: Features) -> None:
    drawn = bank(3, 40).field(features, np.random.default_rng(0))
    assert drawn.shape == (len(features.notes), 4)
    assert np.isfinite(drawn).all()


def test_a_card_keeps_traces_as_they_were() -> None:
    trace = donor(30, 4)
    written = json.loads(json.dumps(msgspec.to_builtins(kept([trace, trace.excerpt(5, 9)]))))
    read = msgspec.convert(written, Traces)
    assert read == kept([trace, trace.excerpt(5, 9)])
    assert read.onsets == (30, 4)
    assert list(read.size) == [*trace.size, *trace.size[5:9]]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"score": b"abc"}, "traces of 30 onsets"),
        ({"size": bytes(30)}, "traces of 30 onsets and 0 notes"),
        ({"interval": b""}, "traces of 30 onsets"),
        ({"onsets": (29,)}, "traces of 30 onsets"),
        ({"onsets": (31, -1)}, "a donor of -1 onsets"),
        ({"score": b"", "size": b"", "interval": b"", "onsets": ()}, "traces of 0 onsets"),
    ],
)
def test_traces_that_do_not_belong_together_are_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        msgspec.structs.replace(kept([donor(30, 4)]), **change)
