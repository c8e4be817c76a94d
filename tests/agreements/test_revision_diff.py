"""What two revisions differ in, as people read it: words instead of codes, days as papers write them."""

from datetime import date

import pytest
from flask import Flask

from registry.agreements.inputs import TaskRow, Term
from registry.agreements.models import Agreement
from registry.agreements.revision_diff import NOTHING, differences, rows
from registry.agreements.services import clearance, entry
from registry.core.db import transaction
from tests.agreements.scene import Scene, make_scene

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def agreement(app: Flask) -> Agreement:
    """Returned once, and drafted anew."""
    with transaction():
        scene: Scene = make_scene()
        returned = scene.draft(tasks=(TaskRow("访企拓岗", obligor="A", target="3"),))
        clearance.submit(returned, scene.bureau.handler)
        clearance.send_back(returned, "再议", scene.bureau.section_head)
        draft = scene.draft_input(
            language="both", title_en="Framework", has_funding=True, copies_total=6, copies_each=3,
            term=Term(expires_on=date(2029, 12, 31)), tasks=(TaskRow("访企拓岗", obligor="all", target="3"),),
        )  # fmt: skip
        entry.edit(returned, draft, scene.bureau.handler)
    return returned


def told(agreement: Agreement, language: str) -> dict[str, tuple[str, str]]:
    """Before and after by path."""
    first, second = agreement.revisions
    return {"/".join(row.path): (row.before, row.after) for row in differences(agreement, first, second, language)}


def test_codes_are_told_in_words(agreement: Agreement) -> None:
    found = told(agreement, "en")
    (obligor,) = [both for path, both in found.items() if path.endswith("/obligor")]
    assert obligor == ("Party A", "Both parties")
    assert found["language"] == ("Chinese", "Chinese and English")
    assert found["has_funding"] == ("No", "Yes")
    assert found["term/expires_on"] == (NOTHING, "31 December 2029")
    assert found["term/months"] == ("36", NOTHING)
    assert found["copies/total"] == ("4", "6")


def test_days_are_written_as_in_the_readers_language(agreement: Agreement) -> None:
    assert told(agreement, "zh")["term/expires_on"] == (NOTHING, "2029年12月31日")


def test_the_annex_has_a_row_for_each(agreement: Agreement) -> None:
    first, second = agreement.revisions
    found = differences(agreement, first, second, "en")
    table = rows(found, "en")
    assert len(table) == len(found)
    assert ("Copies: Total", "4", "6") in table


def test_the_same_text_differs_in_nothing(agreement: Agreement) -> None:
    first, _second = agreement.revisions
    assert differences(agreement, first, first, "zh") == []
