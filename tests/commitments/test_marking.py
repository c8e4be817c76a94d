"""Promises in free text: marked by whoever keeps the agreement, counted once the others have accepted them."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from registry.agreements.inputs import HistoricRecord, PartyLine, Term
from registry.agreements.models import Agreement, AgreementKind, PartyRole
from registry.agreements.services import entry, lifecycle
from registry.commitments.enums import Category, CommitmentState, Measure, Part, Recurrence
from registry.commitments.inputs import Description, NewCommitment
from registry.commitments.models import Commitment
from registry.commitments.queries import periods_of
from registry.commitments.services import checking, marking, reporting
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.core.errors import Conflict, Forbidden, Invalid
from registry.messages.enums import Topic
from registry.messages.models import Message
from tests.agreements.scene import VARIABLES
from tests.states import Begin

from .promised import Promised, framework, of_three

TERM = Term(months=60)


@pytest.fixture
def promised(begin_with: Begin) -> Promised:
    return begin_with(framework)


def state(commitment: Commitment) -> CommitmentState:
    """Asked anew each time."""
    return commitment.state


def promise(*obligors: str, **changes: object) -> NewCommitment:
    """Four briefings a year."""
    plain = {"title_zh": "每季度提供岗位需求", "target": 4, "unit": "次", "recurrence": Recurrence.YEARLY}
    return NewCommitment(obligors=obligors, description=Description(Category.REPORTING), **plain | changes)  # type: ignore[arg-type]


def marked(promised: Promised, **changes: object) -> Commitment:
    """Of the fifth article, promised by the bureau."""
    with transaction():
        new = promise(promised.bureau.organisation.public_id, **changes)
        return marking.mark(promised.agreement, "5", new, promised.bureau.handler)


def test_waits_for_the_other_side_before_it_counts(promised: Promised) -> None:
    made = marked(promised)
    assert (state(made), made.code, periods_of(made)) == (CommitmentState.PROPOSED, "K1", [])
    assert made.having(Part.BENEFICIARY) == {promised.university.organisation.id}
    told = db.session.scalars(select(Message.recipient_id).where(Message.topic == Topic.COMMITMENT)).all()
    assert set(told) == {promised.university.section_head.id, promised.university.leader.id}
    with transaction():
        marking.accept(made, promised.university.section_head)
    assert state(made) is CommitmentState.ACTIVE
    assert len(periods_of(made)) == 3
    with transaction():
        reporting.report(periods_of(made)[0], 1, "", (), promised.bureau.handler)
    assert list(checking.compare()) == []


def test_is_declined_with_a_reason_and_never_counts(promised: Promised) -> None:
    made = marked(promised)
    with pytest.raises(Invalid), transaction():
        marking.decline(made, "", promised.university.leader)
    with transaction():
        marking.decline(made, "协议未作此约定", promised.university.leader)
    assert (state(made), periods_of(made)) == (CommitmentState.DECLINED, [])
    with pytest.raises(Conflict), transaction():
        marking.accept(made, promised.university.leader)


def test_the_owner_marks_and_does_not_accept(promised: Promised) -> None:
    new = promise(promised.bureau.organisation.public_id)
    for person in (promised.university.handler, promised.bureau.leader):
        with pytest.raises(Forbidden), transaction():
            marking.mark(promised.agreement, "5", new, person)
    made = marked(promised)
    for person in (promised.bureau.leader, promised.university.handler):
        with pytest.raises(Forbidden), transaction():
            marking.accept(made, person)


def test_everybody_named_accepts_a_promise_of_all(begin_with: Begin) -> None:
    three = begin_with(of_three)
    sides = (three.bureau, three.university, three.third)
    with transaction():
        new = promise(*(side.organisation.public_id for side in sides))
        made = marking.mark(three.agreement, "1", new, three.bureau.handler)
        marking.accept(made, three.university.leader)
    assert (state(made), made.is_joint) == (CommitmentState.PROPOSED, True)
    with pytest.raises(Forbidden), transaction():
        marking.accept(made, three.university.leader)
    with transaction():
        marking.accept(made, three.third.leader)
    assert state(made) is CommitmentState.ACTIVE


@pytest.mark.parametrize(
    ("changes", "article", "field"),
    [
        ({"title_zh": " "}, "5", "title_zh"),
        ({"target": 0}, "5", "target"),
        ({"target": 1.5}, "5", "target"),
        ({"recurrence": Recurrence.ONCE}, "5", "due_on"),
        ({"recurrence": Recurrence.ONCE, "due_on": date(2020, 1, 1)}, "5", "due_on"),
        ({}, "99", "article"),
        ({"measure": Measure.PERCENT, "target": 101}, "5", "target"),
    ],
)
def test_refuses_what_is_no_promise(promised: Promised, changes: dict[str, object], article: str, field: str) -> None:
    new = promise(promised.bureau.organisation.public_id, **changes)
    with pytest.raises(Invalid) as refused, transaction():
        marking.mark(promised.agreement, article, new, promised.bureau.handler)
    assert set(refused.value.fields) == {field}


def test_is_of_parties_of_an_agreement_in_force(promised: Promised) -> None:
    for obligors in ((), ("nobody",)):
        with pytest.raises(Invalid), transaction():
            marking.mark(promised.agreement, "5", promise(*obligors), promised.bureau.handler)
    with transaction():
        draft = promised.scene.draft()
    new = promise(promised.bureau.organisation.public_id)
    with pytest.raises(Conflict), transaction():
        marking.mark(draft, "5", new, promised.bureau.handler)


def recorded(promised: Promised) -> Agreement:
    """A paper of the past, without a text."""
    lines = (
        PartyLine(promised.bureau.organisation.public_id, role=PartyRole.LEAD),
        PartyLine(promised.university.organisation.public_id),
    )
    began = today() - timedelta(days=400)
    given = HistoricRecord(
        AgreementKind.FRAMEWORK, "补录的协议", lines, "报道", signed_on=began, effective_on=began, term=TERM
    )
    agreement = entry.record(given, promised.bureau.handler)
    entry.confirm(agreement, promised.bureau.section_head)
    return agreement


def test_of_a_paper_of_the_past_it_runs_from_the_day_on_which_it_was_accepted(promised: Promised) -> None:
    with transaction():
        agreement = recorded(promised)
        made = marking.mark(agreement, "", promise(promised.university.organisation.public_id), promised.bureau.handler)
        marking.accept(made, promised.university.leader)
    assert periods_of(made)[0].starts_on == today()
    assert periods_of(made)[-1].due_on == agreement.expires_on


def test_ends_with_its_article_and_rests_with_its_agreement(promised: Promised) -> None:
    made = marked(promised)
    with transaction():
        lifecycle.suspend(promised.agreement, "整改", promised.bureau.leader)
        marking.accept(made, promised.university.leader)
    assert made.paused_on == today()
    with transaction():
        lifecycle.resume(promised.agreement, "完成", promised.bureau.leader)
        made.article = "没有这一条"
        promised.scene.amended(promised.agreement, variables={**VARIABLES, "posts_per_year": "500"}, title_zh="新名称")
    assert state(made) is CommitmentState.ENDED
    assert list(checking.compare()) == []
