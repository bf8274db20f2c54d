"""Read a MusicXML file as it is written.

Repeats are not unfolded; cue notes and notes without a pitch are left out.

Source: MusicXML 4.0, score-partwise and its compressed form (.mxl).
"""

import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from zipfile import BadZipFile, ZipFile

from engines.training.recording import (
    ACCENT,
    ARPEGGIO,
    FERMATA,
    GRACE,
    ORNAMENT,
    PORTATO,
    STACCATISSIMO,
    STACCATO,
    STRONG_ACCENT,
    TENUTO,
)
from engines.training.written import (
    BREATH,
    TIED_BACK,
    TIED_ON,
    TREMOLO,
    Bar,
    Direction,
    Kind,
    Part,
    ScoreError,
    SlurEnd,
    Tone,
)

MARKS = {
    "staccato": STACCATO,
    "staccatissimo": STACCATISSIMO,
    "accent": ACCENT,
    "strong-accent": STRONG_ACCENT,
    "tenuto": TENUTO,
    "detached-legato": PORTATO,
    "fermata": FERMATA,
    "arpeggiate": ARPEGGIO,
    "tremolo": TREMOLO,
    "breath-mark": BREATH,
    "caesura": BREATH,
} | dict.fromkeys(
    (
        "trill-mark",
        "turn",
        "delayed-turn",
        "inverted-turn",
        "delayed-inverted-turn",
        "vertical-turn",
        "shake",
        "mordent",
        "inverted-mordent",
        "schleifer",
    ),
    ORNAMENT,
)
"""What each notation of a note sets."""

STEPS = "C-D-EF-G-A-B"
"""The steps of the scale, each at its semitones above C."""


def read_score(path: Path) -> list[Part]:
    """Return the parts of a .mxl, .xml or .musicxml file.

    Raises:
        ScoreError: the file is no MusicXML score in parts.
    """
    try:
        root = ElementTree.fromstring(_document(path))  # noqa: S314  (expat bounds its entities)
        if root.tag != "score-partwise":
            raise ScoreError(f"the root is <{root.tag}>, allowed is <score-partwise>")
        listed = {entry.get("id"): entry for entry in root.iterfind("part-list/score-part")}
        return [_PartReader(part).read(listed.get(part.get("id"))) for part in root.iter("part")]
    except (ArithmeticError, BadZipFile, ElementTree.ParseError, ValueError, zlib.error) as fault:
        raise ScoreError(f"{path.name} is no score: {fault}") from fault


def _document(path: Path) -> bytes:
    if path.suffix != ".mxl":
        return path.read_bytes()
    with ZipFile(path) as archive:
        return archive.read(_member(archive))


def _member(archive: ZipFile) -> str:
    """Return the name of the score in the archive, also when its table of contents is broken."""
    names = archive.namelist()
    scores = [n for n in names if n.endswith((".xml", ".musicxml")) and not n.startswith("META-")]
    try:
        container = ElementTree.fromstring(archive.read("META-INF/container.xml"))  # noqa: S314
        named = [entry.get("full-path") or "" for entry in container.iter()]
    except (KeyError, ElementTree.ParseError):
        named = []
    found = [name for name in named if name in names] + scores
    if not found:
        raise ScoreError(f"the archive holds {names}, allowed is one with an .xml file")
    return found[0]


class _PartReader:
    """Walk through the measures of a part and write down what is found."""

    def __init__(self, part: Element) -> None:
        self._part = part
        self._tones: list[Tone] = []
        self._slurs: list[SlurEnd] = []
        self._directions: list[Direction] = []
        self._bars: list[Bar] = []
        self._divisions, self._transposition = 1.0, 0
        self._position = self._chord_start = self._reach = 0.0
        self._chord = 0
        self._metre: tuple[int, int] | None = None
        self._readers: dict[str, Callable[[Element], None]] = {
            "note": self._note,
            "backup": lambda element: self._move(-self._beats(element)),
            "forward": lambda element: self._move(self._beats(element)),
            "attributes": self._attributes,
            "direction": self._direction,
            "sound": self._sound,
        }

    def read(self, entry: Element | None) -> Part:
        """Return the part; `entry` is its line in the list of parts."""
        for measure in self._part.iterfind("measure"):
            self._measure(measure)
        listed = Element("score-part") if entry is None else entry
        program = int(_number(listed, "midi-instrument/midi-program", 0)) - 1
        return Part(
            name=listed.findtext("part-name") or "",
            sound=listed.findtext("score-instrument/instrument-sound") or "",
            program=program if 0 <= program < 128 else None,
            tones=self._tones,
            slurs=self._slurs,
            directions=self._directions,
            bars=self._bars,
        )

    def _measure(self, measure: Element) -> None:
        self._position = self._chord_start = self._reach = 0.0
        self._metre = None
        for element in measure:
            reader = self._readers.get(element.tag)
            if reader:
                reader(element)
        self._bars.append(Bar(self._reach, self._metre, _is_final(measure)))

    def _attributes(self, element: Element) -> None:
        self._divisions = _number(element, "divisions", self._divisions)
        for transpose in element.iterfind("transpose"):
            octaves = _number(transpose, "octave-change", 0)
            self._transposition = round(_number(transpose, "chromatic", 0) + 12 * octaves)
        beats, unit = element.findtext("time/beats"), element.findtext("time/beat-type")
        if beats and unit:
            self._metre = sum(int(number) for number in beats.split("+")), int(unit)

    def _note(self, element: Element) -> None:
        children = {child.tag: child for child in element}
        length = 0.0 if "grace" in children else self._beats(element)
        if "chord" not in children:
            self._chord += 1
            self._chord_start = self._position
            self._move(length)
        if "pitch" in children and "cue" not in children:
            self._tone(element, children, length)

    def _tone(self, element: Element, children: dict[str, Element], length: float) -> None:
        marks = GRACE if "grace" in children else 0
        if "notations" in children:
            marks |= self._notations(element)
        tie = 0
        if "tie" in children:
            types = [child.get("type") for child in element.iterfind("tie")]
            tie = TIED_ON * ("start" in types) + TIED_BACK * ("stop" in types)
        self._tones.append(
            Tone(
                measure=len(self._bars),
                beat=self._chord_start,
                length=length,
                pitch=_pitch(children["pitch"]) + self._transposition,
                staff=_index(children, "staff"),
                voice=_index(children, "voice"),
                marks=marks,
                chord=self._chord,
                tie=tie,
            )
        )

    def _notations(self, element: Element) -> int:
        """Return the marks of a note, and keep the ends of its slurs, those that stop first."""
        marks, ends = 0, []
        for sign in (sign for group in element.iterfind("notations") for sign in group.iter()):
            marks |= MARKS.get(sign.tag, 0)
            if sign.tag == "slur" and sign.get("type") in {"start", "stop"}:
                starts = sign.get("type") == "start"
                ends.append(SlurEnd(len(self._tones), sign.get("number", "1"), starts))
        self._slurs += sorted(ends, key=lambda end: end.starts)
        return marks

    def _direction(self, element: Element) -> None:
        beat = self._position + _number(element, "offset", 0) / self._divisions
        staff = int(_number(element, "staff", 1))
        for kind, text in _directions(element):
            self._directions.append(Direction(len(self._bars), beat, staff, kind, text))

    def _sound(self, element: Element) -> None:
        for tempo in _tempi([element]):
            self._directions.append(Direction(len(self._bars), self._position, 1, "tempo", tempo))

    def _beats(self, element: Element) -> float:
        return _number(element, "duration", 0) / self._divisions

    def _move(self, beats: float) -> None:
        self._position = max(self._position + beats, 0.0)
        self._reach = max(self._reach, self._position)


def _directions(element: Element) -> Iterable[tuple[Kind, str]]:
    """Yield what a direction says; words that it has in several pieces are one text."""
    words = " ".join(word.text or "" for word in element.iter("words")).strip().lower()
    if words:
        yield "words", words
    for mark in (mark for marks in element.iter("dynamics") for mark in marks):
        yield "mark", (mark.text or "").strip() if mark.tag == "other-dynamics" else mark.tag
    for wedge in element.iter("wedge"):
        yield "wedge", f"{wedge.get('type')} {wedge.get('number', '1')}"
    for tempo in _tempi(element.iterfind("sound")):
        yield "tempo", tempo


def _tempi(sounds: Iterable[Element]) -> Iterable[str]:
    """Yield the tempi of those sounds that have one, as numbers surely."""
    return (str(float(sound.get("tempo", ""))) for sound in sounds if sound.get("tempo"))


def _pitch(element: Element) -> int:
    """Return the written pitch as a MIDI note number."""
    step = STEPS.index(element.findtext("step") or "C")
    octave, alter = _number(element, "octave", 4), _number(element, "alter", 0)
    return round(12 * (octave + 1) + step + alter)


def _is_final(measure: Element) -> bool:
    """Return whether a movement ends after the measure: a last bar line that repeats nothing."""
    return any(
        line.findtext("bar-style") == "light-heavy" and line.find("repeat") is None
        for line in measure.iterfind("barline")
    )


def _index(children: dict[str, Element], tag: str) -> int:
    """Return the number of a staff or voice, 1 where there is none."""
    text = (children[tag].text or "") if tag in children else ""
    return int(text) if text.isdecimal() else 1


def _number(element: Element, path: str, default: float) -> float:
    text = element.findtext(path)
    return float(text) if text else default
