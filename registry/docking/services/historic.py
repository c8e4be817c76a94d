"""Cases that a ledger tells of: entered as far as its days reach, what lies between is left out. 台账转入的对接事项。

A stage without its day is not reached: nothing is guessed. Verification is a person's act in the registry, so a ledger
never says that a need was verified.
"""

from collections.abc import Mapping, Sequence

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.dates import today
from ...records.many import Made, keep_many
from ..enums import DropReason, EntryStatus, Stage
from ..inputs import CaseDetails, StageDetails
from ..models import DockingCase, DockingStageEntry
from . import cases
from .checks import check_reached

LEFT_OUT = "台账未载明"
LOST = "台账载明未成"


def make(
    given: CaseDetails, reached: Mapping[Stage, StageDetails], lost: DropReason | None, actor: User
) -> Made[DockingCase]:
    """A case with the stages that were reached, not in the session yet. Raises Forbidden, Invalid by field."""
    made = cases.make(given, actor)
    case = made.record
    for stage in sorted(reached, key=lambda one: one.position):
        _reach(case, stage, reached[stage], actor)
    if lost is not None:
        case.lose(lost, LOST, today())
    case.wait()
    return Made(case, made.changes | {"state": (None, case.state_code)})


def enter_many(made: Sequence[Made[DockingCase]], actor: User) -> list[str]:
    """Enter many in a few statements; returns their public ids. Raises Forbidden."""
    decide(actor, Action.DOCKING_ADD).enforce()
    return keep_many(made, actor, Action.DOCKING_ADD)


def _reach(case: DockingCase, stage: Stage, given: StageDetails, actor: User) -> None:
    left_out = case.unexplained(stage)
    check_reached(case, stage, given, left_out)
    for one in left_out:
        case.entries.append(_entry(one, actor, status=EntryStatus.SKIPPED, skip_reason=given.skip_reason))
    reached = _entry(stage, actor, status=EntryStatus.REACHED, actual_on=given.actual_on)
    for name, count in given.counts.items():
        setattr(reached, name, count)
    case.entries.append(reached)
    case.move(stage, given.actual_on)


def _entry(stage: Stage, actor: User, **values: object) -> DockingStageEntry:
    return DockingStageEntry(
        stage=stage, position=stage.position, recorded_by_id=actor.id, organisation_id=actor.organisation_id, **values
    )
