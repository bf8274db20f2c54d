"""Render all MIDI files of a folder, one after another, and go on where a run was stopped."""

import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import click

from bridge.command.folder import midi_files
from bridge.command.render_progress import told
from bridge.error import BridgeError
from bridge.message import Code
from bridge.sound.fault import SoundError
from bridge.sound.host import Host
from bridge.sound.render_file import Report, Wish, render_file
from bridge.sound.share import share_of
from bridge.sound.stem import free


def render_folder(source: Path, output: Path, wish: Wish) -> int:
    """Render every MIDI file below `source` into the same place below `output`.

    Returns:
        How many files failed; each was reported with its reason.

    Raises:
        BridgeError: there is no MIDI file.
    """
    taken: set[str] = set()
    pairs = _pairs(midi_files(source, output), source, output, wish.choice.form, taken)
    todo = [(path, out) for path, out in pairs if wish.overwrite or not out.exists()]
    if len(todo) < len(pairs):
        click.echo(
            f"{len(pairs) - len(todo)} of {len(pairs)} files are there already{_stale(pairs)}"
        )
    if not todo:
        return 0
    run = Run(source, wish, taken)
    try:
        with Host() as host, told("rendering") as (tell, over):
            for row, (path, out) in enumerate(todo):
                run.render(host, path, out, share_of(tell, row, len(todo)), over)
    finally:
        for sentence in [*run.warnings, *run.failures]:
            click.echo(sentence, err=True)
        click.echo(f"wrote {run.files} of {len(todo)} files to {output}{run.speed}")
    return len(run.failures)


def _stale(pairs: list[tuple[Path, Path]]) -> str:
    """Say how many of the files that are there are older than what they were made of, if any."""
    there = [(path, out) for path, out in pairs if out.exists()]
    older = sum(out.stat().st_mtime < path.stat().st_mtime for path, out in there)
    return f"; older than their MIDI: {older}, --overwrite renders all anew" if older else ""


class Run:
    """Keep what became of the files.

    Attributes:
        files: how many were written.
        warnings: sentences about those.
        failures: a sentence for each of the others.

    Args:
        source: the folder that is read.
        wish: what is made of its files.
        taken: where all of them go; their stems come to it.
    """

    def __init__(self, source: Path, wish: Wish, taken: set[str]) -> None:
        self.files = 0
        self.warnings: list[str] = []
        self.failures: list[str] = []
        self._source, self._wish, self._taken = source, wish, taken
        self._seconds = self._took_s = 0.0

    @property
    def speed(self) -> str:
        """How long all sound is, and how fast it was made."""
        if not self.files:
            return ""
        ratio = self._seconds / self._took_s
        took = f"{self._seconds:.1f} s of sound in {self._took_s:.2f} s"
        return f": {took} ({ratio:.0f} times real time)"

    def render(
        self,
        host: Host,
        path: Path,
        out: Path,
        tell: Callable[[float], None],
        over: threading.Event,
    ) -> None:
        """Render one file; what is wrong with it is kept, unless it is Ctrl-C."""
        name = path.relative_to(self._source)
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            report = render_file(
                host, path, out, self._wish, taken=self._taken, tell=tell, cancelled=over
            )
            self._take(name, report)
        except OSError as error:
            self.failures.append(f"failed: {name}: {error.strerror or error}")
        except BridgeError as error:
            if isinstance(error, SoundError) and error.code == Code.CANCELLED:
                raise
            self.failures.append(f"failed: {name}: {error}")
        tell(1.0)

    def _take(self, name: Path, report: Report) -> None:
        self.files += 1
        self.warnings += [f"{name}: {warning}" for warning in report.warnings]
        self._seconds += report.seconds
        self._took_s += report.took_s


def _pairs(
    paths: list[Path], source: Path, output: Path, form: str, taken: set[str]
) -> list[tuple[Path, Path]]:
    """Return where each file goes, which comes to `taken`.

    Those that would be one file keep their whole names, behind the names of the others.
    """
    outs = {path: output / path.relative_to(source).with_suffix(f".{form}") for path in paths}
    counts = Counter(str(out).casefold() for out in outs.values())
    alike = {path for path, out in outs.items() if counts[str(out).casefold()] > 1}
    for path in sorted(paths, key=lambda path: path in alike):
        whole = outs[path].with_name(f"{path.name}.{form}")
        outs[path] = free(whole if path in alike else outs[path], taken)
    return list(outs.items())
