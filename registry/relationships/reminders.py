"""Silent relationships, found every day: a task for the bureau and the university, until somebody acts. 静默提醒.

The registry opens one task per relationship (its key), and settles it when something happens or a reason is given.
"""

from datetime import date

from sqlalchemy import Select, select

from ..core.db import db, transaction
from ..core.i18n import msg
from ..jobs.daily import daily
from ..organisations.models import Organisation, OrganisationKind, OrganisationStatus
from ..tasks import services as tasks
from ..tasks.enums import TaskSource
from ..tasks.inputs import NewTask
from .models import Relationship, RelationshipSide
from .queries import is_dormant

BATCH = 100
DAYS_TO_ACT = 10  # working days
LONGEST_TITLE = 200
SILENT = ("超过180天没有活动", "nothing has happened for more than 180 days")
UNDATED = ("没有任何有日期的活动", "no day of any activity is known")
MOVES_AGAIN = "已有新的活动，或已说明静默原因"


@daily("relationships.silent", msg("Reminders: silent relationships"))
def remind(day: date) -> None:
    """Open a task for every relationship that has been silent for more than 180 days without a reason; settle others.

    Each batch is a transaction of its own; a task that is open stays the one, so a second run changes nothing.
    """
    last = 0
    while True:
        with transaction():
            found = db.session.scalars(_silent(day, last)).all()
            for relationship in found:
                _remind(relationship)
        if not found:
            return
        last = found[-1].id


def key_of(relationship: Relationship) -> str:
    """The key of its task."""
    return f"relationship-silent:{relationship.public_id}"


def settle(relationship: Relationship) -> None:
    """Its cause is gone: close the task, if there is one."""
    tasks.settle_key(key_of(relationship), MOVES_AGAIN)


def _silent(day: date, after: int) -> Select[Relationship]:
    works = Relationship.university.has(Organisation.status == OrganisationStatus.ACTIVE)  # else nothing can be done
    wanted = (is_dormant(day), Relationship.id > after, Relationship.records.any(), works)
    return select(Relationship).where(*wanted).order_by(Relationship.id).limit(BATCH)


def _remind(relationship: Relationship) -> None:
    lead = _lead(relationship)
    zh, en = SILENT if relationship.last_active_on else UNDATED
    school = relationship.university.public_id
    tasks.assign(
        NewTask(
            title_zh=f"推进或说明：{relationship.title_zh}{zh}"[:LONGEST_TITLE],
            title_en=f"Act or explain: {relationship.title_en or relationship.title_zh}, {en}"[:LONGEST_TITLE],
            source=TaskSource.REMINDER,
            lead=lead,
            days=DAYS_TO_ACT,
            supporting=(school,) if school != lead else (),
            subject_kind=Relationship.kind_code,
            subject_public_id=relationship.public_id,
            key=key_of(relationship),
        ),
        None,
    )


def _lead(relationship: Relationship) -> str:
    """The bureau among those who take part, else another of the locality, else the university."""
    statement = (
        select(Organisation.public_id)
        .join(RelationshipSide, RelationshipSide.organisation_id == Organisation.id)
        .where(
            RelationshipSide.relationship_id == relationship.id,
            Organisation.id != relationship.university_id,
            Organisation.status == OrganisationStatus.ACTIVE,
        )
        .order_by(
            Organisation.kind != OrganisationKind.HR_BUREAU,
            Organisation.region_code != relationship.locality_code,  # a county's comes after the city's
            Organisation.id,
        )
    )
    return db.session.scalar(statement.limit(1)) or relationship.university.public_id
