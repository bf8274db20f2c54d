"""State for every preset what its sentence promises, as numbers.

A preset keeps its claim if each of the claim's points lies in its range on every piece, on the
average of several performances: one of them may stray by chance. Where a range comes from is said
beside it; "default" means the engine's own.
"""

from collections.abc import Iterable, Sequence
from statistics import fmean
from typing import NamedTuple

from engines.clip import Clip
from tests import measures
from tests.measures import Measure, Part

EIGHTHS, SIXTEENTHS = measures.swing(1.0), measures.swing(0.5)
SIXTEENTH_STROKES = measures.strokes(0.5)
MANY = 1e3

PIECES = {
    "piano": (
        "piano_barcarolle",
        "piano_changes",
        "piano_pickup",
        "piano_pop",
        "piano_romance",
        "piano_waltz",
    ),
    "keys": ("keys_soul",),
    "bass": ("bass_cello", "bass_walking"),
    "lead": ("lead_ballad", "song/Flute"),
    "strings": ("strings_quartet",),
    "guitar": ("guitar_picked", "guitar_strummed"),
    "drums": ("drums_rock", "drums_shuffle"),
    "band": ("song",),
}
"""What each folder's claims are tried on: a file, or one of its tracks."""

PEDALLED = ("piano_changes", "piano_pickup", "piano_pop", "piano_romance", "piano_waltz")
"""The piano pieces that pianists would mostly pedal."""

MORE_PIECES = dict.fromkeys(("piano/house", "piano/swing"), ("piano_performed",))
"""What a preset's claim is tried on besides: music that has a pedal."""


def pieces_for(name: str) -> tuple[str, ...]:
    """Return what a preset's claim is tried on."""
    return PIECES[name.partition("/")[0]] + MORE_PIECES.get(name, ())


class Point(NamedTuple):
    """Say one thing that can be heard, and between which numbers it lies.

    `pieces` are those that can show it, all of the folder's if none are named.
    """

    says: str
    measure: Measure
    low: float
    high: float
    pieces: tuple[str, ...] = ()

    def broken(self, written: tuple[Clip, ...], takes: Sequence[tuple[Clip, ...]]) -> str:
        """Return what was measured if its mean is out of range, else nothing."""
        value = fmean(
            self.measure([Part(*pair) for pair in zip(written, played, strict=True)])
            for played in takes
        )
        if self.low <= value <= self.high:
            return ""
        return f"{self.says}: {value:.2f}, allowed is {self.low:g} to {self.high:g}"


def broken_points(
    claim: Iterable[Point], piece: str, written: tuple[Clip, ...], takes: Sequence[tuple[Clip, ...]]
) -> list[str]:
    """Return what is wrong with performances of a piece by a claim, nothing if they keep it."""
    points = [point for point in claim if not point.pieces or piece in point.pieces]
    return [words for point in points if (words := point.broken(written, takes))]


NO_PEDAL = Point("adds no pedal", measures.pedal_added, 0, 0)
FULL_PEDAL = Point("a deep pedal", measures.pedal_depth, 100, 127)  # depth 120 or 127
ON_THE_GRID = Point("no note leaves the grid", measures.farthest_ms, 0, 0)  # no groove, no rubato
STACCATO = Point("very short notes", measures.length_ratio, 0.25, 0.48)  # STACCATO_SHARE 0.3-0.4
DETACHED = Point("gaps between notes", measures.length_ratio, 0.65, 0.83)  # DETACHED_SHARE 0.75
TIGHT = Point("tight in time", measures.stray_ms, 0.5, 4)  # drift and deviation of 1 to 3 ms
STEADY = Point("close to the beat", measures.stray_ms, 2.5, 9)  # drift 3, deviation 4, lead 10
STRUMMED = Point("down on the beat, up off it", SIXTEENTH_STROKES, 1, 1, ("guitar_strummed",))
STRAIGHT_DRUMS = ("drums_rock",)  # the other drums are written in triplets, which stay

CLAIMS: dict[str, tuple[Point, ...]] = {
    "piano/gentle": (
        # 0.6 of the 11 to 14 that the whole performance has
        Point("small accents", measures.loudness_spread, 4, 9.5),
        Point("a light pedal", measures.pedal_depth, 50, 90),  # depth 90
        STEADY,
    ),
    "piano/romantic": (
        # a phrase of 10 s whose tempo falls by 16 % is off by 10 s * 16 % / 10 and more
        Point("bar lines wander", measures.on_bar_lines_ms, 14, 400),
        # 1.5 * 4 dB are a factor of 10^(6/40) in velocity: 80 over 57, and less by the bass's dB
        Point("the melody sings", measures.melody_over, 14, 40),
        Point("the melody comes first", measures.melody_lead_ms, 15, 42),  # melody_lead 28
        FULL_PEDAL,
    ),
    "piano/ballad": (
        # a player's tempo strays by 10 % and more in half a bar of 2 s: by 1.7 * 2 s * 10 % / 20
        Point("lingers between bar lines", measures.inside_bars_ms, 8, 80),
        Point("meets on bar lines", measures.on_bar_lines_ms, 0.5, 12),  # anchor bars, deviation 4
        FULL_PEDAL,
    ),
    "piano/recital": (
        Point("slows into the end", measures.last_tempo_ratio, 0.4, 0.7),  # final 40 %, arch 14 %
        Point("stays on the bent grid", measures.stray_ms, 2, 18),  # the notes keep their beats
    ),
    "piano/played": (
        # pianists hold keys for 0.4 to 0.7 of what is written while the pedal sounds on; without
        # it rules hold them for 0.8 and more; the less a piece is pedalled, the nearer it comes
        # to those: the barcarolle is so a third of its time
        Point("keys let go under the pedal", measures.length_ratio, 0.25, 0.84, PEDALLED),
        Point("a pedal", measures.pedals_a_bar, 0.3, 6),
        Point("bends time", measures.on_bar_lines_ms, 14, 800),  # anchor phrases
        Point("chords fall apart", measures.chord_spread_ms, 8, 60),  # asynchrony at its default
        Point("full dynamics", measures.loudness_spread, 7, 20),  # pianists' is 15 in the ASAP data
    ),
    "piano/pop": (
        # 2 * 2 dB * 0.5 and more from the weaker beats to the bar line: 2 dB are 10 of 80
        Point("firm downbeats", measures.downbeat_over, 3, 20, ("piano_pop",)),
        FULL_PEDAL,
        STEADY,
    ),
    "piano/swing": (
        Point("eighths swing", EIGHTHS, 60, 64, ("piano_changes", "piano_pop", "piano_romance")),
        DETACHED,
        NO_PEDAL,
    ),
    "piano/house": (
        Point("even", measures.loudness_spread, 2, 8),  # rules at 0.3, metre at 1
        STACCATO,
        TIGHT,
        NO_PEDAL,
    ),
    "keys/soul": (
        # push 14, and half of a melody lead of 8 for the notes under the melody
        Point("behind the beat", measures.on_the_beat_ms, 9, 23),
        Point("sixteenths swing", SIXTEENTHS, 53, 59),  # swing 56
    ),
    "keys/comping": (
        Point("the top note leads", measures.melody_lead_ms, 10, 25),  # default of 18
        DETACHED,
    ),
    "keys/organ": (
        Point("loudness as written", measures.loudness_spread, 0, 0),  # no velocity stage
        Point("lets go before repeats", measures.repeat_gap_share, 0.18, 0.32),  # gap 25 %
        # an overlap of 0.6 * 20 ms less 10 % of unevenness: half of the joins and more
        Point("joins the chords", measures.joined_share, 0.25, 0.95),
    ),
    "keys/clav": (
        Point("ahead of the beat", measures.mean_shift_ms, -11, -2),  # push -6
        STACCATO,
    ),
    "keys/ballad": (
        Point("the top note leads", measures.melody_lead_ms, 19, 38),  # melody_lead 26
        # the lead, and spread 7 from the first to the last of three or four fingers
        Point("loose chords", measures.chord_spread_ms, 26, 52),
        FULL_PEDAL,
    ),
    "bass/pocket": (
        Point("behind the beat", measures.mean_shift_ms, 9, 19),  # push 14
        Point("steady", measures.unevenness_ms, 2, 8),  # drift 4 and deviation 3 * 0.8
        Point("even", measures.loudness_spread, 2, 7.5),  # variation 0.8 dB
    ),
    "bass/driving": (
        Point("ahead of the beat", measures.mean_shift_ms, -15, -5),  # push -10
        # 1.8 * 2 dB * 0.65 from the mean of the others: 11 of 80, half where the line falls to it
        Point("firm accents", measures.downbeat_over, 2.5, 14),
    ),
    "bass/fingered": (
        Point("notes run into each other", measures.joined_share, 0.55, 1),  # legato 1.5
        Point("unequal", measures.loudness_spread, 8, 16),  # variation 2.4 dB are 12 of 80
    ),
    "bass/walking": (
        Point("eighths swing", EIGHTHS, 60, 64, ("bass_cello",)),  # swing 62
        Point("ahead of the beat", measures.on_the_beat_ms, -11, -1.5),  # push -6
        Point("long quarters", measures.length_ratio, 0.88, 1.2, ("bass_walking",)),  # legato
    ),
    "bass/muted": (STACCATO, TIGHT),
    "lead/singing": (
        Point("joined", measures.joined_share, 0.6, 1),  # legato 1.5
        Point("breathes", measures.breath_ms, 130, 250),  # breath 200, less after short notes
        # the arch has 0.1 and 1.4 dB off its top there: 1.8 * 1.3 dB are 12 of 80, and the line's
        # own rise and fall adds up to 8 or takes them
        Point("swells", measures.swell, 2.5, 20),
    ),
    "lead/laid-back": (
        Point("well behind the beat", measures.mean_shift_ms, 17, 31),  # push 24
        Point("loose", measures.unevenness_ms, 6, 18),  # deviation 9 and drift 6
    ),
    "lead/crisp": (DETACHED, TIGHT),
    "lead/swung": (
        Point("eighths swing", EIGHTHS, 58, 62, ("song/Flute",)),  # swing 60
        Point("behind the beat", measures.on_the_beat_ms, 5, 17),  # push 10
    ),
    "lead/on-the-grid": (
        ON_THE_GRID,
        Point("shaped", measures.loudness_spread, 5, 16),  # all rules at 1 or more
    ),
    "strings/legato": (
        Point("bound", measures.joined_share, 0.65, 1),  # legato 1.6
        Point("long bows", measures.repeat_gap_share, 0.04, 0.12),  # gap 20 % * 0.4 for strings
        Point("hardly an accent", measures.downbeat_over, -3.5, 3.5),  # metre 0.3
    ),
    "strings/spiccato": (
        STACCATO,
        # 2 * 0.75 * 2 dB from the weakest note to the bar line: at most 15 of 80
        Point("clear strong beats", measures.downbeat_over, 3, 15),
    ),
    "strings/swell": (
        # 1.3 * 2 * 2 dB are 28 of 80 from the top to the end, averaged over each half
        Point("grows and fades", measures.swell, 8, 28),
        Point("breathes", measures.breath_ms, 110, 220),  # breath 150
    ),
    "strings/section": (
        # deviation 15 * 1.3 in each of four parts: 2 standard deviations from first to last
        Point("starts apart", measures.chord_spread_ms, 25, 60),
    ),
    "guitar/strummed": (
        STRUMMED,
        # strum 22 from the first to the last string
        Point("strings one by one", measures.chord_spread_ms, 19, 25, ("guitar_strummed",)),
        Point("in time", measures.mean_shift_ms, -6, 6),  # push 0
        # 1.8 * 2 dB from the weakest note to the bar line: at most 18 of 80
        Point("hardest on the downbeat", measures.downbeat_over, 6, 22),
    ),
    "guitar/picked": (
        Point("joined", measures.joined_share, 0.8, 1),  # legato 2; the default joins 0.7
        Point("softly uneven", measures.loudness_spread, 7, 15),  # variation 2 dB are 10 of 80
    ),
    "guitar/ringing": (
        Point("rings on", measures.pedals_a_bar, 0.4, 5),  # a pedal for each harmony
        FULL_PEDAL,
    ),
    "guitar/funk": (
        STACCATO,
        STRUMMED,
        Point("quick strokes", measures.chord_spread_ms, 8, 12, ("guitar_strummed",)),  # strum 10
        Point("sixteenths swing", SIXTEENTHS, 53, 59, ("guitar_strummed",)),  # swing 56
    ),
    "guitar/laid-back": (
        Point("well behind the beat", measures.mean_shift_ms, 12, 25),  # push 18
        STRUMMED,
        Point("slow strokes", measures.chord_spread_ms, 30, 40, ("guitar_strummed",)),  # strum 35
        Point("loose", measures.unevenness_ms, 9, 20),  # deviation 8, drift 6 and the strings
    ),
    "guitar/muted": (
        DETACHED,
        TIGHT,
        Point("even", measures.loudness_spread, 2, 7.5),  # variation 0.8 dB and metre
    ),
    "drums/pocket": (
        # snare_push 6, give or take the drift between kicks and snares
        Point("the backbeat late", measures.backbeat_late_ms, 2, 13),
        Point("steady", measures.stray_ms, 3, 9),  # 0.35 of a drummer's 16, and snare_push
    ),
    "drums/tight": (
        TIGHT,
        Point("real accents", measures.loudness_spread, 12, 28),  # drummers: 30 over all voices
    ),
    "drums/laid-back": (
        Point("well behind the beat", measures.mean_shift_ms, 11, 24),  # push 16
        Point("loose", measures.unevenness_ms, 7, 20),  # drift 6, 0.7 of a drummer's 20
    ),
    "drums/driving": (
        Point("ahead of the beat", measures.mean_shift_ms, -13, -4),  # push -9
        Point("tight", measures.unevenness_ms, 2, 8.5),  # drift 2, 0.3 of a drummer's 20
    ),
    "drums/shuffle": (
        Point("eighths become triplets", EIGHTHS, 64, 68, STRAIGHT_DRUMS),  # swing 66
    ),
    "drums/swung-sixteenths": (
        Point("sixteenths swing", SIXTEENTHS, 56, 60, STRAIGHT_DRUMS),  # swing 58
        Point("a player's accents", measures.loudness_spread, 12, 28),  # as in drums/tight
    ),
    "drums/ghosted": (
        # of the strokes between the beats half are ghosts, some 60 under the backbeats; ghosts 0.25
        Point("soft ghosts, loud backbeats", measures.ghost_depth, 29, 80),
        Point("all else as a drummer's", measures.loudness_spread, 15, 24),  # drums/pocket has 19
    ),
    "drums/loose": (
        Point("around the beat", measures.mean_shift_ms, -10, 10),  # push 0
        Point("wanders", measures.unevenness_ms, 15, 32),  # drift 10, a drummer's 20
        Point("no stroke like the last", measures.loudness_spread, 17, 25),  # variation 1.4
    ),
    "drums/on-the-grid": (
        ON_THE_GRID,
        Point("accents and ghosts", measures.ghost_depth, 18, 45),  # a drummer's
    ),
    "drums/boom-bap": (
        Point("sixteenths swing", SIXTEENTHS, 56, 65, STRAIGHT_DRUMS),  # the profile's are 62
        # its kicks are 4.5 ms early and its backbeats 14.5 late
        Point("a late backbeat", measures.backbeat_late_ms, 8, 26, STRAIGHT_DRUMS),
        Point("deep ghost notes", measures.ghost_depth, 55, 95, STRAIGHT_DRUMS),  # 31 under 124
    ),
    "drums/motown": (
        # its hats are 91 on the beats and 39 between, its ride less unequal
        Point("beats over what is between", measures.timekeeper_over, 32, 60),
    ),
    "drums/bossa-nova": (
        Point("a feathered kick", measures.kick_level, 15, 40),  # 22
        Point("straight", EIGHTHS, 48, 52, STRAIGHT_DRUMS),  # swing 50
    ),
    "band/natural": (
        Point("strays as people do", measures.stray_ms, 5, 12),  # drift 6, deviation 6
        Point("straight", EIGHTHS, 49, 51),  # swing 50
        Point("in the middle", measures.mean_shift_ms, -5, 5),  # push 0
        Point("full dynamics", measures.loudness_spread, 7, 16),  # all rules at 1
        Point("a pedal", measures.pedals_a_bar, 0.2, 2),  # one of five parts is a piano
    ),
    "band/tight": (
        Point("close to the grid", measures.stray_ms, 1.5, 5),  # drift 2, deviation 2.5
        Point("full dynamics", measures.loudness_spread, 7, 16),  # all rules at 1
        # together 1 leaves what comping sits behind the snare: 5 ms at some chords, others have 0
        Point("as one", measures.parts_apart_ms, 0.2, 1.2),
    ),
    "band/loose": (
        Point("strays", measures.stray_ms, 12, 24),  # drift 14, deviation 10
        Point("in the middle", measures.mean_shift_ms, -9, 9),  # push 0
        # deviation 10 alone would be 8 with three parts, less 0.2 of it; drift 14 alone would be 0
        Point("together", measures.parts_apart_ms, 3, 9),
    ),
    "band/subtle": (
        Point("hardly moved", measures.stray_ms, 1.5, 5),  # 0.4 of natural's 8
        Point("hardly louder or softer", measures.loudness_spread, 2, 6.5),  # 0.4 of natural's 11
        NO_PEDAL,
    ),
    "band/swing": (
        Point("eighths swing", EIGHTHS, 60, 64),  # swing 62
    ),
    "band/laid-back": (
        Point("behind the beat", measures.mean_shift_ms, 10, 22),  # push 16
        Point("straight", EIGHTHS, 49, 51),  # swing 50
        # deviation 6 alone would be 5 with three parts; together 0.7 leaves 0.3 of it, and comping
        # is 5 ms behind the snare
        Point("in step", measures.parts_apart_ms, 0.8, 3),
    ),
    "band/breathing": (
        # a phrase of 10 s whose tempo falls by 14 % is off by 10 s * 14 % / 10 and more
        Point("time moves", measures.stray_ms, 35, 250),
        Point("together", measures.parts_apart_ms, 0.8, 3),  # one curve; the rest as in laid-back
    ),
    "band/on-the-grid": (
        ON_THE_GRID,
        Point("full dynamics", measures.loudness_spread, 7, 16),  # all rules at 1
        Point("a pedal", measures.pedals_a_bar, 0.2, 2),  # one of five parts is a piano
    ),
}
