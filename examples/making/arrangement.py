"""Arrange a lead sheet's chord symbols for piano, guitar, bass and drums, as programmed.

Rhythms are written like a step sequencer's: one character a step, `.` a rest, `-` a note held on,
anything else a stroke. Everything lies on the grid and is as long as it is written.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from making.midi import Note
from making.score import ChordSymbol, Score

KINDS = {
    "major": (0, 4, 7),
    "minor": (0, 3, 7),
    "augmented": (0, 4, 8),
    "diminished": (0, 3, 6),
    "dominant": (0, 4, 7, 10),
    "major-seventh": (0, 4, 7, 11),
    "minor-seventh": (0, 3, 7, 10),
    "augmented-seventh": (0, 4, 8, 10),
    "diminished-seventh": (0, 3, 6, 9),
    "half-diminished": (0, 3, 6, 10),
    "major-sixth": (0, 4, 7, 9),
    "minor-sixth": (0, 3, 7, 9),
    "suspended-fourth": (0, 5, 7),
}
"""Semitones above the root. Source: MusicXML 4.0, kind-value."""

STRINGS = (40, 45, 50, 55, 59, 64)
"""Open strings of a guitar in standard tuning, E2 to E4."""

REACH = 4
"""Frets that a hand reaches on the low strings; with it every bass is on one of the three."""

LOWEST_BASS = 28
"""Open E string of a bass, E1."""


@dataclass(frozen=True)
class Harmony:
    """State a chord, its tones as pitch classes from the root up, and how long it holds."""

    onset: Fraction
    end: Fraction
    tones: tuple[int, ...]
    bass: int


def harmonies(score: Score, start: Fraction, end: Fraction) -> list[Harmony]:
    """Return the chords of the stretch, moved to begin at 0; each holds until the next one."""
    last = {symbol.onset: symbol for symbol in score.chords if symbol.onset < end}
    before = [onset for onset in last if onset <= start]
    kept = [onset for onset in sorted(last) if not before or onset >= max(before)]
    ends = [*kept[1:], end]
    return [
        _harmony(last[onset], max(onset, start) - start, until - start)
        for onset, until in zip(kept, ends, strict=True)
    ]


def _harmony(symbol: ChordSymbol, onset: Fraction, end: Fraction) -> Harmony:
    tones = tuple((symbol.root + step) % 12 for step in KINDS[symbol.kind])
    return Harmony(onset, end, tones, symbol.bass)


def strokes(rhythm: str, step: Fraction) -> Iterator[tuple[Fraction, Fraction, str]]:
    """Yield onset, duration and character of each stroke of one round of the rhythm."""
    rhythm = rhythm.replace(" ", "")
    for index, character in enumerate(rhythm):
        if character not in ".-":
            after = rhythm[index + 1 :]
            held = len(after) - len(after.lstrip("-"))
            yield index * step, (held + 1) * step, character


def _struck(
    chords: list[Harmony], rhythm: str, step: Fraction
) -> Iterator[tuple[Fraction, Fraction, str, int]]:
    """Yield the strokes over all chords, with the chord's index.

    A stroke that is held over a change of chord is struck again there.
    """
    length = len(rhythm.replace(" ", "")) * step
    start = chords[0].onset - chords[0].onset % length
    while start < chords[-1].end:
        for offset, duration, character in strokes(rhythm, step):
            onset = start + offset
            for index, chord in enumerate(chords):
                begin, end = max(onset, chord.onset), min(onset + duration, chord.end)
                if begin < end:
                    yield begin, end - begin, character, index
        start += length


def close_voicings(chords: list[Harmony], centre: int) -> list[tuple[int, ...]]:
    """Return a close position of each chord, the one nearest to the one before, about `centre`."""
    voiced: list[tuple[int, ...]] = []
    for chord in chords:
        near = sum(voiced[-1]) / len(voiced[-1]) if voiced else centre
        # The pull to the centre keeps a long row of chords from drifting away.
        target = 0.75 * near + 0.25 * centre
        voiced.append(min(_positions(chord), key=lambda p: abs(sum(p) / len(p) - target)))
    return voiced


def _positions(chord: Harmony) -> Iterator[tuple[int, ...]]:
    for lowest in range(40, 80):
        if lowest % 12 in chord.tones:
            above = sorted((tone - lowest) % 12 for tone in set(chord.tones))
            yield tuple(lowest + interval for interval in above)


def guitar_grips(chords: list[Harmony]) -> list[tuple[int, ...]]:
    """Return what the strings sound in each chord, from the string that has the bass up.

    The bass lies within four frets on one of the three low strings; each string above it sounds
    the lowest chord tone that it has.
    """
    grips = []
    for chord in chords:
        frets = [(chord.bass - string) % 12 for string in STRINGS[:3]]
        first = next(index for index, fret in enumerate(frets) if fret <= REACH)
        above = [string + min((t - string) % 12 for t in chord.tones) for string in STRINGS]
        grips.append((STRINGS[first] + frets[first], *above[first + 1 :]))
    return grips


def comp(
    chords: list[Harmony], voicings: list[tuple[int, ...]], rhythm: str, step: Fraction
) -> Iterator[Note]:
    """Yield the whole voicing at each stroke; a digit picks one string or tone of it.

    0 is the lowest, 1 the highest, 2 the one below that, as guitarists count.
    """
    for onset, duration, character, index in _struck(chords, rhythm, step):
        voicing = voicings[index]
        if character.isdigit():
            voicing = (voicing[-int(character)],)
        for pitch in voicing:
            yield Note(onset, duration, pitch)


def bass_line(
    chords: list[Harmony], rhythm: str, step: Fraction, lowest: int = LOWEST_BASS
) -> Iterator[Note]:
    """Yield R the bass note, 3 and 5 tones of the chord above it, 8 the octave, a an approach.

    An approach is the semitone below the next chord's bass; inside a chord it is the fifth.
    """
    for onset, duration, character, index in _struck(chords, rhythm, step):
        chord, after = chords[index], chords[min(index + 1, len(chords) - 1)]
        inside = character == "a" and onset + duration < chord.end
        pitch = _bass_pitch("5" if inside else character, chord, after, lowest)
        yield Note(onset, duration, pitch)


def _bass_pitch(character: str, chord: Harmony, after: Harmony, lowest: int) -> int:
    root = lowest + (chord.bass - lowest) % 12
    if character == "a":
        target = lowest + (after.bass - lowest) % 12
        return target - 1 if target > lowest else target + 1
    steps = {"R": 0, "3": chord.tones[1] - chord.bass, "5": chord.tones[2] - chord.bass, "8": 12}
    return root + (steps[character] % 12 or steps[character])


WALK = "R3585358"
"""Where a walking bass goes in a chord, over and over, until its last beat leads into the next."""


def walking_bass(chords: list[Harmony]) -> Iterator[Note]:
    """Yield a note a beat: root, chord tones, and a semitone into the next chord."""
    for index, chord in enumerate(chords):
        after, beats = chords[min(index + 1, len(chords) - 1)], int(chord.end - chord.onset)
        for beat in range(beats):
            last = beat == beats - 1 > 0
            character = "a" if last else WALK[beat % len(WALK)]
            pitch = _bass_pitch(character, chord, after, LOWEST_BASS)
            yield Note(chord.onset + beat, Fraction(1), pitch)


def drum_bars(
    pattern: Mapping[int, str], start: Fraction, rounds: int, velocity: int
) -> Iterator[Note]:
    """Yield the strokes of a pattern of sixteenths, pitch to rhythm, so many times over."""
    step = Fraction(1, 4)
    for pitch, rhythm in pattern.items():
        length = len(rhythm.replace(" ", "")) * step
        for count in range(rounds):
            for onset, _, _ in strokes(rhythm, step):
                yield Note(start + count * length + onset, step, pitch, velocity)
