"""The hand that comes with the program says what it has learned from."""

from engines.touch.weights import PATH, SHIPPED

ALLOWED = {"vienna4x22", "pop909", "weimar_jazz", "groove"}
"""Packs whose licences allow every use."""


def test_it_has_learned_from_packs_that_allow_every_use_and_names_them() -> None:
    card = SHIPPED.lend().card
    assert set(card["packs"]) == ALLOWED
    assert len(card["attribution"]) == len(ALLOWED)


def test_it_has_learned_from_all_pieces() -> None:
    assert SHIPPED.lend().card["without"] == []


def test_it_is_smaller_than_a_megabyte() -> None:
    assert PATH.stat().st_size < 1_000_000
