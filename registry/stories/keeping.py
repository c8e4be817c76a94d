"""Who enters the stories, and entering a line once: record and key in one transaction. 录入一次。"""

from collections.abc import Callable
from dataclasses import dataclass, field

from ..accounts.models import User
from ..core.db import transaction
from ..records.reference import Known, enter, entered


@dataclass
class Tally:
    """Of one kind of records: how many were entered now, and how many were there before."""

    added: int = 0
    present: int = 0


@dataclass
class Load:
    """One run: who enters, who confirms (None: nobody yet), what came of it by kind."""

    by: User
    confirmed_by: User | None = None
    tallies: dict[str, Tally] = field(default_factory=dict)

    @property
    def is_demo(self) -> bool:
        """A demonstration account enters demonstration data."""
        return self.by.is_demo

    def tally(self, name: str) -> Tally:
        """The tally of one kind."""
        return self.tallies.setdefault(name, Tally())

    def once(self, name: str, key: str, kind: str, make: Callable[[], Known]) -> None:
        """Make the record of a line, unless there is one; in a transaction of its own, so that a run can go on."""
        tally = self.tally(name)
        if entered(key) is not None:
            tally.present += 1
            return
        with transaction():
            enter(key, kind, make())
        tally.added += 1


def public_id(key: str) -> str:
    """Of the record that a line was entered as; "" where it was not."""
    found = entered(key)
    return found.subject_public_id if found else ""
