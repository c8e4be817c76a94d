"""What a ledger's rows become goes out as the same rows, and comes in again with nothing to do: every ledger."""

import io

import pytest
from flask import Flask

from registry.core.db import transaction
from registry.ledgers import exporting
from registry.ledgers.enums import BatchState, RowState
from registry.ledgers.samples import SAMPLES
from registry.ledgers.services import undoing
from registry.ledgers.targets.catalogue import TARGETS, target
from registry.ledgers.writing import write_csv, write_ledger, write_template
from registry.records.signed import signed_by
from tests.agreements.scene import Side
from tests.states import Begin

from .sheets import again, book, entered, imported, rows
from .test_import import build

DERIVED = ("target_type", "linked", "mode", "visitors")  # told by the record in its own words


@pytest.fixture
def scene(app: Flask, begin_with: Begin) -> tuple[Side, Side]:
    return begin_with(build)


ENTERED = [code for code in TARGETS if code != "seal"]  # the register is made by signing (test_seals)


@pytest.mark.parametrize("code", ENTERED)
def test_out_and_in_again(scene: tuple[Side, Side], code: str) -> None:
    bureau, school = scene
    by = school.handler if code == "visit_enterprise" else bureau.handler
    ledger = target(code).ledger
    own = {"university": school.organisation.name_zh, "party_a": bureau.organisation.name_zh}
    own |= {"founders": own["party_a"], "host": own["university"]}
    own |= {"lead": own["party_a"], "support": own["university"]}
    values = {**SAMPLES[code], **{name: text for name, text in own.items() if name in SAMPLES[code]}}
    line = [values.get(column.field, "") for column in ledger.columns]
    file = book([column.header for column in ledger.columns], line)
    rival = imported(file, code, by)
    batch = imported(file, code, by)
    assert [row.state for row in rows(batch)] == [RowState.NEW], rows(batch)[0].notes
    batch = entered(batch, by)
    assert batch.state is BatchState.ENTERED, batch.error
    rival = entered(rival, by)
    assert (rival.state, "checked again" in rival.error) == (BatchState.CHECKED, True)
    out, lines = io.BytesIO(), io.BytesIO()
    write_ledger(out, ledger, exporting.rows_of(target(code), by), signed_by(by))
    write_csv(lines, ledger, exporting.rows_of(target(code), by))
    for data in (out.getvalue(), lines.getvalue()):
        twice = imported(data, code, by)
        assert [row.state for row in rows(twice)] == [RowState.SAME], (rows(twice)[0].changes, rows(twice)[0].notes)
    printed = next(exporting.rows_of(target(code), by))
    told = {name: str(text) for name, text in printed.items() if name in values and name not in DERIVED}
    assert told == {name: text for name, text in values.items() if name not in DERIVED}
    with transaction():
        undoing.undo(again(batch), target(code), by)
    assert list(exporting.rows_of(target(code), by)) == []


@pytest.mark.parametrize("code", TARGETS)
def test_the_template_is_its_own_ledger(scene: tuple[Side, Side], code: str) -> None:
    file = io.BytesIO()
    write_template(file, target(code).ledger, SAMPLES[code])
    bureau, school = scene
    by = school.handler if code == "visit_enterprise" else bureau.handler
    batch = imported(file.getvalue(), code, by)
    assert batch.total == 0  # its sample is none
    assert all(one["field"] for one in batch.headings)
