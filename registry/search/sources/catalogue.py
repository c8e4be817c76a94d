"""All sources, in the order in which their hits are shown. A further kind of record is one more line here."""

from collections.abc import Mapping

from ...activities.enums import ActivityState
from ...activities.models import Activity, ActivityParty
from ...bases.enums import BaseState
from ...bases.models import InternshipBase
from ...commitments.enums import CommitmentState
from ...commitments.models import Commitment, CommitmentSide
from ...core.access.actions import Action
from ...core.i18n import msg
from ...docking.enums import LOST
from ...docking.enums import Stage as DockingStage
from ...docking.models import DockingCase
from ...mechanisms.enums import Stage as MechanismStage
from ...mechanisms.models import DockingMechanism, MechanismParty
from ...tasks.enums import TaskState
from ...tasks.models import Task, TaskUnit
from ...visits.enums import VisitState
from ...visits.models import Visit
from ...workstations.enums import WorkstationState
from ...workstations.models import Workstation, WorkstationFounder
from .agreements import AGREEMENTS, EVENTS
from .base import Places, Source, State, shared
from .organisations import ORGANISATIONS

MECHANISM_PLACES = Places(
    record=MechanismParty.mechanism_id,
    organisation=MechanismParty.organisation_id,
    name=MechanismParty.name_as_reported,
    order=MechanismParty.position,
)
WORKSTATION_PLACES = Places(
    own=[(Workstation.host_id, None)],
    record=WorkstationFounder.workstation_id,
    organisation=WorkstationFounder.organisation_id,
    order=WorkstationFounder.position,
)
ACTIVITY_PLACES = Places(
    record=ActivityParty.activity_id,
    organisation=ActivityParty.organisation_id,
    name=ActivityParty.name_as_reported,
    order=ActivityParty.position,
)
TASK_PLACES = Places(
    own=[(Task.lead_id, None)],
    record=TaskUnit.task_id,
    organisation=TaskUnit.organisation_id,
    order=TaskUnit.position,
)
VISIT_PLACES = Places(own=[(Visit.visitor_id, None), (Visit.visited_id, Visit.visited_name)])
COMMITMENT_PLACES = Places(
    record=CommitmentSide.commitment_id,
    organisation=CommitmentSide.organisation_id,
    order=CommitmentSide.position,
)
DOCKING_PLACES = Places(
    own=[
        (DockingCase.enterprise_id, DockingCase.enterprise_as_reported),
        (DockingCase.university_id, None),
        (DockingCase.bureau_id, None),
    ]
)

BASE_PLACES = Places(
    own=[(InternshipBase.employer_id, InternshipBase.employer_as_reported), (InternshipBase.university_id, None)]
)


def docking_state(code: str) -> State:
    """The stage that was reached, or that the case was lost."""
    return (msg("Lost"), "bad") if code == LOST else (DockingStage(code).label, DockingStage(code).tone)


def mechanism_state(code: str) -> State:
    """How far a mechanism has come."""
    return MechanismStage(code).label, MechanismStage(code).tone


def workstation_state(code: str) -> State:
    """The state of a workstation."""
    return WorkstationState(code).label, WorkstationState(code).tone


def visit_state(code: str) -> State:
    """Whether a visit took place."""
    return VisitState(code).label, VisitState(code).tone


def activity_state(code: str) -> State:
    """Whether an activity took place."""
    return ActivityState(code).label, ActivityState(code).tone


def task_state(code: str) -> State:
    """How far a task is."""
    return TaskState(code).label, TaskState(code).tone


def commitment_state(code: str) -> State:
    """Whether a promise is only proposed, runs, or is over."""
    return CommitmentState(code).label, CommitmentState(code).tone


def base_state(code: str) -> State:
    """Whether a base is kept up."""
    return BaseState(code).label, BaseState(code).tone


SOURCES: tuple[Source, ...] = (
    AGREEMENTS,
    ORGANISATIONS,
    Source(
        "mechanism",
        msg("Docking mechanisms"),
        "mechanisms.show",
        "link-45deg",
        Action.MECHANISM_VIEW,
        state=mechanism_state,
        **shared(DockingMechanism, MECHANISM_PLACES),
    ),
    Source(
        "workstation",
        msg("Workstations"),
        "workstations.show",
        "building",
        Action.WORKSTATION_VIEW,
        state=workstation_state,
        **shared(Workstation, WORKSTATION_PLACES, numbers=[Workstation.number], words=[Workstation.place]),
    ),
    Source(
        "docking_case",
        msg("Enterprise docking"),
        "docking.show",
        "briefcase",
        Action.DOCKING_VIEW,
        state=docking_state,
        **shared(DockingCase, DOCKING_PLACES, numbers=[DockingCase.uscc]),
    ),
    Source(
        "visit",
        msg("Visits"),
        "visits.show",
        "signpost-split",
        Action.VISIT_VIEW,
        state=visit_state,
        **shared(Visit, VISIT_PLACES, numbers=[Visit.visited_uscc]),
    ),
    Source(
        "activity",
        msg("Activities"),
        "activities.show",
        "people",
        Action.ACTIVITY_VIEW,
        state=activity_state,
        **shared(Activity, ACTIVITY_PLACES, words=[Activity.programme, Activity.place]),
    ),
    Source(
        "task",
        msg("Tasks"),
        "tasks.show",
        "list-check",
        Action.TASK_VIEW,
        state=task_state,
        **shared(Task, TASK_PLACES),
    ),
    Source(
        "commitment",
        msg("Commitments"),
        "commitments.show",
        "clipboard-check",
        Action.COMMITMENT_VIEW,
        state=commitment_state,
        **shared(Commitment, COMMITMENT_PLACES, numbers=[Commitment.code]),
    ),
    Source(
        "base",
        msg("Traineeship and internship bases"),
        "bases.show",
        "mortarboard",
        Action.BASE_VIEW,
        state=base_state,
        **shared(InternshipBase, BASE_PLACES, numbers=[InternshipBase.approval_no, InternshipBase.uscc]),
    ),
    EVENTS,
)
BY_KIND: Mapping[str, Source] = {source.kind: source for source in SOURCES}
