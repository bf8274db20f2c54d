"""Measure what a player made of written music, in the terms of musicians.

Every measure takes the parts that play together and returns one number: milliseconds, percent or
velocities, as its name or its sentence says. Where the music has nothing to measure it is NaN,
which lies in no range.

Letters: N notes of a part, M notes of all parts.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np

from engines.clip import SUSTAIN_PEDAL, Clip, Controllers
from engines.features import Features
from engines.kit import Group, read_kit

ON = 0.02
"""How near in beats a written note lies to the place that it stands for."""

OVERLAP_MS = 5.0
"""Notes that sound together for longer are joined; on the page they only touch."""

STEP = 5
"""Semitones up to which the hand joins one note to the next."""


class Part:
    """Set one part as written beside the same part as played."""

    def __init__(self, written: Clip, played: Clip) -> None:
        self.written = written
        self.played = played
        self.page = Features(written)

    @cached_property
    def group(self) -> np.ndarray:
        """Which group of a kit's strokes each note is of: (N,) int8."""
        return np.asarray(self.page.once(read_kit).group[self.written.notes.pitch])

    @cached_property
    def ms(self) -> np.ndarray:
        """Milliseconds in a beat at each note, (N,)."""
        return np.asarray(60e3 / self.written.tempo.at(self.written.notes.onset))

    @cached_property
    def shift(self) -> np.ndarray:
        """How late each note is in beats, (N,)."""
        return np.asarray(self.played.notes.onset - self.written.notes.onset)

    @cached_property
    def late(self) -> np.ndarray:
        """How late each note is in milliseconds, (N,)."""
        return self.shift * self.ms

    @cached_property
    def chords(self) -> list[np.ndarray]:
        """The rows of each written onset, in order of time."""
        order = np.argsort(self.page.group, kind="stable")
        return np.split(order, np.flatnonzero(np.diff(self.page.group[order])) + 1)


Parts = Sequence[Part]
Measure = Callable[[Parts], float]


def mean_shift_ms(parts: Parts) -> float:
    """How late the notes are on average; early is negative."""
    return _mean(_late(parts))


def stray_ms(parts: Parts) -> float:
    """How far the notes are from where they were written, on average."""
    return _mean(np.abs(_late(parts)))


def farthest_ms(parts: Parts) -> float:
    """How far the farthest note is from where it was written."""
    return float(np.abs(_late(parts)).max())


def unevenness_ms(parts: Parts) -> float:
    """How much the notes stray about their mean shift, as a standard deviation."""
    return float(np.std(_late(parts)))


def swing(pair: float) -> Measure:
    """Measure the share in percent of a pair of notes, in beats, that the first one takes."""

    def share(parts: Parts) -> float:
        place, shift = np.mod(_beat(parts), pair), _every(parts, lambda part: part.shift)
        on, off = np.minimum(place, pair - place) < ON, np.abs(place - pair / 2) < ON
        return 50.0 + 100.0 * (_mean(shift[off]) - _mean(shift[on])) / pair

    return share


def on_the_beat_ms(parts: Parts) -> float:
    """How late the notes on the beats are on average, whatever swings between them."""
    return _mean(_late(parts)[~_between_beats(parts)])


def on_bar_lines_ms(parts: Parts) -> float:
    """How far the chords on bar lines are from where they were written, on average."""
    return _mean([abs(s) for part in parts for beat, s in _chord_shifts(part) if beat < ON])


def inside_bars_ms(parts: Parts) -> float:
    """How far the chords between bar lines are from where they were written, on average."""
    return _mean([abs(s) for part in parts for beat, s in _chord_shifts(part) if beat >= ON])


def chord_spread_ms(parts: Parts) -> float:
    """How far the first and the last note of a chord are apart, within a part or across parts."""
    together = defaultdict(list)
    for part in parts:
        for onset, late in zip(part.written.notes.onset, part.late, strict=True):
            together[round(onset / ON)].append(late)
    return _mean([np.ptp(late) for late in together.values() if len(late) > 1])


def strokes(unit: float) -> Measure:
    """Measure which share of the chords is swept up in pitch on whole units, down between them.

    `unit` is two strokes of the hand in beats.
    """

    def share(parts: Parts) -> float:
        return _mean([swept for part in parts for swept in _swept(part, unit)])

    return share


def parts_apart_ms(parts: Parts) -> float:
    """How far parts that are written together are apart: the mean standard deviation."""
    together = defaultdict(list)
    for part in parts:
        for rows in part.chords:
            onset = part.written.notes.onset[rows[0]]
            together[round(onset / ON)].append(part.late[rows].mean())
    return _mean([np.std(late) for late in together.values() if len(late) > 1])


def melody_lead_ms(parts: Parts) -> float:
    """How far the melody comes before the notes that are written under it."""
    leads = []
    for part in parts:
        for rows in part.chords:
            sung = part.page.melody[rows]
            if sung.any() and not sung.all():
                leads.append(part.late[rows[~sung]].mean() - part.late[rows[sung]].mean())
    return _mean(leads)


def length_ratio(parts: Parts) -> float:
    """What share of its written length a note is held: the median."""
    ratio = _every(parts, lambda part: part.played.notes.duration / part.written.notes.duration)
    return float(np.median(ratio))


def joined_share(parts: Parts) -> float:
    """What share of the notes that lead to a near one sound into it."""
    return _mean([overlap > OVERLAP_MS for part in parts for overlap in _overlaps_ms(part)])


def repeat_gap_share(parts: Parts) -> float:
    """What share of the time to its repeat a repeated note is silent: the median."""
    gaps = [gap for part in parts for gap in _repeat_gaps(part)]
    return float(np.median(gaps)) if gaps else np.nan


def breath_ms(parts: Parts) -> float:
    """How long it is silent before a phrase that is written without a rest before it."""
    breaths = []
    for part in parts:
        written, played = part.written.notes, part.played.notes
        for start in part.page.phrase_onset[1:-1]:
            opens = np.flatnonzero(np.abs(written.onset - start) < ON)
            closes = np.flatnonzero(np.abs(written.end - start) < ON)
            if len(opens) and len(closes):
                silence = played.onset[opens].min() - played.end[closes].max()
                breaths.append(silence * part.ms[opens[0]])
    return _mean(breaths)


def loudness_spread(parts: Parts) -> float:
    """How far the velocities move from the written ones, as a standard deviation."""
    written = _every(parts, lambda part: part.written.notes.velocity)
    return float(np.std(_velocity(parts) - written))


def melody_over(parts: Parts) -> float:
    """How much louder the melody is than the notes under it, in velocity."""
    sung = _every(parts, lambda part: part.page.melody)
    return _mean(_velocity(parts)[sung]) - _mean(_velocity(parts)[~sung])


def downbeat_over(parts: Parts) -> float:
    """How much louder the first beat of the bar is than all else, in velocity."""
    first = np.abs(_beat(parts)) < ON
    return _mean(_velocity(parts)[first]) - _mean(_velocity(parts)[~first])


def swell(parts: Parts) -> float:
    """How much louder the first half of a phrase, but its start, is than its last fifth."""
    place = _every(parts, lambda part: part.page.phrase_position)
    velocity = _velocity(parts)
    return _mean(velocity[(place > 0.1) & (place < 0.5)]) - _mean(velocity[place > 0.8])


def backbeat_late_ms(parts: Parts) -> float:
    """How far the snare's backbeat falls behind the kick."""
    late, kick = _late(parts), _group(parts) == Group.KICK
    return _mean(late[_is_backbeat(parts)]) - _mean(late[kick])


def ghost_depth(parts: Parts) -> float:
    """How much softer the snare is between the beats than on the backbeat, in velocity."""
    velocity, ghost = _velocity(parts), (_group(parts) == Group.SNARE) & _between_beats(parts)
    return _mean(velocity[_is_backbeat(parts)]) - _mean(velocity[ghost])


def timekeeper_over(parts: Parts) -> float:
    """How much louder hats and ride are on the beats than between them, in velocity."""
    keeps, between = np.isin(_group(parts), (Group.HAT, Group.RIDE)), _between_beats(parts)
    return _mean(_velocity(parts)[keeps & ~between]) - _mean(_velocity(parts)[keeps & between])


def kick_level(parts: Parts) -> float:
    """How loud the kick is, in velocity."""
    return _mean(_velocity(parts)[_group(parts) == Group.KICK])


def pedal_depth(parts: Parts) -> float:
    """How far down the sustain pedal goes, 0 to 127."""
    values = _every(parts, lambda part: part.played.controllers.of(SUSTAIN_PEDAL).value)
    return float(values.max(initial=0))


def pedal_added(parts: Parts) -> float:
    """How many movements of the sustain pedal there are that were not written."""
    pairs = [(part.written.controllers, part.played.controllers) for part in parts]
    return float(sum(len(set(_moves(played)) - set(_moves(written))) for written, played in pairs))


def pedals_a_bar(parts: Parts) -> float:
    """How often in a bar the sustain pedal goes down through its half."""
    presses = bars = 0
    for part in parts:
        down = part.played.controllers.of(SUSTAIN_PEDAL).value >= 64
        presses += int(np.count_nonzero(np.diff(down.astype(int), prepend=0) == 1))
        bars += len(part.page.bar_onset) - 1
    return presses / bars


def last_tempo_ratio(parts: Parts) -> float:
    """What share of the written tempo is left at the last note."""
    last = max(float(part.written.notes.onset.max()) for part in parts)
    played, written = parts[0].played.tempo, parts[0].written.tempo
    return float(played.at(np.array(last)) / written.at(np.array(last)))


def _moves(controllers: Controllers) -> Iterator[tuple[float, int]]:
    """Yield time in beats and value of each movement of the sustain pedal."""
    pedal = controllers.of(SUSTAIN_PEDAL)
    return zip(pedal.time.tolist(), pedal.value.tolist(), strict=True)


def _every(parts: Parts, column: Callable[[Part], np.ndarray]) -> np.ndarray:
    """Return one column of all parts after another, (M,)."""
    return np.concatenate([column(part) for part in parts])


def _late(parts: Parts) -> np.ndarray:
    return _every(parts, lambda part: part.late)


def _velocity(parts: Parts) -> np.ndarray:
    return _every(parts, lambda part: part.played.notes.velocity)


def _beat(parts: Parts) -> np.ndarray:
    return _every(parts, lambda part: part.page.beat)


def _group(parts: Parts) -> np.ndarray:
    return _every(parts, lambda part: part.group)


def _between_beats(parts: Parts) -> np.ndarray:
    beat = _beat(parts)
    return np.asarray(np.abs(beat - np.rint(beat)) >= ON)


def _is_backbeat(parts: Parts) -> np.ndarray:
    return _every(parts, _backbeat)


def _backbeat(part: Part) -> np.ndarray:
    """Return which strokes are snares on the beats of the bar where most snares are, (N,) bool."""
    snare = part.group == Group.SNARE
    beat = np.rint(part.page.beat).astype(int)
    on_beat = snare & (np.abs(part.page.beat - beat) < ON)
    count = np.bincount(beat[on_beat], minlength=beat.max() + 1)
    return np.asarray(on_beat & (count > count.max() / 2)[beat])


def _chord_shifts(part: Part) -> Iterator[tuple[float, float]]:
    """Yield each chord's place in the bar in beats and its mean shift in milliseconds."""
    for rows in part.chords:
        yield float(part.page.beat[rows[0]]), float(part.late[rows].mean())


def _swept(part: Part, unit: float) -> Iterator[bool]:
    """Yield of each chord of three notes or more whether its stroke goes the right way."""
    for rows in part.chords:
        if len(rows) > 2:
            low_to_high = part.late[rows[np.argsort(part.written.notes.pitch[rows])]]
            place = np.mod(part.page.beat[rows[0]] + ON, unit)
            stroke = low_to_high if place < 2 * ON else low_to_high[::-1]
            yield bool((np.diff(stroke) > 0).all())


def _overlaps_ms(part: Part) -> Iterator[float]:
    """Yield how long each note sounds into the near one that is written to follow at its end."""
    written, played, page = part.written.notes, part.played.notes, part.page
    for row, following in enumerate(page.next_group):
        if following == len(part.chords):
            continue
        rows = part.chords[following]
        away = np.abs(written.pitch[rows].astype(int) - int(written.pitch[row])).min()
        if 0 < away <= STEP and abs(written.end[row] - page.group_onset[following]) < ON:
            yield float(played.end[row] - played.onset[rows].min()) * float(part.ms[row])


def _repeat_gaps(part: Part) -> Iterator[float]:
    """Yield the silent share of the time from each note to its repeat, if written without rest."""
    written, played = part.written.notes, part.played.notes
    for pitch in np.unique(written.pitch):
        rows = np.flatnonzero(written.pitch == pitch)
        rows = rows[np.argsort(written.onset[rows])]
        for row, again in pairwise(rows):
            if abs(written.end[row] - written.onset[again]) < ON:
                wait = played.onset[again] - played.onset[row]
                yield float(1.0 - played.duration[row] / wait)


def _mean(values: Sequence[float] | np.ndarray) -> float:
    return float(np.mean(values)) if len(values) else np.nan
