"""Rules beyond the policy table: whose stage is whose. Pure. 企业对接规则。

The organisation that keeps a case records any stage. The other sides record those of which they hold the evidence: the
university its campus site, fairs and destination register; the enterprise its interviews, offers and who is there; the
bureau what it verifies and visits. Nobody verifies their own need, also not an enterprise that keeps the case.
"""

from dataclasses import dataclass
from typing import Protocol

from ..core.access.actions import Action
from ..core.access.decision import Actor, Decision, decide
from ..core.access.table import Relation
from ..core.i18n import Message, msg
from .enums import LOST, EntryStatus, Stage
from .models import DockingCase

OF_UNIVERSITY = frozenset({Stage.VERIFIED, Stage.FIELD_DOCKING, Stage.POSTED, Stage.FAIR, Stage.SIGNED})
OF_ENTERPRISE = frozenset(
    {
        Stage.FIELD_DOCKING,
        Stage.INTERVIEW,
        Stage.OFFER,
        Stage.ONBOARDED,
        Stage.RETAINED_6M,
        Stage.RETAINED_12M,
    }
)
OF_BUREAU = frozenset({Stage.VERIFIED, Stage.FIELD_DOCKING, Stage.FAIR, Stage.RETAINED_6M, Stage.RETAINED_12M})


class Sides(Protocol):
    """A case, or a card of the board: whose it is and how far it has come."""

    @property
    def owner_id(self) -> int: ...
    @property
    def enterprise_id(self) -> int | None: ...
    @property
    def university_id(self) -> int: ...
    @property
    def bureau_id(self) -> int | None: ...
    @property
    def stage(self) -> Stage: ...
    @property
    def access_states(self) -> frozenset[str]:
        """Its state, for the policy table."""
        ...

    def relations_to(self, actor: Actor) -> frozenset[Relation]:
        """How the actor's organisation stands to it."""
        ...


@dataclass(frozen=True)
class Card:
    """A case of which only these columns were read."""

    owner_id: int
    enterprise_id: int | None
    university_id: int
    bureau_id: int | None
    stage: Stage
    is_lost: bool = False

    @property
    def access_states(self) -> frozenset[str]:
        """Its state, for the policy table."""
        return frozenset({LOST if self.is_lost else str(self.stage)})

    def relations_to(self, actor: Actor) -> frozenset[Relation]:
        """As a case says it."""
        sides = {self.enterprise_id, self.university_id, self.bureau_id}
        found = {Relation.SCOPE}
        if actor.organisation_id == self.owner_id:
            found |= {Relation.OWN, Relation.PARTY}
        elif actor.organisation_id in sides:
            found |= {Relation.PARTY, Relation.COUNTERPART}
        return frozenset(found)


def own_stages(actor: Actor, case: Sides) -> frozenset[Stage]:
    """The stages that the actor's organisation records, however far the case is."""
    mine = actor.organisation_id
    found: frozenset[Stage] = frozenset(Stage) if mine == case.owner_id else frozenset()
    for side, stages in (
        (case.university_id, OF_UNIVERSITY),
        (case.bureau_id, OF_BUREAU),
        (case.enterprise_id, OF_ENTERPRISE),
    ):
        found |= stages if side == mine else frozenset()
    return found - {Stage.VERIFIED} if case.enterprise_id == mine else found


def open_stages(actor: Actor, case: Sides) -> list[Stage]:
    """Where the actor may move the case now; empty where they may not at all."""
    if not decide(actor, Action.DOCKING_ADVANCE, case):
        return []
    if case.enterprise_id == actor.organisation_id and case.stage is Stage.REGISTERED:
        return []  # to leave the verification out would be to verify oneself
    mine = own_stages(actor, case)
    return [stage for stage in Stage if stage in mine and stage.position > case.stage.position]


def may_advance(actor: Actor, case: Sides, stage: Stage) -> Decision:
    """A later stage, by whose stage it is; the enterprise once its need is verified or that was left out by others."""
    decision = decide(actor, Action.DOCKING_ADVANCE, case)
    if not decision:
        return decision
    if stage.position <= case.stage.position:
        return not_now(msg("A case moves forward only"))
    if stage not in own_stages(actor, case):
        return Decision(False, msg("This stage is recorded by another side, which holds its evidence"))
    if stage not in open_stages(actor, case):
        return not_now(msg("The need has to be verified first, by the bureau or the university"))
    return decision


def may_correct(actor: Actor, case: DockingCase, stage: Stage) -> Decision:
    """Counts, day and evidence of a stage that was reached, by whose stage it is."""
    decision = decide(actor, Action.DOCKING_RECORD, case)
    if not decision:
        return decision
    entry = case.entry_of(stage)
    if entry is None or entry.status is not EntryStatus.REACHED:
        return not_now(msg("This stage has not been reached"))
    if stage not in own_stages(actor, case):
        return Decision(False, msg("This stage is recorded by another side, which holds its evidence"))
    return decision


def may_skip(actor: Actor, case: DockingCase) -> Decision:
    """The next stage, by the organisation that keeps the case; an enterprise does not leave out its verification."""
    decision = decide(actor, Action.DOCKING_SKIP, case)
    if not decision:
        return decision
    if case.next_stage is None:
        return not_now(msg("No stage lies ahead"))
    if case.next_stage is Stage.VERIFIED and case.enterprise_id == actor.organisation_id:
        return Decision(False, msg("Nobody verifies or leaves out the verification of their own need"))
    return decision


def may_attach(actor: Actor, case: DockingCase) -> Decision:
    """Photographs, lists of posts, minutes: every side that records stages, until the case is lost."""
    return decide(actor, Action.DOCKING_RECORD, case)


def not_now(reason: Message) -> Decision:
    """Refused by the present state."""
    return Decision(False, reason, wrong_state=True)
