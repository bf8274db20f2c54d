"""The hand that plays live: what it learns from, how it is trained, and how it is judged."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from engines.error import EngineError
from engines.models.hand import Hand, Shape
from engines.touch.hearing import COLUMNS, DRUMS, LINE, PIANO, PLAYED, PULSE
from engines.touch.network import FILE, LATENESS, VELOCITY, Network
from engines.training.apprentice import Apprentice, train
from engines.training.live.evaluation import evaluate, to_table
from engines.training.live.lesson import (
    LATEST_MS,
    Lesson,
    Page,
    balanced,
    lesson,
    local_time,
    stiff_lesson,
    without_swing,
)
from engines.training.live.measure import Deed, alike, bins_of, distance, surprise, told
from engines.training.live.school import NOTES, School, cut_out, hidden, stacked
from engines.training.live.source import SOURCES, read_pages, usual_pace
from engines.training.live.train import Order, arrays, loss, order, teacher, train_hand
from engines.training.recording import read_pack
from tests.training.packs import write_pack
from tests.training.takes import write_takes

SHAPE = Shape(width=8, inner=6, dropout=0.0)
PACKS = tuple(source for source in SOURCES if source.pack in {"vienna4x22", "groove"})


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    for name in ("vienna4x22", "groove"):
        (folder / name).mkdir()
    write_pack(folder / "vienna4x22")
    write_takes(folder / "groove", bars=16)
    return folder


def asked(data: Path, folder: Path, steps: int = 2, *without: str) -> Order:
    return Order(data, folder, steps, without=without, shape=SHAPE, windows=3, sources=PACKS)


@pytest.fixture(scope="module")
def trained(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    return train_hand(asked(data, folder, 3, "Lot/piece0"), ignore)


def ignore(_what: str, _share: float) -> None:
    """Hear what is being done."""


def page(count: int = 200, style: int = PIANO) -> Page:
    """Eighths at 120 bpm, every other one louder and later."""
    rng = np.random.default_rng(count)
    beat = np.arange(count) / 2.0
    odd = np.arange(count) % 2
    return Page(
        piece="piece",
        style=style,
        beat=beat,
        time_s=beat / 2.0,
        pitch=rng.integers(50, 70, count),
        voice=np.where(odd, 1, 0) if style == DRUMS else np.full(count, -1),
        louder=20.0 * odd - 10.0,
        late_ms=10.0 * odd,
        known=np.ones((count, 2), dtype=bool),
        bpm=120.0,
    )


def taught(count: int = 200, style: int = PIANO) -> Lesson:
    return stiff_lesson(page(count, style), np.random.default_rng(0))


def test_time_that_is_steady_is_local_time() -> None:
    beat = np.repeat(np.arange(20.0), 2)
    assert local_time(beat, 0.5 * beat + 3.0) == pytest.approx(0.5 * beat + 3.0)


def test_a_tempo_that_changes_slowly_is_no_lateness() -> None:
    beat = np.arange(200.0)
    played = np.cumsum(0.2 + 0.02 * np.sin(beat / 20.0))
    # of a curve of second derivative .001 s a beat squared, half of it times a reach of about 3
    assert np.abs(local_time(beat, played) - played)[2:-2].max() < 0.006


def test_a_note_that_comes_late_by_itself_is_late() -> None:
    beat = np.arange(41.0)
    played = 0.15 * beat
    played[20] += 0.03
    late = played - local_time(beat, played)
    assert late.argmax() == 20
    assert late[20] > 0.015


def test_the_swing_of_a_solo_is_no_lateness() -> None:
    beat = np.arange(40) / 2.0
    late = np.where(np.arange(40) % 2, 60.0, -5.0)
    assert without_swing(beat, late) == pytest.approx(0.0)


def test_voices_are_balanced_by_their_means() -> None:
    assert balanced(np.array([0, 0, 3]), np.array([90.0, 100.0, 40.0])).tolist() == [-5, 5, 0]


def test_where_all_players_linger_is_their_pace(data: Path) -> None:
    players = [one for one in read_pack(data / "vienna4x22") if one.piece == "Lot/piece0"]
    onset, pace = usual_pace(players)
    assert pace[0] == 0.0
    assert pace[-1] == 1.0
    assert len(onset) == len(np.unique(players[0].clip.notes.onset))


def test_packs_are_read_as_pages(data: Path) -> None:
    styles = {}
    for source in PACKS:
        pages = list(read_pages(data, source, "train"))
        styles[source.pack] = {one.style for one in pages}
        for one in pages:
            assert len(one.known) == len(one.beat) == len(one.late_ms)
            assert np.abs(one.late_ms[one.known[:, 1]]).max() <= LATEST_MS
    assert styles == {"vienna4x22": {PIANO}, "groove": {DRUMS}}


def test_a_lesson_has_a_row_for_each_note_in_the_order_of_time() -> None:
    one = lesson(page(), np.random.default_rng(3))
    assert one.view.shape == (200, len(COLUMNS))
    assert sorted(one.row.tolist()) == list(range(200))
    assert np.isfinite(one.view).all()


def test_what_is_not_known_is_made_up_and_not_learned() -> None:
    known = np.array([[True, False]] * 200)
    one = page()._replace(late_ms=np.zeros(200), known=known)
    found = stiff_lesson(one, np.random.default_rng(0))
    assert found.played[:, 1].std() > 5.0
    assert not cut_out(found, 0, 200).weight[:, 1].any()


def test_a_window_is_filled_up_with_notes_that_do_not_count() -> None:
    cut = cut_out(taught(100), 0, NOTES)
    assert cut.view.shape == (NOTES, len(COLUMNS))
    assert cut.weight.sum(axis=0).tolist() == [100, 100]


def test_the_same_state_of_a_generator_draws_the_same_batch() -> None:
    school = School([[taught()], [taught(150, DRUMS)]], [0.5, 0.5])
    one, other = (school.batch(np.random.default_rng(5), 4) for _ in range(2))
    assert all((a == b).all() for a, b in zip(one, other, strict=True))


def test_pulse_and_velocities_are_hidden_about_as_often_as_said() -> None:
    view = np.ones((4, len(COLUMNS)), np.float32)
    draw = np.random.default_rng(0)
    seen = [hidden(view, draw) for _ in range(400)]
    assert np.mean([one[0, PULSE.start] for one in seen]) == pytest.approx(0.5, abs=0.08)
    assert np.mean([one[0, PLAYED.stop - 1] for one in seen]) == pytest.approx(0.35, abs=0.08)


def test_numpy_says_what_torch_says(tmp_path: Path) -> None:
    torch.manual_seed(0)
    hand = Hand(SHAPE).eval()
    torch.nn.init.normal_(hand.chain)
    batch = stacked([cut_out(taught(40, LINE), 0, 40)])
    FILE.write(tmp_path / "hand.npz", arrays(hand), {"shape": SHAPE._asdict()})
    network, state = Network(tmp_path / "hand.npz"), np.zeros(8, np.float32)
    with torch.no_grad():
        velocity, lateness = hand(
            torch.from_numpy(batch.view), torch.from_numpy(batch.bins[..., 0])
        )
    for row in range(40):
        state = network.next_state(batch.view[0, row], state)
        answer = network.answer(state)
        late = network.late(answer, int(batch.bins[0, row, 0]))
        # the file has half the digits: errors of 1/2048 add up over some 40 columns
        assert answer.velocity == pytest.approx(velocity[0, row].numpy(), abs=0.02)
        assert late == pytest.approx(lateness[0, row].numpy(), abs=0.02)


def test_a_hand_without_memory_says_the_same_whatever_came_before() -> None:
    hand = Hand(SHAPE._replace(recalls=False)).eval()
    view = torch.randn(2, 5, len(COLUMNS))
    view[1, 4] = view[0, 4]
    velocity, _ = hand(view, torch.zeros((2, 5), dtype=torch.int64))
    assert torch.allclose(velocity[0, 4], velocity[1, 4])


def test_a_hand_learns_what_is_done_every_time(tmp_path: Path) -> None:
    plan = Order(tmp_path, tmp_path, 60, shape=SHAPE).plan()._replace(fastest=2e-2, memory=0.9)
    school = School([[taught()]], [1.0])
    begun = Apprentice(plan, lambda: Hand(SHAPE))
    batch = school.batch(np.random.default_rng(0), 4)
    before = loss(begun.net, batch).sum().item()
    net = train(begun, teacher(school, 4), tmp_path, lambda _step, _wrong: None)
    assert loss(net, batch).sum().item() < before - 1.5


def test_a_run_makes_a_file_that_says_what_it_learned_from(trained: Path) -> None:
    card = Network(trained).card
    assert card["packs"]["groove"]["lessons"] == 3
    assert card["without"] == ["Lot/piece0"]
    assert card["packs"]["vienna4x22"]["lessons"] == 4 * 3  # 4 of 5 pieces by 3 people
    assert len(card["attribution"]) == len(PACKS)


def test_a_run_that_was_stopped_goes_on(data: Path, trained: Path) -> None:
    again = train_hand(asked(data, trained.parent, 3, "Lot/piece0"), ignore)
    assert again.read_bytes() == trained.read_bytes()
    with pytest.raises(EngineError, match="is a run of plan"):
        train_hand(asked(data, trained.parent, 4, "Lot/piece0"), ignore)


def test_a_missing_pack_is_told(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="holds no pack vienna4x22"):
        train_hand(asked(tmp_path, tmp_path / "out"), ignore)


def test_a_pack_whose_pieces_are_all_left_out_teaches_nothing(data: Path, tmp_path: Path) -> None:
    pieces = [f"Lot/piece{number}" for number in range(5)]
    with pytest.raises(EngineError, match="vienna4x22 has nothing to learn from"):
        train_hand(asked(data, tmp_path, 1, *pieces), ignore)


def test_who_asks_for_a_forgetful_hand_gets_one(tmp_path: Path) -> None:
    assert not order(forgetful=True, data=tmp_path, folder=tmp_path).shape.recalls
    assert order(data=tmp_path, folder=tmp_path).shape == Shape()


def test_a_hand_is_judged_by_what_it_has_not_learned(data: Path, trained: Path) -> None:
    found = evaluate(data, (trained,), ignore, forgetful=trained, sources=PACKS)
    assert [(one.pack, one.what) for one in found] == [
        ("vienna4x22", "velocity"),
        ("vienna4x22", "lateness"),
    ]
    notes = sum(len(one.beat) for one in read_pages(data, PACKS[0], "test") if "0" in one.piece)
    assert found[0].notes == notes
    assert "reachable" in to_table(found)
    assert json.loads(json.dumps(found[1].reachable))["30"] <= 1.0


def test_weights_that_have_learned_all_of_it_are_not_judged(data: Path, trained: Path) -> None:
    with pytest.raises(EngineError, match="nothing to judge"):
        evaluate(data, (trained,), ignore, sources=PACKS[1:])


def test_surprise_is_that_of_a_density(tmp_path: Path) -> None:
    zero = {name: np.zeros_like(value) for name, value in arrays(Hand(SHAPE)).items()}
    FILE.write(tmp_path / "hand.npz", zero, {"shape": SHAPE._asdict()})
    one = taught(5)
    found = surprise(Network(tmp_path / "hand.npz"), one.view, one.played)
    # all bins are as likely, and those of velocity are 4 wide
    assert found[:, 0] == pytest.approx(np.log(4.0 * (len(VELOCITY) - 1)))
    assert found[0, 1] == pytest.approx(np.log(3.0 * (len(LATENESS) - 1)))


def test_bins_hold_what_lies_between_their_edges() -> None:
    played = np.array([[VELOCITY[0] - 9.0, LATENESS[1] + 1.0], [VELOCITY[-1] + 9.0, 0.0]])
    bins = bins_of(played)
    assert bins[0].tolist() == [0, 1]
    assert bins[1, 0] == len(VELOCITY) - 2


def test_what_is_told_is_hidden_as_asked() -> None:
    view = taught(50).view
    assert not told(view, pulse=False)[:, PULSE].any()
    assert not told(view, pulse=True)[:, PLAYED].any()
    strayed = told(view, pulse=True, draw=np.random.default_rng(0))
    assert (strayed[:, PLAYED.stop - 1] == 1.0).all()


def test_neighbours_that_follow_each_other_are_alike() -> None:
    done = np.sin(np.arange(200) / 20.0)
    one = Deed(taught(), done, np.ones(200, dtype=bool))
    assert alike([one]) > 0.95
    assert alike([one._replace(done=np.resize([1.0, -1.0], 200))]) < -0.95


def test_neighbours_of_drums_are_strokes_of_one_voice() -> None:
    done = np.resize([1.0, -1.0], 200) + 0.1 * np.sin(np.arange(200) / 20.0)
    assert alike([Deed(taught(style=DRUMS), done, np.ones(200, dtype=bool))]) > 0.9


def test_histograms_are_no_distance_from_themselves_and_1_from_what_they_share_nothing_with() -> (
    None
):
    count = np.array([3.0, 1.0, 0.0])
    assert distance(count, 2 * count) == pytest.approx(0.0)
    assert distance(count, np.array([0.0, 0.0, 5.0])) == pytest.approx(1.0)
