"""Papers of the text in force, and of texts before it, are still told and ordered once a change is drafted."""

from collections.abc import Mapping

import pytest
from flask import Flask
from sqlalchemy import select

from registry.agreements import queries
from registry.agreements.models import Agreement, DocumentKind, RevisionKind, RevisionStage
from registry.agreements.services import entry, remake, signing
from registry.agreements.services.remake import Order, OrderState
from registry.agreements.views.known import Known
from registry.core.dates import now
from registry.core.db import db, transaction
from registry.core.errors import Conflict
from registry.documents.produce import CannotRender
from registry.jobs import reasons
from registry.jobs.models import Job, JobStatus
from tests.agreements.scene import Scene, make_scene
from tests.agreements.test_speed import counted
from tests.conftest import Client

COPY = DocumentKind.REGISTRY_COPY


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def agreement(scene: Scene) -> Agreement:
    """In force; its registry copy could not be made, and a change is drafted."""
    with transaction():
        agreement = scene.in_force()
        job_of(agreement, 1).fail(reasons.written(CannotRender.title), now())
        scene.change(agreement, RevisionKind.AMENDMENT)
    return agreement


def job_of(agreement: Agreement, no: int) -> Job:
    """The order of the registry copy of that text."""
    key = agreement.revisions[no - 1].public_id
    return db.session.scalars(select(Job).where(Job.kind == signing.REGISTRY_COPY_JOB, Job.key == key)).one()


def states(agreement: Agreement, scene: Scene) -> Mapping[int | None, OrderState]:
    """Where the registry copies stand that are missing, by their text."""
    orders = Known(agreement, scene.bureau.handler).owed
    return {order.revision_no: order.state for order in orders if order.kind is COPY}


def test_a_copy_is_still_owed_once_a_change_is_drafted(scene: Scene, agreement: Agreement) -> None:
    assert states(agreement, scene) == {1: OrderState.FAILED}
    with pytest.raises(Conflict), transaction():
        remake.remake(agreement, COPY, scene.bureau.handler)  # of the draft
    with transaction():
        remake.remake(agreement, COPY, scene.bureau.handler, 1)
    assert states(agreement, scene) == {1: OrderState.WAITING}


def test_that_of_a_superseded_text_is_ordered_on_its_own(scene: Scene) -> None:
    with transaction():
        agreement = scene.in_force()
        scene.amended(agreement, signing_place="沈阳市")
        for no in (1, 2):
            job_of(agreement, no).fail(reasons.written(CannotRender.title), now())
    assert agreement.revisions[0].stage is RevisionStage.SUPERSEDED
    assert states(agreement, scene) == {1: OrderState.FAILED, 2: OrderState.FAILED}
    with transaction():
        remake.remake(agreement, COPY, scene.bureau.handler, 1)
    assert [job_of(agreement, no).status for no in (1, 2)] == [JobStatus.QUEUED, JobStatus.FAILED]
    with pytest.raises(Conflict), transaction():
        remake.remake(agreement, COPY, scene.bureau.handler, 3)


def test_texts_share_their_queries(scene: Scene) -> None:
    """One for the signatories, one for the jobs, however many texts there are."""
    with transaction():
        agreement = scene.in_force()
        scene.amended(agreement, signing_place="沈阳市")
    documents, revisions = queries.documents_of(agreement), list(agreement.revisions)
    with counted() as told:
        orders = remake.owed(revisions, documents, queries.signatories_of_all(revisions))
    assert orders == [Order(COPY, OrderState.WAITING, revision_no=no) for no in (1, 2)]
    assert len(told) == 2


def test_the_page_orders_the_paper_of_the_text_it_names(client: Client, scene: Scene, agreement: Agreement) -> None:
    address = f"/agreements/{agreement.public_id}"
    page = client.sign_in(scene.bureau.handler).get(address).text
    assert "未能制作" in page
    assert '<input type="hidden" name="revision" value="1">' in page
    data = {"row_version": agreement.row_version, "revision": 1}
    assert client.post(f"{address}/documents/{COPY.value}/remake", data=data).status_code == 303
    db.session.expire_all()
    assert job_of(agreement, 1).status is JobStatus.QUEUED
    data["revision"] = 2
    assert client.post(f"{address}/documents/{COPY.value}/remake", data=data).status_code == 409


def test_the_page_shows_the_text_in_force_beside_a_draft(client: Client, scene: Scene, agreement: Agreement) -> None:
    first = agreement.revisions[0]
    page = client.sign_in(scene.bureau.handler).get(f"/agreements/{agreement.public_id}").text
    assert first.content_sha256 in page
    assert first.minutes_number in page
    assert "测试签字人" in page


def test_signatories_of_a_change_are_shown_once_it_is_being_signed(scene: Scene, agreement: Agreement) -> None:
    first, second = agreement.revisions
    known = Known(agreement, scene.bureau.handler)
    assert {row.revision_id for row in known.shown_signatories} == {first.id}
    with transaction():
        draft = scene.draft_input(signing_place="沈阳市")
        entry.edit(agreement, draft, scene.bureau.handler)
        scene.pass_review(agreement)
        scene.approve(agreement)
    assert Known(agreement, scene.bureau.handler).terms is first
    with transaction():
        signing.start_signing(agreement, scene.bureau.leader)
    known = Known(agreement, scene.bureau.handler)
    assert {row.revision_id for row in known.shown_signatories} == {second.id}
    assert known.terms is first
