"""Replace files whole: who reads one finds the old or the new, whenever the writer is killed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex


@contextmanager
def drafted(path: Path) -> Iterator[Path]:
    """Lend a place to write at, beside a path and with its suffix, and move what is there onto it.

    No two writers get the same place. If a writer fails, the path stays as it was and nothing
    stays beside it.
    """
    draft = path.with_name(f".{path.stem}.{token_hex(4)}{path.suffix}")
    try:
        yield draft
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
