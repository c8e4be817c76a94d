"""What stands in a person's calendar: what falls due for them, from a month ago to thirteen months ahead. 日历内容."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from ...accounts.models import User, UserStatus
from ...core.access.roles import Role
from ...core.db import db
from ...core.instance import settings
from ...visits.enums import VisitState
from ...visits.models import Visit, VisitVisibility
from ..rules import SPECS, Rule
from ..sources import renewal
from ..sources.base import Due, Source
from ..sources.catalogue import of_organisation
from ..words import DATED

PAST, AHEAD = timedelta(days=30), timedelta(days=400)
MOST = 1_000  # writing one takes about a millisecond
PLANNED_WORDS = ("走访", "Visit")
SUSPENDED = ("（协议中止）", " (agreement suspended)")

# Nobody is reminded of a visit that is planned, but it belongs into a calendar.
_seen = (VisitVisibility.record_id == Visit.id) & (VisitVisibility.organisation_id == Visit.owner_id)
PLANNED = Source(
    rule=Rule.VISIT,
    kind=Visit.kind_code,
    statement=select(Visit.public_id, Visit.title_zh, Visit.title_en)
    .join(VisitVisibility, _seen)
    .where(Visit.state == VisitState.PLANNED),
    anchor=Visit.planned_on,
    number=Visit.id,
    organisation_id=Visit.owner_id,
    public_id=Visit.public_id,
)


@dataclass(frozen=True)
class Entry:
    """One day of a calendar. `uid` stays the same when the day or the title changes."""

    uid: str
    day: date
    title_zh: str
    title_en: str
    address: str


def entries_of(user: User, today: date) -> Sequence[Entry]:
    """What falls due for a person; of very much, the nearest MOST days' entries and one more, so that it shows."""
    first, last = today - PAST, today + AHEAD
    organisation_id = user.organisation_id
    undecided = {due.public_id for due in renewal.SOURCE.of_organisation(organisation_id, first, last)}
    dues = _concerning(user, of_organisation(organisation_id, first, last))
    planned = _concerning(user, PLANNED.of_organisation(organisation_id, first, last))
    found = [_entry(due, _words(due, undecided)) for due in dues]
    found += [_entry(due, PLANNED_WORDS, "planned") for due in planned]
    return sorted(found, key=lambda entry: (entry.day, entry.title_zh, entry.uid))[: MOST + 1]


def _concerning(user: User, dues: Iterable[Due]) -> list[Due]:
    """Those that wait for the person: given to them, or to nobody who is there, and for one of their roles."""
    found = list(dues)
    own = user.roles
    handed = own | {one.role for one in user.standing_in}
    there = _there({due.person_id for due in found if due.person_id not in (None, user.id)}, user.organisation_id)
    return [
        due for due in found
        if due.person_id == user.id or (due.person_id not in there and _is_for(due, own, handed))
    ]  # fmt: skip


def _is_for(due: Due, own: Collection[Role], handed: Collection[Role]) -> bool:
    spec = SPECS[due.rule]
    return bool(set(handed if spec.by_step else own) & (due.roles or spec.choices))


def _there(user_ids: Collection[int | None], organisation_id: int) -> Collection[int]:
    """Those who are still there; what was given to others is the whole unit's."""
    if not user_ids:
        return ()
    statement = select(User.id).where(
        User.id.in_(user_ids), User.organisation_id == organisation_id, User.status == UserStatus.ACTIVE
    )
    return set(db.session.scalars(statement))


def _words(due: Due, undecided: Collection[str]) -> tuple[str, str]:
    """What falls due; the end of an agreement whose owner has not decided says so, since both are one day."""
    asked = due.rule is Rule.EXPIRY and due.public_id in undecided
    return DATED[Rule.RENEWAL if asked else due.rule]


def _entry(due: Due, words: tuple[str, str], sort: str = "") -> Entry:
    zh, en = SUSPENDED if due.suspended else ("", "")
    return Entry(
        uid=_uid(f"{sort or due.rule}:{due.kind}:{due.public_id}:{due.key[1]}"),
        day=due.due_on,
        title_zh=f"{words[0]}：{due.title_zh}{zh}",
        title_en=f"{words[1]}: {due.title_en}{en}",
        address=f"{settings().public_url}/messages/to/{due.kind}/{due.public_id}",
    )


def _uid(name: str) -> str:
    """Tells no number of a row, and is another's in no other registry."""
    return hashlib.sha256(f"{settings().public_url} {name}".encode()).hexdigest()[:40]
