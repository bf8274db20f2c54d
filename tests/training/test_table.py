"""Trees see the notes of lessons as networks do."""

from pathlib import Path

import numpy as np

from engines.performance.view import MARKS
from engines.training.table import tabulate
from tests.training import drill
from tests.training.packs import write_pack


def test_a_table_hides_the_marks_of_half_the_notes(tmp_path: Path) -> None:
    lessons = drill.lessons(write_pack(tmp_path, pieces=2, people=2))
    marked = [one._replace(said=np.ones_like(one.said)) for one in lessons]
    seen = tabulate([(1.0, marked)], 700).seen
    width = lessons[0].said.shape[1]
    staff = seen[:, seen.shape[1] - width + MARKS]
    assert 0.4 < staff.mean() < 0.6  # of 700 notes, five standard errors of 0.019
