"""Write what is measured between the markers of a page."""

from collections.abc import Mapping


def filled(text: str, blocks: Mapping[str, str]) -> str:
    """Return a page with new words between `<!-- name -->` and the next `<!-- end -->`."""
    for name, block in blocks.items():
        begin, end = f"<!-- {name} -->\n", "<!-- end -->"
        before, _, rest = text.partition(begin)
        _, _, after = rest.partition(end)
        text = f"{before}{begin}{block}\n{end}{after}"
    return text
