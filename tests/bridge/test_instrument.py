import numpy as np

from bridge.instrument import instruments
from engines import Clip, Controllers, Stage
from engines.preset import Chain
from tests.clips import stiff_clip


def pedal(*times: float, number: int = 64) -> Controllers:
    count = len(times)
    return Controllers(
        number=np.full(count, number), time=np.array(times), value=np.arange(count) % 2 * 127
    )


def hands(**right: object) -> tuple[Clip, Clip]:
    left = stiff_clip(8, name="Left", channel=0)
    low = left.notes.replace(pitch=left.notes.pitch - 24)
    return stiff_clip(16, name="Right", channel=0, **right), left.replace(notes=low)


def test_tracks_on_one_channel_are_one_instrument() -> None:
    clips = (*hands(), stiff_clip(channel=1), stiff_clip(), stiff_clip())
    assert [one.rows for one in instruments(clips, range(5))] == [[0, 1], [2], [3], [4]]


def test_only_the_chosen_tracks_are_joined() -> None:
    assert [one.rows for one in instruments(hands(), [1])] == [[1]]


def test_parts_come_back_as_they_were_if_nothing_changes() -> None:
    clips = hands(controllers=pedal(0.0, 1.0, number=11))
    (piano,) = instruments(clips, range(2))
    assert len(piano.clip.notes) == 24
    assert tuple(piano.parted(piano.clip)) == clips


def test_each_part_gets_its_own_notes_back() -> None:
    clips = hands()
    (piano,) = instruments(clips, range(2))
    louder = piano.clip.notes.velocity + np.arange(24)
    parts = piano.parted(piano.clip.replace(notes=piano.clip.notes.replace(velocity=louder)))
    assert [part.notes.velocity.tolist() for part in parts] == [
        (80.0 + np.arange(16)).tolist(),
        (80.0 + np.arange(16, 24)).tolist(),
    ]
    for part, clip in zip(parts, clips, strict=True):
        assert np.array_equal(part.notes.note_id, clip.notes.note_id)


def test_two_hands_share_one_pedal() -> None:
    (piano,) = instruments(hands(), range(2))
    (after,) = Chain([Stage("rules.pedal")]).render((piano.clip,), seed=1)
    right, left = piano.parted(after)
    assert len(right.controllers.of(64)) > 0
    assert right.controllers == after.controllers
    assert len(left.controllers) == 0


def test_a_controller_that_did_not_change_stays_in_its_track() -> None:
    clips = hands()
    swell = pedal(0.0, 2.0, number=11)
    (piano,) = instruments((clips[0], clips[1].replace(controllers=swell)), range(2))
    (after,) = Chain([Stage("rules.pedal")]).render((piano.clip,), seed=1)
    right, left = piano.parted(after)
    assert left.controllers == swell
    assert set(right.controllers.number.tolist()) == {64}
