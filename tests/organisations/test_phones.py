"""Phone numbers as people write them."""

import pytest

from registry.organisations.phones import holds_identity_number, holds_mobile_number, mask, normalise


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("138 0000 5678", "13800005678"),
        ("１３８００００５６７８", "13800005678"),
        ("+86 138-0000-5678", "13800005678"),
        ("(024) 1234 5678", "024-12345678"),
        ("024-12345678转801", "024-12345678-801"),
        ("0412-5551234", "0412-5551234"),
        ("+86-412-5551234", "0412-5551234"),
        ("01012345678", "010-12345678"),
        ("400 123 4567", "400-123-4567"),
    ],
)
def test_numbers_are_read(typed: str, number: str) -> None:
    assert normalise(typed) == number


@pytest.mark.parametrize("typed", ["", "12345", "1380000567", "210302198001011234", "abc", "0241234", "12800005678"])
def test_others_are_not(typed: str) -> None:
    assert normalise(typed) == ""


@pytest.mark.parametrize(
    ("number", "hint"),
    [
        ("13800005678", "138****5678"),
        ("024-12341234", "024-****1234"),
        ("0412-5551234", "0412-****1234"),
        ("024-12345678-801", "024-****5678-***"),
        ("400-123-4567", "400-****4567"),
    ],
)
def test_masks(number: str, hint: str) -> None:
    assert mask(number) == hint


@pytest.mark.parametrize(
    "text", ["21030219800101123X", "身份证210302198001011234", "2103 0219 8001 0112 34", "210302800101123"]
)
def test_identity_numbers_are_seen(text: str) -> None:
    assert holds_identity_number(text)


@pytest.mark.parametrize("text", ["科长", "91110000600037341L", "2026-11-22", "办公楼1203室", "鞍校地协〔2023〕1号"])
def test_other_text_passes(text: str) -> None:
    assert not holds_identity_number(text)
    assert not holds_mobile_number(text)


def test_mobile_numbers_are_seen_in_text() -> None:
    assert holds_mobile_number("联系138 0000 5678")
