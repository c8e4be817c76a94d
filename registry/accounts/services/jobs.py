"""The system administrator lets failed jobs be tried again."""

from ...audit.services import record
from ...core.access.actions import Action
from ...core.access.decision import Actor, decide
from ...jobs import services
from ...jobs.models import JobStatus


def retry(public_id: str, actor: Actor) -> None:
    """Try one failed job again.

    Raises Forbidden, NotFound, or Conflict for one that has not failed.
    """
    decide(actor, Action.SYSTEM_RETRY).enforce()
    job = services.retry(public_id)
    record(actor, Action.SYSTEM_RETRY, job, {"status": (JobStatus.FAILED, job.status)})


def retry_kind(kind: str, actor: Actor) -> int:
    """Try all failed jobs of one kind again, an event for each; returns how many.

    Raises Forbidden.
    """
    decide(actor, Action.SYSTEM_RETRY).enforce()
    failed = services.failed_of(kind)
    for public_id in failed:
        retry(public_id, actor)
    return len(failed)
