"""The system administrator's pages of the jobs. 系统状态页."""

from datetime import datetime, timedelta
from importlib import import_module

from flask import Blueprint, Flask, render_template, request
from flask.typing import ResponseReturnValue

from ..core.access.actions import Action
from ..core.dates import SHANGHAI, now
from ..core.dates import today as this_day
from ..core.web.forms import Form
from ..core.web.guard import needs
from ..core.web.paging import PAGE_SIZE, Page, offset, page_number
from . import condition, daily, dispatch, health, queries, reasons, registry
from .models import JobStatus
from .queries import Wanted

DAYS = 7
LONGEST_WORD = 120
blueprint = Blueprint("system", __name__)


def install(app: Flask) -> None:
    """Register the pages, and what tells supervisors that all is well."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals |= {"job_title": registry.title_of, "job_reason": reasons.read}
    health.install(app)
    broker = app.extensions["settings"].celery_broker
    if broker:
        # Celery is installed only where it is wanted, so its module is not imported at the top.
        dispatch.use(broker, import_module("registry.jobs.celery_handover").broker(broker))


@blueprint.get("/system/jobs")
@needs(Action.SYSTEM_VIEW)
def index() -> ResponseReturnValue:
    """How things stand, what fails and why, what the days did. Payloads are not shown: they belong to the business."""
    moment = now()
    days = [this_day() - timedelta(days=number) for number in range(DAYS)]
    runs = queries.daily_runs(daily.kinds(), days[-1], days[0])
    counts, failing, workers = queries.counts(), queries.failing(), queries.list_workers()
    today = [day_runs[days[0]].status if days[0] in day_runs else None for day_runs in runs.values()]
    lines = (
        condition.worker(workers[0].seen_at if workers else None, moment, is_busy=queries.is_busy(moment)),
        condition.broker(dispatch.broker_answers()),
        condition.today(today),
        condition.waiting(queries.waiting_since(moment), moment),
        condition.failures(counts, min((kind.first_at for kind in failing), default=None), moment),
    )
    return render_template(
        "jobs/index.html",
        lines=[line for line in lines if line],
        counts=counts,
        failing=failing,
        workers=[(row, condition.worker(row.seen_at, moment, is_busy=False)) for row in workers],
        days=days,
        runs=runs,
        last=queries.last_days(daily.kinds()),
        titles={name: registry.title_of(kind) for name, kind in daily.kinds().items()},
        running=queries.list_open(JobStatus.RUNNING),
        queued=queries.list_open(JobStatus.QUEUED),
        today=queries.done_since(_midnight(moment)),
    )


@blueprint.get("/system/jobs/list")
@needs(Action.SYSTEM_VIEW)
def listed() -> ResponseReturnValue:
    """Jobs of one status, by kind and key; the failed ones unless another is asked for."""
    form = Form({name: request.args.get(name, "")[:LONGEST_WORD].strip() for name in ("kind", "key")})
    wanted = Wanted(_status(), form.value("kind"), form.value("key"))
    number = page_number()
    rows, total = queries.list_jobs(wanted, offset(number), PAGE_SIZE)
    kinds = sorted({*registry.kinds(), *filter(None, [wanted.kind])})
    return render_template(
        "jobs/list.html",
        page=Page(rows, number, total),
        form=form,
        wanted=wanted,
        statuses=JobStatus,
        kinds=[(kind, f"{registry.title_of(kind)} ({kind})") for kind in kinds],
    )


@blueprint.get("/system/jobs/<public_id>")
@needs(Action.SYSTEM_VIEW)
def show(public_id: str) -> ResponseReturnValue:
    """One job and the attempts at it."""
    job = queries.get(public_id)
    return render_template("jobs/show.html", job=job, attempts=queries.list_attempts(job.id))


def _status() -> JobStatus:
    given = request.args.get("status", "")
    return JobStatus(given) if given in set(JobStatus) else JobStatus.FAILED


def _midnight(moment: datetime) -> datetime:
    return moment.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
