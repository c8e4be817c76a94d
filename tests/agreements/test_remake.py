"""A document that fails never holds an agreement up: it is told, and made later."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from registry.agreements import queries
from registry.agreements.models import Agreement, AgreementDocument, AgreementStatus, DocumentKind
from registry.agreements.services import remake, signing
from registry.agreements.services.remake import Order, OrderState
from registry.audit.models import AuditEvent
from registry.core.dates import now, today
from registry.core.db import db, transaction
from registry.core.errors import Conflict, Forbidden
from registry.core.i18n import msg
from registry.documents import produce, store
from registry.documents.places import places
from registry.documents.produce import CannotRender
from registry.documents.store import FileStore
from registry.jobs import leases, reasons
from registry.jobs.models import Job, JobStatus
from tests.agreements.scene import Scene, make_scene
from tests.conftest import Client
from tests.states import Begin

COPY = DocumentKind.SIGNING_COPY
MISSING_SIGN = CannotRender(
    msg("No font has these characters: %(characters)s", characters="𬎆 (U+2C386)"), is_final=True
)


def peopled() -> Scene:
    with transaction():
        return make_scene()


def signing_ordered() -> tuple[Scene, Agreement]:
    """Being signed; its signing copy is ordered."""
    with transaction():
        scene = make_scene()
        return scene, scene.signing()


@pytest.fixture
def begun(begin_with: Begin, request: pytest.FixtureRequest) -> tuple[Scene, Agreement | None]:
    """With an agreement where the test asks for one."""
    return begin_with(signing_ordered) if "agreement" in request.fixturenames else (begin_with(peopled), None)


@pytest.fixture
def scene(begun: tuple[Scene, Agreement | None]) -> Scene:
    return begun[0]


@pytest.fixture
def agreement(begun: tuple[Scene, Agreement | None]) -> Agreement:
    """Being signed; its signing copy is ordered."""
    assert begun[1]
    return begun[1]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Exception | bytes]:
    """What rendering gives, one after the other; then the same small file."""
    outcomes: list[Exception | bytes] = []

    def render(_data: object) -> bytes:
        outcome = outcomes.pop(0) if outcomes else b"%PDF the same"
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setattr(produce, "render_signing_copy", render)
    return outcomes


def owed(agreement: Agreement) -> list[Order]:
    """What is missing, as a reader of the page now finds it."""
    db.session.rollback()
    rows = queries.signatories_of_all(agreement.revisions)
    return list(remake.owed(agreement.revisions, queries.documents_of(agreement), rows))


def work() -> None:
    """Let the worker do what is due."""
    while leases.run_next():
        pass


def copies(agreement: Agreement) -> list[AgreementDocument]:
    """The signing copies that count."""
    return [row for row in queries.documents_of(agreement) if row.kind is COPY and not row.void_reason]


def newest_job() -> Job:
    """The job of the signing copy."""
    return db.session.scalars(select(Job).where(Job.kind == signing.SIGNING_COPY_JOB)).one()


def test_it_is_ordered_then_being_made_then_there(agreement: Agreement, made: list[Exception | bytes]) -> None:
    assert owed(agreement) == [Order(COPY, OrderState.WAITING, revision_no=1)]
    with transaction():
        newest_job().claim("lease", now(), now() + timedelta(minutes=5))
    assert owed(agreement) == [Order(COPY, OrderState.BEING_MADE, revision_no=1)]
    with transaction():
        newest_job().renew(newest_job().payload, now())
    work()
    assert owed(agreement) == []
    assert len(copies(agreement)) == 1


def test_a_failure_is_told_and_the_agreement_goes_on(
    scene: Scene, agreement: Agreement, made: list[Exception | bytes]
) -> None:
    made.append(MISSING_SIGN)
    work()
    (order,) = owed(agreement)
    assert (order.state, order.reason) == (OrderState.FAILED, MISSING_SIGN.message)
    with transaction():
        for side in (scene.bureau, scene.university):
            scene.sign(agreement, side, today())
        signing.complete_signing(agreement, scene.bureau.seal_keeper)
    assert agreement.status is AgreementStatus.IN_FORCE


def test_a_passing_failure_says_when_it_is_tried_next(agreement: Agreement, made: list[Exception | bytes]) -> None:
    made.append(CannotRender(produce.REASONS["busy"]))
    work()
    (order,) = owed(agreement)
    assert (order.state, order.reason) == (OrderState.POSTPONED, produce.REASONS["busy"])
    assert order.again_at is not None
    assert order.again_at > now()


def test_what_only_programmers_understand_is_not_told(agreement: Agreement, made: list[Exception | bytes]) -> None:
    made.append(ZeroDivisionError("somewhere"))
    work()
    assert owed(agreement)[0].reason == CannotRender.title


def test_it_is_made_again_on_demand(scene: Scene, agreement: Agreement, made: list[Exception | bytes]) -> None:
    made.append(MISSING_SIGN)
    work()
    with transaction():
        remake.remake(agreement, COPY, scene.bureau.handler)
    assert owed(agreement) == [Order(COPY, OrderState.WAITING, revision_no=1)]
    work()
    assert owed(agreement) == []
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "agreement:remake")).one()
    assert event.changes == {"document": [None, "signing_copy"]}


def test_ordering_what_is_there_gives_the_same_file_and_no_second_row(
    scene: Scene, agreement: Agreement, made: list[Exception | bytes]
) -> None:
    """A file that was lost from the disk is back afterwards."""
    work()
    (first,) = copies(agreement)
    FileStore(places().files).path(first.file.sha256).unlink()
    with pytest.raises(store.Damaged):
        store.read(first.file)
    with transaction():
        remake.remake(agreement, COPY, scene.bureau.handler)
    work()
    assert copies(agreement) == [first]
    assert store.read(first.file) == b"%PDF the same"
    assert newest_job().status is JobStatus.DONE


def test_a_withdrawn_and_begun_again_signing_gets_a_new_copy(
    scene: Scene, agreement: Agreement, made: list[Exception | bytes]
) -> None:
    work()
    with transaction():
        signing.withdraw_signing(agreement, "文本有误", scene.bureau.leader)
        signing.start_signing(agreement, scene.bureau.leader)
    assert owed(agreement) == [Order(COPY, OrderState.WAITING, revision_no=1)]
    work()
    assert len(copies(agreement)) == 1


def test_a_job_that_was_forgotten_leaves_it_missing(scene: Scene, agreement: Agreement) -> None:
    with transaction():
        db.session.delete(newest_job())
    assert owed(agreement) == [Order(COPY, OrderState.MISSING, revision_no=1)]
    with transaction():
        remake.remake(agreement, COPY, scene.bureau.leader)
    assert owed(agreement) == [Order(COPY, OrderState.WAITING, revision_no=1)]


def test_the_registry_copy_is_owed_once_signed(scene: Scene) -> None:
    with transaction():
        agreement = scene.in_force()
    assert owed(agreement) == [Order(DocumentKind.REGISTRY_COPY, OrderState.WAITING, revision_no=1)]
    job = db.session.scalars(select(Job).where(Job.kind == signing.REGISTRY_COPY_JOB)).one()
    with transaction():
        job.fail(reasons.written(CannotRender.title), now())
        remake.remake(agreement, DocumentKind.REGISTRY_COPY, scene.bureau.seal_keeper)
    assert job.status is JobStatus.QUEUED


def test_only_the_owners_people_order_and_only_what_is_wanted(scene: Scene, agreement: Agreement) -> None:
    with transaction():
        newest_job().fail("x", now())
    for person in (scene.university.handler, scene.bureau.section_head):
        with pytest.raises(Forbidden), transaction():
            remake.remake(agreement, COPY, person)
    with pytest.raises(Conflict), transaction():
        remake.remake(agreement, DocumentKind.REGISTRY_COPY, scene.bureau.handler)


def test_what_is_being_made_is_not_ordered_twice(scene: Scene, agreement: Agreement) -> None:
    with pytest.raises(Conflict), transaction():
        remake.remake(agreement, COPY, scene.bureau.handler)


def test_nothing_is_owed_before_signing(scene: Scene) -> None:
    with transaction():
        agreement = scene.approved()
    assert owed(agreement) == []


# On the page


def test_the_page_tells_and_offers(
    client: Client, scene: Scene, agreement: Agreement, made: list[Exception | bytes]
) -> None:
    address = f"/agreements/{agreement.public_id}"
    client.sign_in(scene.bureau.handler)
    assert "签署稿：正在制作" in client.get(address).text
    made.append(MISSING_SIGN)
    work()
    page = client.get(address).text
    assert "签署稿：未能制作" in page
    assert "𬎆 (U+2C386)" in page
    answer = client.post(
        f"{address}/documents/signing_copy/remake", data={"row_version": agreement.row_version}, follow_redirects=True
    )
    assert "签署稿：正在制作" in answer.text
    work()
    assert "签署稿：" not in client.get(address).text


def test_others_see_the_state_without_the_button(
    client: Client, scene: Scene, agreement: Agreement, made: list[Exception | bytes]
) -> None:
    made.append(MISSING_SIGN)
    work()
    address = f"/agreements/{agreement.public_id}"
    page = client.sign_in(scene.university.handler).get(address).text
    assert "签署稿：未能制作" in page
    assert "/remake" not in page
    answer = client.post(f"{address}/documents/signing_copy/remake", data={"row_version": agreement.row_version})
    assert answer.status_code == 403
    assert client.post(f"{address}/documents/source/remake").status_code == 404
