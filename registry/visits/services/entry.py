"""Entering visits, changing them, recording what came of them, and that they did not take place. 走访登记。"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.dates import today
from ...core.db import db
from ...core.errors import Invalid
from ...core.i18n import Message, msg
from ...records.happenings import Happening, Told, tell
from ...records.many import Made, keep_many
from ...records.services import Changes, moved, require_reason, settle
from .. import policy
from ..enums import VisitState
from ..inputs import VisitDetails
from ..models import Visit, VisitFinding
from ..queries.beside import left_behind, standing
from ..queries.employers import first_visits
from .reminders import settle_followed_up, visit_changed
from .writing import write_details

MOST_PROBLEMS = 20


@dataclass(frozen=True)
class MadeVisit(Made[Visit]):
    """A visit that is not in the session yet; `suggests_first` where the registry, not the writer, says if it was."""

    suggests_first: bool = False


def enter(given: VisitDetails, actor: User, *, is_demo: bool = False) -> Visit:
    """Plan a visit that the actor's organisation keeps, or record one that took place; tells of a held one.

    Raises Forbidden, Invalid by field.
    """
    made = make(given, actor, is_demo=is_demo)
    visit = made.record
    db.session.add(visit)
    settle(visit, actor, Action.VISIT_ADD, made.changes)
    visit_changed(visit, today())
    if given.took_place:
        _tell(visit)
    return visit


def enter_many(made: Sequence[MadeVisit], actor: User) -> list[str]:
    """Record visits that took place, in a few statements; returns their public ids. Raises Forbidden.

    Where a writer left open whether it was the first one, an earlier visit of the same import says that it was not.
    """
    decide(actor, Action.VISIT_ADD).enforce()
    _suggest_first([one for one in made if one.suggests_first], made, actor)
    kept = keep_many(made, actor, Action.VISIT_ADD)
    settle_followed_up([one.record for one in made])
    for one in made:
        _tell(one.record)
    return kept


def _suggest_first(asked: Sequence[MadeVisit], made: Sequence[MadeVisit], actor: User) -> None:
    """Of those that were kept before and those that are entered now, the earliest to an employer was the first."""
    earliest = first_visits({one.record.employer_key for one in asked}, actor.organisation_id)
    suggested = {id(one) for one in asked}
    for one in sorted(made, key=lambda one: one.record.held_on or one.record.planned_on):
        visit, day = one.record, one.record.held_on or one.record.planned_on
        if id(one) in suggested:
            visit.is_first = earliest.get(visit.employer_key, date.max) > day
        earliest[visit.employer_key] = min(day, earliest.get(visit.employer_key, day))


def make(given: VisitDetails, actor: User, *, is_demo: bool = False, key: str = "") -> MadeVisit:
    """A visit as it is entered, not in the session yet. Raises Forbidden, Invalid by field.

    `key` says which employer it is (see `queries.employers`), where that is known: for `enter_many` only.
    """
    decide(actor, Action.VISIT_ADD).enforce()
    check(given)
    visit = Visit(
        owner=actor.organisation, owner_id=actor.organisation_id, created_by_id=actor.id,
        state=VisitState.PLANNED, planned_on=given.day, is_demo=is_demo,
    )  # fmt: skip
    changes: Changes = {"title": (None, "")}
    with db.session.no_autoflush:
        write_details(visit, given, actor, key=key)
    if given.took_place:
        visit.hold(given.day)
        changes |= {"state": (None, str(VisitState.HELD)), **_add_problems(visit, given)}
    changes["title"] = (None, visit.title_zh)
    return MadeVisit(visit, changes, given.is_first is None and given.took_place)


def edit(visit: Visit, given: VisitDetails, actor: User) -> None:
    """Change what is known of a planned or held visit. Raises Forbidden, Conflict, Invalid by field."""
    decide(actor, Action.VISIT_EDIT, visit).enforce()
    given = replace(given, took_place=visit.state is VisitState.HELD)
    if given.problems:
        raise Invalid({"problems": [msg("Findings are noted on the page of a visit that took place")]})
    check(given)
    before, stood = visit.held_on or visit.planned_on, standing(visit)
    changes = write_details(visit, given, actor)
    if visit.held_on:
        visit.held_on = given.day
    else:
        visit.planned_on = given.day
    settle(visit, actor, Action.VISIT_EDIT, changes | ({"day": (before, given.day)} if before != given.day else {}))
    visit_changed(visit, today())
    if stood and standing(visit) != stood:
        for told in left_behind(stood):
            tell(Happening.RECORD_SETTLED, told)


def hold(visit: Visit, given: VisitDetails, actor: User) -> None:
    """planned → held, with what was found; tells of it. Raises Forbidden, Conflict, Invalid by field."""
    policy.may_hold(actor, visit).enforce()
    given = replace(given, took_place=True)
    check(given)
    changes = write_details(visit, given, actor) | _add_problems(visit, given)
    visit.hold(given.day)
    changes |= {"held_on": (None, given.day)} | moved(VisitState.PLANNED, visit.state)
    settle(visit, actor, Action.VISIT_HOLD, changes)
    visit_changed(visit, today())
    _tell(visit)


def drop(visit: Visit, state: VisitState, reason: str, actor: User) -> None:
    """planned → not held, or cancelled. Raises Forbidden, Conflict, Invalid without a reason."""
    decide(actor, Action.VISIT_DROP, visit).enforce()
    require_reason(reason)
    before = visit.state
    visit.drop(state, reason)
    settle(visit, actor, Action.VISIT_DROP, moved(before, visit.state), reason)
    visit_changed(visit, today())


def _tell(visit: Visit) -> None:
    day = visit.held_on or visit.planned_on
    tell(Happening.VISIT_HELD, Told(visit, day, visit.subject_kind, visit.subject_public_id))


def _add_problems(visit: Visit, given: VisitDetails) -> Changes:
    for text in given.problems:
        visit.problems.append(VisitFinding(position=len(visit.problems) + 1, text=text))
    return {"problems": ([], list(given.problems))} if given.problems else {}


def check(given: VisitDetails) -> None:
    """Held needs a day that is not in the future, and findings; what is planned has found nothing yet."""
    problems: dict[str, list[Message | str]] = {}
    if given.took_place and given.day > today():
        problems["day"] = [msg("A visit is recorded once it took place")]
    if given.took_place and not given.findings.strip():
        problems["findings"] = [msg("Say what was found")]
    if not given.visited and not given.visited_name:
        problems["visited"] = [msg("Say who is visited: from the directory, or by the name as reported")]
    if given.next_on and given.next_on <= given.day:
        problems["next_on"] = [msg("The follow-up comes after this visit")]
    if given.problems and not given.took_place:
        problems["problems"] = [msg("Findings are noted once the visit took place")]
    elif len(given.problems) > MOST_PROBLEMS:
        problems["problems"] = [msg("At most %(most)s lines", most=MOST_PROBLEMS)]
    if problems:
        raise Invalid(problems)
