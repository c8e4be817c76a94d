"""An organisation is merged or closed while rows that name it are being entered: nothing comes to point at it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from registry.agreements.models import Agreement
from registry.bases.models import InternshipBase
from registry.core.db import db, transaction
from registry.jobs import reasons
from registry.ledgers import jobs, standing
from registry.ledgers.enums import BatchState
from registry.ledgers.targets import catalogue
from registry.ledgers.targets.catalogue import target
from registry.organisations.models import Organisation, OrganisationKind
from tests.agreements.scene import Side
from tests.factories import make_organisation, make_region
from tests.states import Begin

from .sheets import book, entered, imported
from .test_import import offices

NAME = "示例制造有限公司"
FILES: dict[str, tuple[Any, bytes]] = {
    "base": (InternshipBase, book(("基地名称", "依托单位", "基地类别"), ("实习基地", NAME, "实习基地"))),
    "agreement": (
        Agreement,
        book(
            ("协议名称", "协议类型", "甲方单位", "乙方单位", "签约日期"),
            ("合作协议", "合作协议", "鞍山市人力资源和社会保障局", NAME, "2023-03-18"),
        ),
    ),
}


def build() -> tuple[Side, Side]:
    with transaction():
        for name in (NAME, "另一制造有限公司"):
            make_organisation(name, OrganisationKind.ENTERPRISE, make_region())
        return offices()


@pytest.fixture
def office(app: Flask, begin_with: Begin) -> Side:
    return begin_with(build)[0]


def called(name: str) -> Organisation:
    return db.session.scalars(select(Organisation).where(Organisation.name_zh == name)).one()


def merge() -> None:
    called(NAME).merge_into(called("另一制造有限公司"))


def close() -> None:
    called(NAME).close(date(2024, 1, 1), "撤销", None)


@pytest.mark.parametrize("code", FILES)
@pytest.mark.parametrize("act", [merge, close])
def test_nothing_is_entered_for_what_was_merged_or_closed_after_the_rows_were_made(
    office: Side, code: str, act: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    kind, file = FILES[code]
    make = jobs._inputs

    def and_then(*given: Any) -> Iterator[Any]:
        yield from make(*given)
        with transaction():
            act()

    batch = imported(file, code, office.handler)
    monkeypatch.setattr(jobs, "_inputs", and_then)
    batch = entered(batch, office.handler)
    assert (batch.state, reasons.read(batch.error)) == (BatchState.CHECKED, standing.AGAIN)
    assert not db.session.scalar(select(func.count()).select_from(kind))


def test_nobody_merges_or_closes_them_while_rows_are_entered(office: Side, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite lets nobody else write at all."""
    if db.engine.dialect.name != "postgresql":
        return
    _kind, file = FILES["base"]
    enter = target("base").enter
    locked = select(Organisation.id).where(Organisation.name_zh == NAME).with_for_update(nowait=True)
    tried = []

    def beside(*given: Any) -> Any:
        with db.engine.connect() as other:
            tried.append(other)
            with pytest.raises(OperationalError):
                other.execute(locked).all()
        return enter(*given)

    batch = imported(file, "base", office.handler)
    monkeypatch.setitem(catalogue.TARGETS, "base", replace(target("base"), enter=beside))
    assert entered(batch, office.handler).state is BatchState.ENTERED
    assert tried
