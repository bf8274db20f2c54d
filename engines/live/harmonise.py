"""Add notes of the scale to each note that is played.

A note that is added where it sounds already is not struck again; it ends with the last key that
wants it. What a key began is remembered with it, so its off ends just that, whatever the key, the
scale and the options have become.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from msgspec import Meta

from engines.engine import Options as Root
from engines.live.ending import ends_notes
from engines.live.engine import NEVER, LiveContext
from engines.live.event import CHANNELS, POLY_PRESSURE, Event, note_off, note_on
from engines.live.key_ear import KeyEar
from engines.live.scale import TONICS, Mode, Scale, Tonic
from engines.option import dial, note
from engines.role import DRUM_CHANNEL


class HarmoniseOptions(Root, frozen=True):
    """Choose the notes to add, and the scale that they come from."""

    amount: Annotated[
        float, dial(0, 1, "velocity of the added notes against the played ones, 0 adds none")
    ] = 0.8
    steps: Annotated[
        tuple[Annotated[int, Meta(ge=-7, le=7)], ...],
        Meta(max_length=6, description="steps of the scale above what is played; 2 is a third"),
    ] = (2,)
    tonic: Annotated[
        Literal["auto"] | Tonic, note("the key's first note; auto hears it in what you play")
    ] = "auto"
    scale: Annotated[
        Literal["auto"] | Mode, note("the scale; auto hears whether you play in major or minor")
    ] = "auto"
    snap: Annotated[bool, note("move notes outside the scale to its nearest note")] = False


class Harmonise:
    """Make players that add voices."""

    name = "live.harmonise"
    summary = "Adds thirds, sixths or octaves in the key, which it hears from what you play."
    kind = "live"
    Options = HarmoniseOptions

    def __call__(
        self,
        options: HarmoniseOptions,
        context: LiveContext,  # noqa: ARG002
    ) -> "Voices":
        """Return a player that has heard nothing yet."""
        return Voices(options)


class Sounding:
    """Keep what one channel's keys began.

    Attributes:
        began: the pitches that each key began, its own first.
        owners: how many keys want each pitch that sounds.
        ear: what was heard of the key.
    """

    def __init__(self) -> None:
        self.began: dict[int, tuple[int, ...]] = {}
        self.owners: dict[int, int] = {}
        self.ear = KeyEar()

    def is_plain(self, key: int) -> bool:
        """Return whether a key began itself alone, and no other key wants what it began."""
        return self.began.get(key) == (key,) and self.owners[key] == 1

    def forget(self) -> list[int]:
        """Forget what sounds, and return what no key of its own began."""
        own = {key for key, (first, *_) in self.began.items() if first == key}
        added = [pitch for pitch in self.owners if pitch not in own]
        self.began, self.owners = {}, {}
        return added

    def takes(self, pitch: int) -> bool:
        """Count one more owner of a pitch, and return whether it did not sound before."""
        self.owners[pitch] = count = self.owners.get(pitch, 0) + 1
        return count == 1

    def drops(self, pitch: int) -> bool:
        """Count one owner less of a pitch, and return whether it shall end."""
        count = self.owners[pitch] - 1
        if count:
            self.owners[pitch] = count
            return False
        del self.owners[pitch]
        return True


class Voices:
    """Sing along with each note; drums of General MIDI, on channel 10, are left alone."""

    due_s = NEVER

    def __init__(self, options: HarmoniseOptions) -> None:
        self._options = options
        self._channels = [Sounding() for _ in range(CHANNELS)]

    def hear(self, event: Event) -> Sequence[Event]:
        """Return a note on with the notes that are added, and each off with theirs."""
        status, channel = event.status, event.channel
        if event.is_note_on:
            return self._strike(event, self._channels[channel])
        if event.is_note_off:
            return self._lift(event, self._channels[channel])
        if status == POLY_PRESSURE:
            return self._press(event, self._channels[channel])
        if ends_notes(event):
            added = self._channels[channel].forget()
            return (*(Event(event.time_s, note_off(channel, pitch)) for pitch in added), event)
        return (event,)

    def wake(self, now_s: float) -> Sequence[Event]:  # noqa: ARG002
        """Return nothing: nothing waits."""
        return ()

    def turn(self, options: Any, now_s: float) -> Sequence[Event]:  # noqa: ARG002
        """Take other options for what comes; what sounds ends with its keys."""
        self._options = options
        return ()

    def end(self, now_s: float) -> Sequence[Event]:
        """End the added notes; what the keys themselves began ends with them."""
        said = []
        for channel, sounding in enumerate(self._channels):
            for key, (own, *added) in sounding.began.items():
                ended = [pitch for pitch in added if sounding.drops(pitch)]
                said += [Event(now_s, note_off(channel, pitch)) for pitch in ended]
                sounding.began[key] = (own,)
        return said

    def _strike(self, event: Event, sounding: Sounding) -> Sequence[Event]:
        key = event.data[1]
        own, added = self._voices(event, sounding)
        if own == key and not added and sounding.is_plain(key):
            return (event,)
        time_s, channel, velocity = event.time_s, event.channel, event.data[2]
        said = self._ended(event, sounding) if key in sounding.began else []
        if not sounding.takes(own):
            said.append(Event(time_s, note_off(channel, own)))
        said.append(event if own == key else Event(time_s, note_on(channel, own, velocity)))
        level = min(max(round(velocity * self._options.amount), 1), 127)
        new = [pitch for pitch in added if sounding.takes(pitch)]
        said += [Event(time_s, note_on(channel, pitch, level)) for pitch in new]
        sounding.began[key] = (own, *added)
        return said

    def _lift(self, event: Event, sounding: Sounding) -> Sequence[Event]:
        return self._ended(event, sounding) if event.data[1] in sounding.began else (event,)

    def _press(self, event: Event, sounding: Sounding) -> Sequence[Event]:
        """Press all notes that a key began as it is pressed."""
        status, key, pressure = event.data
        pitches = sounding.began.get(key, (key,))
        return [Event(event.time_s, bytes((status, pitch, pressure))) for pitch in pitches]

    def _ended(self, event: Event, sounding: Sounding) -> list[Event]:
        """Return the offs of what a key began, as far as no other key wants it."""
        key, release, channel = event.data[1], event.data[2], event.channel
        ended = [pitch for pitch in sounding.began.pop(key) if sounding.drops(pitch)]
        if event.is_note_off:
            status = event.data[0]
            return [Event(event.time_s, bytes((status, pitch, release))) for pitch in ended]
        return [Event(event.time_s, note_off(channel, pitch)) for pitch in ended]

    def _voices(self, event: Event, sounding: Sounding) -> tuple[int, tuple[int, ...]]:
        """Return what a key sounds itself, and what is added to it."""
        key, options = event.data[1], self._options
        if event.channel == DRUM_CHANNEL:
            return key, ()
        sounding.ear.hear(key)
        if not options.amount:
            return key, ()
        scale = self._scale(sounding)
        own = scale.nearest(key) if options.snap else key
        found = (scale.step(key, steps) for steps in options.steps)
        return own, tuple({pitch: None for pitch in found if pitch is not None and pitch != own})

    def _scale(self, sounding: Sounding) -> Scale:
        options = self._options
        tonic = None if options.tonic == "auto" else TONICS.index(options.tonic)
        mode = None if options.scale == "auto" else options.scale
        return sounding.ear.scale(tonic, mode)
