from typing import Any

import numpy as np
import pytest

from engines import Clip, Loop, Stage
from engines.preset import Chain
from tests.engines.music import piano


def play(*band: Clip, seed: int = 5, **dials: Any) -> tuple[Clip, ...]:
    return Chain([Stage("rubato", dials)]).render(band, seed=seed)


def test_the_tempo_bends_as_far_as_a_player_s() -> None:
    (after,) = play(piano(), write="tempo")
    octaves = np.log2(after.tempo.bpm / 120.0)
    # the slow curve of performances on the ASAP dataset: 0.1 to 0.3 octaves
    assert 0.02 < octaves.std() < 0.5


def test_the_music_takes_as_long_as_written() -> None:
    (after,) = play(piano(), write="tempo")
    # 64 beats at 120 bpm
    assert float(after.tempo.seconds(np.array(64.0))) == pytest.approx(32.0, rel=1e-6)


def test_a_tempo_map_leaves_the_notes_on_the_grid() -> None:
    (after,) = play(piano(), write="tempo")
    assert after.notes == piano().notes


def test_moved_notes_meet_the_grid_on_bar_lines() -> None:
    clip = piano()
    (after,) = play(clip)
    shift = after.notes.onset - clip.notes.onset
    on_bars = clip.notes.onset % 4 == 0
    assert shift[on_bars] == pytest.approx(0.0, abs=1e-6)
    assert np.abs(shift[~on_bars]).max() > 0.005


def test_amount_scales_the_curve() -> None:
    half, whole = (
        np.log2(play(piano(), write="tempo", amount=amount)[0].tempo.bpm).std()
        for amount in (0.5, 1.0)
    )
    assert half == pytest.approx(whole / 2, rel=0.05)


def test_a_band_bends_together() -> None:
    tune, bass = piano(8, role="lead"), piano(8, role="bass")
    first, second = play(tune, bass)
    assert np.array_equal(first.notes.onset, second.notes.onset)


def test_drums_follow_the_band() -> None:
    band = (piano(8), piano(8, role="drums"))
    first, second = play(*band)
    assert np.array_equal(first.notes.onset, second.notes.onset)


def test_a_loop_comes_round_in_time() -> None:
    loop = piano(8, loop=Loop(8.0, 24.0))
    (after,) = play(loop, anchor="ends")
    edges = (loop.notes.onset == 8.0) | (loop.notes.onset == 24.0)
    assert after.notes.onset[edges] == pytest.approx(loop.notes.onset[edges])


def test_the_curve_is_smooth() -> None:
    (after,) = play(piano(64), write="tempo")
    octaves = np.log2(after.tempo.bpm)
    # cells are half a beat; within a bar the curve hardly turns
    assert np.corrcoef(octaves[1:], octaves[:-1])[0, 1] > 0.9
