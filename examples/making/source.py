"""Name bars of a score in the data packs and give their notes and the frame of a piece."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from making import arrangement, score
from making.midi import Beats, Note, Piece, Track, key, untangle

CREDITS = {
    "lieder": "score: OpenScore Lieder Corpus, CC0 1.0",
    "string_quartets": "score: OpenScore String Quartet Corpus, CC0 1.0",
    "lead_sheets": "lead sheet: OpenEWLD, F. Simonetta, (c) 2018, MIT; arrangement: yuragi",
}
"""Where the scores of each pack come from and their licence."""


@dataclass(frozen=True)
class Excerpt:
    """State which bars of a score to take, counted from 1 with a pickup bar as the first.

    A short first bar is filled up with a rest (`pad`), or keeps its own metre as notation
    programs write it. `tempo` stands in for the marks of the score; `minor` lists the key
    signatures, in sharps, that mean the minor key.
    """

    pack: str
    name: str
    title: str
    first: int
    last: int
    tempo: float | None = None
    minor: tuple[int, ...] = ()
    pad: bool = True


class Source:
    """Read an excerpt of a score."""

    def __init__(self, packs: Path, excerpt: Excerpt) -> None:
        self.excerpt = excerpt
        self.score = score.read(packs / excerpt.pack / "mxl" / f"{excerpt.name}.mxl")
        self.bars = self.score.bars[excerpt.first - 1 : excerpt.last]
        self.start, self.end = self.bars[0].start, self.bars[-1].start + self.bars[-1].length
        self.rest = self.bars[0].missing if excerpt.pad else Fraction(0)

    def notes(self, part: int, velocity: int = 80) -> list[Note]:
        """Return the notes of the part, counted from 0."""
        written = list(self.score.parts.values())[part]
        return untangle(
            Note(note.onset + self.rest, note.duration, note.pitch, velocity)
            for note in score.excerpt(written, self.start, self.end)
        )

    def harmonies(self) -> list[arrangement.Harmony]:
        """Return the chords of the excerpt."""
        return arrangement.harmonies(self.score, self.start, self.end)

    def piece(self, *tracks: Track) -> Piece:
        """Return the piece of these tracks with the excerpt's tempos, metres and keys."""
        return Piece(
            title=self.excerpt.title,
            credit=f"{self.excerpt.title}; {CREDITS[self.excerpt.pack]}",
            length=self.end - self.start + self.rest,
            tracks=list(tracks),
            tempos={0: self.excerpt.tempo} if self.excerpt.tempo else self._tempos(),
            metres=self._metres(),
            keys=self._keys(),
        )

    def _tempos(self) -> dict[Beats, float]:
        marks = {Fraction(0): 120.0, **dict(sorted(self.score.tempos.items()))}
        before = [bpm for at, bpm in marks.items() if at <= self.start]
        inside = {at: bpm for at, bpm in marks.items() if self.start < at < self.end}
        return {0: before[-1], **{self._moved(at): bpm for at, bpm in inside.items()}}

    def _metres(self) -> dict[Beats, tuple[int, int]]:
        metres: dict[Beats, tuple[int, int]] = {}
        for bar in self.bars:
            short = bar is self.bars[0] and not self.excerpt.pad and bar.missing
            metre = _metre_of(bar.length) if short else bar.metre
            if not metres or metre != list(metres.values())[-1]:
                metres[self._moved(bar.start)] = metre
        return metres

    def _keys(self) -> dict[Beats, str]:
        keys: dict[Beats, str] = {}
        for bar in self.bars:
            name = key(bar.fifths, minor=bar.fifths in self.excerpt.minor)
            if not keys or name != list(keys.values())[-1]:
                keys[self._moved(bar.start)] = name
        return keys

    def _moved(self, at: Fraction) -> Fraction:
        return at - self.start + self.rest if at > self.start else Fraction(0)


def _metre_of(length: Fraction) -> tuple[int, int]:
    """Return the metre in quarters, or shorter notes, that a bar of the length fills."""
    return length.numerator, 4 * length.denominator
