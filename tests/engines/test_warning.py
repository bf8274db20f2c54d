from engines.warning import LONGEST, MOST, Warnings


def test_a_sentence_is_kept_once_in_the_order_of_saying() -> None:
    warnings = Warnings()
    for sentence in ("b", "a", "b"):
        warnings(sentence)
    assert warnings.sentences == ["b", "a"]


def test_sentences_without_end_are_not_all_kept() -> None:
    warnings = Warnings()
    for number in range(2 * MOST):
        warnings(f"note {number} {'x' * LONGEST}")
    assert {len(sentence) for sentence in warnings.sentences} == {LONGEST}
    assert len(warnings.sentences) == MOST
