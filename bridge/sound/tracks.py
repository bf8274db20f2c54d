"""Make of songs and clips the tracks that are bounced: each a part and what plays it."""

from collections import Counter
from collections.abc import Sequence

from bridge.message import Code
from bridge.midi_meta import read_tempo
from bridge.midi_song import Song, to_source
from bridge.sound.clip_messages import clip_messages
from bridge.sound.fault import SoundError
from bridge.sound.instruments import Instruments
from bridge.sound.messages import Messages
from bridge.sound.part import Part, choose, distinct, group_name
from bridge.sound.song_messages import song_messages, song_parts
from bridge.sound_protocol import Track
from engines.clip import Clip, Tempo
from engines.stream import stream

MOST = 256
"""How many tracks are bounced together, as in `Bounce`."""


def song_tracks(song: Song, instruments: Instruments) -> tuple[Track, ...]:
    """Return the tracks of a song with all channel messages of its file, at their seconds.

    Parts of one channel that one instrument plays are one track. What stands for a channel in a
    track that has no notes on it goes to all parts of the channel.

    Raises:
        SoundError: it has no notes, or an instrument cannot be had.
        MidiFileError: the format cannot say what a clip holds.
    """
    source = to_source(song)
    parts = song_parts(source)
    pieces = song_messages(source, parts)
    crowd = Counter(index for index, _ in parts)
    band = Band()
    for index, channel in parts:
        clip = _clip(song, index, channel)
        part = choose(clip, instruments, own_name=crowd[index] == 1)
        band.add(part, channel, pieces.pop((index, channel)))
    for (_, channel), piece in pieces.items():
        band.tell(channel, piece)
    return band.tracks(read_tempo(source), "the song has no notes")


def clip_tracks(
    clips: Sequence[Clip], instruments: Instruments, seed: int = 0
) -> tuple[Track, ...]:
    """Return the tracks of clips that are played together, each once from its beginning.

    Loops are not heeded. Clips of one channel that one instrument plays are one track. Which notes
    with a probability sound, and how hard those with a velocity deviation do, is drawn from the
    seed, as it is for the live player.

    Args:
        clips: parts; the first one with a tempo states it.
        instruments: what there is to play them.
        seed: names the random streams, one for each clip.

    Raises:
        SoundError: no note of them sounds, or an instrument cannot be had.
    """
    band = Band()
    loose: list[tuple[int, Messages]] = []
    for index, clip in enumerate(clips):
        piece = clip_messages(clip, stream(seed, index, "score"))
        if piece.has_notes:
            band.add(choose(clip, instruments), clip.channel, piece)
        elif clip.channel is not None:
            loose.append((clip.channel, piece))
    for channel, piece in loose:
        band.tell(channel, piece)
    tempo = next((clip.tempo for clip in clips if len(clip.tempo)), Tempo())
    return band.tracks(tempo, "no note of the clips sounds")


class Voice:
    """Gather what one instrument plays: parts of one channel, such as the hands of a piano.

    Args:
        part: the first of them.
        written: the channel on which it was written, None for one of its own.
    """

    def __init__(self, part: Part, written: int | None) -> None:
        self.parts = [part]
        self.written = written
        self.pieces: list[Messages] = []

    def takes(self, part: Part, written: int | None) -> bool:
        """Return whether a part is played by the same instrument on the same channel."""
        mine = self.parts[0]
        shared = written is not None and written == self.written
        return shared and mine.channel == part.channel and mine.instrument == part.instrument

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
        voice = next((voice for voice in self._voices if voice.takes(part, written)), None)
        if voice is None:
            voice = Voice(part, written)
            self._voices.append(voice)
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
        names = distinct(group_name(voice.parts) for voice in self._voices)
        return tuple(v.track(name, tempo) for v, name in zip(self._voices, names, strict=True))


def _clip(song: Song, track: int, channel: int) -> Clip:
    """Return the clip that stands for a channel of a track."""
    parts = song.residue.parts
    further = track - len(song.residue.source.tracks)
    if further >= 0:
        return song.clips[len(parts) + further].replace(channel=channel)
    row = next(r for r, p in enumerate(parts) if (p.track, p.channel) == (track, channel))
    return song.clips[row]
