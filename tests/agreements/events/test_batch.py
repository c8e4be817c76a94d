"""Historic records by the batch: a look first, all or none, a second time nothing, confirmed by another person."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select

from registry.agreements import queries
from registry.agreements.inputs_events import BatchRow
from registry.agreements.models import Agreement, AgreementKind, AgreementStatus, SigningEvent
from registry.agreements.schemas.events import batch_from
from registry.agreements.services import batch, events
from registry.audit.models import AuditEvent
from registry.core.db import db, transaction
from registry.core.errors import Conflict, Forbidden, Invalid, NotFound, Stale, Unmet
from registry.organisations.models import OrganisationAlias
from tests.agreements.scene import Scene, make_scene
from tests.factories import make_user

from .ceremony import FUTURE, PAST, make_event

KIND = AgreementKind.SCHOOL_LOCALITY


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def event(scene: Scene) -> SigningEvent:
    with transaction():
        return make_event(scene, PAST)


def row(
    line: int = 1, title: str = "甲与高校协议", a: str = "鞍山市人力资源和社会保障局", b: str = "待补高校"
) -> BatchRow:
    return BatchRow(line, title, a, b, KIND)


def members(event: SigningEvent, scene: Scene) -> list[Agreement]:
    return list(queries.programme_of(event, scene.bureau.handler).agreements)


def seen(event: SigningEvent, scene: Scene) -> dict[str, int]:
    return {one.public_id: one.row_version for one in members(event, scene)}


def test_a_look_writes_nothing(scene: Scene, event: SigningEvent) -> None:
    with transaction():
        planned = batch.plan(event, [row(), row(2, "甲与高校协议")], scene.bureau.handler)
    assert [one.is_known for one in planned] == [False, True]  # the second line says the same
    assert planned[0].organisations == (scene.bureau.organisation, None)
    assert members(event, scene) == []


def test_records_share_what_the_event_says_and_invent_nothing(scene: Scene, event: SigningEvent) -> None:
    with transaction():
        batch.record_batch(event, [row()], scene.bureau.handler)
    (made,) = members(event, scene)
    assert made.status is AgreementStatus.RECORDED_PENDING
    assert (made.signed_on, made.signed_precision) == (PAST.held_on, PAST.held_precision)
    assert (made.signing_place, made.source) == (PAST.place, PAST.source)
    assert (made.number, made.effective_on, made.expires_on, made.title_en) == (None, None, None, "")
    assert [(party.organisation_id, party.name_as_reported) for party in made.parties] == [
        (scene.bureau.organisation.id, ""),
        (None, "待补高校"),
    ]
    assert made.signing_position == 1


def test_a_second_batch_adds_what_is_new_only(scene: Scene, event: SigningEvent) -> None:
    for expected in (2, 0):
        with transaction():
            made = batch.record_batch(event, [row(), row(2, "乙")], scene.bureau.handler)
        assert len(made) == expected
    with transaction():
        assert len(batch.record_batch(event, [row(), row(2, "乙"), row(3, "丙")], scene.bureau.handler)) == 1
    assert [one.title_zh for one in members(event, scene)] == ["甲与高校协议", "乙", "丙"]


def test_a_short_form_is_found_and_an_ambiguous_one_is_not(scene: Scene, event: SigningEvent) -> None:
    with transaction():
        scene.university.organisation.short_zh = "西工大"
        for side in (scene.bureau, scene.university):
            db.session.add(OrganisationAlias(organisation=side.organisation, alias="两家都叫"))
        db.session.flush()
        sure, unsure = batch.plan(event, [row(b="西工大"), row(2, "乙", b="两家都叫")], scene.bureau.handler)
    assert sure.organisations[1] is scene.university.organisation
    assert unsure.organisations[1] is None


def test_all_or_none(scene: Scene, event: SigningEvent) -> None:
    lines = [replace(row(), number="甲1号"), replace(row(2, "乙"), number="甲1号")]
    with pytest.raises(Invalid) as caught, transaction():
        batch.record_batch(event, lines, scene.bureau.handler)
    assert "Line 2" in caught.value.fields["rows"][0].english  # type: ignore[union-attr]  # a message of ours
    assert members(event, scene) == []


def test_the_same_party_twice_is_told_by_its_line(scene: Scene, event: SigningEvent) -> None:
    with transaction(), pytest.raises(Invalid) as caught:
        batch.plan(event, [row(), row(7, "乙", "待补高校", "待补高校")], scene.bureau.handler)
    assert [told.english for told in caught.value.fields["rows"]] == [  # type: ignore[union-attr]  # ours
        "Line 7: The two parties are the same"
    ]


def test_it_needs_a_past_event_with_a_source(scene: Scene) -> None:
    with transaction():
        future, silent = make_event(scene, FUTURE), make_event(scene, replace(PAST, source=""))
    with transaction(), pytest.raises(Conflict):
        batch.plan(future, [row()], scene.bureau.handler)
    with transaction(), pytest.raises(Invalid):
        batch.plan(silent, [row()], scene.bureau.handler)
    with transaction(), pytest.raises(Invalid):
        batch.plan(silent, [], scene.bureau.handler)


@pytest.mark.parametrize("side", ["bureau.leader", "university.handler"])
def test_others_enter_nothing(scene: Scene, event: SigningEvent, side: str) -> None:
    where, _, role = side.partition(".")
    with transaction(), pytest.raises(Forbidden):
        batch.record_batch(event, [row()], getattr(getattr(scene, where), role))


def test_an_event_has_an_end(scene: Scene, event: SigningEvent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "MOST_AGREEMENTS", 1)
    with pytest.raises(Conflict), transaction():
        batch.record_batch(event, [row(), row(2, "乙")], scene.bureau.handler)
    assert members(event, scene) == []


def test_all_at_once_by_another_person_each_its_own_event(scene: Scene, event: SigningEvent) -> None:
    with transaction():
        batch.record_batch(event, [row(), row(2, "乙")], scene.bureau.handler)
    shown = seen(event, scene)
    assert batch.confirmable(members(event, scene), scene.bureau.handler) == []
    assert len(batch.confirmable(members(event, scene), scene.bureau.section_head)) == 2
    with transaction(), pytest.raises(Forbidden):
        batch.confirm_batch(event, shown, scene.bureau.handler)
    with transaction():
        assert batch.confirm_batch(event, shown, scene.bureau.section_head) == 2
    assert {one.status for one in members(event, scene)} == {AgreementStatus.IN_FORCE}
    told = select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "agreement:confirm")
    assert db.session.scalar(told) == 2


def test_nobody_confirms_what_they_entered(scene: Scene, event: SigningEvent) -> None:
    with transaction():
        both = make_user(
            scene.bureau.handler.role_grants[0].role,
            scene.bureau.section_head.role_grants[0].role,
            organisation=scene.bureau.organisation,
        )
        batch.record_batch(event, [row()], both)
    with transaction(), pytest.raises(Unmet):
        batch.confirm_batch(event, seen(event, scene), both)


def test_a_record_that_changed_since_is_not_confirmed_unseen(scene: Scene, event: SigningEvent) -> None:
    with transaction():
        batch.record_batch(event, [row()], scene.bureau.handler)
    shown = {key: version - 1 for key, version in seen(event, scene).items()}
    with transaction(), pytest.raises(Stale):
        batch.confirm_batch(event, shown, scene.bureau.section_head)
    with transaction(), pytest.raises(NotFound):
        batch.confirm_batch(event, {"01ARZ3NDEKTSV4RRFFQ69G5FAV": 1}, scene.bureau.section_head)
    with transaction(), pytest.raises(Conflict):
        batch.confirm_batch(event, {}, scene.bureau.section_head)


def test_lines_as_they_are_pasted(app: Flask) -> None:
    text = "协议一\t甲局\t乙校\t框架协议\t甲〔2023〕1号\n\n协议二 | 甲局 ｜ 丙校"
    rows = batch_from({"rows": text, "kind": "school_locality"})
    assert rows == [
        BatchRow(1, "协议一", "甲局", "乙校", AgreementKind.FRAMEWORK, "甲〔2023〕1号"),
        BatchRow(3, "协议二", "甲局", "丙校", AgreementKind.SCHOOL_LOCALITY),
    ]


def test_lines_that_cannot_be_read_are_all_named(app: Flask) -> None:
    with pytest.raises(Invalid) as caught:
        batch_from({"rows": "只有标题\n协议|甲|乙|没有这种\n协议|甲|乙", "kind": "school_locality"})
    told = [message.english for message in caught.value.fields["rows"]]  # type: ignore[union-attr]  # ours
    assert [text[:7] for text in told] == ["Line 1:", "Line 2:"]
    with pytest.raises(Invalid):
        batch_from({"rows": "\n".join(["协议|甲|乙"] * 101), "kind": "school_locality"})
