"""The archive: what is due and by when, who files it, and that nothing of it changes afterwards."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from registry.accounts.models import User
from registry.agreements import badges, jobs, queries, retention
from registry.agreements.badges import Badge
from registry.agreements.models import (
    FROZEN,
    Agreement,
    AgreementKind,
    AgreementRevision,
    AgreementStatus,
    ArchiveEntry,
    ArchiveSettings,
    ArchiveStatus,
    Clearance,
    Disclosure,
    DocumentKind,
    PartyApproval,
    Retention,
    RevisionKind,
    RevisionStage,
    Secrecy,
    Signatory,
)
from registry.agreements.services import archive_due, archiving, files, lifecycle, projection, signing
from registry.agreements.todo import list_waiting
from registry.audit.models import AuditEvent
from registry.core.access.roles import Role
from registry.core.dates import now, today
from registry.core.db import db, transaction
from registry.core.errors import Conflict, Forbidden, Invalid, Unmet
from registry.jobs.models import Job
from registry.organisations.models import WorkdayKind, WorkdayOverride
from registry.organisations.workdays import add_workdays
from tests.agreements.archived import DETAILS, archived, entry_of, historic, with_rows_only
from tests.agreements.scene import Scene, make_scene, stored
from tests.factories import make_user
from tests.states import Begin


def peopled() -> Scene:
    with transaction():
        return make_scene()


def in_force() -> tuple[Scene, Agreement]:
    """Signed on paper by both; its registry copy is there."""
    with transaction():
        scene = make_scene()
        return scene, with_rows_only(scene.in_force())


@pytest.fixture
def begun(begin_with: Begin, request: pytest.FixtureRequest) -> tuple[Scene, Agreement | None]:
    """With an agreement where the test asks for one."""
    return begin_with(in_force) if "agreement" in request.fixturenames else (begin_with(peopled), None)


@pytest.fixture
def scene(begun: tuple[Scene, Agreement | None]) -> Scene:
    return begun[0]


@pytest.fixture
def agreement(begun: tuple[Scene, Agreement | None]) -> Agreement:
    """Signed on paper by both; its registry copy is there."""
    assert begun[1]
    return begun[1]


def visible(agreement: Agreement) -> set[tuple[ArchiveStatus, date | None]]:
    """What the lists of all its readers say."""
    db.session.expire_all()
    return {(row.archive_status, row.archive_due_on) for row in agreement.visibility}


# What is due


def test_a_signed_revision_is_due_ten_working_days_after_its_last_signature(scene: Scene) -> None:
    signed = date(2026, 9, 21)
    with transaction():
        # 1 to 7 October is a holiday, so the ten days end after it.
        for day in range(1, 8):
            db.session.add(WorkdayOverride(day=date(2026, 10, day), kind=WorkdayKind.HOLIDAY, holiday_zh="国庆节"))
        agreement = scene.signed_by_all(signed)
        from_before = queries.entries_of(agreement)
        signing.complete_signing(agreement, scene.bureau.seal_keeper)
    found = entry_of(agreement)
    assert from_before == []
    assert (found.signed_on, found.due_on) == (signed, date(2026, 10, 12))
    assert found.revision is agreement.effective_revision
    assert visible(agreement) == {(ArchiveStatus.PENDING, date(2026, 10, 12))}


def test_an_estimated_day_says_so(scene: Scene) -> None:
    with transaction():
        agreement = scene.in_force()
    assert entry_of(agreement).due_is_estimated is add_workdays(today(), 10).is_estimated


def test_a_historic_record_with_a_source_is_due_after_its_confirmation(scene: Scene) -> None:
    with transaction():
        agreement = historic(scene, source=b"%PDF source")
    found = entry_of(agreement)
    assert found.revision is None
    assert (found.signed_on, found.due_on) == (agreement.signed_on, add_workdays(today(), 10).day)


def test_a_historic_record_without_a_source_has_nothing_to_file(scene: Scene) -> None:
    with transaction():
        agreement = historic(scene)
    assert queries.entries_of(agreement) == []
    assert visible(agreement) == {(ArchiveStatus.NONE, None)}


def test_the_daily_run_notes_what_was_signed_before_there_was_a_ledger(scene: Scene, agreement: Agreement) -> None:
    with transaction():
        record = historic(scene, source=b"%PDF source")
        bare = historic(scene)
        for one in (agreement, record):
            db.session.delete(entry_of(one))
            db.session.flush()
            projection.refresh(one)
    assert visible(agreement) == {(ArchiveStatus.NONE, None)}
    jobs.calendar(today())
    assert entry_of(agreement).signed_on == agreement.signed_on
    assert entry_of(record).revision is None
    assert queries.entries_of(bare) == []
    assert visible(agreement) == {(ArchiveStatus.PENDING, entry_of(agreement).due_on)}
    with transaction():
        assert archive_due.catch_up(today()) == 0


@pytest.mark.parametrize(("late", "badge"), [(0, Badge.ARCHIVE_DUE), (1, Badge.ARCHIVE_OVERDUE)])
def test_the_badge_turns_on_the_day_after(scene: Scene, agreement: Agreement, late: int, badge: Badge) -> None:
    due_on = entry_of(agreement).due_on
    assert badge in badges.of(agreement, due_on + timedelta(days=late))


def test_what_is_filed_has_no_badge(scene: Scene, agreement: Agreement) -> None:
    archived(scene, agreement)
    marks = badges.of(agreement, today() + timedelta(days=100))
    assert not {Badge.ARCHIVE_DUE, Badge.ARCHIVE_OVERDUE} & set(marks)


def test_it_waits_for_every_handler_of_the_owner_and_for_nobody_else(scene: Scene, agreement: Agreement) -> None:
    with transaction():
        colleague = make_user(Role.HANDLER, organisation=scene.bureau.organisation)
    due_on = entry_of(agreement).due_on
    for person in (scene.bureau.handler, colleague):
        assert [(row.task, row.due_on) for row in list_waiting(person)] == [("archive", due_on)]
    assert list_waiting(scene.university.handler) == []
    assert list_waiting(scene.bureau.section_head) == []
    archived(scene, agreement)
    assert list_waiting(colleague) == []


# Filing


def test_filing_notes_who_when_and_how_long(scene: Scene, agreement: Agreement) -> None:
    found = archived(scene, agreement)
    assert (found.number, found.retention, found.kept_until) == (DETAILS.number, Retention.PERMANENT, None)
    assert (found.place, found.originals, found.archived_by) == (DETAILS.place, 2, scene.bureau.handler)
    assert found.archived_at is not None
    assert visible(agreement) == {(ArchiveStatus.DONE, None)}
    job = db.session.scalars(select(Job).where(Job.kind == archiving.ARCHIVE_PACKAGE_JOB)).one()
    assert job.payload == {"entry": found.public_id}
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "agreement:archive")).one()
    assert event.changes["archive_number"] == [None, DETAILS.number]
    assert event.changes["retention"] == [None, "permanent"]


def test_a_section_head_of_the_owner_may_file_too(scene: Scene, agreement: Agreement) -> None:
    with transaction():
        archiving.archive(entry_of(agreement), DETAILS, scene.bureau.section_head)
    assert entry_of(agreement).archived_by is scene.bureau.section_head


@pytest.mark.parametrize(
    "who",
    [
        lambda scene: scene.university.handler,
        lambda scene: scene.bureau.leader,
        lambda scene: scene.bureau.seal_keeper,
    ],
)
def test_nobody_else_may(scene: Scene, agreement: Agreement, who: Callable[[Scene], User]) -> None:
    with pytest.raises(Forbidden), transaction():
        archiving.archive(entry_of(agreement), DETAILS, who(scene))


def test_nothing_is_filed_twice(scene: Scene, agreement: Agreement) -> None:
    archived(scene, agreement)
    with pytest.raises(Conflict) as refused, transaction():
        archiving.archive(entry_of(agreement), replace(DETAILS, number="another"), scene.bureau.handler)
    assert refused.value.message.key == "This was archived before"


def test_everything_that_is_missing_is_told_together(scene: Scene) -> None:
    with transaction():
        agreement = scene.in_force()
        row = queries.signatories_of(agreement.revisions[-1])[0]
        row.is_proxy = True
        scan = next(one for one in queries.documents_of(agreement) if one.kind is DocumentKind.PARTY_SCAN)
        scan.void_reason = "scanned wrongly"
    with pytest.raises(Unmet) as refused, transaction():
        archiving.archive(entry_of(agreement), DETAILS, scene.bureau.handler)
    told = [reason.english for reason in refused.value.reasons]
    assert told == [
        "Registry copy: still being made",
        "鞍山市人力资源和社会保障局: the proxy letter is missing",
        "鞍山市人力资源和社会保障局: the scan of the signed and sealed paper is missing",
    ]


def test_a_paper_that_failed_is_missing(scene: Scene) -> None:
    with transaction():
        agreement = scene.in_force()
    with transaction():
        job = db.session.scalars(select(Job).where(Job.kind == "agreements.registry_copy")).one()
        job.fail("no fonts", now())
    assert [reason.english for reason in archiving.unmet(entry_of(agreement))] == ["Registry copy: missing"]


def test_a_historic_record_whose_source_is_void_is_missing_it(scene: Scene) -> None:
    with transaction():
        agreement = historic(scene, source=b"%PDF source")
        queries.documents_of(agreement)[0].void_reason = "wrong page"
    assert [reason.english for reason in archiving.unmet(entry_of(agreement))] == ["The source document is missing"]


def test_a_number_is_taken_once_in_an_organisation(scene: Scene, agreement: Agreement) -> None:
    archived(scene, agreement)
    with transaction():
        other = historic(scene, source=b"%PDF source")
    with pytest.raises(Invalid) as refused, transaction():
        archiving.archive(entry_of(other), DETAILS, scene.bureau.handler)
    assert set(refused.value.fields) == {"archive_number"}


def test_the_database_settles_who_took_a_number_first(
    scene: Scene, agreement: Agreement, monkeypatch: pytest.MonkeyPatch
) -> None:
    archived(scene, agreement)
    monkeypatch.setattr(queries, "number_is_taken", lambda *_: False)
    with transaction():
        other = historic(scene, source=b"%PDF source")
    with pytest.raises(Invalid) as refused, transaction():
        archiving.archive(entry_of(other), DETAILS, scene.bureau.handler)
    assert set(refused.value.fields) == {"archive_number"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"disclosure": Disclosure.ACTIVE}, "disclosure"), ({"place": ""}, "place")],
)
def test_what_contradicts_itself_is_refused(
    scene: Scene, agreement: Agreement, changes: dict[str, object], field: str
) -> None:
    given = replace(DETAILS, **changes)  # type: ignore[arg-type]  # fields by name
    with pytest.raises(Invalid) as refused, transaction():
        archiving.archive(entry_of(agreement), given, scene.bureau.handler)
    assert set(refused.value.fields) == {field}


def test_what_is_public_may_be_disclosed_and_no_original_needs_no_place(scene: Scene, agreement: Agreement) -> None:
    given = replace(DETAILS, secrecy=Secrecy.PUBLIC, disclosure=Disclosure.ACTIVE, originals=0, place="")
    with transaction():
        archiving.archive(entry_of(agreement), given, scene.bureau.handler)
    assert entry_of(agreement).disclosure is Disclosure.ACTIVE


# The revision after


def amended(agreement: Agreement) -> AgreementRevision:
    """A further signed revision of the same agreement, in as few rows as the ledger needs."""
    first = agreement.revisions[-1]
    first.supersede(today())
    db.session.flush()
    later = AgreementRevision(
        no=first.no + 1, kind=RevisionKind.AMENDMENT, content=first.content, content_sha256="f" * 64
    )
    later.stage, later.effective_on = RevisionStage.EFFECTIVE, today()
    agreement.revisions.append(later)
    db.session.flush()
    archive_due.expect(agreement, later)
    projection.refresh(agreement)
    return later


def test_every_signed_revision_has_its_own_entry(scene: Scene, agreement: Agreement) -> None:
    first = archived(scene, agreement)
    with transaction():
        later = amended(agreement)
    entries = queries.entries_of(agreement)
    assert [one.revision for one in entries] == [first.revision, later]
    assert visible(agreement) == {(ArchiveStatus.PENDING, entries[1].due_on)}
    assert queries.previous_of(entries[1]) is first
    assert queries.previous_of(first) is None


def test_the_later_revision_is_open_while_the_first_is_frozen(scene: Scene, agreement: Agreement) -> None:
    archived(scene, agreement)
    with transaction():
        later = amended(agreement)
        files.add(agreement, DocumentKind.ATTACHMENT, stored(), "附件.pdf", None, revision=later)
    assert any(row.revision_id == later.id for row in queries.documents_of(agreement))


# Frozen


@contextmanager
def frozen() -> Iterator[None]:
    """What is in the block is refused by the services' wall."""
    with pytest.raises(Conflict) as refused, transaction():
        yield
    assert refused.value.message == FROZEN


def test_no_file_is_added_or_voided(scene: Scene, agreement: Agreement) -> None:
    archived(scene, agreement)
    with frozen():
        files.add(agreement, DocumentKind.ATTACHMENT, stored(), "后补.pdf", None)
    with frozen():
        files.void_papers(agreement, "no longer wanted")
        db.session.flush()


def test_no_signature_or_opinion_changes(scene: Scene, agreement: Agreement) -> None:
    archived(scene, agreement)
    with frozen():
        row = db.session.scalars(select(Signatory)).first()
        assert row
        row.void("changed our mind")
        db.session.flush()
    with frozen():
        step = db.session.scalars(select(Clearance)).first()
        assert step
        step.opinion = "rather not"
        db.session.flush()
    with frozen():
        said = db.session.scalars(select(PartyApproval)).first()
        db.session.delete(said)
        db.session.flush()


def test_no_step_is_added(scene: Scene, agreement: Agreement) -> None:
    found = archived(scene, agreement)
    with frozen():
        step = db.session.scalars(select(Clearance)).first()
        assert step
        copy = Clearance(agreement=agreement, revision=found.revision, organisation_id=step.organisation_id)
        copy.step, copy.position = step.step, 9
        db.session.add(copy)
        db.session.flush()


def test_a_historic_records_sources_are_frozen_and_its_life_goes_on(scene: Scene) -> None:
    with transaction():
        record = historic(scene, source=b"%PDF source")
    archived(scene, record)
    with frozen():
        queries.documents_of(record)[0].void_reason = "wrong"
        db.session.flush()
    with transaction():
        lifecycle.suspend(record, "他方调整", scene.bureau.leader)
    assert record.status is AgreementStatus.SUSPENDED


WRITES = (
    "UPDATE agreement_document SET void_reason = 'x'",
    "DELETE FROM agreement_document WHERE kind = 'party_scan'",
    "UPDATE signatory SET name = 'x'",
    "UPDATE clearance SET opinion = 'x'",
    "DELETE FROM party_approval",
    "UPDATE seal_use SET copies = 9",
    "UPDATE agreement_revision SET content_sha256 = 'x'",
    "DELETE FROM agreement_revision",
    "UPDATE archive_entry SET retention = 'y10'",
    "UPDATE archive_entry SET archived_at = NULL, number = ''",
    "DELETE FROM archive_entry",
    "INSERT INTO clearance (agreement_id, revision_id, organisation_id, step, position, opinion, public_id)"
    " SELECT agreement_id, revision_id, organisation_id, step, 9, '', 'x' FROM clearance",
)


@pytest.mark.parametrize("statement", WRITES)
def test_the_database_refuses_whatever_program_asks(scene: Scene, agreement: Agreement, statement: str) -> None:
    archived(scene, agreement)
    with pytest.raises(DBAPIError, match="archived and can no longer change"), transaction():
        db.session.execute(text(statement))


def test_the_database_takes_a_package_once(scene: Scene, agreement: Agreement) -> None:
    found = archived(scene, agreement)
    with transaction():
        found.package = stored()
    with pytest.raises(DBAPIError, match="archived and can no longer change"), transaction():
        db.session.execute(text("UPDATE archive_entry SET package_id = NULL"))


@pytest.mark.parametrize("statement", [WRITES[0], WRITES[2], WRITES[3], WRITES[8]])
def test_before_it_is_filed_the_database_takes_it(scene: Scene, agreement: Agreement, statement: str) -> None:
    with transaction():
        db.session.execute(text(statement))


# How long


@pytest.mark.parametrize(
    ("kind", "term"),
    [
        (AgreementKind.FRAMEWORK, Retention.PERMANENT),
        (AgreementKind.STRATEGIC, Retention.PERMANENT),
        (AgreementKind.SCHOOL_LOCALITY, Retention.Y30),
        (AgreementKind.RENEWAL, Retention.Y30),
        (AgreementKind.LETTER_OF_INTENT, Retention.Y10),
        (AgreementKind.DOCKING_MEMORANDUM, Retention.Y10),
    ],
)
def test_the_default_term(kind: AgreementKind, term: Retention) -> None:
    assert retention.retention_for(kind, None) is term


def test_the_organisations_own_term_wins() -> None:
    own = ArchiveSettings(retentions={"framework": "y10"})
    assert retention.retention_for(AgreementKind.FRAMEWORK, own) is Retention.Y10
    assert retention.retention_for(AgreementKind.STRATEGIC, own) is Retention.PERMANENT


@pytest.mark.parametrize(
    ("term", "last"),
    [(Retention.PERMANENT, None), (Retention.Y30, date(2056, 12, 31)), (Retention.Y10, date(2036, 12, 31))],
)
def test_the_years_run_from_the_year_after_it_was_signed(term: Retention, last: date | None) -> None:
    assert retention.kept_until(term, date(2026, 3, 18)) == last


def terms(**changes: Retention) -> dict[AgreementKind, Retention]:
    """All kinds for thirty years, but for some."""
    return dict.fromkeys(AgreementKind, Retention.Y30) | {AgreementKind(kind): term for kind, term in changes.items()}


def test_a_section_head_sets_the_terms_and_it_is_recorded(scene: Scene) -> None:
    with transaction():
        archiving.set_retentions(terms(), scene.bureau.section_head, 0)
    with transaction():
        archiving.set_retentions(terms(framework=Retention.Y10), scene.bureau.section_head, 1)
    row = queries.settings_of(scene.bureau.organisation)
    assert row
    assert row.retentions["framework"] == "y10"
    assert queries.settings_of(scene.university.organisation) is None
    events = db.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "archive:configure").order_by(AuditEvent.seq)
    ).all()
    assert events[-1].changes == {"framework": ["y30", "y10"]}


def test_the_terms_are_not_set_by_others_or_on_an_old_page(scene: Scene) -> None:
    with pytest.raises(Forbidden), transaction():
        archiving.set_retentions(terms(), scene.bureau.handler, 0)
    with transaction():
        archiving.set_retentions(terms(), scene.bureau.section_head, 0)
    with pytest.raises(Conflict), transaction():
        archiving.set_retentions(terms(framework=Retention.Y10), scene.bureau.section_head, 0)


def test_an_entry_without_a_number_is_not_archived(scene: Scene, agreement: Agreement) -> None:
    with pytest.raises(DBAPIError), transaction():
        db.session.execute(text("UPDATE archive_entry SET number = 'x'"))
    assert isinstance(entry_of(agreement), ArchiveEntry)
