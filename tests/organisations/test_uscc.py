"""Check characters of GB 32100-2015."""

import pytest

from registry.organisations.uscc import ALPHABET, check_character, is_valid, normalise

VALID = ("91110000600037341L", "11210300MB0T007790", "12210000MB0T008404", "12610000MB0T00840Y")


@pytest.mark.parametrize("code", VALID)
def test_right_codes_pass(code: str) -> None:
    assert is_valid(code)


@pytest.mark.parametrize("code", VALID)
def test_any_single_changed_character_is_noticed(code: str) -> None:
    for place, character in enumerate(code):
        for other in ALPHABET.replace(character, ""):
            assert not is_valid(code[:place] + other + code[place + 1 :])


@pytest.mark.parametrize("code", ["", "91110000600037341", "91110000600037341LL", "I1110000600037341L", "9" * 18])
def test_other_shapes_are_refused(code: str) -> None:
    assert not is_valid(code)


def test_people_write_it_with_blanks_small_letters_and_wide_characters() -> None:
    assert normalise(" 91110000-6000 37341l ") == VALID[0]
    assert normalise("９１１１００００６０００３７３４１Ｌ") == VALID[0]


def test_a_body_outside_the_alphabet_has_no_check_character() -> None:
    with pytest.raises(ValueError, match="substring"):
        check_character("O" * 17)
