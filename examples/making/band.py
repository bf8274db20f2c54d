"""Play a lead sheet: one instrument at a time, or a small band in a verse and a chorus."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from making import arrangement
from making.arrangement import Harmony
from making.midi import Note, Piece, Track, untangle
from making.source import Excerpt, Source

DRUMS = 9
EIGHTH, SIXTEENTH = Fraction(1, 2), Fraction(1, 4)


def pop_piano(chords: list[Harmony]) -> list[Note]:
    """Play chords that push against the beat over a quiet left hand."""
    right = arrangement.comp(chords, arrangement.close_voicings(chords, 63), "x--x--x-", EIGHTH)
    return [*right, *arrangement.bass_line(chords, "R---5---", EIGHTH, lowest=36)]


def soul_keys(chords: list[Harmony]) -> list[Note]:
    """Play short syncopated chords in sixteenths over long bass notes."""
    voicings = arrangement.close_voicings(chords, 62)
    right = arrangement.comp(chords, voicings, "x-.. ..x- ..x- x-.x", SIXTEENTH)
    return [*right, *arrangement.bass_line(chords, "R----R5-", EIGHTH, lowest=36)]


def picked_guitar(chords: list[Harmony]) -> list[Note]:
    """Pick broken chords in eighths, six to a 3/4 bar."""
    return list(arrangement.comp(chords, arrangement.guitar_grips(chords), "032123", EIGHTH))


def strummed_guitar(chords: list[Harmony]) -> list[Note]:
    """Strum sixteenths, all strings of a stroke at once."""
    grips = arrangement.guitar_grips(chords)
    return list(arrangement.comp(chords, grips, "x---x-xx x-xxx-xx", SIXTEENTH))


def walking_bass(chords: list[Harmony]) -> list[Note]:
    """Walk in quarter notes."""
    return list(arrangement.walking_bass(chords))


COUNT = {42: "x...x...x...x...", 46: "..............x."}
VERSE = {42: "x.x.x.x.x.x.x.x.", 37: "....x.......x...", 36: "x.........x....."}
FILL = {
    36: "x.......x.......",
    38: "....x...xxxx....",
    48: "............xx..",
    43: "..............xx",
}
CRASH = {49: "x..............."}
CHORUS = {42: "x.x.x.x.x.x.x.x.", 38: "....x.......x...", 36: "x.....x.x.x....."}
END = {
    42: "x.x.x.x.........",
    38: "....x...........",
    36: "x.....x.x.......",
    49: "........x.......",
}

LAYOUT = ((COUNT, 1, 1), (VERSE, 2, 7), (FILL, 9, 1), (CRASH, 10, 1), (CHORUS, 10, 7), (END, 17, 1))
"""Drum pattern, its first bar and how many bars it lasts: General MIDI notes, sixteenths."""

HELD = "x---"
"""The last chord, two quarter notes."""

CHORUS_STARTS = Fraction(9 * 4)
"""Quarter notes to the chorus: the pickup's bar and eight bars of verse before it."""


def song(packs: Path, excerpt: Excerpt) -> Piece:
    """Arrange 17 bars of 4/4: a bar with the pickup, then verse and chorus of eight bars each."""
    source = Source(packs, excerpt)
    chords = source.harmonies()
    verse = [replace(chord, end=min(chord.end, CHORUS_STARTS)) for chord in chords]
    verse = [chord for chord in verse if chord.onset < CHORUS_STARTS]
    chorus = [replace(chord, onset=max(chord.onset, CHORUS_STARTS)) for chord in chords]
    chorus = [chord for chord in chorus if chord.end > CHORUS_STARTS]
    return source.piece(
        Track("Flute", source.notes(0, velocity=100), 73, 0),
        Track("Piano", _piano(verse, chorus), 0, 1),
        Track("Acoustic Guitar", _guitar(verse, chorus), 25, 2),
        Track("Bass", _bass(verse, chorus), 33, 3),
        Track("Drums", _drums(), 0, DRUMS),
    )


def _piano(verse: list[Harmony], chorus: list[Harmony]) -> list[Note]:
    voicings = arrangement.close_voicings([*verse, *chorus], 60)
    quiet = arrangement.comp(verse, voicings, "x---x---", EIGHTH)
    pushed = arrangement.comp(chorus[:-1], voicings[len(verse) :], "x--xx-x-", EIGHTH)
    held = arrangement.comp(chorus[-1:], voicings[-1:], HELD, EIGHTH)
    return untangle([*quiet, *pushed, *held])


def _guitar(verse: list[Harmony], chorus: list[Harmony]) -> list[Note]:
    grips = arrangement.guitar_grips([*verse, *chorus])
    picked = arrangement.comp(verse, grips, "0321", EIGHTH)
    strummed = arrangement.comp(chorus[:-1], grips[len(verse) :], "x-xx-xxx", EIGHTH)
    held = arrangement.comp(chorus[-1:], grips[-1:], HELD, EIGHTH)
    return untangle([*picked, *strummed, *held])


def _bass(verse: list[Harmony], chorus: list[Harmony]) -> list[Note]:
    long = arrangement.bass_line(verse, "R---R---", EIGHTH)
    moving = arrangement.bass_line(chorus[:-1], "R--RR-5a", EIGHTH)
    return untangle([*long, *moving, *arrangement.bass_line(chorus[-1:], "R---", EIGHTH)])


def _drums() -> list[Note]:
    return untangle(
        note
        for pattern, bar, bars in LAYOUT
        for note in arrangement.drum_bars(pattern, Fraction(4 * (bar - 1)), bars, velocity=96)
    )
