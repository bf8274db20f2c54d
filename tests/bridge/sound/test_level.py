"""Sound is as loud as was asked, and never above the ceiling."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bridge.sound.level import CEILING, Level, Sound, is_clipped, level_to, matched, own_level
from bridge.sound.limiter import turned_down
from bridge.sound.loudness import loudness
from tests.bridge.sound.sounds import RATE, heard, music, need, recorded

need("pyloudnorm", "scipy")


def measured(samples: np.ndarray, rate: int = RATE) -> float:
    """Measure with a program that is not ours."""
    import pyloudnorm  # noqa: PLC0415 - where it is missing the tests are skipped

    return float(pyloudnorm.Meter(rate).integrated_loudness(samples.astype(np.float64)))


@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000, 96_000])
def test_loudness_piece_by_piece_is_that_of_the_whole(rate: int) -> None:
    samples = music(4.3, rate=rate)
    samples[2 * rate : 3 * rate] *= 0.01  # below the relative gate
    pieces = np.array_split(samples, 17)
    assert loudness(pieces, rate) == pytest.approx(measured(samples, rate), abs=0.01)


def test_a_tone_of_full_scale_has_the_loudness_of_the_standard() -> None:
    time = np.arange(5 * RATE) / RATE
    tone = np.sin(2 * np.pi * 997 * time)
    # BS.1770-4: 0 dBFS at 997 Hz in one channel is -3.01 LKFS
    left = np.stack([tone, np.zeros_like(tone)], axis=1)
    assert loudness([left], RATE) == pytest.approx(-3.01, abs=0.05)


@pytest.mark.parametrize("seconds", [0.0, 0.3, 0.399])
def test_what_is_shorter_than_a_gating_block_has_no_loudness(seconds: float) -> None:
    with recorded(music(seconds)) as recording:
        level = level_to(recording, -16)
    assert level.loudness is None
    assert "too short or too soft" in level.sentences[-1]


def test_silence_stays_silence_and_says_so() -> None:
    with recorded(np.zeros((RATE, 2), np.float32)) as recording:
        level = level_to(recording, -16)
        assert not heard(Sound(recording, level)).any()
    assert level.gain == 1
    assert "too soft" in level.sentences[0]
    assert level.told == "silence"


@pytest.mark.parametrize("asked", [-40.0, -23.0, -16.0, -12.0, -9.0])
def test_loudness_is_as_asked(asked: float) -> None:
    with recorded(music(6.0)) as recording:
        level = level_to(recording, asked)
        sound = heard(Sound(recording, level))
    assert measured(sound) == pytest.approx(asked, abs=0.2)
    assert level.loudness == pytest.approx(measured(sound), abs=0.01)
    assert level.peak == np.abs(sound).max() <= CEILING


def test_a_loudness_out_of_reach_is_told() -> None:
    clicks = np.zeros((4 * RATE, 2), np.float32)
    clicks[:: RATE // 2] = 0.5
    with recorded(clicks) as recording:
        level = level_to(recording, -3.0)
        assert np.abs(heard(Sound(recording, level))).max() <= CEILING
    assert "asked was -3: it comes no nearer with peaks at -1 dBFS" in level.sentences[0]


@given(
    st.integers(0, 40),
    arrays(np.float32, st.integers(0, 300), elements=st.floats(0, 1e6, width=32)),
    st.floats(1e-3, 10),
)
def test_the_limiter_never_lets_above_the_ceiling(
    near: int, magnitude: np.ndarray, ceiling: float
) -> None:
    around = np.concatenate([np.zeros(2 * near), magnitude, np.zeros(2 * near)])
    curve = turned_down(around, near, ceiling)
    assert curve.shape == magnitude.shape
    assert ((curve >= 0) & (curve <= 1)).all()
    assert (magnitude * curve <= ceiling * (1 + 1e-12)).all()


def test_the_limiter_leaves_alone_what_is_far_from_a_peak() -> None:
    magnitude = np.full(5000, 0.5)
    magnitude[2500] = 2.0
    curve = turned_down(magnitude, 100, 1.0)  # (4800,), frame 2500 is row 2300
    assert curve[2300] == pytest.approx(0.5)
    assert (curve[:2100] == 1).all()
    assert (curve[2501:] == 1).all()


def test_limiting_by_chunks_is_limiting_the_whole() -> None:
    samples = music(4.0, level=0.9)
    near = round(0.02 * RATE)
    with recorded(samples) as recording:
        sound = heard(Sound(recording, Level(2.0, is_limited=True)))
    around = np.pad(np.abs(samples).max(axis=1), 2 * near)
    whole = samples * turned_down(around, near, CEILING / 2)[:, None] * 2
    assert np.abs(sound - whole).max() < 1e-6


def test_the_own_level_is_left_alone_where_nothing_is_clipped() -> None:
    samples = music()
    with recorded(samples) as recording:
        level = own_level(recording)
        assert np.array_equal(heard(Sound(recording, level)), samples)
    assert level.sentences == ()
    assert level.loudness == pytest.approx(measured(samples), abs=0.01)


def test_the_own_level_is_turned_down_where_a_file_would_clip() -> None:
    samples = music() * np.float32(2 / np.abs(music()).max())  # peak at 2, that is +6 dBFS
    with recorded(samples) as recording:
        level = own_level(recording)
        sound = heard(Sound(recording, level))
    assert np.abs(sound).max() == pytest.approx(CEILING, rel=1e-6)
    # 20 * log10(2) = 6.02 dB and one more to the ceiling
    assert level.sentences[0].startswith("turned down by 7.0 dB")
    assert level.loudness == pytest.approx(measured(sound), abs=0.01)


def test_stems_are_limited_as_the_mix_is() -> None:
    parts = [music(seed=seed, level=0.8) for seed in range(3)]
    with recorded(sum(parts[1:], start=parts[0])) as mix:
        level = level_to(mix, -10.0)
        assert level.is_limited
        stems = []
        for part in parts:
            with recorded(part) as recording:
                stems.append(heard(Sound(recording, level, mix)))
        whole = heard(Sound(mix, level))
    # three stems, the mix and two sums, each rounded to 24 bits of at most 2
    assert np.abs(sum(stems[1:], start=stems[0]) - whole).max() < 6 * 2**-24


def test_a_stem_that_only_others_cancel_is_told_to_be_clipped() -> None:
    loud = music(level=3.0)
    with recorded(music()) as mix, recorded(loud) as stem:
        level = level_to(mix, -20.0)
        assert is_clipped(Sound(stem, level, mix))
        assert not is_clipped(Sound(mix, level))


@pytest.mark.parametrize("peaks", [0.1, 0.9])
def test_versions_that_are_compared_are_equally_loud_and_not_limited(peaks: float) -> None:
    even, peaky = music(6.0, level=0.4), music(6.0, level=0.05, seed=1)
    peaky[RATE] = peaks
    with recorded(even) as first, recorded(peaky) as second:
        levels = matched((first, second))
        sounds = [heard(Sound(*pair)) for pair in zip((first, second), levels, strict=True)]
    assert [(level.is_limited, level.sentences) for level in levels] == [(False, ())] * 2
    # as loud as the peaky one is with its peak at the ceiling, in whole tenths, and not above -16
    most = min(-16.0, measured(peaky) + 20 * np.log10(CEILING / np.abs(peaky).max()))
    for sound in sounds:
        assert most - 0.15 <= measured(sound) <= most + 0.05
        assert np.abs(sound).max() <= CEILING


def test_versions_are_as_loud_as_is_asked_even_where_one_is_limited() -> None:
    with recorded(music(level=0.4)) as loud, recorded(music(level=0.1, seed=1)) as soft:
        levels = matched((loud, soft), -9.0)
        sounds = [heard(Sound(*pair)) for pair in zip((loud, soft), levels, strict=True)]
    assert [measured(sound) for sound in sounds] == pytest.approx([-9, -9], abs=0.2)


def test_silence_among_versions_does_not_keep_the_others_from_their_loudness() -> None:
    with recorded(music(6.0)) as one, recorded(np.zeros((RATE, 2), np.float32)) as silence:
        alone, (level, silent) = matched((one,)), matched((one, silence))
    assert alone == (level,)
    assert silent.told == "silence"
