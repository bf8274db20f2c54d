"""What is expected of a piece comes from other pieces alone."""

from pathlib import Path

import numpy as np

from engines.training.forest import Growth
from engines.training.recording import read_pack
from engines.training.unheard import Unheard
from tests.training import drill
from tests.training.packs import write_pack

GROWTH = Growth(("pack",), 400, trees=5, leaves=4, rate=0.3, least=10, share=(1.0,) * 6)


def test_how_a_piece_is_played_does_not_change_what_is_expected_of_it(tmp_path: Path) -> None:
    folder = write_pack(tmp_path, pieces=2, people=1)
    lessons, recording = drill.lessons(folder), next(read_pack(folder))
    own = [one.piece == recording.piece for one in lessons]
    louder = [
        one._replace(target=one.target + 1.0) if mine else one
        for one, mine in zip(lessons, own, strict=True)
    ]
    elsewhere = [
        one if mine else one._replace(target=one.target + 1.0)
        for one, mine in zip(lessons, own, strict=True)
    ]
    plain, loud, other = (
        Unheard(taught, GROWTH, lambda _share: None)(recording)
        for taught in (lessons, louder, elsewhere)
    )
    assert any(own)
    assert (plain == loud).all()
    assert np.abs(other - plain).mean() > 0.5
