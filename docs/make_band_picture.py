"""Write the figures of docs/models/band.md and its picture: how far apart players come.

Run it when the groove changes: python docs/make_band_picture.py --data pop909
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import click
import numpy as np
from band_measure import SEEDS, WAYS, Chains, Meetings, Track, apart_ms, measured, played, songs_of
from band_picture import Line, Panel, draw

from bridge.midi_file import read_song
from bridge.picture.png import png
from engines.clip import Clip
from engines.error import EngineError
from engines.kit import KICK, SNARE, kit_of
from engines.preset import Chain, parse_preset, with_options
from engines.role import infer
from engines.training.evaluation.bootstrap import figure
from engines.training.evaluation.metric import mean

HERE = Path(__file__).parent

PRESET = HERE.parent / "presets" / "band" / "natural.toml"

SONG = HERE.parent / "examples" / "song.mid"

SHOWN_SEED, SONG_SEEDS = 1, range(1, 21)
"""The performance of the example that is drawn, and those that are counted."""

BEATS = 32.0
"""How much of the example is drawn."""

NAMES = {
    "alone": ("Each track alone", "a request and a seed for each"),
    "clock": ("One clock", "one request, leader none"),
    "band": ("A band", "one request, as by default"),
}

PX = 1600
"""The width of the picture."""

TABLE = re.compile(r"^\| standard deviation.*?\n\n", re.MULTILINE | re.DOTALL)
"""The page's table."""


@click.command()
@click.option("--data", type=click.Path(path_type=Path), required=True, help="The pack pop909.")
@click.option("--songs", type=click.IntRange(1), help="Only so many of the songs.")
def main(data: Path, songs: int | None) -> None:
    """Write the table of models/band.md and pictures/band.png."""
    try:
        asked, clips, pop = chains(), read_song(SONG).clips, list(songs_of(data))[:songs]
        found = measured(pop, asked, lambda what: click.echo(what, err=True))
        example = {
            way: [pairs(clips, played(clips, way, asked, seed)) for seed in SONG_SEEDS]
            for way in WAYS
        }
        foot = (
            f"Above: {BEATS / 4:g} bars of examples/song.mid, seed {SHOWN_SEED}. Below:"
            f" {len(SONG_SEEDS)} performances of it, and {len(SEEDS)} each of {len(pop)} songs of"
            " POP909. Preset band/natural."
        )
        panels = [
            Panel(*NAMES[way], lines(clips, asked, way), drawn(example[way], found[way]))
            for way in WAYS
        ]
        svg = draw(panels, BEATS, title="Players who listen to each other", foot=foot)
        (HERE / "pictures" / "band.png").write_bytes(png(svg, PX))
        _write_table(table(example, found))
    except EngineError as error:
        raise click.ClickException(str(error)) from error


def chains() -> Chains:
    """Return what plays each of the `WAYS`: the groove of the preset, which alone moves notes."""
    stages = parse_preset("band/natural", PRESET.read_text(encoding="utf-8")).stages
    moving = [stage for stage in stages if stage.engine == "groove"]
    apart = Chain(with_options(moving, {"leader": "none"}))
    return {"alone": apart, "clock": apart, "band": Chain(moving)}


def pairs(clips: Iterable[Clip], tracks: Iterable[Track]) -> Meetings:
    """Return what players of one performance of the example are apart."""
    part = _players(clips, tracks)
    chords = [apart_ms(part[name], part["snare"])[0] for name in ("piano", "guitar")]
    return {
        "bass and kick": apart_ms(part["bass"], part["kick"])[0],
        "chords and snare": np.concatenate(chords),
    }


def lines(clips: tuple[Clip, ...], asked: Chains, way: str) -> list[Line]:
    """Return how late some players of the example come, as it is drawn."""
    part = _players(clips, played(clips, way, asked, SHOWN_SEED))
    names = ("kick", "bass", "snare", "guitar")
    return [Line(name.capitalize(), part[name].onset, part[name].late) for name in names]


def drawn(example: Sequence[Meetings], songs: Sequence[Meetings]) -> Meetings:
    """Return all distances by name, as they are drawn."""
    return {
        "Bass and kick: bass after kick, ms": _all(example, "bass and kick"),
        "Chords and snare: chord after snare, ms": _all(example, "chords and snare"),
        "POP909 songs: onsets of two tracks, ms": _all(songs, "onsets"),
    }


def table(example: dict[str, list[Meetings]], songs: dict[str, list[Meetings]]) -> str:
    """Return the figures of all ways as a table in Markdown."""
    head = ("standard deviation, ms", *(NAMES[way][0].lower() for way in WAYS))
    rows = [head, ("---",) * len(head)]
    for where, found in (("POP909", songs), ("song.mid", example)):
        for kind in found["band"][0]:
            cells = (_said([each[kind] for each in found[way]]) for way in WAYS)
            rows.append((f"{where}: {kind}", *cells))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _players(clips: Iterable[Clip], tracks: Iterable[Track]) -> dict[str, Track]:
    """Return the example's players by name, a track's onsets each, and of the drums two voices."""
    part: dict[str, Track] = {}
    for clip, track in zip(clips, tracks, strict=True):
        if (role := infer(clip)) == "drums":
            voice = kit_of(clip).voice[track.pitch]
            part["kick"], part["snare"] = (track.only(voice == v).whole() for v in (KICK, SNARE))
        else:
            part[role] = track.whole()
    return part


def _all(found: Sequence[Meetings], kind: str) -> np.ndarray:
    return np.concatenate([each[kind] for each in found])


def _said(found: Sequence[np.ndarray]) -> str:
    """Say the mean of the standard deviations of what songs have, and its interval over them."""
    spread = figure(np.array([[np.std(ms)] for ms in found if len(ms)]), mean)
    return f"{spread.value:.1f} ({spread.low:.1f} to {spread.high:.1f})"


def _write_table(rows: str) -> None:
    page = HERE / "models" / "band.md"
    old = page.read_text(encoding="utf-8")
    page.write_text(TABLE.sub(lambda _: f"{rows}\n", old), encoding="utf-8")


if __name__ == "__main__":
    main()
