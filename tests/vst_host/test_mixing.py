from pathlib import Path

import numpy as np
import pytest

from bridge.sound_protocol import Plugin
from tests.vst_host.process import Peer, Row, track

RATE = 48_000

CHORD: list[Row] = [
    (0.1, 0x90, 69, 127),
    (0.2, 0x90, 76, 80),
    (0.5, 0x80, 69, 0),
    (0.6, 0x80, 76, 0),
]
BASS: list[Row] = [(0.0, 0x90, 33, 100), (0.7, 0x80, 33, 0)]


def test_a_mix_is_the_sum_of_its_tracks(peer: Peer, synth: Path) -> None:
    apart = [peer.bounce(track(rows, synth), tail_s=0.5).mix for rows in (CHORD, BASS)]
    mix = peer.bounce(track(CHORD, synth), track(BASS, synth), tail_s=0.5).mix
    frames = apart[0].shape[1]  # the chord ends sooner
    assert np.allclose(mix[:, :frames], apart[0] + apart[1][:, :frames], atol=1e-7)


def test_stems_sum_to_the_mix(peer: Peer, plugins: Path, synth: Path) -> None:
    tracks = (
        track(CHORD, synth, gain_db=-3, pan=-0.4),
        track(BASS, f"{plugins}/Test Mono.vst3", effects=(Plugin("builtin:reverb"),)),
        track(CHORD, synth, effects=(Plugin(f"{plugins}/Test Latency.vst3"),)),
    )
    heard = peer.bounce(*tracks, stems=True)
    assert sorted(heard.stems) == [0, 1, 2]
    assert np.allclose(sum(heard.stems.values()), heard.mix, atol=1e-6)


def test_tracks_are_told_by_their_names(peer: Peer, synth: Path) -> None:
    heard = peer.bounce(track(CHORD, synth, "lead"), track(BASS, synth, "bass"))
    assert heard.bounced.tracks == ("lead", "bass")


@pytest.mark.parametrize("gain_db", [-24, -6, 6])
def test_a_track_is_as_loud_as_asked(peer: Peer, synth: Path, gain_db: float) -> None:
    plain = peer.bounce(track(CHORD, synth)).bounced.peak
    changed = peer.bounce(track(CHORD, synth, gain_db=gain_db)).bounced.peak
    assert 20 * np.log10(changed / plain) == pytest.approx(gain_db, abs=0.01)


@pytest.mark.parametrize(
    ("pan", "left", "right"),
    [(0, 1, 1), (0.5, np.cos(np.pi / 4), 1), (1, 0, 1), (-0.5, 1, np.cos(np.pi / 4))],
)
def test_a_track_is_where_it_was_put(
    peer: Peer, synth: Path, pan: float, left: float, right: float
) -> None:
    plain = np.abs(peer.bounce(track(CHORD, synth)).mix).max(axis=1)
    sides = np.abs(peer.bounce(track(CHORD, synth, pan=pan)).mix).max(axis=1)
    assert (sides / plain).tolist() == pytest.approx([left, right], abs=1e-6)


def test_an_instrument_of_one_channel_is_heard_on_both_sides(peer: Peer, plugins: Path) -> None:
    left, right = peer.bounce(track(CHORD, f"{plugins}/Test Mono.vst3")).mix
    assert np.array_equal(left, right)
    assert np.abs(left).max() > 0


def test_an_effect_makes_louder_by_as_much_as_it_is_told(
    peer: Peer, plugins: Path, synth: Path
) -> None:
    plain = peer.bounce(track(CHORD, synth)).bounced.peak
    gain = Plugin(f"{plugins}/Test Gain.vst3", parameters={"gain_db": 6})
    louder = peer.bounce(track(CHORD, synth, effects=(gain,))).bounced.peak
    assert 20 * np.log10(louder / plain) == pytest.approx(6, abs=0.1)


def test_an_effect_of_one_channel_hears_each_side_by_itself(
    peer: Peer, plugins: Path, synth: Path
) -> None:
    gain = Plugin(f"{plugins}/Test Mono Gain.vst3", parameters={"gain_db": 6})
    panned = track(CHORD, synth, pan=0.7)
    plain = np.abs(peer.bounce(panned).mix).max(axis=1)
    louder = np.abs(peer.bounce(panned, master=(gain,)).mix).max(axis=1)
    assert (20 * np.log10(louder / plain)).tolist() == pytest.approx([6, 6], abs=0.1)


def test_a_builtin_effect_makes_softer_by_as_much_as_it_is_told(peer: Peer, synth: Path) -> None:
    plain = peer.bounce(track(CHORD, synth)).bounced.peak
    gain = Plugin("builtin:gain", parameters={"gain_db": -12})
    softer = peer.bounce(track(CHORD, synth), master=(gain,)).bounced.peak
    assert 20 * np.log10(softer / plain) == pytest.approx(-12, abs=0.01)


@pytest.mark.parametrize("times", [1, 3])
def test_an_effect_that_is_late_keeps_time(
    peer: Peer, plugins: Path, synth: Path, times: int
) -> None:
    late = (Plugin(f"{plugins}/Test Latency.vst3"),) * times
    plain = peer.bounce(track(CHORD, synth)).mix
    assert np.array_equal(peer.bounce(track(CHORD, synth, effects=late)).mix, plain)
    assert np.array_equal(peer.bounce(track(CHORD, synth), master=late).mix, plain)


def test_an_effect_of_one_channel_that_is_late_keeps_time(
    peer: Peer, plugins: Path, synth: Path
) -> None:
    late = (Plugin(f"{plugins}/Test Mono Latency.vst3"),)
    panned = track(CHORD, synth, pan=0.7)
    assert np.array_equal(peer.bounce(panned, master=late).mix, peer.bounce(panned).mix)


def test_a_frequency_that_the_sample_rate_cannot_hold_is_lowered_with_a_warning(
    peer: Peer, synth: Path
) -> None:
    def warned(**parameters: float) -> list[str]:
        low = Plugin("builtin:lowpass", parameters=dict(parameters))
        return peer.bounce(track(CHORD, synth), master=(low,), sample_rate=8_000).bounced.warnings

    # 0.49 of 8,000 Hz
    what = "is 9000 Hz, which is lowered to 3920 Hz: the sample rate holds no more"
    assert warned(cutoff_frequency_hz=9_000) == [f"cutoff_frequency_hz of builtin:lowpass {what}"]
    assert warned(cutoff_frequency_hz=3_900) == warned() == []


def test_effects_are_heard_in_their_order(peer: Peer, synth: Path) -> None:
    loud = Plugin("builtin:gain", parameters={"gain_db": 24})
    soft = Plugin("builtin:gain", parameters={"gain_db": -24})
    level = Plugin("builtin:compressor", parameters={"threshold_db": -40, "ratio": 100})
    first = peer.bounce(track(CHORD, synth, effects=(loud, level, soft))).mix.std()
    last = peer.bounce(track(CHORD, synth, effects=(loud, soft, level))).mix.std()
    # either leaves the compressor at -40 dB; what is made softer behind it is 24 dB below
    assert first < last / 10


def test_an_effect_with_a_memory_gives_the_same_bytes_again(peer: Peer, synth: Path) -> None:
    effects = tuple(Plugin(f"builtin:{name}") for name in ("chorus", "delay", "reverb"))
    first, again = (peer.bounce(track(CHORD, synth, effects=effects)).mix for _ in range(2))
    assert first.tobytes() == again.tobytes()


@pytest.mark.parametrize("tail_s", [0, 0.25, 3])
def test_a_tail_is_as_long_as_asked(peer: Peer, synth: Path, tail_s: float) -> None:
    heard = peer.bounce(track(CHORD, synth), tail_s=tail_s)
    assert heard.mix.shape[1] == heard.bounced.frames == round((0.6 + tail_s) * RATE)


def test_without_a_tail_it_ends_soon_after_the_last_sound(peer: Peer, synth: Path) -> None:
    assert peer.bounce(track(CHORD, synth)).bounced.frames == round((0.6 + 0.1) * RATE)


def test_echoes_are_waited_for(peer: Peer, synth: Path) -> None:
    # half is mixed in, so echo n is 0.05 * 0.5**(n - 1): above 0.0001 up to the ninth
    echo: dict[str, bool | float | str] = {"delay_seconds": 0.8, "feedback": 0.5}
    rows: list[Row] = [(0.0, 0x90, 69, 127), (0.01, 0x80, 69, 0)]
    delayed = track(rows, synth, effects=(Plugin("builtin:delay", parameters=echo),))
    heard = peer.bounce(delayed)
    assert heard.bounced.frames == pytest.approx((9 * 0.8 + 0.01 + 0.1) * RATE, abs=480)


def test_a_note_that_never_ends_is_ended_with_a_warning(peer: Peer, synth: Path) -> None:
    heard = peer.bounce(track([(0.0, 0x90, 69, 127)], synth), sample_rate=8_000)
    assert heard.bounced.frames == 20 * 8_000
    assert "20 s after the last message" in heard.bounced.warnings[0]
