import pytest

from bridge.ports.port import PortError, choose

PORTS = ["system:midi", "nanoKEY2:nanoKEY2 KEYBOARD", "Ableton Live:To Live", "yuragi:out"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("yuragi:out", "yuragi:out"),
        ("2", "nanoKEY2:nanoKEY2 KEYBOARD"),
        ("out", "yuragi:out"),
        ("nanokey", "nanoKEY2:nanoKEY2 KEYBOARD"),
        ("live to", "Ableton Live:To Live"),
        ("nankoey2", "nanoKEY2:nanoKEY2 KEYBOARD"),
    ],
)
def test_a_port_is_found_by_what_people_call_it(wanted: str, found: str) -> None:
    assert choose(wanted, PORTS, "input") == found


def test_a_name_that_fits_several_ports_is_refused_with_them() -> None:
    with pytest.raises(PortError, match="may be nanoKEY2:nanoKEY2 KEYBOARD or Able"):
        choose("e", [PORTS[1], PORTS[2]], "input")


@pytest.mark.parametrize("wanted", ["theremin", "", "5", "0"])
def test_a_name_that_fits_no_port_is_refused_with_all(wanted: str) -> None:
    with pytest.raises(PortError, match=r"output is .*, allowed are system:midi, nano"):
        choose(wanted, PORTS, "output")


def test_where_there_are_no_ports_the_sentence_says_what_to_do() -> None:
    with pytest.raises(PortError, match="allowed are none: plug one in"):
        choose("piano", [], "output")
