"""Mechanisms and meetings that tests begin with."""

from dataclasses import replace
from datetime import date

from registry.core.dates import Precision
from registry.mechanisms import services
from registry.mechanisms.enums import Rhythm
from registry.mechanisms.inputs import MechanismDetails, MeetingDetails, SideLine
from registry.mechanisms.models import DockingMechanism
from tests.agreements.scene import Scene


def mechanism_input(scene: Scene, **changes: object) -> MechanismDetails:
    """Between the bureau and the university, meeting every quarter."""
    sides = (SideLine(scene.bureau.organisation.public_id), SideLine(scene.university.organisation.public_id))
    given = MechanismDetails("沈阳市与西北工业大学初步对接合作机制", sides, rhythm=Rhythm.QUARTERLY)
    return replace(given, **changes)  # type: ignore[arg-type]  # any field of the details


def make_mechanism(scene: Scene, meetings: int = 0, **changes: object) -> DockingMechanism:
    """Kept by the bureau, with so many meetings; the caller holds the transaction."""
    made = services.enter(mechanism_input(scene, **changes), scene.bureau.handler)
    for number in range(meetings):
        services.record_meeting(made, meeting(date(2026, 3 + number, 2)), scene.bureau.handler)
    return made


def established(scene: Scene, meetings: int = 0) -> DockingMechanism:
    """With the day on which it was established."""
    return make_mechanism(scene, meetings, established_on=date(2026, 1, 5), established_precision=Precision.DAY)


def meeting(day: date, **changes: object) -> MeetingDetails:
    """A meeting with minutes and one decision."""
    given = MeetingDetails(day, "双方商定岗位征集安排", decisions=("四月底前征集岗位",))
    return replace(given, **changes)  # type: ignore[arg-type]  # any field of the details
