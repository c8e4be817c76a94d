"""What each figure means (口径), and who is reached where a figure tells of coverage. 指标口径页。"""

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from ...core.access.actions import Action
from ...core.dates import BadDate, parse_date, today
from ...core.db import db
from ...core.errors import NotFound
from ...core.i18n import msg
from ...core.web.guard import actor, needs
from ...organisations.models import Organisation, Region
from ..cut import Cut, month_of
from ..metrics.codes import MetricCode
from ..metrics.dictionary import METRICS, SUBJECTS
from ..queries.figures import figures, reached
from ..queries.places import localities_counted, universities_counted
from .behind import address
from .blueprint import blueprint

SUBJECT_LABELS = {
    "agreements": msg("Agreements"),
    "promises": msg("Promises"),
    "activities": msg("Activities"),
    "visits": msg("Visits"),
    "workstations": msg("Workstations"),
    "mechanisms": msg("Docking mechanisms"),
    "docking": msg("Docking cases"),
    "bases": msg("Traineeship and internship bases"),
}
CUTS = {
    "period": msg("period"),
    "locality": msg("locality"),
    "university": msg("university"),
    "programme": msg("programme"),
}
COVERAGE = {
    MetricCode.LOCALITIES_COVERED: MetricCode.AGREEMENTS_IN_FORCE,
    MetricCode.DETAILS_COMPLETE: MetricCode.AGREEMENTS_IN_FORCE,
    MetricCode.UNIVERSITIES_COVERED: MetricCode.AGREEMENTS_IN_FORCE,
}


@blueprint.get("/metrics")
@needs(Action.HOME_VIEW)
def metrics() -> ResponseReturnValue:
    """The whole dictionary; each metric has an anchor of its own."""
    return render_template(
        "dashboards/metrics.html", subjects=SUBJECTS, labels=SUBJECT_LABELS, cuts=CUTS, today=today()
    )


@blueprint.get("/coverage")
@needs(Action.AGREEMENT_VIEW)
def coverage() -> ResponseReturnValue:
    """Which localities or universities are reached, one by one, and their agreements."""
    code, cut = asked()
    found = reached(actor(), cut, code)
    return render_template(
        "dashboards/coverage.html",
        metric=METRICS[code],
        figure=figures(actor(), cut, [code])[code],
        places=[_place(row, row.key in found, code, cut) for row in _places(code, cut)],
        cut=cut,
        day=cut.stands_on(today()),
    )


def asked() -> tuple[MetricCode, Cut]:
    """Raises NotFound for what is no metric of coverage, or no university that the registry knows."""
    given = request.args.get("code", str(MetricCode.LOCALITIES_COVERED))
    if given not in set(COVERAGE):
        raise NotFound
    first, last = _month("from"), _month("to")
    university = request.args.get("university", "")[:26]
    number = db.session.scalar(select(Organisation.id).where(Organisation.public_id == university)) or 0
    if university and not number:
        raise NotFound
    return MetricCode(given), Cut(first, max(first, last), request.args.get("locality", "")[:6], number)


def _month(name: str) -> int:
    try:
        return month_of(parse_date(f"{request.args.get(name, '')}-01"))
    except BadDate:
        return month_of(today())


def _places(code: MetricCode, cut: Cut) -> Any:
    """All that could be reached, in the order of codes."""
    if code is MetricCode.UNIVERSITIES_COVERED:
        wanted = universities_counted().with_only_columns(
            Organisation.id.label("key"), Organisation.public_id, Organisation.name_zh, Organisation.name_en
        )
        if cut.university_id:
            wanted = wanted.where(Organisation.id == cut.university_id)
        return db.session.execute(wanted.order_by(Organisation.moe_code, Organisation.id)).all()
    there = localities_counted().with_only_columns(Region.code.label("key"), Region.name_zh, Region.name_en)
    return db.session.execute(there.where(Region.code == cut.locality) if cut.locality else there).all()


def _place(row: Any, is_reached: bool, code: MetricCode, cut: Cut) -> dict[str, Any]:
    metric = METRICS[COVERAGE[code]]
    if code is MetricCode.UNIVERSITIES_COVERED:
        narrowed = Cut(cut.first, cut.last, cut.locality, row.key)
        link = address(metric, narrowed, row.public_id)
    else:
        link = address(metric, Cut(cut.first, cut.last, row.key, cut.university_id))
    return {"zh": row.name_zh, "en": row.name_en, "is_reached": is_reached, "link": link}
