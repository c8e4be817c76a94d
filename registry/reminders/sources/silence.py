"""Workstations without a sign of life for 90 days, for founders and host. 工作站静默."""

from sqlalchemy import func, select

from ...agreements.models import Agreement
from ...workstations.marks import SILENT_DAYS
from ...workstations.models import Workstation, WorkstationVisibility
from ..rules import Rule
from .agreements import IS_SUSPENDED
from .base import Source, days_later

# The tasks that the registry opens for both sides: this rule tells of the same.
COVERED_TASKS = "workstation-silent:%"

SOURCE = Source(
    rule=Rule.SILENCE,
    kind=Workstation.kind_code,
    statement=select(
        Workstation.public_id,
        Workstation.title_zh,
        Workstation.title_en,
        Workstation.agreement_id,
        func.coalesce(IS_SUSPENDED, False).label("suspended"),
    )
    .join(WorkstationVisibility, WorkstationVisibility.record_id == Workstation.id)
    .outerjoin(Agreement, Agreement.id == Workstation.agreement_id)
    .where(WorkstationVisibility.is_party),
    anchor=Workstation.quiet_since,
    number=Workstation.id,
    organisation_id=WorkstationVisibility.organisation_id,
    public_id=Workstation.public_id,
    count=days_later(SILENT_DAYS),
)
