"""Guess from a pad's name which stroke it plays: "Kick 808", "HH Closed", "Floor Tom", "Rim".

Names are those of sounds and samples, as in drum racks: words in any order, run together or apart,
with the maker's abbreviations (BD, SD, CHH; LT, MT and HT of Roland's machines).
"""

from itertools import pairwise
from typing import NamedTuple

from engines.word import words

NO_STROKE = ""
"""What a name says that is known to be no drum, such as that of a voice or a chord."""

HAT = "hat hats hihat hihats hh hht"
TOM = "tom toms tomtom tomtoms"
SNARE = "snare snares snaredrum snr sn sd"
RIDE = "ride rides rd rid"
CRASH = "crash crashes crsh csh cr"
CONGA, BONGO, TIMBALE = "conga congas", "bongo bongos", "timbale timbales"
AGOGO, BLOCK, CUICA = "agogo agogos", "block blocks woodblock woodblocks templeblock", "cuica"
GUIRO, TRIANGLE, WHISTLE = "guiro", "triangle tri", "whistle"

BY_HAND = (
    "tambourine cabasa maracas shaker guiro triangle bongo conga timbale cuica cowbell agogo"
    " claves block whistle vibraslap"
)

OPEN = "open opened opn op o half semi loose sizzle"
CLOSED = "closed close clsd cls cl c tight tip"
FOOT = "pedal ped foot p chick"
EDGE = "edge shank"
RIM = "rim rims"
HIGH = "high hi h hgh small"
MID = "mid middle med medium m"
LOW = "low lo l floor flr large big"
MUTE = "mute muted mt slap closed"


class Clue(NamedTuple):
    """Say which stroke a name means that has one word of each of some sets.

    Such a name may tell less than a stroke. Then `family` has words of which one is in the names of
    all strokes that it could be, and the stroke of the pad's note number may be one of these.
    """

    stroke: str
    words: tuple[frozenset[str], ...]
    family: tuple[str, ...] = ()


def _clue(stroke: str, *words: str, family: str = "") -> Clue:
    sets = tuple(frozenset(alternatives.split()) for alternatives in words)
    return Clue(stroke, sets, tuple(family.split()))


CLUES = (
    _clue("pedal hat", HAT, FOOT),
    _clue("pedal hat", "phh hhp phat pedalhat foothat hatpedal hatfoot hihatpedal"),
    _clue("open hat edge", HAT, OPEN, EDGE),
    _clue("open hat", HAT, OPEN),
    _clue(
        "open hat", "ohh hho hhoh oh oht oph ohat ophat openhat openhh openhihat hatopen hihatopen"
    ),
    _clue("closed hat edge", HAT, EDGE),
    _clue("closed hat", HAT, CLOSED),
    _clue("closed hat", "chh hhc hhcl ch chat clhat clhh closedhat closedhh hatclosed hihatclosed"),
    _clue("closed hat", HAT, family="hat"),
    _clue("kick", "kick kicks kickdrum kik kck kk kd bd bdrum bassdrum bassdrums bassdr grancassa"),
    _clue("kick", "cajon", "bass kick low"),
    _clue("snare", "cajon"),
    _clue("low tom rim", TOM, LOW, RIM),
    _clue("low tom", TOM, "floor flr"),
    _clue("low tom", "floortom floortoms flrtom ftom ft"),
    _clue("mid tom", TOM, LOW, MID),
    _clue("high tom", TOM, HIGH, MID),
    _clue("low tom", TOM, LOW),
    _clue("mid tom", TOM, MID),
    _clue("high tom", TOM, HIGH),
    _clue("low tom", "lowtom lotom ltom tomlow tomlo lt tom3 tom4 tm3 tm4 t3 t4"),
    _clue("mid tom", "midtom mtom tommid mt tom2 tm2 t2"),
    _clue("high tom", "hightom hitom htom tomhi tomhigh ht tom1 tm1 t1"),
    _clue("high tom", TOM, "rack"),
    _clue("high tom", "racktom racktoms"),
    _clue("mid tom", TOM, family="tom"),
    _clue("side stick", "sidestick sidesticks crossstick crosstick xstick stick sticks ss"),
    _clue("rimshot", SNARE, RIM),
    _clue("rimshot", "rimshot rimshots rs snarerim"),
    _clue("snare", SNARE),
    _clue("side stick", RIM),
    _clue("clap", "clap claps handclap handclaps clp cp snap snaps fingersnap fingersnaps"),
    _clue("ride bell", RIDE, "bell cup"),
    _clue("ride bell", "ridebell"),
    _clue("ride edge", RIDE, f"{EDGE} {CRASH}"),
    _clue("ride", RIDE),
    _clue("ride", "ridecymbal"),
    _clue("china", "china chinas chinese chn"),
    _clue("splash", "splash splashes spl"),
    _clue("crash", CRASH),
    _clue("crash", "crashcymbal gong tamtam"),
    _clue("crash", "cymbal cymbals cymb cym cy", family="crash splash china ride"),
    _clue(
        "tambourine", "tambourine tambourines tambo tamb tam tmb jingle jingles sleigh sleighbell"
    ),
    _clue("shaker", "shaker shakers shake shk egg eggs"),
    _clue("cabasa", "cabasa cabasas"),
    _clue("maracas", "maraca maracas"),
    _clue("long guiro", GUIRO, "long"),
    _clue("short guiro", GUIRO, family="guiro"),
    _clue("mute triangle", TRIANGLE, MUTE),
    _clue("open triangle", TRIANGLE, family="triangle"),
    _clue("open triangle", "fingercymbal chime chimes windchime windchimes belltree"),
    _clue("low bongo", BONGO, LOW),
    _clue("high bongo", BONGO, family="bongo"),
    _clue("mute high conga", CONGA, MUTE),
    _clue("low conga", CONGA, LOW),
    _clue("open high conga", CONGA, family="conga"),
    _clue("low conga", "tumba tumbadora surdo taiko"),
    _clue("open high conga", "djembe darbuka doumbek tabla udu handdrum quinto"),
    _clue("low timbale", TIMBALE, LOW),
    _clue("high timbale", TIMBALE, family="timbale"),
    _clue("mute cuica", CUICA, MUTE),
    _clue("open cuica", CUICA, family="cuica"),
    _clue("cowbell", "cowbell cowbells cow cb"),
    _clue("low agogo", AGOGO, LOW),
    _clue("high agogo", AGOGO, family="agogo"),
    _clue("claves", "clave claves clv"),
    _clue("low wood block", BLOCK, LOW),
    _clue("high wood block", BLOCK, family="block"),
    _clue("high wood block", "castanet castanets"),
    _clue("long whistle", WHISTLE, "long"),
    _clue("short whistle", WHISTLE, family="whistle"),
    _clue("vibraslap", "vibraslap"),
    _clue("cowbell", "bell bells", family="bell"),
    _clue("snare", "brush brushes ghost flam drag"),
    _clue("percussion", "perc percs percussion per", family=BY_HAND),
    _clue(
        NO_STROKE, "none vox vocal vocals voc voice voices chord chords stab stabs synth bass sub"
    ),
    _clue(NO_STROKE, "piano keys guitar strings lead arp brass horn horns organ flute loop riser"),
    _clue(NO_STROKE, "fx sfx"),
)
"""Which stroke the words of a name mean; the first that fits counts."""


def named_stroke(name: str, by_number: str) -> str:
    """Return the name of the stroke that a pad's name means.

    Args:
        name: what the pad is called.
        by_number: the stroke of its note number, which is returned where the name says nothing, and
            where it leaves a choice.
    """
    found = _spoken(name)
    for clue in CLUES:
        if all(not found.isdisjoint(alternatives) for alternatives in clue.words):
            agrees = any(word in by_number for word in clue.family)
            return by_number if agrees else clue.stroke
    return by_number


def _spoken(name: str) -> frozenset[str]:
    """Return a name's words, and each two that follow each other as one: "hi", "hat", "hihat"."""
    apart = words(name)
    return frozenset(apart).union(map("".join, pairwise(apart)))
