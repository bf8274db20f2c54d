import threading

from bridge.warm_up import WarmUp


def names() -> list[str]:
    return [thread.name for thread in threading.enumerate()]


def test_a_warm_up_begins_once_and_ends() -> None:
    warm_up = WarmUp(wanted=True)
    assert warm_up.waits
    warm_up.begin()
    assert not warm_up.waits
    warm_up.begin()
    warm_up.join()
    assert "yuragi warm-up" not in names()


def test_what_is_not_wanted_does_not_begin() -> None:
    warm_up = WarmUp(wanted=False)
    warm_up.begin()
    assert "yuragi warm-up" not in names()
    warm_up.join()
