"""What an import asks inside its transaction does not grow with the organisations that its rows name."""

from collections import Counter
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from registry.core.db import db, is_writing, transaction
from registry.ledgers.enums import BatchState
from registry.organisations.models import OrganisationKind
from tests.agreements.scene import Side
from tests.factories import make_organisation, make_region
from tests.states import Begin

from .sheets import book, entered, imported
from .test_import import offices

MANY = 12
FILES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "base": (("基地名称", "依托单位", "基地类别"), ("基地", "{}", "实习基地")),
    "visit_enterprise": (
        ("走访日期", "走访单位名称", "走访形式", "带队领导", "职务", "拓展就业岗位数"),
        ("2023-05-09", "{}", "实地", "甲某", "校长", "5"),
    ),
}


def build() -> tuple[Side, Side]:
    with transaction():
        for number in range(MANY):
            make_organisation(f"示例{number}制造有限公司", OrganisationKind.ENTERPRISE, make_region())
        return offices()


@pytest.fixture
def school(app: Flask, begin_with: Begin) -> Side:
    return begin_with(build)[1]


@pytest.mark.parametrize("code", FILES)
def test_organisations_are_not_read_row_by_row(school: Side, code: str) -> None:
    head, row = FILES[code]
    rows = [[cell.format(f"示例{number}制造有限公司") for cell in row] for number in range(MANY)]
    batch = imported(book(head, *rows), code, school.handler)
    asked: Counter[str] = Counter()

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if is_writing() and statement.startswith("SELECT organisation."):
            asked[statement] += 1

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        batch = entered(batch, school.handler)
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    assert (batch.state, batch.counts["new"]) == (BatchState.ENTERED, MANY)
    assert max(asked.values()) < MANY / 2, asked.most_common(1)
