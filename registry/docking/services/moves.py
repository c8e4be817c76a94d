"""Moving a case on: stages reached with their counts, left out, planned, corrected; lost and reopened. 推进与更正。"""

from collections.abc import Mapping
from typing import Any

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.dates import today
from ...core.errors import Conflict, Invalid, Unmet
from ...core.i18n import Message, msg
from ...organisations import uscc
from ...records.services import Changes, moved, require_reason, settle
from .. import policy
from ..counts import OF_STAGE
from ..enums import EntryStatus, Stage
from ..inputs import Correction, Loss, Plan, StageDetails
from ..models import DockingCase, DockingStageEntry
from . import reminders
from .checks import Stages, check_corrected, check_plan, check_reached

EVIDENCE = ("evidence", "evidence_url")


def advance(case: DockingCase, stage: Stage, given: StageDetails, actor: User) -> DockingStageEntry:
    """Record that a later stage was reached; the stages before it are left out with the reason given.

    Verification needs a valid USCC and at least one post; on-boarding schedules the checks after 6 and 12 months.
    Counts that rise where they should fall are warned of, not refused. Raises Forbidden, Conflict, Unmet, Invalid.
    """
    policy.may_advance(actor, case, stage).enforce()
    if stage is Stage.VERIFIED and not uscc.is_valid(case.credit_code):
        raise Unmet([msg("Enter the valid unified social credit code of the enterprise first")])
    left_out = case.unexplained(stage)
    check_reached(case, stage, given, left_out)
    for one in left_out:
        _leave_out(case, one, given.skip_reason, actor)
    before, told = case.state_code, case.warnings
    entry = _entry(case, stage)
    changes = _reach(entry, given, actor)
    case.move(stage, given.actual_on)
    if stage is Stage.ONBOARDED:
        reminders.schedule_checks(case, given.actual_on)
    reminders.moved_on(case, left_out)
    case.wait()
    changes |= moved(before, case.state_code) | _told(case, told)
    if left_out:
        changes["skipped"] = (None, Stages.of(left_out))
    settle(case, actor, Action.DOCKING_ADVANCE, changes, given.skip_reason if left_out else "")
    return entry


def correct(case: DockingCase, stage: Stage, given: Correction, actor: User) -> None:
    """Put counts, day and evidence of a reached stage right; the audit keeps the old values.

    Whatever was known already changes with a reason only. Raises Forbidden, Conflict, Invalid by field.
    """
    policy.may_correct(actor, case, stage).enforce()
    entry = _entry(case, stage)
    check_corrected(case, entry, given)
    told, day = case.warnings, entry.actual_on
    changes = _corrections(entry, given)
    if any(before not in (None, "") for before, _after in changes.values()) and not given.reason.strip():
        raise Invalid({"why": [msg("Give a reason: the record keeps what stood here before")]})
    if not changes:
        return
    for name, (_before, after) in changes.items():
        setattr(entry, name, after)
    if case.sort_on == day and stage is case.stage:
        case.sort_on = given.actual_on
    if stage is Stage.ONBOARDED and day != given.actual_on:
        reminders.schedule_checks(case, given.actual_on)
    reminders.count_anew(case)
    changes = {"stage": (None, stage)} | changes | _told(case, told)
    settle(case, actor, Action.DOCKING_RECORD, changes, given.reason)


def plan(case: DockingCase, days: Plan, actor: User) -> None:
    """Say for which days the stages ahead are planned; an empty day takes a plan away.

    Raises Forbidden, Conflict when it is lost, Invalid where a day lies before the last stage or before an earlier one.
    """
    decide(actor, Action.DOCKING_EDIT, case).enforce()
    check_plan(case, days)
    changes: Changes = {}
    for stage in case.ahead:
        entry = case.entry_of(stage)
        before, after = entry.planned_on if entry else None, days.get(stage)
        if before == after or case.is_skipped(stage):
            continue
        changes[f"plan_{stage}"] = (before, after)
        if after is None and entry is not None:
            case.entries.remove(entry)
        elif after is not None:
            _entry(case, stage).planned_on = after
        reminders.plan_changed(case, stage)
    if changes:
        reminders.count_anew(case)
        settle(case, actor, Action.DOCKING_EDIT, changes)


def skip(case: DockingCase, reason: str, actor: User) -> None:
    """Leave the next stage out: no movement. Raises Forbidden, Conflict at the end, Invalid without a reason."""
    policy.may_skip(actor, case).enforce()
    require_reason(reason)
    stage = case.next_stage
    if stage is None:
        raise Conflict(msg("No stage lies ahead"))
    _leave_out(case, stage, reason, actor)
    reminders.settle_check(case, stage)
    reminders.count_anew(case)
    settle(case, actor, Action.DOCKING_SKIP, {"skipped": (None, stage.label)}, reason)


def lose(case: DockingCase, given: Loss, actor: User) -> None:
    """It came to nothing. Raises Forbidden, Conflict, Invalid without words."""
    decide(actor, Action.DOCKING_LOSE, case).enforce()
    if not given.words.strip():
        raise Invalid({"words": [msg("Say in words how it came about")]})
    before = case.state_code
    case.lose(given.drop_reason, given.words, today())
    reminders.settle_all(case)
    case.wait()
    changes = moved(before, case.state_code) | {"drop_reason": (None, given.drop_reason)}
    settle(case, actor, Action.DOCKING_LOSE, changes, given.words)


def reopen(case: DockingCase, reason: str, actor: User) -> None:
    """Lost → where it was. Raises Forbidden, Conflict when it is not lost, Invalid without a reason."""
    decide(actor, Action.DOCKING_REOPEN, case).enforce()
    require_reason(reason)
    before, why = case.state_code, case.drop_reason
    case.reopen(today())
    reminders.open_checks(case)
    reminders.count_anew(case)
    changes = moved(before, case.state_code) | {"drop_reason": (why, None)}
    settle(case, actor, Action.DOCKING_REOPEN, changes, reason)


def _entry(case: DockingCase, stage: Stage) -> DockingStageEntry:
    """The row of a stage, made where there is none."""
    found = case.entry_of(stage)
    if found is None:
        found = DockingStageEntry(stage=stage, position=stage.position, status=EntryStatus.PLANNED)
        case.entries.append(found)
    return found


def _reach(entry: DockingStageEntry, given: StageDetails, actor: User) -> Changes:
    entry.status, entry.actual_on, entry.skip_reason = EntryStatus.REACHED, given.actual_on, ""
    entry.recorded_by_id, entry.organisation_id = actor.id, actor.organisation_id
    changes: Changes = {"actual_on": (None, given.actual_on)}
    values = _counts(entry.stage, given.counts) | {name: getattr(given, name) for name in EVIDENCE}
    for name, value in values.items():
        setattr(entry, name, value)
        if value not in (None, ""):
            changes[name] = (None, value)
    return changes


def _counts(stage: Stage, given: Mapping[str, int | None]) -> dict[str, Any]:
    """The counts that belong to a stage, and no others."""
    return {name: given.get(name) for name in OF_STAGE[stage]}


def _corrections(entry: DockingStageEntry, given: Correction) -> Changes:
    values = _counts(entry.stage, given.counts) | {name: getattr(given, name) for name in ("actual_on", *EVIDENCE)}
    before = {name: getattr(entry, name) for name in values}
    return {name: (before[name], value) for name, value in values.items() if before[name] != value}


def _leave_out(case: DockingCase, stage: Stage, reason: str, actor: User) -> None:
    entry = _entry(case, stage)
    entry.status, entry.skip_reason = EntryStatus.SKIPPED, reason
    entry.recorded_by_id, entry.organisation_id = actor.id, actor.organisation_id


def _told(case: DockingCase, before: list[Message]) -> Changes:
    """Warnings that came up with this change, for the audit."""
    fresh = [one for one in case.warnings if one not in before]
    return {"warning": (None, "; ".join(one.english for one in fresh))} if fresh else {}
