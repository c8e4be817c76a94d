"""What the domain tells of messy ledgers, with its numbers."""

import io

import pytest
from flask import Flask
from sqlalchemy import func, select

from registry.agreements.models import Agreement
from registry.core.db import db
from registry.ledgers import exporting
from registry.ledgers.enums import BatchState, RowState
from registry.ledgers.reading.workbook import open_book
from registry.ledgers.targets.catalogue import target
from registry.ledgers.writing import write_ledger
from registry.records.signed import signed_by
from registry.visits.models import Visit
from registry.visits.queries.board import by_university
from tests.agreements.scene import Side
from tests.states import Begin

from .sheets import AGREEMENTS, VISITS, entered, imported, rows
from .test_import import build


@pytest.fixture
def scene(app: Flask, begin_with: Begin) -> tuple[Side, Side]:
    return begin_with(build)


def test_a_messy_ledger_of_agreements_is_only_looked_at(scene: tuple[Side, Side]) -> None:
    """A city's ledger, dropped: three records with what is to be said of them, and nothing saved."""
    batch = imported(AGREEMENTS.read_bytes(), "agreement", scene[0].handler)
    assert (batch.state, batch.total, batch.sheet) == (BatchState.CHECKED, 3, "校地合作协议台账")
    assert batch.counts == {"new": 2, "doubtful": 1, "changed": 0, "same": 0, "wrong": 0}
    first, second, third = (row.values for row in rows(batch))
    assert (first["signed_on"], first["term_years"], first["doc_no"]) == ("2023年", "3年", "鞍校地协〔2023〕1号")
    assert (second["moe_code"], second["signed_on"], second["term_years"]) == ("4121010146", "2023-03-18", "三年")
    assert second["party_a"] == "鞍山市人社局"  # filled down
    assert (third["signed_on"], third["commitments"], third["phone"]) == ("2023-03-18", "近20人", "139****9000")
    told = [[note for note in row.notes if note[0] == "commitments"] for row in rows(batch)]
    assert "招聘会 2场；岗位 约500个" in told[0][0][2]  # told as what it is: no promise yet, and not lost
    assert [len(notes) for notes in told] == [1, 1, 1]
    assert [note[0] for note in rows(batch)[2].notes if note[1] == "doubt"] == ["party_b"]
    assert db.session.scalar(select(func.count()).select_from(Agreement)) == 0


def test_three_visits_of_a_university(scene: tuple[Side, Side]) -> None:
    """访企拓岗 of the class of 2022: two of three by heads, one wrong code flagged, and the same headings out again."""
    school = scene[1]
    entered(imported(VISITS.read_bytes(), "visit_enterprise", school.handler), school.handler)
    (line,) = by_university(school.handler, 2022)
    assert (line.heads, line.visits) == (2, 3)
    assert (line.first, line.contact_told) == (3, 3)
    assert [one.has_wrong_code for one in db.session.scalars(select(Visit).order_by(Visit.held_on))] == [
        False,
        True,
        False,
    ]
    out, ledger = io.BytesIO(), target("visit_enterprise").ledger
    write_ledger(out, ledger, exporting.rows_of(target("visit_enterprise"), school.handler), signed_by(school.handler))
    assert list(open_book(out.getvalue())[0].rows[1]) == [column.header for column in ledger.columns]
    twice = imported(out.getvalue(), "visit_enterprise", school.handler)
    assert {row.state for row in rows(twice)} == {RowState.SAME}, [row.changes for row in rows(twice)]
