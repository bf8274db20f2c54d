"""Write the figures of docs/models/profiles.md from what `yuragi evaluate profiles` wrote.

Run it when they change: python docs/make_profiles_card.py
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec
from block import filled

from engines.profile.shelf import SHIPPED
from engines.training.drums.round_trip import SECOND, WHOLE, Report, Share
from engines.training.evaluation.bootstrap import Figure

MODELS = Path(__file__).with_name("models")
CARD = MODELS / "profiles.md"

HEAD = (
    "| what plays | timing, by take | velocity, by take | timing, by note | velocity, by note |"
    " ms | of 127 |\n|---|---|---|---|---|---|---|"
)
LESS = (
    "| what plays | timing, by take | velocity, by take | timing, by note | velocity, by note |\n"
    "|---|---|---|---|---|"
)


def main() -> None:
    """Write the blocks of the card anew."""
    CARD.write_text(card(CARD.read_text(encoding="utf-8")), encoding="utf-8")


def card(text: str) -> str:
    """Return a card with the blocks between its markers made anew."""
    report = msgspec.json.decode((MODELS / "profiles.json").read_bytes(), type=Report)
    blocks = {
        "whole": _table(HEAD, report.shares, WHOLE, with_errors=True),
        "halves": _table(HEAD, report.shares, SECOND, with_errors=True),
        "against": _table(LESS, report.against, WHOLE),
        "against, halves": _table(LESS, report.against, SECOND),
        "shipped": "\n".join(_shipped()),
    }
    return filled(text, blocks)


def _table(head: str, shares: list[Share], on: str, *, with_errors: bool = False) -> str:
    rows = [head]
    for share in (share for share in shares if share.on == on):
        cells = [f"{share.way}, {share.grid}"]
        figures = (share.timing, share.velocity, share.timing_notes, share.velocity_notes)
        cells += [_cell(figure) for figure in figures]
        if with_errors:
            cells += [f"{share.timing_error_ms:.1f}", f"{share.velocity_error:.1f}"]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _cell(figure: Figure) -> str:
    return f"{figure.value:.2f} ({figure.low:.2f} to {figure.high:.2f})"


def _shipped() -> Iterator[str]:
    yield "| profile | metre | bpm | what it is like | take |"
    yield "|---|---|---|---|---|"
    for name in SHIPPED.names:
        groove = SHIPPED.find(name)
        take = groove.source.partition("CC BY 4.0: ")[2].partition(",")[0]
        yield f"| `{name}` | {groove.metre} | {groove.bpm:g} | {groove.summary} | {take} |"


if __name__ == "__main__":
    main()
