"""Write small MusicXML scores."""

from pathlib import Path
from zipfile import ZipFile

from engines.training.notation import Notated, read_parts

ROW = {"set": "Studies", "split": "train"}

FOUR_FOUR = "<time><beats>4</beats><beat-type>4</beat-type></time>"
ATTRIBUTES = f"<attributes><divisions>12</divisions>{FOUR_FOUR}</attributes>"
BACK = "<backup><duration>48</duration></backup>"
LAST = '<barline location="right"><bar-style>light-heavy</bar-style></barline>'


def note(
    pitch: str, beats: float = 1, *, notations: str = "", inside: str = "", staff: int = 1
) -> str:
    """Return a note, such as C4 or F4# , of so many quarters; `inside` stands before its pitch."""
    step, octave, alter = pitch[0], pitch[1], pitch[2:].count("#")
    duration = "" if "<grace" in inside else f"<duration>{round(12 * beats)}</duration>"
    return (
        f"<note>{inside}<pitch><step>{step}</step><alter>{alter}</alter><octave>{octave}</octave>"
        f"</pitch>{duration}<voice>{4 * staff - 3}</voice><staff>{staff}</staff>"
        f"<notations>{notations}</notations></note>"
    )


def direction(content: str, staff: int = 1) -> str:
    return (
        f"<direction><direction-type>{content}</direction-type><staff>{staff}</staff></direction>"
    )


def mark(name: str, staff: int = 1) -> str:
    return direction(f"<dynamics><{name}/></dynamics>", staff)


def words(text: str) -> str:
    return direction(f"<words>{text}</words>")


def wedge(kind: str) -> str:
    return direction(f'<wedge type="{kind}"/>')


def score(*parts: list[str], sound: str = "keyboard.piano") -> str:
    """Return a score of parts, each a list of measures; the first measure is given attributes."""
    listed = "".join(
        f'<score-part id="P{n}"><part-name>Part {n}</part-name><score-instrument id="I{n}">'
        f"<instrument-sound>{sound}</instrument-sound></score-instrument></score-part>"
        for n in range(len(parts))
    )
    written = "".join(
        f'<part id="P{n}">'
        + "".join(f"<measure>{ATTRIBUTES * (m == 0)}{bar}</measure>" for m, bar in enumerate(bars))
        + "</part>"
        for n, bars in enumerate(parts)
    )
    return f"<score-partwise><part-list>{listed}</part-list>{written}</score-partwise>"


def notated(folder: Path, *parts: list[str], sound: str = "keyboard.piano") -> list[Notated]:
    """Return what is read from a score of these parts."""
    path = folder / "score.musicxml"
    path.write_text(score(*parts, sound=sound), encoding="utf-8")
    return read_parts(path, ROW)


def packed(path: Path, members: dict[str, str]) -> Path:
    with ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path
