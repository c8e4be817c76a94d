"""Doing jobs outside the server. 任务命令."""

import signal
from types import FrameType

import click
from flask import current_app

from ..core.db import db, transaction
from ..core.errors import RegistryError
from ..jobs import daily as days
from ..jobs import leases, services
from ..jobs.worker import Worker
from .group import fail, registry


@registry.command()
@click.option("--once", is_flag=True, help="Do what is due and end.")
def work(*, once: bool) -> None:
    """Do jobs: beside a server without an embedded worker, as many of these as are needed."""
    if once:
        click.echo(f"{work_off()} jobs done or tried.")
        return
    worker = Worker(current_app._get_current_object())  # type: ignore[attr-defined]  # the thread needs the application

    def stop(_signal: int, _frame: FrameType | None) -> None:
        worker.ask_to_stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    worker.run()


@registry.command()
def daily() -> None:
    """Do what is to be done once a day, missed days too; call it every day, or every hour."""
    enqueued = days.enqueue_due()
    click.echo(f"{enqueued} daily tasks were due; {work_off()} jobs done or tried.")


@registry.command("retry-job")
@click.argument("public_id")
def retry_job(public_id: str) -> None:
    """Let a failed job be tried again."""
    try:
        with transaction():
            job = services.retry(public_id)
            name = f"{job.kind} {job.key}"
    except RegistryError as error:
        raise fail(error.message.english) from error
    click.echo(f"{name} will be tried again.")


def work_off() -> int:
    """Do every job that is due now; returns how many were tried."""
    done = 0
    while leases.run_next():
        done += 1
        db.session.rollback()
    return done
