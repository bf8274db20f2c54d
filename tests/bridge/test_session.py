import numpy as np
import pytest

from bridge.lanes import Job, Lane
from bridge.message import Code, Failure, Request
from bridge.protocol import (
    AnyReply,
    Cancel,
    Cancelled,
    Hello,
    Limits,
    Ping,
    Pong,
    Progress,
    Render,
    Rendered,
    Welcome,
    decode_reply,
    encode,
)
from bridge.session import QUICK_COST, Session
from bridge.shelf import Shelf
from bridge.work import Done
from engines import Clip, Notes, Stage, Target
from tests.clips import stiff_clip

ECHO, EUCLID = (Stage("echo"),), (Stage("euclid", {"bars": 4}),)
PEER = b"peer"


class Desk:
    """Drive a session by hand, with a clock of our own."""

    def __init__(self, shelf: Shelf, limits: Limits | None = None) -> None:
        self.session = Session("1.2.3", shelf, limits)
        self.now_s = 0.0

    def send(self, request: Request, peer: bytes = PEER) -> None:
        self.session.receive(peer, encode(request), self.now_s)

    def replies(self) -> list[AnyReply]:
        found = [decode_reply(out.frame) for out in self.session.outbox]
        self.session.outbox.clear()
        return found

    def take(self, lane: Lane) -> Job:
        job = self.session.lanes.take(lane, self.now_s)
        assert job is not None
        return job

    def finish(self, job: Job) -> None:
        self.session.finish(job, Done((job.request.clips,), 1.0), self.now_s, self.now_s)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    return Shelf(tmp_path_factory.mktemp("presets"))


@pytest.fixture
def desk(shelf: Shelf) -> Desk:
    return Desk(shelf)


def ask(number: int = 1, **fields: object) -> Render:
    standard: dict[str, object] = {"clips": (stiff_clip(),), "stages": ECHO, "seed": 9}
    return Render(number, **{**standard, **fields})  # type: ignore[arg-type]


def only_failure(desk: Desk) -> Failure:
    (reply,) = desk.replies()
    assert isinstance(reply, Failure)
    return reply


def test_hello_is_answered_with_version_limits_engines_and_presets(desk: Desk) -> None:
    desk.send(Hello(1))
    (welcome,) = desk.replies()
    assert isinstance(welcome, Welcome)
    assert welcome.version == "1.2.3"
    assert "rules.velocity" in {engine["name"] for engine in welcome.engines}
    assert "band/natural" in {preset["name"] for preset in welcome.presets}


def test_ping_is_answered_with_pong(desk: Desk) -> None:
    desk.send(Ping(5))
    assert desk.replies() == [Pong(5)]


def test_a_finished_job_is_answered_with_its_takes_its_seed_and_its_times(desk: Desk) -> None:
    desk.send(ask(1))
    desk.now_s = 0.25
    job = desk.take(Lane.QUICK)
    desk.session.finish(job, Done(((stiff_clip(),),), 2.0), 0.25, 0.5)
    (reply,) = desk.replies()
    assert isinstance(reply, Rendered)
    assert reply.takes == ((stiff_clip(),),)
    assert reply.seed == 9
    assert (reply.timings.queued_ms, reply.timings.engine_ms, reply.timings.total_ms) == (
        250,
        2,
        500,
    )


def test_a_request_without_a_seed_is_given_one(desk: Desk) -> None:
    desk.send(ask(1, seed=None))
    assert desk.take(Lane.QUICK).request.seed is not None


def test_a_preset_is_replaced_by_its_stages(desk: Desk) -> None:
    desk.send(ask(1, stages=(), preset="band/natural"))
    request = desk.take(Lane.QUICK).request
    assert request.preset == ""
    assert len(request.stages) >= 2


def test_options_go_into_every_stage_that_has_them(desk: Desk) -> None:
    stages = (Stage("velocity", {"amount": 0.5}), Stage("echo"), Stage("pedal"))
    desk.send(ask(stages=stages, options={"weights": "research"}))
    request = desk.take(Lane.QUICK).request
    assert request.stages == (
        Stage("velocity", {"amount": 0.5, "weights": "research"}),
        Stage("echo"),
        Stage("pedal", {"weights": "research"}),
    )
    assert not request.options


def test_an_option_that_no_stage_has_is_refused(desk: Desk) -> None:
    desk.send(ask(stages=(Stage("echo"),), options={"weights": "research"}))
    failure = only_failure(desk)
    assert failure.field == "options.weights"
    assert failure.message == "options.weights is no option of a stage, allowed are none"


def test_humanizers_take_the_quick_lane_and_generators_the_long_one(desk: Desk) -> None:
    desk.send(ask(1))
    desk.send(ask(2, stages=EUCLID))
    assert desk.take(Lane.QUICK).request.id == 1
    assert desk.take(Lane.LONG).request.id == 2


def test_a_humanizer_of_very_many_notes_takes_the_long_lane(desk: Desk) -> None:
    takes = QUICK_COST // 1024 + 1
    desk.send(ask(1, clips=(stiff_clip(1024),), takes=takes))
    assert desk.take(Lane.LONG).request.id == 1


def test_a_learned_humanizer_of_many_notes_takes_the_long_lane(desk: Desk) -> None:
    # a learned engine counts as five stages, and four notes fill a beat or a quarter of a bar
    notes = QUICK_COST // 5
    for number, (size, lane) in enumerate(((notes // 2, Lane.QUICK), (notes, Lane.LONG))):
        clips = (stiff_clip(size),)
        desk.send(ask(number, clips=clips, stages=(Stage("velocity"),)))
        desk.take(lane)


def test_the_newest_request_of_a_slot_wins(desk: Desk) -> None:
    for number in (1, 2, 3):
        desk.send(ask(number, slot="A"))
    codes = [(reply.id, reply.code) for reply in desk.replies() if isinstance(reply, Failure)]
    assert codes == [(1, Code.SUPERSEDED), (2, Code.SUPERSEDED)]
    assert desk.take(Lane.QUICK).request.id == 3


def test_slots_of_other_names_and_other_clients_are_left_alone(desk: Desk) -> None:
    desk.send(ask(1, slot="A"))
    desk.send(ask(2, slot="B"))
    desk.send(ask(3, slot="A"), peer=b"other")
    assert desk.replies() == []


def test_a_running_request_that_is_superseded_is_doomed_and_told_so(desk: Desk) -> None:
    desk.send(ask(1, slot="A", stages=EUCLID))
    job = desk.take(Lane.LONG)
    desk.send(ask(2, slot="A"))
    assert desk.session.lanes.doom(job, desk.now_s) is not None
    desk.finish(job)
    assert only_failure(desk).code == Code.SUPERSEDED


def test_a_request_that_waits_past_its_deadline_is_not_rendered(desk: Desk) -> None:
    desk.send(ask(1, deadline_ms=100))
    desk.now_s = 0.2
    assert desk.session.lanes.take(Lane.QUICK, desk.now_s) is None
    failure = only_failure(desk)
    assert failure.code == Code.DEADLINE
    assert "deadline_ms is 100" in failure.message


def test_a_running_request_past_its_deadline_is_doomed(desk: Desk) -> None:
    desk.send(ask(1, deadline_ms=100, stages=EUCLID))
    job = desk.take(Lane.LONG)
    assert desk.session.lanes.doom(job, 0.05) is None
    doomed = desk.session.lanes.doom(job, 0.2)
    assert doomed is not None
    assert doomed.code == Code.DEADLINE


def test_a_waiting_request_can_be_cancelled(desk: Desk) -> None:
    desk.send(ask(1))
    desk.send(Cancel(2, request=1))
    failure, cancelled = desk.replies()
    assert isinstance(failure, Failure)
    assert failure.code == Code.CANCELLED
    assert cancelled == Cancelled(2, request=1, found=True)
    assert desk.session.lanes.idle


def test_cancelling_what_is_not_there_says_so(desk: Desk) -> None:
    desk.send(Cancel(2, request=77))
    assert desk.replies() == [Cancelled(2, request=77, found=False)]


def test_a_client_cannot_cancel_the_request_of_another(desk: Desk) -> None:
    desk.send(ask(1))
    desk.send(Cancel(2, request=1), peer=b"other")
    assert desk.replies() == [Cancelled(2, request=1, found=False)]


def test_progress_is_passed_on_only_to_those_who_asked(desk: Desk) -> None:
    desk.send(ask(1, stages=EUCLID, progress=True))
    desk.send(ask(2, stages=EUCLID))
    first, second = desk.take(Lane.LONG), desk.take(Lane.LONG)
    desk.session.progress(first, 0.5)
    desk.session.progress(second, 0.5)
    assert desk.replies() == [Progress(1, fraction=0.5)]


def test_the_same_request_sent_again_is_rendered_once(desk: Desk) -> None:
    desk.send(ask(1, slot="A"))
    desk.send(ask(1, slot="A"))
    desk.finish(desk.take(Lane.QUICK))
    (reply,) = desk.replies()
    assert isinstance(reply, Rendered)
    assert desk.session.lanes.idle


def test_another_request_with_an_id_in_use_is_refused(desk: Desk) -> None:
    desk.send(ask(1))
    desk.send(ask(1, seed=77))
    failure = only_failure(desk)
    assert (failure.code, failure.field) == (Code.INVALID, "id")


def test_a_stopping_server_takes_no_more_but_finishes_what_waits(desk: Desk) -> None:
    desk.send(ask(1))
    desk.session.stop()
    desk.send(ask(2))
    assert only_failure(desk).code == Code.STOPPING
    assert desk.take(Lane.QUICK).request.id == 1


def test_giving_up_answers_every_waiting_request(desk: Desk) -> None:
    desk.send(ask(1))
    desk.send(ask(2, stages=EUCLID))
    desk.session.lanes.cancel_all()
    assert {reply.id for reply in desk.replies()} == {1, 2}
    assert desk.session.lanes.idle


def test_the_requests_of_a_client_that_has_gone_are_dropped(desk: Desk) -> None:
    desk.send(ask(1))
    desk.send(ask(2), peer=b"other")
    desk.session.lanes.forget(PEER)
    assert desk.take(Lane.QUICK).peer == b"other"


def test_too_many_waiting_requests_are_refused(shelf: Shelf) -> None:
    desk = Desk(shelf, Limits(waiting=2))
    for number in (1, 2, 3):
        desk.send(ask(number))
    failure = only_failure(desk)
    assert (failure.id, failure.code) == (3, Code.BUSY)


def test_too_many_notes_are_refused_with_the_limit(shelf: Shelf) -> None:
    desk = Desk(shelf, Limits(notes=10))
    desk.send(ask(1, clips=(stiff_clip(16),)))
    failure = only_failure(desk)
    assert (failure.code, failure.field) == (Code.TOO_LARGE, "clips")
    assert failure.message == "clips have 16 notes, allowed are 10"


def test_too_many_beats_are_refused_with_the_limit(shelf: Shelf) -> None:
    desk = Desk(shelf, Limits(beats=10))
    desk.send(ask(1, clips=(stiff_clip(8, length=6.0), stiff_clip(8, length=6.0))))
    failure = only_failure(desk)
    assert (failure.code, failure.message) == (
        Code.TOO_LARGE,
        "clips have 12 beats, allowed are 10",
    )


def test_a_result_that_cannot_be_sent_fails_its_request_alone(desk: Desk) -> None:
    desk.send(ask(1))
    job = desk.take(Lane.QUICK)
    wrong = stiff_clip(length=np.float64(8.0))  # msgspec encodes no number of numpy's
    desk.session.finish(job, Done(((wrong,),), 1.0), 0.0, 0.0)
    failure = only_failure(desk)
    assert (failure.id, failure.code) == (1, Code.INTERNAL)
    assert desk.session.lanes.idle


def test_a_request_behind_a_long_one_fails_at_its_deadline(desk: Desk) -> None:
    desk.send(ask(1, stages=EUCLID))
    desk.take(Lane.LONG)
    desk.send(ask(2, stages=EUCLID, deadline_ms=100))
    desk.session.lanes.expire(0.2)
    failure = only_failure(desk)
    assert (failure.id, failure.code) == (2, Code.DEADLINE)


def test_a_request_that_is_done_too_late_fails(desk: Desk) -> None:
    desk.send(ask(1, deadline_ms=100))
    job = desk.take(Lane.QUICK)
    desk.now_s = 0.2
    desk.finish(job)
    assert only_failure(desk).code == Code.DEADLINE


def test_too_large_a_frame_is_refused_with_the_limit(shelf: Shelf) -> None:
    desk = Desk(shelf, Limits(frame_bytes=100))
    desk.send(ask(1))
    failure = only_failure(desk)
    assert (failure.id, failure.code) == (1, Code.TOO_LARGE)
    assert "allowed are 100" in failure.message


REFUSALS = [
    ({"clips": (Clip(Notes(), length=4.0),)}, "clips[0].notes", "0 notes"),
    ({"stages": (Stage("nonsense"),)}, "stages[0].engine", "'nonsense', allowed are "),
    (
        {"stages": (Stage("rules.groove", {"puh": 1}),)},
        "stages[0].options.puh",
        "is no option of rules.groove, allowed are",
    ),
    ({"stages": (Stage("rules.groove", {"push": 900}),)}, "stages[0].options.push", "900"),
    ({"stages": (Stage("rules.groove", {"push": float("nan")}),)}, "stages[0].options.push", "nan"),
    ({"amounts": {"tuba": 0.5}}, "amounts.tuba", "is for no engine, allowed are articulation, "),
    ({"stages": (), "preset": "no/such"}, "preset", "'no/such', allowed are"),
    ({"stages": ()}, "preset", "both missing"),
    ({"preset": "band/natural"}, "preset", "both there"),
    (
        {"clips": (stiff_clip(), stiff_clip()), "target": Target(note_ids=(1,))},
        "target.note_ids",
        "2 clips, allowed is 1",
    ),
]


@pytest.mark.parametrize(("fields", "field", "words"), REFUSALS)
def test_a_request_that_cannot_be_met_is_refused_with_its_field(
    desk: Desk, fields: dict[str, object], field: str, words: str
) -> None:
    desk.send(ask(1, **fields))
    failure = only_failure(desk)
    assert (failure.id, failure.code, failure.field) == (1, Code.INVALID, field)
    assert words in failure.message


def test_a_frame_that_is_no_request_is_answered(desk: Desk) -> None:
    desk.session.receive(PEER, b"\xc1", 0.0)
    assert only_failure(desk).code == Code.BAD_FRAME
