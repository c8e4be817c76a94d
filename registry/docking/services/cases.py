"""Entering a case, changing what is known of it, and linking it with other records. 登记与编辑。"""

from ...accounts.models import User
from ...agreements.models import Agreement
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.dates import today
from ...core.db import db
from ...core.errors import Conflict, Invalid, NotFound
from ...core.i18n import msg
from ...records import kinds
from ...records.many import Made
from ...records.services import settle
from ..enums import EntryStatus, Stage
from ..inputs import CaseDetails, Link
from ..models import DockingCase, DockingLink, DockingStageEntry
from .details import called, write_details

KIND = DockingCase.kind_code
MOST_LINKS = 20


def enter(given: CaseDetails, actor: User, *, is_demo: bool = False) -> DockingCase:
    """Enter a case that the actor's organisation keeps; it stands at the first stage.

    Raises Forbidden, Invalid by field.
    """
    made = make(given, actor, is_demo=is_demo)
    db.session.add(made.record)
    settle(made.record, actor, Action.DOCKING_ADD, made.changes)
    return made.record


def make(given: CaseDetails, actor: User, *, is_demo: bool = False) -> Made[DockingCase]:
    """A case as it is entered, not in the session yet. Raises Forbidden, Invalid by field."""
    decide(actor, Action.DOCKING_ADD).enforce()
    day = given.registered_on or today()
    if day > today():
        raise Invalid({"registered_on": [msg("This date lies in the future")]})
    case = DockingCase(owner=actor.organisation, created_by_id=actor.id, is_demo=is_demo, sort_on=day)
    case.stage = Stage.REGISTERED
    write_details(case, given, actor)
    case.entries.append(
        DockingStageEntry(
            stage=Stage.REGISTERED,
            position=Stage.REGISTERED.position,
            status=EntryStatus.REACHED,
            actual_on=day,
            posts=given.posts,
            headcount=given.headcount,
            recorded_by_id=actor.id,
            organisation_id=actor.organisation_id,
        )
    )
    case.wait()
    return Made(case, {"title": (None, case.title_zh), "actual_on": (None, day)})


def edit(case: DockingCase, given: CaseDetails, actor: User) -> None:
    """Change what is known of it; the counts of the first stage are corrected there.

    Raises Forbidden, Conflict when it is lost, Invalid by field.
    """
    decide(actor, Action.DOCKING_EDIT, case).enforce()
    settle(case, actor, Action.DOCKING_EDIT, write_details(case, given, actor))


def link(case: DockingCase, given: Link, actor: User) -> None:
    """Say that it came from, or belongs to, another record that the actor sees; an agreement becomes its agreement.

    Raises Forbidden, NotFound, Conflict when the link is there already or there are too many.
    """
    decide(actor, Action.DOCKING_EDIT, case).enforce()
    if given.kind == KIND:
        raise NotFound
    found = kinds.find(given.kind, given.public_id, actor)
    if isinstance(found, Agreement):
        before, case.agreement = case.agreement, found
        settle(case, actor, Action.DOCKING_EDIT, {"agreement": (called(before), called(found))})
        return
    if any((one.kind, one.public_id) == (given.kind, given.public_id) for one in case.links):
        raise Conflict(msg("This record is linked already"))
    if len(case.links) >= MOST_LINKS:
        raise Conflict(msg("At most %(most)s records can be linked", most=MOST_LINKS))
    case.links.append(DockingLink(kind=given.kind, public_id=given.public_id))
    settle(case, actor, Action.DOCKING_EDIT, {"linked": (None, _named(given))})


def unlink(case: DockingCase, given: Link, actor: User) -> None:
    """Take a link away. Raises Forbidden, NotFound where there is none."""
    decide(actor, Action.DOCKING_EDIT, case).enforce()
    present = next((one for one in case.links if (one.kind, one.public_id) == (given.kind, given.public_id)), None)
    if present is None:
        raise NotFound
    case.links.remove(present)
    settle(case, actor, Action.DOCKING_EDIT, {"linked": (_named(given), None)})


def _named(given: Link) -> str:
    """By kind and public id: whoever reads the change log may not be one to read the record's title."""
    return f"{given.kind} {given.public_id}"
