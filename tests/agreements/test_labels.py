"""Every code has a name for the reader."""

import inspect
from enum import StrEnum

import pytest
from flask import Flask

from registry.agreements.labels import FILTERS, LABELS, label, party_label
from registry.agreements.models import AgreementStatus, ClearanceStep, LegalResult, enums
from registry.core.i18n import Message

ENUMS = [
    kind
    for _name, kind in inspect.getmembers(enums, inspect.isclass)
    if issubclass(kind, StrEnum) and kind.__module__ == enums.__name__
]


@pytest.mark.parametrize("kind", ENUMS, ids=lambda kind: kind.__name__)
def test_every_code_has_a_label(kind: type[StrEnum]) -> None:
    """A new code without a label is found here, not by a reader."""
    assert set(LABELS[kind]) == set(kind)
    assert all(isinstance(label(member), Message) for member in kind)
    names = [label(member).key for member in kind]
    assert len(set(names)) == len(names)


def test_equal_codes_of_two_enums_keep_their_names() -> None:
    """`legal` is a step and a finding."""
    assert label(ClearanceStep.LEGAL).key == "Legality review"
    assert label(LegalResult.LEGAL).key == "Legal"


@pytest.mark.parametrize(
    ("position", "zh", "en"),
    [(1, "甲方", "Party A"), (2, "乙方", "Party B"), (4, "丁方", "Party D"), (5, "第五方", "Party E")],
)
def test_parties_in_the_readers_language(migrated_app: Flask, position: int, zh: str, en: str) -> None:
    """甲乙丙丁, then 第五方."""
    with migrated_app.test_request_context(headers={"Accept-Language": "zh"}):
        assert str(party_label(position)) == zh
    with migrated_app.test_request_context(headers={"Accept-Language": "en"}):
        assert str(party_label(position)) == en


def test_templates_can_ask(migrated_app: Flask) -> None:
    """The filters say the same."""
    assert {"label": label, "party_label": party_label} == FILTERS
    with migrated_app.test_request_context(headers={"Accept-Language": "en"}):
        assert str(label(AgreementStatus.IN_FORCE)) == "In force"
