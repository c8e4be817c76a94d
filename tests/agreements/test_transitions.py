"""Each row of the table of statuses: it succeeds for whom it should, and is refused to all others and in every other
state; each of its guards. The lanes of the models and this table name the same steps, so none is forgotten."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask

from registry.accounts.models import User
from registry.agreements.models import Agreement, AgreementStatus, RevisionStage
from registry.agreements.models.agreement import TRANSITIONS
from registry.agreements.models.revision import STAGES
from registry.core.access.actions import Action
from registry.core.access.roles import ADMINISTRATORS, Role
from registry.core.db import transaction
from tests.agreements import attempts
from tests.agreements.scene import STAFF, Scene, make_scene
from tests.agreements.states import CHANGES, FIRST
from tests.commitments.settled import waive_all
from tests.factories import make_organisation, make_user

pytestmark = pytest.mark.usefixtures("app")
STATES = {**FIRST, **CHANGES}
SIGNING = ("signing", "signing_half", "signing_declined", "signed_by_all")
CHANGE_SIGNING = ("change_signing", "change_signed_by_all")
BEFORE_FORCE = ("draft", "review", "review_last", "negotiation", "negotiation_last", "approved", *SIGNING)
ALIVE = ("in_force", "noticed", "suspended")


@dataclass(frozen=True)
class Step:
    """An act, where it is possible and for whom, and what the agreement, or its change, is then (None: as before).

    What is returned is set aside, and its successor is the draft.
    """

    act: str
    to: AgreementStatus | RevisionStage | None
    who: str
    states: tuple[str, ...]


S, G = AgreementStatus, RevisionStage
Move = tuple[AgreementStatus | RevisionStage, AgreementStatus | RevisionStage]
STATUS = {
    "draft": S.DRAFT, "review": S.REVIEW, "review_last": S.REVIEW, "negotiation": S.NEGOTIATION,
    "negotiation_last": S.NEGOTIATION, "approved": S.NEGOTIATION, **dict.fromkeys(SIGNING, S.SIGNING),
    "signed": S.SIGNED, "in_force": S.IN_FORCE, "noticed": S.IN_FORCE, "suspended": S.SUSPENDED, "closed": S.CLOSED,
    "void": S.VOID, "recorded": S.RECORDED_PENDING, **dict.fromkeys(CHANGES, S.IN_FORCE),
}  # fmt: skip
STAGE = {
    "change_draft": G.DRAFT, "change_review": G.REVIEW, "change_negotiation": G.NEGOTIATION,
    "change_approved": G.NEGOTIATION, **dict.fromkeys(CHANGE_SIGNING, G.SIGNING), "change_signed": G.SIGNED,
}  # fmt: skip
STEPS = (
    Step("submit", S.REVIEW, "bureau.handler", ("draft",)),
    Step("submit", G.REVIEW, "bureau.handler", ("change_draft",)),
    Step("send_back", S.DRAFT, "bureau.section_head", ("review",)),
    Step("send_back", S.DRAFT, "bureau.leader", ("review_last",)),
    Step("send_back", G.SET_ASIDE, "bureau.section_head", ("change_review",)),
    Step("clear", None, "bureau.section_head", ("review", "change_review")),
    Step("clear", S.NEGOTIATION, "bureau.leader", ("review_last",)),
    Step("clear", None, "university.section_head", ("negotiation", "change_negotiation")),
    Step("clear", None, "university.leader", ("negotiation_last",)),
    *(
        Step("request_changes", to, f"university.{role}", states)
        for role in ("handler", "section_head", "leader")
        for to, states in (
            (S.DRAFT, ("negotiation", "negotiation_last", "approved")),
            (G.SET_ASIDE, ("change_negotiation", "change_approved")),
        )
    ),
    Step("start_signing", S.SIGNING, "bureau.leader", ("approved",)),
    Step("start_signing", G.SIGNING, "bureau.leader", ("change_approved",)),
    Step("withdraw_signing", S.NEGOTIATION, "bureau.leader", ("signing", "signing_declined")),
    Step("withdraw_signing", G.NEGOTIATION, "bureau.leader", ("change_signing",)),
    Step("complete_signing", S.IN_FORCE, "bureau.seal_keeper", ("signed_by_all",)),
    Step("complete_signing", G.EFFECTIVE, "bureau.seal_keeper", ("change_signed_by_all",)),
    Step("send_again", None, "bureau.handler", ("signing", "signing_half", "signing_declined", "change_signing")),
    Step("send_again", None, "bureau.leader", ("signing", "signing_half", "signing_declined", "change_signing")),
    Step("suspend", S.SUSPENDED, "bureau.leader", ("in_force", "noticed", *CHANGES)),
    Step("resume", S.IN_FORCE, "bureau.leader", ("suspended",)),
    Step("void", S.VOID, "bureau.leader", (*BEFORE_FORCE, "recorded")),
    Step("confirm", S.IN_FORCE, "bureau.section_head", ("recorded",)),
    Step("revise", G.DRAFT, "bureau.handler", (*ALIVE, "change_signed")),
    Step("abandon", G.SET_ASIDE, "bureau.handler", ("change_draft",)),
    Step("abandon", G.SET_ASIDE, "bureau.leader", (
        "change_draft", "change_review", "change_negotiation", "change_approved", "change_signing")),
    Step("terminate", S.CLOSED, "bureau.leader", ("noticed",)),
    Step("complete", S.CLOSED, "bureau.leader", ALIVE),
    Step("renew", None, "bureau.handler", (*ALIVE, *CHANGES)),
    *(
        Step("decide_renewal", None, f"bureau.{role}", ("in_force", "noticed", *CHANGES))
        for role in ("handler", "section_head", "leader")
    ),
    Step("give_notice", None, "bureau.leader", (*ALIVE, *CHANGES)),
)  # fmt: skip
LATER = {
    "revise": Action.AGREEMENT_REVISE,
    "abandon": Action.AGREEMENT_ABANDON,
    "terminate": Action.AGREEMENT_TERMINATE,
    "complete": Action.AGREEMENT_COMPLETE,
    "renew": Action.AGREEMENT_RENEW,
    "decide_renewal": Action.AGREEMENT_DECIDE_RENEWAL,
    "give_notice": Action.AGREEMENT_GIVE_NOTICE,
}
ACTS = {step.act for step in STEPS}
BY_THE_CALENDAR: set[Move] = {
    (S.SIGNED, S.IN_FORCE), (G.SIGNED, G.EFFECTIVE), (G.EFFECTIVE, G.SUPERSEDED), (G.SIGNED, G.SET_ASIDE),
}  # fmt: skip
"""What happens by itself, or to another text than the one that is acted on: see `test_transition_guards`."""
OTHERWISE: set[Move] = {
    (S.SIGNING, S.SIGNED), (G.SIGNING, G.SIGNED),  # complete_signing, where the day is still to come
    (S.RECORDED_PENDING, S.CLOSED),  # confirm, where the last day has passed
}  # fmt: skip


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def people(scene: Scene) -> dict[str, User]:
    """Everybody of both sides, the overseer, an administrator, and a leader who has nothing to do with it."""
    with transaction():
        found = {
            "overseer": make_user(Role.OVERSEER, organisation=make_organisation("测试上级")),
            "administrator": make_user(sorted(ADMINISTRATORS)[0], organisation=scene.bureau.organisation),
            "stranger": make_user(*STAFF, organisation=make_organisation("测试旁人")),
        }
    for name, side in (("bureau", scene.bureau), ("university", scene.university)):
        found |= {f"{name}.{role}": person for role, person in side.people.items()}
    return found


def acts_of(scene: Scene, agreement: Agreement, by: User) -> list[tuple[str, attempts.Do]]:
    """All acts of the table, with fitting input."""
    found = [(name, do) for name, do in attempts.plain(scene, agreement, by).items() if name in ACTS]
    names = {action: name for name, action in LATER.items()}
    later = [(names[action], do) for action, do in attempts.later(agreement, by) if action in names]
    return found + [(act, _once_settled(agreement, do) if act == "complete" else do) for act, do in later]


def _once_settled(agreement: Agreement, do: Callable[[], object]) -> Callable[[], object]:
    """The same with nothing left of what it promises."""

    def settle_and_do() -> None:
        waive_all(agreement)
        do()

    return settle_and_do


@pytest.mark.parametrize("state", STATES)
def test_each_step_is_for_those_who_may_and_for_nobody_else(scene: Scene, people: dict[str, User], state: str) -> None:
    with transaction():
        agreement = STATES[state](scene)
    expected = {(step.who, step.act) for step in STEPS if state in step.states}
    tried = [((who, act), do) for who, by in people.items() for act, do in acts_of(scene, agreement, by)]
    assert where(agreement) == {STATUS[state], *({STAGE[state]} if state in STAGE else ())}
    assert attempts.successes(tried) == expected


MOVES = [step for step in STEPS if step.to]


@pytest.mark.parametrize("step", MOVES, ids=lambda step: f"{step.act}-{step.who}-{step.states[0]}")
def test_each_step_leads_where_it_should(scene: Scene, people: dict[str, User], step: Step) -> None:
    with transaction():
        agreement = STATES[step.states[0]](scene)
    last = agreement.revisions[-1] if agreement.revisions and step.states[0] in STAGE else None
    with transaction():
        next(do for act, do in acts_of(scene, agreement, people[step.who]) if act == step.act)()
    assert step.to in ({last.stage} if last else where(agreement))


def where(agreement: Agreement) -> set[AgreementStatus | RevisionStage]:
    """Its status, and of a change its stage."""
    last = agreement.revisions[-1] if agreement.revisions else None
    stage: set[AgreementStatus | RevisionStage] = {last.stage} if last and last.is_follow_up else set()
    return {agreement.status} | stage


def test_no_step_of_the_lanes_is_missing_here() -> None:
    told = {(_from(state, step), step.to) for step in MOVES for state in step.states}
    known: set[Move] = {(one, to) for one, ways in TRANSITIONS.items() for to in ways}
    known |= {(one, to) for one, ways in STAGES.items() for to in ways}
    assert known - told == BY_THE_CALENDAR | OTHERWISE


def _from(state: str, step: Step) -> AgreementStatus | RevisionStage:
    return STAGE[state] if isinstance(step.to, RevisionStage) and state in STAGE else STATUS[state]
