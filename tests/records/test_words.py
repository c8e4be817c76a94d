"""Each kind of record calls its fields and codes by its own words, whatever the others call theirs."""

import pytest
from flask import Flask

from registry.accounts.event_labels import change_words


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("workstation", ("State", "Activity cancelled")),
        ("visit", ("State", "Visit cancelled")),
        ("task", ("State", "Cancelled")),
        ("nothing", ("State", "Cancelled")),
    ],
)
def test_a_state_is_called_as_its_record_calls_it(app: Flask, kind: str, words: tuple[str, str]) -> None:
    ((field, _before, after),) = change_words({"state": ("planned", "cancelled")}, kind)
    assert (getattr(field, "english", field), getattr(after, "english", after)) == words


@pytest.mark.parametrize(("kind", "label"), [("workstation", "Note"), ("task", "Progress"), ("", "Progress")])
def test_a_field_is_called_as_its_record_calls_it(app: Flask, kind: str, label: str) -> None:
    ((field, before, after),) = change_words({"note": ("", "已联系")}, kind)
    assert getattr(field, "english", field) == label
    assert (before, after) == ("", "已联系")


def test_what_nobody_has_words_for_stands_as_it_is() -> None:
    assert change_words({"unheard": (1, None)}, "workstation") == [("unheard", 1, None)]
