"""What the worker is still to add up: until then sums are too low. 待计汇总."""

from sqlalchemy import and_, or_, select

from ..core.db import db
from ..jobs.models import Job, JobStatus

FOLLOW_JOB, ENTER_JOB, READER_JOB = "overview.follow", "overview.enter", "overview.reader"
LEFT = (JobStatus.QUEUED, JobStatus.RUNNING, JobStatus.FAILED)


def reader_key(organisation_id: int) -> str:
    """The job that adds up for an organisation of which nothing was added up at once."""
    return str(organisation_id)


def is_added_up(organisation_id: int) -> bool:
    """Whether nothing was left to the worker that an organisation's sums would still lack."""
    of_all = Job.kind.in_((ENTER_JOB, FOLLOW_JOB))
    of_reader = and_(Job.kind == READER_JOB, Job.key == reader_key(organisation_id))
    left = select(Job.id).where(or_(of_all, of_reader), Job.status.in_(LEFT)).limit(1)
    return db.session.scalar(left) is None
