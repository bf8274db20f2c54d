"""Write the figures of docs/models/live.md from the file that `yuragi evaluate live` wrote.

Run it when that changes: python docs/make_live_card.py
"""

from pathlib import Path

import msgspec
from block import filled

from engines.training.live.evaluation import HEARD, WHAT, Figures

MODELS = Path(__file__).with_name("models")
CARD, FIGURES = MODELS / "live.md", MODELS / "live.json"

PACKS = {
    "vienna4x22": "piano (Vienna 4x22)",
    "pop909": "piano (POP909)",
    "weimar_jazz": "line (Weimar Jazz)",
    "groove": "drums (Groove MIDI)",
}
"""What stands for each pack."""

TRIVIAL = {"jitter": "jitter", "histogram": "histogram"}

LEARNED = {
    "no memory, stiff, pulse": "no memory",
    HEARD[0]: "hand",
    HEARD[1]: "hand, pulse",
    HEARD[2]: "hand, pulse, played",
}
"""The systems and the heads of their columns."""

UNITS = dict(zip(WHAT, ("", " ms"), strict=True))


def main() -> None:
    """Write the blocks of the card anew."""
    CARD.write_text(card(CARD.read_text(encoding="utf-8")), encoding="utf-8")


def card(text: str) -> str:
    """Return a card with its blocks made anew."""
    found = msgspec.json.decode(FIGURES.read_bytes(), type=list[Figures])
    return filled(
        text, {"nats": nats(found), "performances": performances(found), "reach": reach(found)}
    )


def nats(found: list[Figures]) -> str:
    """Return how unlikely notes are, by system."""
    systems = {**TRIVIAL, **LEARNED}
    rows = [
        [_name(one), f"{one.notes:,}", *(_interval(one, system) for system in systems)]
        for one in found
    ]
    return _table(["nats a note", "notes", *systems.values()], rows)


def performances(found: list[Figures]) -> str:
    """Return how performances by the hand alone compare with those of players."""
    rows = [
        [
            _name(one),
            f"{one.deviation:.1f}{UNITS[one.what]}",
            f"{one.deviation_ratio:.2f}",
            f"{one.alike['players']:.2f}",
            f"{one.alike['hand']:.2f}",
            *(f"{one.distance[name]:.2f}" for name in ("hand", *TRIVIAL, "nothing")),
        ]
        for one in found
    ]
    heads = ["players' deviation", "hand's, over it", "neighbours", "hand's neighbours"]
    return _table(["", *heads, "distance", *TRIVIAL.values(), "nothing"], rows)


def reach(found: list[Figures]) -> str:
    """Return which share of the lateness can be had with which look-ahead."""
    late = [one for one in found if one.reachable]
    rows = [
        [PACKS[one.pack], *(f"{100 * share:.0f} %" for share in one.reachable.values())]
        for one in late
    ]
    return _table(["look-ahead", *(f"{ahead} ms" for ahead in late[0].reachable)], rows)


def _name(one: Figures) -> str:
    return f"{PACKS[one.pack]}, {one.what}"


def _interval(one: Figures, system: str) -> str:
    if system not in one.nats:
        return "-"
    value, low, high = one.nats[system]
    return f"{value:.2f}" if system in TRIVIAL else f"{value:.2f} ({low:.2f} to {high:.2f})"


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [f"| {' | '.join(cells)} |" for cells in (head, *rows)]
    return "\n".join([lines[0], "|---" * len(head) + "|", *lines[1:]])


if __name__ == "__main__":
    main()
