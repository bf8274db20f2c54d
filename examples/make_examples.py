"""Make the music in `examples/` and `tests/music/` from the unpacked data packs.

    python examples/make_examples.py PACKS_DIR

A maintainer's tool: the product never reads the packs. It needs mido and numpy, writes the same
bytes each time, and prints a table of what it made. Sources and licences are in the README.md
beside the files.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from making import band, take
from making.arrangement import Harmony
from making.midi import Note, Piece, Track, save, untangle
from making.source import Excerpt, Source

Maker = Callable[[Path], Piece]
"""What makes a piece from the folder of the packs."""

GROOVE = (
    "Groove MIDI Dataset, J. Gillick, A. Roberts, J. Engel, D. Eck, D. Bamman (ICML 2019), "
    "Google LLC, CC BY 4.0; mapped to General MIDI"
)
VIENNA = (
    "The Vienna 4x22 Piano Corpus, W. Goebl (1999), mdw, DOI 10.21939/4X22, CC BY 4.0; "
    "match files revised by CPJKU, excerpt converted to MIDI"
)


def as_written(excerpt: Excerpt, *tracks: tuple[int, str, int]) -> Maker:
    """Make a piece of parts as they are written: part counted from 0, track name, program."""

    def make(packs: Path) -> Piece:
        source = Source(packs, excerpt)
        return source.piece(
            *(
                Track(name, source.notes(part), program, channel)
                for channel, (part, name, program) in enumerate(tracks)
            )
        )

    return make


def arranged(
    excerpt: Excerpt, name: str, program: int, play: Callable[[list[Harmony]], list[Note]]
) -> Maker:
    """Make a piece of one track that plays the chord symbols of a lead sheet."""

    def make(packs: Path) -> Piece:
        source = Source(packs, excerpt)
        return source.piece(Track(name, untangle(play(source.harmonies())), program))

    return make


def drums(path: str, title: str, bars: tuple[int, int], *, human: bool = False) -> Maker:
    """Make a piece of the bars of a drum take, as played or as a programmer would enter them."""

    def make(packs: Path) -> Piece:
        taken = take.read_drums(packs / "groove" / path)
        notes = take.played(taken, *bars) if human else take.programmed(taken, *bars, velocity=96)
        length = 4 * (bars[1] - bars[0] + 1)
        track = Track("Drums", notes, 0, band.DRUMS)
        return Piece(title, f"{title}; {GROOVE}", length, [track], tempos={0: taken.bpm})

    return make


def performed(packs: Path) -> Piece:
    """Make a piece of a pianist's performance with the sustain pedal, in free time at 120."""
    path = packs / "vienna4x22/npz/Chopin_op10_no3__p20.npz"
    notes, pedal = take.read_performance(path, last_bar=8, bpm=120.0)
    length = -(-max(note.end for note in notes) // 4) * 4
    title = "Frederic Chopin, Etude op. 10 no. 3, bars 1-8, played by pianist 20"
    track = Track("Piano", notes, controllers=pedal)
    return Piece(title, f"{title}; {VIENNA}", length, [track], ticks=960)


SOUL = ("drummer7/session3/132_soul_105_beat_4-4.mid", "Soul groove", (5, 16))
ROCK = ("drummer9/session1/24_rock_90_beat_4-4.mid", "Rock groove", (2, 9))
SHUFFLE = ("drummer1/session1/239_funk-purdieshuffle_130_beat_4-4.mid", "Shuffle groove", (2, 9))

SULEIKA = Excerpt(
    "lieder", "lc6914397", "Robert Schumann, Lied der Suleika op. 25 no. 9, bars 17-43", 17, 43
)
LOCH_LOMOND = Excerpt(
    "lead_sheets", "Traditional__Loch_Lomond", "Loch Lomond, traditional", 1, 17, tempo=92.0
)
JE_TE_VEUX = Excerpt("lieder", "lc6986302", "Erik Satie, Je te veux, bars 5-20", 5, 20)
GONDELLIED = Excerpt(
    "lieder", "lc5101361", "Fanny Hensel, Gondellied op. 1 no. 6, bars 1-10", 1, 10
)
SCHOENHEIT = Excerpt(
    "lieder", "lc5000397", "Clara Schumann, Liebst du um Schoenheit op. 12 no. 4, bars 1-10", 1, 10
)
MAI = Excerpt(
    "lieder",
    "lc4976777",
    "Robert Schumann, Im wunderschoenen Monat Mai op. 48 no. 1, upbeat and bars 1-12",
    1,
    13,
    minor=(3,),
)
LIEDER_END = Excerpt(
    "lieder",
    "lc4978400",
    "Robert Schumann, Die alten, boesen Lieder op. 48 no. 16, bars 45-60",
    45,
    60,
    minor=(4,),
)
DANNY_BOY = Excerpt(
    "lead_sheets",
    "Frederic_Weatherly__Danny_Boy",
    "Danny Boy (Londonderry Air), traditional tune",
    2,
    17,
    tempo=76.0,
)
MOTHERLESS = Excerpt(
    "lead_sheets",
    "Traditional__Sometimes_I_Feel_Like_a_Motherless_Child",
    "Sometimes I Feel Like a Motherless Child, traditional",
    1,
    12,
    tempo=84.0,
    minor=(0,),
)
FRANKIE = Excerpt(
    "lead_sheets",
    "Traditional__Frankie_and_Johnny",
    "Frankie and Johnny, traditional",
    1,
    12,
    tempo=132.0,
)
SHENANDOAH = Excerpt(
    "lead_sheets",
    "Traditional__Shenandoah",
    "Shenandoah, traditional",
    1,
    16,
    tempo=80.0,
    pad=False,
)
SCARBOROUGH = Excerpt(
    "lead_sheets",
    "Traditional__Scarborough_Fair",
    "Scarborough Fair, traditional",
    1,
    16,
    tempo=112.0,
    minor=(-1,),
)
DRUNKEN_SAILOR = Excerpt(
    "lead_sheets",
    "Traditional__What_Shall_We_Do_with_a_Drunken_Sailor",
    "What Shall We Do with a Drunken Sailor, traditional",
    1,
    8,
    tempo=104.0,
)
GOUNOD = Excerpt(
    "string_quartets",
    "sq7434431",
    "Charles Gounod, String Quartet no. 3, second movement, bars 61-68",
    227,
    234,
)
DEATH_AND_MAIDEN = Excerpt(
    "string_quartets",
    "sq7397765",
    "Franz Schubert, String Quartet D 810, second movement, bars 1-16",
    342,
    357,
    minor=(-2,),
)

STRINGS = ((0, "Violin 1", 40), (1, "Violin 2", 40), (2, "Viola", 41), (3, "Cello", 42))

FILES: dict[str, Maker] = {
    "examples/piano.mid": as_written(SULEIKA, (1, "Piano", 0)),
    "examples/drums.mid": drums(*SOUL),
    "examples/drums_human.mid": drums(*SOUL, human=True),
    "examples/song.mid": lambda packs: band.song(packs, LOCH_LOMOND),
    "tests/music/piano_waltz.mid": as_written(JE_TE_VEUX, (1, "Piano", 0)),
    "tests/music/piano_barcarolle.mid": as_written(GONDELLIED, (1, "Piano", 0)),
    "tests/music/piano_romance.mid": as_written(SCHOENHEIT, (1, "Piano", 0)),
    "tests/music/piano_pickup.mid": as_written(MAI, (1, "Piano", 0)),
    "tests/music/piano_changes.mid": as_written(LIEDER_END, (1, "Piano", 0)),
    "tests/music/piano_pop.mid": arranged(DANNY_BOY, "Piano", 0, band.pop_piano),
    "tests/music/piano_performed.mid": performed,
    "tests/music/keys_soul.mid": arranged(MOTHERLESS, "Rhodes", 4, band.soul_keys),
    "tests/music/bass_cello.mid": as_written(GOUNOD, (3, "Bass", 33)),
    "tests/music/bass_walking.mid": arranged(FRANKIE, "Upright Bass", 32, band.walking_bass),
    "tests/music/lead_ballad.mid": as_written(SHENANDOAH, (0, "Lead", 80)),
    "tests/music/strings_quartet.mid": as_written(DEATH_AND_MAIDEN, *STRINGS),
    "tests/music/guitar_picked.mid": arranged(SCARBOROUGH, "Guitar", 24, band.picked_guitar),
    "tests/music/guitar_strummed.mid": arranged(
        DRUNKEN_SAILOR, "Acoustic Guitar", 25, band.strummed_guitar
    ),
    "tests/music/drums_rock.mid": drums(*ROCK),
    "tests/music/drums_shuffle.mid": drums(*SHUFFLE),
}
"""Each file, by its path in the repository, and what makes it."""


def main() -> None:
    """Write all files and print what each holds."""
    packs, root = Path(sys.argv[1]), Path(__file__).parent.parent
    for path, make in FILES.items():
        piece = make(packs)
        save(piece, root / path)
        notes = [note for track in piece.tracks for note in track.notes]
        pitches = [note.pitch for note in notes]
        row = (path, len(piece.tracks), len(notes), f"{float(piece.length):g}", min(pitches))
        print(*row, max(pitches), (root / path).stat().st_size, sep="\t")


if __name__ == "__main__":
    main()
