"""Make takes of one MIDI file to choose from, by a preset that plays or one that writes."""

from pathlib import Path
from typing import NamedTuple

from bridge.client import Client
from bridge.client_session import Wishes
from bridge.generation import Choice, read_source, with_take
from bridge.humanize import Recipe, humanize_song
from bridge.maker import makers
from bridge.midi_file import Song, read_song


class Takes(NamedTuple):
    """Be takes of a song; each has the seed after the one before, the first one `seed`."""

    written: Song
    songs: tuple[Song, ...]
    seed: int
    warnings: list[str]


def make_takes(client: Client, source: Path, recipe: Recipe, count: int) -> Takes:
    """Return takes of a file, of which the first ones are the same whatever the count.

    Raises:
        BridgeError: the file cannot be read, no track fits the preset, or the server refused.
    """
    maker = makers().get(recipe.preset)
    if maker is None:
        written = read_song(source)
        played = humanize_song(client, written, recipe, count)
        return Takes(written, played.takes, played.seed, [*written.warnings, *played.warnings])
    given = read_source(source, maker.reads or "auto", Choice(recipe.tracks))
    wishes: Wishes = {**maker.wishes({}), "takes": count, "seed": recipe.seed}
    answer = client.render((given.clip,), **wishes)
    songs = tuple(with_take(given, take) for (take,) in answer.takes)
    return Takes(given.song, songs, answer.seed, [*given.song.warnings, *answer.warnings])
