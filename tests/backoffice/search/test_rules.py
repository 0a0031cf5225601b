"""What of a title is shown as found."""

from backoffice.search.rules import marked


def test_the_beginning_of_a_word_is_marked_without_regard_to_accents() -> None:
    assert marked("São João", ["joao"]) == [("São ", False), ("João", True)]


def test_a_letter_that_folds_to_two_is_marked_with_its_whole_word() -> None:
    assert marked("Straße 5", ["str"]) == [("Straße", True), (" 5", False)]
