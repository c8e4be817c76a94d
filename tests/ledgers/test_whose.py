"""What an organisation's imports know is shown to that organisation alone, and remembered for it."""

import pytest
from flask import Flask
from sqlalchemy import select

from registry.agreements.models import Agreement
from registry.agreements.services import entry
from registry.core.db import db, transaction
from registry.ledgers import exporting, queries
from registry.ledgers.enums import RowState
from registry.ledgers.services.batches import MOST_DECISIONS
from registry.ledgers.targets.base import REPORTED
from registry.ledgers.targets.catalogue import target
from tests.agreements.scene import Side
from tests.states import Begin

from .sheets import again, entered, imported, rows
from .test_import import ONE, build, ledger


@pytest.fixture
def scene(app: Flask, begin_with: Begin) -> tuple[Side, Side]:
    return begin_with(build)


def test_remarks_of_a_row_are_not_shown_to_the_other_party(scene: tuple[Side, Side]) -> None:
    bureau, school = scene
    entered(imported(ledger(ONE), "agreement", bureau.handler), bureau.handler)
    with transaction():
        entry.confirm(db.session.scalars(select(Agreement)).one(), bureau.section_head)
    theirs = (*ONE[:4], bureau.organisation.name_zh, *ONE[5:8], "高校的备注")
    batch = imported(ledger(theirs), "agreement", school.handler)
    assert rows(batch)[0].state is RowState.CHANGED
    assert rows(batch)[0].changes == {"remark": ["", "高校的备注"]}
    assert [row.get("remark", "") for row in exporting.rows_of(target("agreement"), school.handler)] == [""]
    assert [row.get("remark", "") for row in exporting.rows_of(target("agreement"), bureau.handler)] == ["测试"]


def test_of_very_many_names_the_latest_are_remembered(scene: tuple[Side, Side]) -> None:
    bureau = scene[0]
    batch = entered(imported(ledger(ONE), "agreement", bureau.handler), bureau.handler)
    with transaction():
        again(batch).decisions = {f"单位{number}": REPORTED for number in range(MOST_DECISIONS)}
    remembered = queries.remembered(bureau.handler)
    assert f"单位{MOST_DECISIONS - 1}" in remembered
    assert len(remembered) <= MOST_DECISIONS // 2  # so that more can be said
