"""What is expected of a year, and the grade that a person decides for it. 年度目标与考核。"""

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.dates import today
from ...core.db import db
from ...core.errors import Conflict, Invalid
from ...core.i18n import msg
from ...jobs import reasons
from ...records.services import settle
from .. import grading, queries
from ..inputs import Targets, Verdict
from ..models import Workstation, WorkstationAssessment, WorkstationTarget
from . import reminders


def set_targets(station: Workstation, given: Targets, actor: User) -> None:
    """Set a year's targets by kind. Raises Forbidden, Conflict once the year's grade is decided."""
    decide(actor, Action.WORKSTATION_SET_TARGETS, station).enforce()
    if queries.standing(station, given.year) is not None:
        raise Conflict(msg("The grade of this year is decided; its targets stay"))
    before = queries.targets_in([station.id], given.year)[station.id]
    table = WorkstationTarget
    db.session.execute(db.delete(table).where(table.workstation_id == station.id, table.year == given.year))
    for kind, target in given.targets.items():
        db.session.add(table(workstation_id=station.id, year=given.year, kind=kind, target=target))
    after = dict(given.targets)
    changes = {
        f"target_{kind}": (before.get(kind), after.get(kind))
        for kind in before.keys() | after.keys()
        if before.get(kind) != after.get(kind)
    }
    settle(station, actor, Action.WORKSTATION_SET_TARGETS, {"year": (None, given.year)} | changes)


def suggestion(station: Workstation, year: int) -> grading.Suggestion:
    """What the figures up to the year's end, or today, suggest."""
    return grading.suggest(queries.figures_of(station, year, today()))


def decide_grade(station: Workstation, given: Verdict, actor: User) -> WorkstationAssessment:
    """A person decides a year's grade. What was decided is not changed: a later one replaces it, with a reason.

    Raises Forbidden, Conflict while the station is in preparation or withdrawn, Invalid without the reason that is
    required where the grade differs from the suggestion or replaces one, or for a year without operation.
    """
    decide(actor, Action.WORKSTATION_ASSESS, station).enforce()
    _check_year(station, given.year)
    suggested = suggestion(station, given.year)
    before = queries.standing(station, given.year)
    if not given.reason and (before is not None or given.grade is not suggested.grade):
        why = msg("Say why this replaces what was decided") if before else msg("Say why it differs from the suggestion")
        raise Invalid({"why": [why]})
    if before is not None:
        before.superseded_reason = given.reason
        db.session.flush()
    decided = WorkstationAssessment(
        workstation_id=station.id,
        year=given.year,
        suggested=suggested.grade,
        reasons=[reasons.written(one) for one in suggested.reasons],
        grade=given.grade,
        reason=given.reason,
        decided_on=today(),
        decided_by_id=actor.id,
        organisation_id=actor.organisation_id,
    )
    db.session.add(decided)
    changes = {"year": (None, given.year), "grade": (before.grade if before else None, given.grade)}
    settle(station, actor, Action.WORKSTATION_ASSESS, changes, given.reason)
    reminders.review(station)
    return decided


def _check_year(station: Workstation, year: int) -> None:
    first = station.started_on.year if station.started_on else year
    if not first <= year <= today().year:
        raise Invalid({"year": [msg("The station did not operate in this year")]})
