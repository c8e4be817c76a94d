"""Whoever asks, while a statement is written: once for all who have the same roles, not for each person's every page.

To write the longest of them takes ten times as long as to ask it. 读者.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Integer, bindparam

from ..core.access.decision import StandIn
from ..core.access.roles import Role
from .models import User

_ID = bindparam("reader_id", type_=Integer())
_ORGANISATION = bindparam("reader_organisation_id", type_=Integer())


@dataclass(frozen=True)
class Reader:
    """All who have these roles today; `numbers_of` says who of them asks, when the statement is asked."""

    roles: frozenset[Role]
    standing_in: tuple[StandIn, ...] = ()

    @property
    def id(self) -> BindParameter[int]:
        """The place of the person's id."""
        return _ID

    @property
    def organisation_id(self) -> BindParameter[int]:
        """The place of their organisation's id."""
        return _ORGANISATION


Asker = User | Reader


def reader_like(user: User) -> Reader:
    """All who ask as this person does."""
    return Reader(user.roles, user.standing_in)


def numbers_of(user: User) -> dict[str, Any]:
    """The person's numbers, to be given with a statement that was written for a `Reader`."""
    return {_ID.key: user.id, _ORGANISATION.key: user.organisation_id}
