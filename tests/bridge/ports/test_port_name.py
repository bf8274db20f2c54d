import pytest

from bridge.ports.port_name import alike, known_again, lasting

ALSA = "nanoKEY2:nanoKEY2 nanoKEY2 _ CTRL 20:0"


@pytest.mark.parametrize(
    ("name", "lasts"),
    [
        (ALSA, "nanoKEY2:nanoKEY2 nanoKEY2 _ CTRL"),
        ("nanoKEY2 1", "nanoKEY2"),
        ("loopMIDI Port 1 3", "loopMIDI Port 1"),
        ("nanoKEY2 KEYBOARD", "nanoKEY2 KEYBOARD"),
        ("system:midi_capture_1", "system:midi_capture_1"),
    ],
)
def test_what_lasts_of_a_name_has_no_numbers_of_the_system(name: str, lasts: str) -> None:
    assert lasting(name) == lasts


@pytest.mark.parametrize(
    ("peer", "before", "names", "found"),
    [
        (ALSA, [ALSA], [ALSA], ALSA),
        (ALSA, [ALSA], [ALSA.replace("20:", "24:")], ALSA.replace("20:", "24:")),
        ("nanoKEY2 1", ["synth 0", "nanoKEY2 1"], ["nanoKEY2 0"], "nanoKEY2 0"),
        ("nanoKEY2 1", ["nanoKEY2 1"], ["synth 1"], None),
        # of two that are alike, the one that stayed is not taken for the one that went
        ("k 20:0", ["k 20:0", "k 24:0"], ["k 24:0"], None),
        ("k 20:0", ["k 20:0", "k 24:0"], ["k 24:0", "k 28:0"], "k 28:0"),
        ("k 24:0", ["k 20:0", "k 24:0"], ["k 28:0", "k 32:0"], "k 32:0"),
        ("k 20:0", ["k 20:0"], ["k 24:0", "k 28:0"], None),
    ],
)
def test_a_port_is_known_again_unless_it_may_be_another(
    peer: str, before: list[str], names: list[str], found: str | None
) -> None:
    assert known_again(peer, alike(peer, before), names) == found
