"""The register of seals: out as signing made it; a file is compared with it, and never entered."""

import io

import pytest
from flask import Flask
from sqlalchemy import delete

from registry.core.access.roles import Role
from registry.core.db import db, transaction
from registry.core.errors import Forbidden
from registry.jobs.models import Job
from registry.ledgers import exporting
from registry.ledgers.enums import RowState
from registry.ledgers.services import batches
from registry.ledgers.targets.catalogue import target
from registry.ledgers.writing import write_csv, write_ledger
from registry.records.signed import signed_by
from tests.agreements.scene import Side, make_scene
from tests.states import Begin

from .sheets import again, book, imported, rows

CODE = "seal"
HEAD = ("用印日期", "文件名称", "协议编号", "用印种类", "用印份数", "监印人")


def build() -> tuple[Side, Side]:
    with transaction():
        scene = make_scene()
        scene.in_force()
        db.session.execute(delete(Job))  # archiving wants papers with bytes
        return scene.bureau, scene.university


@pytest.fixture
def scene(app: Flask, begin_with: Begin) -> tuple[Side, Side]:
    return begin_with(build)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_what_signing_made_goes_out_and_has_nothing_to_do(scene: tuple[Side, Side], form: str) -> None:
    bureau, school = scene
    keeper = bureau.people[Role.SEAL_KEEPER]
    ledger, out = target(CODE).ledger, io.BytesIO()
    if form == "xlsx":
        write_ledger(out, ledger, exporting.rows_of(target(CODE), keeper), signed_by(keeper))
    else:
        write_csv(out, ledger, exporting.rows_of(target(CODE), keeper))
    printed = list(exporting.rows_of(target(CODE), keeper))
    assert len(printed) == 1  # the university's seal stands in the university's register
    assert (printed[0]["seal_kind"], printed[0]["copies"], printed[0]["keeper"]) == ("公章", 2, keeper.name)
    assert printed[0]["section_head"] == bureau.people[Role.SECTION_HEAD].name
    batch = imported(out.getvalue(), CODE, keeper)
    assert [row.state for row in rows(batch)] == [RowState.SAME], (rows(batch)[0].notes, rows(batch)[0].changes)
    theirs = list(exporting.rows_of(target(CODE), school.people[Role.SEAL_KEEPER]))
    assert [row["keeper"] for row in theirs] == [school.people[Role.SEAL_KEEPER].name]


def test_what_signing_did_not_make_is_told_and_never_entered(scene: tuple[Side, Side]) -> None:
    keeper = scene[0].people[Role.SEAL_KEEPER]
    known = next(exporting.rows_of(target(CODE), keeper))
    told = (known["sealed_on"], known["title"], known["doc_no"], "公章", "3", known["keeper"])
    strange = ("2019-05-01", "一份老协议", "旧〔2019〕1号", "公章", "2", "赵某")
    batch = imported(book(HEAD, told, strange), CODE, keeper)
    first, second = rows(batch)
    assert (first.state, first.changes) == (RowState.CHANGED, {"copies": ["2", "3"]})
    assert second.state is RowState.WRONG
    assert "record the signature" in str(second.notes)
    with pytest.raises(Forbidden), transaction():
        batches.confirm(again(batch), target(CODE), keeper)
