"""Tables of workstations. 人才工作站数据表."""

from .record import WorkstationActivity, WorkstationAssessment, WorkstationSign, WorkstationTarget
from .station import Workstation, WorkstationFounder, WorkstationVisibility

__all__ = [
    "Workstation", "WorkstationActivity", "WorkstationAssessment", "WorkstationFounder", "WorkstationSign",
    "WorkstationTarget", "WorkstationVisibility",
]  # fmt: skip
