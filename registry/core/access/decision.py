"""May this actor do that to this record? Pure; asked by services and by templates alike. 判定."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ..errors import Conflict, Forbidden
from ..i18n import Message, msg
from .actions import Action
from .roles import Role
from .table import DELEGABLE, TABLE, Relation


@dataclass(frozen=True)
class StandIn:
    """A role of a colleague that somebody exercises for them today."""

    role: Role
    for_id: int
    for_name: str


class Actor(Protocol):
    """Somebody who acts: a signed-in user, or the system itself."""

    @property
    def id(self) -> int: ...
    @property
    def organisation_id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def roles(self) -> frozenset[Role]: ...
    @property
    def standing_in(self) -> Sequence[StandIn]:
        """For whom they stand in today, and in which role; it counts for the actions of `DELEGABLE` only."""
        ...


class Subject(Protocol):
    """A record that rules speak of."""

    def relations_to(self, actor: Actor) -> frozenset[Relation]:
        """How the actor's organisation stands to it."""
        ...

    @property
    def access_states(self) -> frozenset[str]:
        """Its states, as the table names them."""
        ...


@dataclass(frozen=True)
class Decision:
    """Yes, or no with a reason for the reader; false in a condition when no."""

    allowed: bool
    reason: Message | None = None
    wrong_state: bool = False

    def __bool__(self) -> bool:
        """Whether it is allowed."""
        return self.allowed

    def enforce(self) -> None:
        """Raise Forbidden (403), or Conflict (409) where only the state is in the way."""
        if not self.allowed:
            raise (Conflict if self.wrong_state else Forbidden)(self.reason)


YES = Decision(True)


def no(reason: Message) -> Decision:
    """A refusal with its reason."""
    return Decision(False, reason)


def decide(actor: Actor, action: Action, subject: Subject | None = None) -> Decision:
    """Look the action up in the policy table. Without a subject only the role is judged."""
    rule = TABLE[action]
    if not exercised(actor, action) & rule.roles:
        return no(msg("This needs one of the roles: %(roles)s", roles=_Names(rule.roles)))
    if subject is None:
        return YES
    if rule.relation is not Relation.ANY and rule.relation not in subject.relations_to(actor):
        return no(msg("Your organisation is not entitled to do this with this record"))
    if rule.states and not rule.states & subject.access_states:
        return Decision(False, msg("This is not possible in the present state"), wrong_state=True)
    return YES


def exercised(actor: Actor, action: Action) -> frozenset[Role]:
    """The roles that count for an action: one's own, and for clearance those that one stands in for today."""
    if action not in DELEGABLE:
        return actor.roles
    return actor.roles | {one.role for one in actor.standing_in}


class _Names(Message):
    """Role names, joined in the reader's language."""

    def __init__(self, roles: frozenset[Role]) -> None:
        super().__init__(key="")
        object.__setattr__(self, "roles", roles)

    def __str__(self) -> str:
        return " / ".join(str(role.label) for role in self._named())

    @property
    def english(self) -> str:
        """The same by the names in the code."""
        return " / ".join(role.label.english for role in self._named())

    def _named(self) -> list[Role]:
        return [role for role in Role if role in self.__dict__["roles"]]
