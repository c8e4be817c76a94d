"""Many historic records at once come out as each by itself: rows, parties, readers, numbers, events."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from registry.agreements.inputs import HistoricRecord, PartyLine, Term
from registry.agreements.models import Agreement, AgreementKind, AgreementVisibility, PartyRole
from registry.agreements.services import bulk, entry, parties
from registry.audit.models import AuditEvent
from registry.core.dates import Precision
from registry.core.db import db, transaction
from registry.core.errors import Conflict, Forbidden, Invalid
from registry.organisations.models import OrganisationKind, OrganisationStatus, Oversight
from tests.agreements.scene import Scene, make_scene, make_side

OWN = {"id", "public_id", "created_at", "updated_at", "number", "number_sequence", "title_zh", "row_version"}


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        made = make_scene()
        province = make_side("测试省厅", OrganisationKind.HR_DEPARTMENT).organisation
        db.session.add(Oversight(overseer_id=province.id, organisation_id=made.bureau.organisation.id))
    return made


def historic(scene: Scene) -> list[HistoricRecord]:
    lines = (
        PartyLine(scene.bureau.organisation.public_id, role=PartyRole.LEAD, representative="测试甲 局长"),
        PartyLine(scene.university.organisation.public_id),
    )
    full = HistoricRecord(
        AgreementKind.FRAMEWORK, "全", lines, "旧档", number="鞍校地协〔2021〕1号", signed_on=date(2021, 3, 18),
        signed_precision=Precision.DAY, effective_on=date(2021, 3, 18), term=Term(36), signing_place="鞍山市",
    )  # fmt: skip
    stub = replace(full, parties=(lines[0], PartyLine(name_as_reported="某校")), number="", signed_on=None,
                   signed_precision=Precision.UNKNOWN, effective_on=None, term=Term(), signing_place="")  # fmt: skip
    return [full, stub, replace(stub, number="外〔2020〕7号", term=Term(open_ended=True))]


def made(given: list[HistoricRecord], scene: Scene) -> list[bulk.Made]:
    known = parties.standing({line.organisation for one in given for line in one.parties} - {""})
    return [bulk.make(one, known, scene.bureau.handler) for one in given]


def told(agreement: Agreement) -> dict[str, Any]:
    columns = {name: getattr(agreement, name) for name in dict(Agreement.__mapper__.columns) if name not in OWN}
    names = ("position", "role", "organisation_id", "name_as_reported", "snapshot_representative", "is_bound")
    parties = [[getattr(party, name) for name in names] for party in agreement.all_parties]
    seen = select(AgreementVisibility.organisation_id, AgreementVisibility.sort_on, AgreementVisibility.status)
    readers = db.session.execute(seen.where(AgreementVisibility.agreement_id == agreement.id)).all()
    events = select(AuditEvent.action, AuditEvent.object_type).where(AuditEvent.object_id == agreement.public_id)
    return columns | {"parties": parties, "readers": sorted(readers), "events": db.session.execute(events).all()}


def test_as_each_by_itself(scene: Scene) -> None:
    by, given = scene.bureau.handler, historic(scene)
    with transaction():
        single = [entry.record(one, by).public_id for one in given]
    others = [replace(one, number=one.number and one.number.replace("号", "0号")) for one in given]
    with transaction():
        many = bulk.record_many(made(others, scene), by)
    rows = {one.public_id: one for one in db.session.scalars(select(Agreement))}
    assert [told(rows[one]) for one in many] == [told(rows[one]) for one in single]
    assert [rows[one].number_sequence for one in many] == [10, None, None]


def test_all_or_none(scene: Scene) -> None:
    by, given = scene.bureau.handler, historic(scene)
    with transaction():
        entry.record(given[0], by)
    late = replace(given[1], signed_on=date(2199, 1, 1), signed_precision=Precision.DAY)
    twice = replace(given[1], parties=(given[0].parties[0], given[0].parties[0]))
    for wrong in (given[0], late, twice):
        with pytest.raises(Invalid), transaction():
            bulk.record_many(made([given[1], wrong], scene), by)
    with pytest.raises(Forbidden), transaction():
        bulk.record_many(made(given[1:], scene), scene.bureau.leader)
    assert len(db.session.scalars(select(Agreement)).all()) == 1


def test_an_organisation_closed_meanwhile_lets_nothing_in(scene: Scene) -> None:
    waiting = made(historic(scene), scene)
    with transaction():
        scene.university.organisation.status = OrganisationStatus.CLOSED
    with pytest.raises(Conflict), transaction():
        bulk.record_many(waiting, scene.bureau.handler)
    assert db.session.scalars(select(Agreement)).all() == []
