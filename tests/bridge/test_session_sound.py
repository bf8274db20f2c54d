from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from bridge.gig_protocol import Stand, Standing
from bridge.message import Code, Failure, Reply, Request
from bridge.protocol import Cancel, Cancelled, Limits, Progress, Render
from bridge.session import MOST_BOUNCES
from bridge.shelf import Shelf
from bridge.sound_protocol import Bounce, Bounced, Events, Instrument, Plugins, Track
from engines import Stage
from tests.bridge.test_session import PEER, Desk
from tests.clips import stiff_clip

ONE_NOTE = Events(
    time=np.array([0.0]), status=np.array([0x90]), data1=np.array([60]), data2=np.array([100])
)
BOUNCE = Bounce(1, clips=(stiff_clip(),))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(Shelf(tmp_path))


def bounced(request: int) -> Bounced:
    return Bounced(request, frames=1, sample_rate=48_000, peak=0.5)


def only_reply(desk: Desk) -> Reply:
    (reply,) = desk.replies()
    return reply


def refusal(desk: Desk, request: Bounce) -> Failure:
    desk.send(request)
    reply = only_reply(desk)
    assert isinstance(reply, Failure)
    return reply


@pytest.mark.parametrize("request_", [BOUNCE, Plugins(1, scan=True)], ids=["bounce", "plugins"])
def test_what_is_asked_about_sound_is_handed_out(desk: Desk, request_: Bounce | Plugins) -> None:
    desk.send(request_)
    assert list(desk.session.sound) == [(PEER, request_)]
    assert desk.replies() == []


def test_a_bounce_that_comes_again_is_handed_out_once(desk: Desk) -> None:
    desk.send(BOUNCE)
    desk.send(BOUNCE)
    assert len(desk.session.sound) == 1


@pytest.mark.parametrize(
    "other", [Bounce(1, clips=(stiff_clip(4),)), Render(1, clips=(stiff_clip(),))]
)
def test_an_id_that_a_bounce_has_is_not_free(desk: Desk, other: Bounce | Render) -> None:
    desk.send(BOUNCE)
    desk.send(other)
    reply = only_reply(desk)
    assert isinstance(reply, Failure)
    assert (reply.code, reply.field) == (Code.INVALID, "id")


def test_an_id_that_a_render_has_is_not_free_for_a_bounce(desk: Desk) -> None:
    desk.send(Render(1, clips=(stiff_clip(),), stages=(Stage("echo"),)))
    assert refusal(desk, BOUNCE).field == "id"


@pytest.mark.parametrize(("first", "second"), [(BOUNCE, Stand(1)), (Stand(1), BOUNCE)])
def test_a_bounce_and_what_is_asked_of_a_gig_have_ids_of_their_own(
    desk: Desk, first: Request, second: Request
) -> None:
    desk.send(first)
    desk.send(second)
    reply = only_reply(desk)
    assert isinstance(reply, Failure)
    assert (reply.code, reply.field) == (Code.INVALID, "id")


def test_the_id_of_what_was_asked_of_a_gig_is_free_when_it_is_answered(desk: Desk) -> None:
    desk.send(Stand(1))
    desk.session.answer(PEER, Standing(1, gig="main", state=None))
    desk.send(Stand(1))
    assert len(desk.session.asked) == 2


def test_what_a_client_that_has_gone_asked_of_a_gig_is_no_sound_to_cancel(desk: Desk) -> None:
    desk.send(Stand(1))
    desk.session.forget(PEER)
    assert list(desk.session.sound) == []


def test_an_id_is_free_again_when_its_bounce_is_answered(desk: Desk) -> None:
    desk.send(BOUNCE)
    desk.session.answer(PEER, Progress(1, fraction=0.5))
    desk.replies()
    assert refusal(desk, Bounce(1, clips=(stiff_clip(4),))).field == "id"
    desk.session.answer(PEER, bounced(1))
    desk.send(Bounce(1, clips=(stiff_clip(4),)))
    assert len(desk.session.sound) == 2


def test_the_cancel_of_a_bounce_is_handed_out(desk: Desk) -> None:
    desk.send(BOUNCE)
    cancel = Cancel(2, request=1)
    desk.send(cancel)
    assert desk.session.sound[-1] == (PEER, cancel)
    assert only_reply(desk) == Cancelled(2, request=1, found=True)


def test_what_is_answered_cannot_be_cancelled(desk: Desk) -> None:
    desk.send(BOUNCE)
    desk.session.answer(PEER, bounced(1))
    desk.replies()
    desk.send(Cancel(2, request=1))
    assert only_reply(desk) == Cancelled(2, request=1, found=False)


def test_another_client_cannot_cancel_a_bounce(desk: Desk) -> None:
    desk.send(BOUNCE)
    desk.send(Cancel(2, request=1), b"other")
    assert only_reply(desk) == Cancelled(2, request=1, found=False)


def test_the_bounces_of_a_client_that_has_gone_are_cancelled(desk: Desk) -> None:
    desk.send(BOUNCE)
    desk.send(msgspec.structs.replace(BOUNCE, id=2), b"other")
    desk.session.sound.clear()
    desk.session.forget(PEER)
    assert [(peer, asked.request) for peer, asked in desk.session.sound] == [(PEER, 1)]  # type: ignore[union-attr]


def test_more_bounces_than_may_wait_are_refused(desk: Desk) -> None:
    for number in range(MOST_BOUNCES):
        desk.send(msgspec.structs.replace(BOUNCE, id=number))
    failure = refusal(desk, msgspec.structs.replace(BOUNCE, id=MOST_BOUNCES))
    assert failure.code == Code.BUSY
    assert failure.message == "64 requests are waiting, allowed are no more: ask again later"


def test_a_session_that_stops_accepts_no_bounce(desk: Desk) -> None:
    desk.session.stop()
    assert refusal(desk, BOUNCE).code == Code.STOPPING


def test_clips_with_too_many_notes_are_not_bounced(tmp_path: Path) -> None:
    desk = Desk(Shelf(tmp_path), Limits(notes=10))
    failure = refusal(desk, BOUNCE)
    assert (failure.code, failure.field) == (Code.TOO_LARGE, "clips")


CONTRADICTIONS: list[tuple[dict[str, Any], str, str]] = [
    ({}, "clips", "clips and tracks are both missing, allowed is one of them"),
    (
        {"clips": (stiff_clip(),), "tracks": (Track(ONE_NOTE),)},
        "clips",
        "clips and tracks are both there, allowed is one of them",
    ),
    (
        {"tracks": (Track(ONE_NOTE),), "instrument": Instrument()},
        "instrument",
        "instrument comes with tracks, which have their own, allowed is nil",
    ),
]


@pytest.mark.parametrize(("fields", "field", "message"), CONTRADICTIONS)
def test_what_contradicts_itself_is_refused(
    desk: Desk, fields: dict[str, Any], field: str, message: str
) -> None:
    failure = refusal(desk, Bounce(1, **fields))
    assert (failure.code, failure.field, failure.message) == (Code.INVALID, field, message)
