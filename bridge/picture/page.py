"""Write the picture as one HTML page that works offline: scroll, zoom, tooltips, before and after.

With sound it can be listened to, too.
"""

from bridge.picture.chart import compose, facts, headline, hidden
from bridge.picture.document import MOST_PANELS, document, drawing, titled, window_of
from bridge.picture.listening import SCRIPTS, Listening, Version, embedded, keys, transport
from bridge.picture.part import parts_of
from engines.clip import Clip

KEYS = (("A B", "choose what is heard"), ("X", "switches"), ("?", "hides which is which"))
"""What keys do where there are two versions to hear."""


def page(
    before: tuple[Clip, ...],
    after: tuple[Clip, ...] | None,
    *,
    title: str,
    start: float | None = None,
    end: float | None = None,
    sound: Listening | None = None,
) -> str:
    """Return a page about clips before and after, or about `before` alone if `after` is None.

    It shows all of the music, or that from `start` to `end` in beats.

    Raises:
        BridgeError: the stretch has no length.
    """
    parts = parts_of(before, after)
    window = window_of(parts, start, end)
    figure = compose(parts[:MOST_PANELS], window, scalable=True)
    versions = _versions(before, after, sound) if sound else ()
    texts = {
        "title": titled(title),
        "lead": headline(before, after),
        "facts": facts(parts, window),
        "hidden": hidden(parts, MOST_PANELS),
    }
    return document(
        window,
        drawing(figure, window),
        parts,
        texts=texts,
        views=after is not None,
        scripts=SCRIPTS if sound else (),
        transport=transport(versions, switch=True) if sound else "",
        data=embedded(versions, parts, window) if sound else "",
        keys=keys(*(KEYS if len(versions) > 1 else ())) if sound else "",
    )


def _versions(
    before: tuple[Clip, ...], after: tuple[Clip, ...] | None, sound: Listening
) -> tuple[Version, ...]:
    """Return what is compared by ear: the versions that were recorded."""
    first = Version(name="Before", clips=before, file=sound.before)
    if after is None or sound.after is None:
        return (first,)
    return (first, Version(name="After", clips=after, file=sound.after))
