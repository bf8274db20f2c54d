"""Make of songs and clips the tracks that are bounced: each a part and what plays it."""

from collections import Counter
from collections.abc import Sequence

from bridge.midi_meta import read_tempo
from bridge.midi_song import Song, to_source
from bridge.sound.clip_messages import clip_messages
from bridge.sound.instruments import Instruments
from bridge.sound.messages import Messages
from bridge.sound.part import choose
from bridge.sound.song_messages import song_messages, song_parts
from bridge.sound.voice import Band
from bridge.sound_protocol import Track
from engines.clip import Clip, Tempo
from engines.stream import stream


def song_tracks(song: Song, instruments: Instruments) -> tuple[Track, ...]:
    """Return the tracks of a song with all channel messages of its file, at their seconds.

    Parts of one channel that one player plays, such as two hands, are one track. What stands for a
    channel in a track that has no notes on it goes to all parts of the channel.

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

    Loops are not heeded. Clips of one channel that one player plays are one track. Which notes with
    a probability sound, and how hard those with a velocity deviation do, is drawn from the seed, as
    it is for the live player.

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


def _clip(song: Song, track: int, channel: int) -> Clip:
    """Return the clip that stands for a channel of a track."""
    parts = song.residue.parts
    further = track - len(song.residue.source.tracks)
    if further >= 0:
        return song.clips[len(parts) + further].replace(channel=channel)
    row = next(r for r, p in enumerate(parts) if (p.track, p.channel) == (track, channel))
    return song.clips[row]
