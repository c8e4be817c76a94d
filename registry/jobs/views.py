"""The system administrator's page of the jobs. 系统状态页."""

from importlib import import_module

from flask import Blueprint, Flask, render_template
from flask.typing import ResponseReturnValue

from ..core.access.actions import Action
from ..core.dates import SHANGHAI, now
from ..core.web.guard import needs
from . import daily, dispatch, health, queries, reasons
from .models import JobStatus

blueprint = Blueprint("system", __name__)


def install(app: Flask) -> None:
    """Register the page, and what tells supervisors that all is well."""
    app.register_blueprint(blueprint)
    health.install(app)
    broker = app.extensions["settings"].celery_broker
    if broker:
        # Celery is installed only where it is wanted, so its module is not imported at the top.
        dispatch.use(broker, import_module("registry.jobs.celery_handover").broker(broker))


@blueprint.get("/system/jobs")
@needs(Action.SYSTEM_VIEW)
def index() -> ResponseReturnValue:
    """What waits, what failed, what the days did. Payloads are not shown: they belong to the business."""
    moment = now()
    since = queries.waiting_since(moment)
    return render_template(
        "jobs/index.html",
        counts=queries.counts(),
        minutes=int((moment - since).total_seconds() // 60) if since else None,
        running=queries.list_open(JobStatus.RUNNING),
        queued=queries.list_open(JobStatus.QUEUED),
        failed=queries.list_finished(JobStatus.FAILED),
        failed_kinds=queries.failed_kinds(),
        today=queries.done_since(moment.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)),
        said=reasons.read,
        done=queries.list_finished(JobStatus.DONE),
        days=queries.last_days(daily.kinds()),
    )
