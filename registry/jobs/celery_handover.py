"""Jobs on Celery, where a site is large: only ids travel; rows, leases and retries stay in the database. Celery 交接.

Imported only when REGISTRY_CELERY_BROKER is set (and by `celery_worker.py`). The broker may lose what it likes: every
minute the sweep hands over again whatever is due.
"""

from collections.abc import Sequence
from typing import Any

from celery import Celery
from celery.signals import worker_process_init
from flask import Flask

from ..core.db import db
from . import daily, heartbeat
from .dispatch import Broker
from .leases import due_ids, run_next
from .models import WorkerKind

RUN, SWEEP = "registry.run_job", "registry.sweep"
SWEEP_SECONDS = 60.0
# An id that waited so long has been handed over again by a sweep: the queue does not grow while the work is slow.
EXPIRES_SECONDS = 120.0
MOST_AT_ONCE = 1_000
# A commit waits for the broker no longer than this, once; what is not handed over is found by the sweep.
SEND_SECONDS = 1.0


def client(broker: str) -> Celery:
    """Celery on this broker. Results are not kept there; a task is acknowledged when it is over."""
    made = Celery("registry", broker=broker)
    made.conf.update(
        task_ignore_result=True,
        task_acks_late=True,
        worker_prefetch_multiplier=1,
        # A broker that is gone comes back some day; until then the workers wait.
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        # Our own logs: one JSON object a line, secrets masked.
        worker_hijack_root_logger=False,
        # The sweep needs no memory, so each worker may bring one, on a file system that takes no writes.
        beat_scheduler="celery.beat:Scheduler",
        beat_schedule={
            "sweep": {"task": SWEEP, "schedule": SWEEP_SECONDS, "options": {"expires": SWEEP_SECONDS}},
        },
    )
    return made


def broker(address: str) -> Broker:
    """What hands ids to this broker and asks whether it answers; both give up soon when it does not."""
    sender = client(address)
    if address.startswith(("redis", "sentinel")):
        sender.conf.broker_transport_options = _impatient()

    def send(ids: Sequence[int]) -> None:
        for job_id in ids:
            sender.send_task(RUN, args=[job_id], retry=False, expires=EXPIRES_SECONDS)

    def answers() -> bool:
        with sender.connection_for_write() as connection:
            return bool(connection.default_channel)  # opening it asks the broker

    return Broker(send, answers)


def _impatient() -> dict[str, Any]:
    """Without these the client tries for six seconds, in the request of somebody whose work is saved already."""
    return {
        "max_retries": 0,
        "connect_retries_timeout": SEND_SECONDS,
        "socket_connect_timeout": SEND_SECONDS,
        "socket_timeout": SEND_SECONDS,
    }


def worker(app: Flask) -> Celery:
    """The tasks, for `celery -A celery_worker worker --beat`."""
    made = client(app.extensions["settings"].celery_broker)

    def run(job_id: int) -> None:
        with app.app_context():
            run_next(job_id)
            db.session.remove()

    def sweep() -> None:
        with app.app_context():
            heartbeat.beat(WorkerKind.CELERY)
            daily.enqueue_due()
            for job_id in due_ids(MOST_AT_ONCE):
                made.send_task(RUN, args=[job_id], expires=EXPIRES_SECONDS)
            db.session.remove()

    def part(**_given: object) -> None:
        with app.app_context():
            db.engine.dispose(close=False)  # what the parent opened is the parent's

    made.task(name=RUN, shared=False)(run)
    made.task(name=SWEEP, shared=False)(sweep)
    worker_process_init.connect(part, weak=False)
    return made
