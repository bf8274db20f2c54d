"""Read notes, bars, metres and chord symbols from a MusicXML score.

Positions and durations are exact fractions of a quarter note from the start of the first bar.
Repeats are not unfolded. Ornament signs and arpeggio signs are left as plain notes, as a
sequencer would have them; staccato halves a note and staccatissimo quarters it.

Source: MusicXML 4.0, score-partwise (W3C Community Group Final Report).
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

GRACE = Fraction(1, 8)
"""Quarter notes that a grace note takes from the note before it, all together at most half."""

SHORTENED = (("staccatissimo", Fraction(1, 4)), ("staccato", Fraction(1, 2)))
"""Share of the written duration that a note with this sign sounds."""

STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


@dataclass(frozen=True)
class ScoreNote:
    """State one sounding note of a part, ties already joined."""

    onset: Fraction
    duration: Fraction
    pitch: int
    voice: str = "1"

    @property
    def end(self) -> Fraction:
        """Return where the note stops sounding."""
        return self.onset + self.duration


@dataclass(frozen=True)
class ChordSymbol:
    """State a chord symbol: where it stands, its root and bass as pitch classes, its kind."""

    onset: Fraction
    root: int
    kind: str
    bass: int


@dataclass(frozen=True)
class Bar:
    """State a bar as it is counted from 1, pickup included, and the metre that is in force."""

    start: Fraction
    length: Fraction
    metre: tuple[int, int]
    fifths: int

    @property
    def missing(self) -> Fraction:
        """Return the quarter notes by which the bar is shorter than its metre."""
        numerator, denominator = self.metre
        return Fraction(4 * numerator, denominator) - self.length


@dataclass
class Score:
    """Hold the parts by name, the bars, the marked tempos and the chord symbols of a piece."""

    parts: dict[str, list[ScoreNote]] = field(default_factory=dict)
    bars: list[Bar] = field(default_factory=list)
    tempos: dict[Fraction, float] = field(default_factory=dict)
    chords: list[ChordSymbol] = field(default_factory=list)


def read(path: Path) -> Score:
    """Return the score in the compressed or plain MusicXML file."""
    root = ElementTree.fromstring(_text(path))  # noqa: S314  a maintainer reads packs he unpacked
    names = [" ".join((name.text or "").split()) for name in root.iterfind("part-list//part-name")]
    score = Score()
    for name, part in zip(names, root.iterfind("part"), strict=True):
        unique = name if name not in score.parts else f"{name} {len(score.parts) + 1}"
        score.parts[unique] = _PartReader(score, first=not score.bars).read(part)
    return score


def _text(path: Path) -> bytes:
    """Return the XML member, looked for by name because some containers name a wrong one."""
    if path.suffix != ".mxl":
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        inside = [name for name in archive.namelist() if not name.startswith("META-INF")]
        return archive.read(next(name for name in inside if name.endswith(("xml", "musicxml"))))


@dataclass(frozen=True)
class _Written:
    """State a note as it is written: whether ties reach it and leave it, how much of it sounds."""

    note: ScoreNote
    tied_from: bool = False
    tied_on: bool = False
    share: Fraction = Fraction(1)


class _PartReader:
    """Walk through one part with a cursor; the first part also fills in the score's bars."""

    def __init__(self, score: Score, *, first: bool) -> None:
        self.score = score
        self.first = first
        self.divisions = 1
        self.metre = (4, 4)
        self.fifths = 0
        self.cursor = self.struck = Fraction(0)
        self.written: list[_Written] = []
        self.waiting: list[ScoreNote] = []
        self.graces: list[ScoreNote] = []

    def read(self, part: Element) -> list[ScoreNote]:
        start = Fraction(0)
        for index, measure in enumerate(part.iterfind("measure")):
            self.cursor = furthest = start
            for element in measure:
                self._take(element)
                furthest = max(furthest, self.cursor)
            if self.first:
                self.score.bars.append(Bar(start, furthest - start, self.metre, self.fifths))
            start += self.score.bars[index].length
        notes = [*_make_room(_join(self.written), self.graces), *self.graces]
        return sorted(notes, key=lambda note: (note.onset, note.pitch))

    def _take(self, element: Element) -> None:
        if element.tag == "note":
            self._note(element)
        elif element.tag in {"backup", "forward"}:
            self.cursor += self._duration(element) * (1 if element.tag == "forward" else -1)
        elif element.tag == "attributes":
            self._attributes(element)
        elif self.first and element.tag == "harmony":
            self.score.chords.append(_chord(element, self.cursor, self.divisions))
        sound = element if element.tag == "sound" else element.find("sound")
        if sound is not None and "tempo" in sound.attrib:
            self.score.tempos.setdefault(self.cursor, float(sound.attrib["tempo"]))

    def _attributes(self, element: Element) -> None:
        self.divisions = int(element.findtext("divisions") or self.divisions)
        self.fifths = int(element.findtext("key/fifths") or self.fifths)
        if element.find("time/beats") is not None:
            beats, kind = element.findtext("time/beats", ""), element.findtext("time/beat-type", "")
            self.metre = (int(beats), int(kind))
        if element.find("transpose") is not None:
            raise ValueError("the part is for a transposing instrument: only parts in C are read")

    def _duration(self, element: Element) -> Fraction:
        return Fraction(int(element.findtext("duration", "0")), self.divisions)

    def _note(self, element: Element) -> None:
        if element.find("chord") is None:
            self.struck = self.cursor
            self.cursor += self._duration(element)
        if element.find("pitch") is None or element.find("cue") is not None:
            return
        note = ScoreNote(
            onset=self.struck,
            duration=self._duration(element),
            pitch=_pitch(element.find("pitch"), "step", "alter", "octave"),
            voice=element.findtext("voice", "1"),
        )
        if element.find("grace") is not None:
            self.waiting.append(note)
        else:
            self._place_graces(note)
            ties = {tie.get("type") for tie in element.iterfind("tie")}
            written = _Written(note, "stop" in ties, "start" in ties, _share(element))
            self.written.append(written)

    def _place_graces(self, main: ScoreNote) -> None:
        """Put the grace notes that wait for this note right before it."""
        mine = [note for note in self.waiting if note.voice == main.voice]
        self.waiting = [note for note in self.waiting if note.voice != main.voice]
        if mine:
            each = min(GRACE, self._duration_before(main) / 2 / len(mine))
            for count, grace in enumerate(reversed(mine), start=1):
                onset = main.onset - count * each
                self.graces.append(replace(grace, onset=onset, duration=each))

    def _duration_before(self, main: ScoreNote) -> Fraction:
        """Return the length of the note that ends where this one of its voice begins."""
        durations = [
            entry.note.duration
            for entry in self.written
            if entry.note.voice == main.voice and entry.note.end == main.onset
        ]
        return min(durations, default=Fraction(1))


def _join(written: list[_Written]) -> list[ScoreNote]:
    """Return the notes with tied ones made one, whichever voices they are written in."""
    joined: list[ScoreNote] = []
    shares = _chord_shares(written)
    held: dict[tuple[int, Fraction], int] = {}
    for entry in sorted(written, key=lambda entry: entry.note.onset):
        note = entry.note
        index = held.pop((note.pitch, note.onset), None) if entry.tied_from else None
        if index is None:
            index = len(joined)
            joined.append(note)
        sounding = note.duration * (1 if entry.tied_on else shares[note.voice, note.onset])
        end = note.onset + sounding
        joined[index] = replace(joined[index], duration=end - joined[index].onset)
        if entry.tied_on:
            held[note.pitch, note.end] = index
    return joined


def _chord_shares(written: list[_Written]) -> dict[tuple[str, Fraction], Fraction]:
    """Return the share of each chord, by voice and onset: its sign stands on one of the notes."""
    shares: dict[tuple[str, Fraction], Fraction] = {}
    for entry in written:
        place = entry.note.voice, entry.note.onset
        shares[place] = min(entry.share, shares.get(place, Fraction(1)))
    return shares


def _make_room(notes: list[ScoreNote], graces: list[ScoreNote]) -> Iterator[ScoreNote]:
    """Yield the notes, cut off where a grace note of their voice begins."""
    for note in notes:
        cuts = [grace.onset for grace in graces if grace.voice == note.voice]
        end = min((cut for cut in cuts if note.onset < cut < note.end), default=note.end)
        yield replace(note, duration=end - note.onset)


def _share(element: Element) -> Fraction:
    signs = {sign.tag for sign in element.iterfind("notations/articulations/*")}
    return next((share for sign, share in SHORTENED if sign in signs), Fraction(1))


def _pitch(element: Element | None, step: str, alter: str, octave: str) -> int:
    """Return the MIDI pitch, 60 for C4; without an octave, the pitch class."""
    if element is None:
        raise ValueError("a pitch was expected and none is there")
    height = STEPS[element.findtext(step, "")] + round(float(element.findtext(alter) or 0))
    written = element.findtext(octave)
    return height % 12 if written is None else 12 * (int(written) + 1) + height


def _chord(element: Element, cursor: Fraction, divisions: int) -> ChordSymbol:
    shift = Fraction(int(element.findtext("offset") or 0), divisions)
    root = _pitch(element.find("root"), "root-step", "root-alter", "none")
    bass = element.find("bass")
    lowest = root if bass is None else _pitch(bass, "bass-step", "bass-alter", "none")
    return ChordSymbol(cursor + shift, root, element.findtext("kind", "major"), lowest)


def excerpt(notes: list[ScoreNote], start: Fraction, end: Fraction) -> Iterator[ScoreNote]:
    """Yield the notes that begin in the stretch, moved to begin at 0 and cut off at its end."""
    for note in notes:
        if start <= note.onset < end:
            length = min(note.duration, end - note.onset)
            yield replace(note, onset=note.onset - start, duration=length)
