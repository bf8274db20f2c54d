"""What the live hand is told by packs that do not know all."""

from pathlib import Path

import numpy as np
import pytest

from engines.touch.hearing import LINE, PIANO
from engines.training.live import source
from engines.training.live.source import SOURCES, SPREAD, read_pages, song_page
from tests.training.test_pop909 import ROW, pack, song
from tests.training.test_weimar import INDEX, NOTES, beats

BY_PACK = {one.pack: one for one in SOURCES}


def test_a_song_knows_velocity_and_no_lateness(tmp_path: Path) -> None:
    page = song_page(song(pack(tmp_path)))
    assert page.style == PIANO
    assert page.known[:, 0].all()
    assert not page.known[:, 1].any()


def test_a_track_that_nobody_played_teaches_nothing(tmp_path: Path) -> None:
    page = song_page(song(pack(tmp_path, piano=[(2 + n, 40, 90) for n in range(0, 12, 2)])))
    assert sorted(page.pitch[~page.known[:, 0]].tolist()) == [40] * 6


def test_velocities_of_songs_are_stretched_to_one_spread(tmp_path: Path) -> None:
    page = song_page(song(pack(tmp_path)))
    known = page.louder[page.known[:, 0]]
    assert known.mean() == pytest.approx(0.0)
    assert known.std() == pytest.approx(SPREAD)


def test_every_other_song_of_a_split_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "pop909"
    for number in ("001", "002", "003"):
        pack(folder, number=number)
    rows = [f"{number},train," for number in ("001", "002", "003")]
    (folder / "index.csv").write_text("\n".join([",".join(ROW), *rows]))
    read = list(read_pages(tmp_path, BY_PACK["pop909"], "train"))
    assert [page.piece for page in read] == ["pop909/002"]
    assert source.SONGS == 2


def test_a_solo_of_the_split_is_a_line_that_knows_both(tmp_path: Path) -> None:
    folder = tmp_path / "weimar_jazz"
    for name, file, text in (("mcsv_melody", "a.csv", NOTES), ("mcsv_beat", "b.csv", beats())):
        (folder / name).mkdir(parents=True)
        (folder / name / file).write_text(text)
    (folder / "index.csv").write_text(INDEX.replace("valid", "train"))
    (page,) = read_pages(tmp_path, BY_PACK["weimar_jazz"], "train")
    assert list(read_pages(tmp_path, BY_PACK["weimar_jazz"], "test")) == []
    assert page.style == LINE
    # the second beat comes .12 s after the first and the others .5: nobody plays so
    assert page.known.tolist() == [[True, True], [True, False], [True, False], [True, True]]
    # two notes are alone at their places of the beat: how late they are is swing
    assert np.abs(page.late_ms).min() == pytest.approx(0.0)
