"""Jobs on Celery, where a site is large: only ids travel; rows, leases and retries stay in the database. Celery 交接.

Imported only when REGISTRY_CELERY_BROKER is set (and by `celery_worker.py`). The broker may lose what it likes: every
minute the sweep hands over again whatever is due.
"""

from collections.abc import Sequence

from celery import Celery
from flask import Flask

from ..core.db import db
from . import daily
from .dispatch import Dispatcher
from .leases import due_ids, run_next

RUN, SWEEP = "registry.run_job", "registry.sweep"
SWEEP_SECONDS = 60.0
MOST_AT_ONCE = 1_000


def client(broker: str) -> Celery:
    """Celery on this broker. Results are not kept there; a task is acknowledged when it is over."""
    made = Celery("registry", broker=broker)
    made.conf.update(
        task_ignore_result=True,
        task_acks_late=True,
        worker_prefetch_multiplier=1,
        broker_connection_retry_on_startup=True,
        beat_schedule={"sweep": {"task": SWEEP, "schedule": SWEEP_SECONDS}},
    )
    return made


def dispatcher(broker: str) -> Dispatcher:
    """What hands ids to this broker, giving up soon when it does not answer."""
    sender = client(broker)

    def send(ids: Sequence[int]) -> None:
        for job_id in ids:
            sender.send_task(RUN, args=[job_id], retry=False)

    return send


def worker(app: Flask) -> Celery:
    """The tasks, for `celery -A celery_worker worker --beat`."""
    made = client(app.extensions["settings"].celery_broker)

    def run(job_id: int) -> None:
        with app.app_context():
            run_next(job_id)
            db.session.remove()

    def sweep() -> None:
        with app.app_context():
            daily.enqueue_due()
            for job_id in due_ids(MOST_AT_ONCE):
                made.send_task(RUN, args=[job_id])
            db.session.remove()

    made.task(name=RUN)(run)
    made.task(name=SWEEP)(sweep)
    return made
