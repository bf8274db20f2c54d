"""State the formats of sound files and what each can hold."""

from typing import Final, NamedTuple

from bridge.error import BridgeError
from bridge.sound_protocol import CHANNELS


class Choice(NamedTuple):
    """Say how sound is written: `form` as in `FORMS`, `bits` of a sample, None the usual ones.

    32 bits are floating-point numbers.
    """

    form: str = "wav"
    bits: int | None = None

    def check(self, sample_rate: int, frames: int = 0) -> None:
        """Do nothing if sound of that rate and length can be written so.

        Raises:
            BridgeError: the format is unknown or cannot hold it.
        """
        if self.form not in FORMS:
            allowed = ", ".join(FORMS)
            raise BridgeError(f"the format is {self.form!r}, allowed are {allowed}")
        form = FORMS[self.form]
        self._check_bits()
        if form.rates and sample_rate not in form.rates:
            allowed = ", ".join(map(str, form.rates))
            raise BridgeError(
                f"the sample rate is {sample_rate}, allowed in {self.form} are {allowed}"
            )
        size = frames * CHANNELS * self.depth // 8
        if form.most_bytes and size > form.most_bytes:
            what = f"{size / 2**30:.1f} GiB of sound do not fit into a {self.form} file"
            raise BridgeError(f"{what}, allowed are 4 GiB; flac has no such limit")

    @property
    def depth(self) -> int:
        """Bits of a sample, 0 if the format is lossy."""
        return next(iter(FORMS[self.form].subtypes)) if self.bits is None else self.bits

    @property
    def subtype(self) -> str:
        """What libsndfile calls its samples."""
        return FORMS[self.form].subtypes[self.depth]

    def _check_bits(self) -> None:
        subtypes = FORMS[self.form].subtypes
        if self.bits is None or self.bits in subtypes:
            return
        allowed = "none" if 0 in subtypes else " or ".join(map(str, subtypes))
        raise BridgeError(f"bits is {self.bits}, allowed in {self.form} are {allowed}")


class Form(NamedTuple):
    """Be a format of files: what libsndfile calls it and its samples, and what it can hold.

    `subtypes` are by bits of a sample; a lossy format has one, by 0. No `rates` are all rates.
    """

    container: str
    subtypes: dict[int, str]
    rates: tuple[int, ...] = ()
    most_bytes: int | None = None


MP3_RATES: Final = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
"""Source: ISO/IEC 11172-3 and 13818-3; the lowest three are the usual extension of them."""

FORMS: Final = {
    "wav": Form("WAV", {24: "PCM_24", 16: "PCM_16", 32: "FLOAT"}, (), 2**32 - 2**10),
    "flac": Form("FLAC", {24: "PCM_24", 16: "PCM_16"}),
    "ogg": Form("OGG", {0: "VORBIS"}),
    "mp3": Form("MP3", {0: "MPEG_LAYER_III"}, MP3_RATES),
}
"""By what names end in; the first of the bits is the usual one."""
