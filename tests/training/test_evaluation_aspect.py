from pathlib import Path

import numpy as np
import pytest

from engines.training.evaluation.case import Case
from engines.training.evaluation.turing import told_apart, windows_of
from engines.training.recording import ARPEGGIO, GRACE
from tests.training.packs import case_of, performance, score


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return case_of(tmp_path, performance(score(1), 1))


def test_loudness_and_tempo_as_a_whole_do_not_count(case: Case) -> None:
    louder = case.truth._replace(
        velocity=case.truth.velocity + 20, stretch=case.truth.stretch - 0.3
    )
    found = case.compared(louder)
    assert found.velocity == pytest.approx(case.aspects.velocity)
    assert found.ioi[:-1] == pytest.approx(case.aspects.ioi[:-1])


def test_the_last_onset_has_no_interval(case: Case) -> None:
    assert np.flatnonzero(np.isnan(case.aspects.ioi)).tolist() == [len(case.aspects.ioi) - 1]


def test_a_long_hold_counts_as_three_times_the_mean(case: Case) -> None:
    held = case.truth.stretch.copy()
    held[5] += 9.0
    assert case.compared(case.truth._replace(stretch=held)).ioi[5] == 1.5


def test_one_odd_interval_leaves_the_slow_tempo(case: Case) -> None:
    even = np.zeros(len(case.truth.stretch))
    odd = even.copy()
    odd[10] = 0.7
    slow = case.compared(case.truth._replace(stretch=odd)).slow_tempo
    assert np.nanstd(slow) == 0.0


def test_only_notes_of_chords_are_early_or_late(case: Case) -> None:
    size = case.features.group_size[case.features.group]
    assert (np.isnan(case.aspects.asynchrony) == (size < 2)).all()


def test_the_notes_of_a_chord_are_late_against_each_other(case: Case) -> None:
    total = np.bincount(case.features.group, np.nan_to_num(case.aspects.asynchrony))
    assert total == pytest.approx(np.zeros(len(total)), abs=1e-9)


def test_arpeggios_are_neither_early_nor_late(tmp_path: Path) -> None:
    written = score(1)
    written["flags"][:3] = ARPEGGIO
    case = case_of(tmp_path, performance(written, 1))
    assert np.isnan(case.aspects.asynchrony[:3]).all()
    assert not np.isnan(case.aspects.articulation[:3]).any()


def test_grace_notes_have_no_length(tmp_path: Path) -> None:
    written = score(1)
    written["flags"][2] = GRACE
    case = case_of(tmp_path, performance(written, 1))
    assert np.flatnonzero(np.isnan(case.aspects.articulation)).tolist() == [2]


def test_where_a_guess_is_unknown_the_human_is_not_compared(case: Case) -> None:
    velocity = case.truth.velocity.copy()
    velocity[:10] = np.nan
    found = case.compared(case.truth, case.truth._replace(velocity=velocity))
    assert np.isnan(found.velocity[:10]).all()
    assert found.velocity[10:].mean() == pytest.approx(0.0, abs=1e-9)


def cases(folder: Path) -> list[Case]:
    return [
        case_of(folder, performance(score(piece, beats=160), piece), f"piece{piece}")
        for piece in range(6)
    ]


def test_people_cannot_be_told_from_themselves(tmp_path: Path) -> None:
    found = told_apart([windows_of(case, case.truth) for case in cases(tmp_path)])
    shares = np.array([rows[0] for piece in found.values() for rows in piece.values()])
    assert shares.mean() == pytest.approx(0.5)  # whoever says human says it of both


def test_a_sequencer_is_told_from_people(tmp_path: Path) -> None:
    flat = [
        windows_of(case, case.truth._replace(velocity=np.full(len(case.truth.velocity), 64.0)))
        for case in cases(tmp_path)
    ]
    shares = [rows[0] for piece in told_apart(flat).values() for rows in piece.values()]
    assert np.mean(shares) > 0.95


def test_a_single_piece_tells_nothing(case: Case) -> None:
    assert told_apart([windows_of(case, case.truth)]) == {}
