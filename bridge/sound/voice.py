"""Gather what plays together: which parts are those of one player, and which are not."""

from bridge.message import Code
from bridge.sound.fault import SoundError
from bridge.sound.messages import Messages
from bridge.sound.part import Part, distinct, group_name
from bridge.sound_protocol import Track
from engines.clip import Tempo

MOST = 256
"""How many tracks are bounced together, as in `Bounce`."""


class Voice:
    """Gather what one instrument plays: parts of one channel, such as the hands of a piano.

    Args:
        part: the first of them.
        written: the channel on which it was written, None for one of its own.
        piece: its messages.
    """

    def __init__(self, part: Part, written: int | None, piece: Messages) -> None:
        self.parts = [part]
        self.written = written
        self.pieces = [piece]

    @property
    def programs(self) -> frozenset[int]:
        """The programs that the pieces choose."""
        return frozenset[int]().union(*(piece.programs for piece in self.pieces))

    def takes(self, part: Part, written: int | None, piece: Messages) -> bool:
        """Return whether a part is played by the same player.

        One player has one channel, one instrument and the same programs. Parts whose names are not
        those of hands may be a player's if they tell no two roles, and one part alone bends or
        holds notes, lest it do so with those of another.
        """
        mine = self.parts[0]
        shared = written is not None and written == self.written and mine.channel == part.channel
        if not shared or mine.instrument != part.instrument or mine.told != part.told:
            return False
        if self.programs and piece.programs and self.programs != piece.programs:
            return False
        pairs = zip(self.parts, self.pieces, strict=True)
        shaped = (not part.is_beside(other) and before.are_shaped for other, before in pairs)
        return not (piece.are_shaped and any(shaped))

    def track(self, name: str, tempo: Tempo) -> Track:
        """Return all that it plays."""
        part = self.parts[0]
        events = Messages.joined(self.pieces).events(tempo, part.channel)
        return Track(events, part.instrument, name)


class Band:
    """Be all that play together, in order of their first parts."""

    def __init__(self) -> None:
        self._voices: list[Voice] = []

    def add(self, part: Part, written: int | None, piece: Messages) -> None:
        """Give a part to the voice that plays it."""
        voice = next((one for one in self._voices if one.takes(part, written, piece)), None)
        if voice is None:
            self._voices.append(Voice(part, written, piece))
        else:
            voice.parts.append(part)
            voice.pieces.append(piece)

    def tell(self, channel: int, piece: Messages) -> None:
        """Give messages to all parts that were written on a channel."""
        for voice in self._voices:
            if voice.written == channel:
                voice.pieces.append(piece)

    def tracks(self, tempo: Tempo, nothing: str) -> tuple[Track, ...]:
        """Return a track for each voice.

        Raises:
            SoundError: there are none, for which `nothing` is the sentence, or too many.
        """
        if not self._voices:
            raise SoundError(f"{nothing}, allowed is music with one or more", Code.INVALID)
        if len(self._voices) > MOST:
            what = f"there are {len(self._voices)} parts, allowed are up to {MOST}"
            raise SoundError(what, Code.INVALID)
        self._lend()
        names = distinct(group_name(voice.parts) for voice in self._voices)
        return tuple(v.track(name, tempo) for v, name in zip(self._voices, names, strict=True))

    def _lend(self) -> None:
        """Give soundfonts without a program the one that another voice has for the channel."""
        lenders = {one.written: one for one in reversed(self._voices) if one.programs}
        for voice in self._voices:
            lender = None if voice.written is None else lenders.get(voice.written)
            if lender and not voice.programs and voice.parts[0].instrument.plugin is None:
                voice.pieces += [piece.of_programs for piece in lender.pieces]
