"""The demonstration says nothing that nobody did: its audit trail leads to the states that it shows."""

import json

from jsonschema import Draft202012Validator
from sqlalchemy import select

from registry.accounts.models import User
from registry.accounts.standing import list_own_absences
from registry.agreements import queries
from registry.agreements.archive_check import check
from registry.agreements.models import Agreement, AgreementStatus, DocumentKind, RevisionKind, RevisionStage
from registry.agreements.overdue import list_overdue
from registry.agreements.record import record_of, schema_bytes
from registry.agreements.services.archiving import unmet
from registry.agreements.services.projection import missing_details
from registry.agreements.services.renewal import is_asked
from registry.agreements.todo import list_waiting
from registry.audit.models import AuditEvent
from registry.audit.verify import verify
from registry.core.access.roles import ADMINISTRATORS
from registry.core.dates import Precision, today
from registry.core.db import db
from registry.demo.absences import enter_absences
from registry.demo.life import enter_life
from registry.demo.people import ADMINISTRATION, BUSINESS
from registry.demo.states import Cast
from registry.demo.stories import is_complete
from registry.documents import store
from registry.documents.verdicts import State, own_certificate, own_trust


def test_everybody_is_plainly_fictional_and_has_one_role(people: dict[str, User]) -> None:
    assert len(people) == len(BUSINESS) + len(ADMINISTRATION)
    assert all(user.is_demo and user.name.startswith("演示") for user in people.values())
    assert all(len(user.roles) == 1 for user in people.values())
    assert sum(bool(user.roles & ADMINISTRATORS) for user in people.values()) == 4


def test_the_framework_of_the_news_invents_nothing(stories: list[Agreement]) -> None:
    framework = stories[0]
    assert (framework.signed_on, framework.signed_precision) == (None, Precision.UNKNOWN)
    assert (framework.effective_on, framework.expires_on, framework.number) == (None, None, None)
    assert framework.source
    assert framework.confirmed_by_id not in (None, framework.handler_id)
    assert len(missing_details(framework)) == 6


def test_the_strategic_agreement_has_four_parties_in_order(stories: list[Agreement]) -> None:
    strategic = stories[1]
    assert [party.name[:2] for party in strategic.parties] == ["辽宁", "吉林", "黑龙", "内蒙"]
    assert str(strategic.signed_on) == "2023-03-18"
    assert strategic.status is AgreementStatus.IN_FORCE
    assert not is_complete()  # the states are still missing


def test_states_are_what_the_audit_tells(states: dict[AgreementStatus, Agreement], people: dict[str, User]) -> None:
    """One long test, since making all the papers takes its time."""
    assert set(states) == set(AgreementStatus)
    for status, agreement in states.items():
        assert agreement.status is status
        assert agreement.is_demo
        assert _told(agreement) == str(status)
    _check_people(states[AgreementStatus.IN_FORCE], people)
    _check_papers(states)
    _check_records(states)
    _check_archive(states)
    assert verify().is_good


def test_one_stands_in_and_one_step_is_late(people: dict[str, User]) -> None:
    agreement = Cast(people).review("演示协议：内部审核")
    enter_absences(people, agreement)
    (task,) = list_waiting(people["anshan.signatory"])
    assert (task.public_id, task.on_behalf_of) == (agreement.public_id, people["anshan.section_head"].name)
    (late,) = list_overdue(people["anshan.leader"], today())
    assert (late.public_id, late.unattended) == (agreement.public_id, False)
    assert late.days_late > 0
    assert list_own_absences(people["nwpu.section_head"])
    assert verify().is_good


def _check_archive(states: dict[AgreementStatus, Agreement]) -> None:
    """One is filed with a package that holds; the one signed digitally waits."""
    (filed,) = queries.entries_of(states[AgreementStatus.SUSPENDED])
    (waits,) = queries.entries_of(states[AgreementStatus.IN_FORCE])
    assert filed.package
    assert check(store.read(filed.package), own_trust(), own_certificate()).state is State.VALID
    assert waits.archived_at is None
    assert unmet(waits) == []


def _told(agreement: Agreement) -> str:
    """The last status that an event of the agreement speaks of."""
    events = db.session.scalars(
        select(AuditEvent).where(AuditEvent.object_id == agreement.public_id).order_by(AuditEvent.seq)
    ).all()
    moves = [event.changes["status"] for event in events if "status" in event.changes]
    first = "recorded_pending" if agreement.is_historic else "draft"
    for before, after in moves:
        assert before == first
        first = after
    return first


def _check_people(agreement: Agreement, people: dict[str, User]) -> None:
    """Each step was taken by a person of the side and role whose step it is."""
    events = db.session.scalars(
        select(AuditEvent).where(AuditEvent.object_id == agreement.public_id).order_by(AuditEvent.seq)
    ).all()
    accounts = {user.id: account for account, user in people.items()}
    told = [(event.action.partition(":")[2], accounts.get(event.actor_id or 0, "")) for event in events]
    assert told == [
        ("register", "anshan.handler"),
        ("submit", "anshan.handler"),
        ("clear", "anshan.section_head"),
        ("clear", "anshan.legal_officer"),
        ("clear", "anshan.leader"),
        ("clear", "nwpu.section_head"),
        ("clear", "nwpu.leader"),
        ("start_signing", "anshan.leader"),
        ("signing_copy_made", ""),
        ("sign", "anshan.signatory"),
        ("sign", "nwpu.signatory"),
        ("added", ""),  # what it promises
        ("complete_signing", "anshan.seal_keeper"),
        ("registry_copy_made", ""),
        ("signed_agreement_made", ""),
    ]


def _check_papers(states: dict[AgreementStatus, Agreement]) -> None:
    begun = {DocumentKind.SIGNING_COPY, DocumentKind.SIGNED_FILE}
    ended = {DocumentKind.REGISTRY_COPY, DocumentKind.SIGNED_AGREEMENT}
    for status, expected in ((AgreementStatus.SIGNING, begun), (AgreementStatus.IN_FORCE, begun | ended)):
        assert {row.kind for row in queries.documents_of(states[status])} == expected
    on_paper = {row.kind for row in queries.documents_of(states[AgreementStatus.SUSPENDED])}
    assert on_paper == {DocumentKind.SIGNING_COPY, DocumentKind.PARTY_SCAN, DocumentKind.REGISTRY_COPY}


def _check_records(states: dict[AgreementStatus, Agreement]) -> None:
    """What was put before its parties can be read by the published schema."""
    validator = Draft202012Validator(json.loads(schema_bytes()))
    put = [row for agreement in states.values() for row in agreement.revisions if row.content_sha256]
    assert put
    for row in put:
        fields = json.loads(record_of(row.agreement, row, "https://registry.example"))
        assert [error.message for error in validator.iter_errors(fields)] == []


def test_later_lives_are_what_they_say(people: dict[str, User]) -> None:
    amended, ending, near = enter_life(people)
    assert [(row.kind, row.stage) for row in amended.revisions] == [
        (RevisionKind.ORIGINAL, RevisionStage.SUPERSEDED),
        (RevisionKind.AMENDMENT, RevisionStage.EFFECTIVE),
    ]
    assert amended.term_months == 60
    assert ending.open_revision
    assert (ending.open_revision.kind, ending.open_revision.stage) == (
        RevisionKind.TERMINATION, RevisionStage.NEGOTIATION,
    )  # fmt: skip
    assert is_asked(near, today())
    assert verify().is_good
