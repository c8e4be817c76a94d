"""An agreement as it stood on a day, and two of its texts side by side. 历史与对照."""

from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue

from ...core.access.actions import Action
from ...core.dates import BadDate, parse_date, today
from ...core.errors import NotFound
from ...core.web.guard import actor, needs
from ...core.web.language import language
from .. import content, queries
from ..facts import party_facts
from ..models import Agreement, AgreementRevision
from ..revision_diff import differences
from .blueprint import blueprint
from .known import Known


@blueprint.get("/agreements/<public_id>/on/<day>")
@needs(Action.AGREEMENT_VIEW)
def past(public_id: str, day: str) -> ResponseReturnValue:
    """The agreement as it stood on a day."""
    agreement, on = queries.get_visible(public_id, actor()), _day(day)
    period = queries.period_of(agreement, on)
    revision = period.revision if period else None
    text = content.rendered(revision.content, party_facts(agreement, revision), language()) if revision else None
    return render_template(
        "agreements/past.html",
        agreement=agreement,
        on=on,
        period=period,
        revision=revision,
        text=text,
        parties=_parties(agreement, on),
        periods=queries.periods_of(agreement),
    )


def _day(text: str) -> date:
    try:
        return parse_date(text)
    except BadDate:
        raise NotFound from None


def _parties(agreement: Agreement, on: date) -> list[object]:
    """Who was bound on the day."""
    return [
        party
        for party in agreement.all_parties
        if (party.is_bound or party.left_on)
        and (party.joined_on is None or party.joined_on <= on)
        and (party.left_on is None or party.left_on > on)
    ]


@blueprint.get("/agreements/<public_id>/compare")
@needs(Action.AGREEMENT_VIEW)
def compare(public_id: str) -> ResponseReturnValue:
    """Two revisions by article and field, words marked; the last two unless the address names others."""
    known = Known(queries.get_visible(public_id, actor()), actor())
    before, after = _chosen(known)
    return render_template(
        "agreements/compare.html",
        agreement=known.agreement,
        revisions=known.revisions,
        before=before,
        after=after,
        rows=differences(known.agreement, before, after, language()),
        today=today(),
    )


def _chosen(known: Known) -> tuple[AgreementRevision, AgreementRevision]:
    """The revisions that the address names, among those that the reader may see."""
    rows = {row.no: row for row in known.revisions}
    if len(rows) < 2:
        raise NotFound
    after = rows.get(request.args.get("to", 0, int)) or known.revisions[-1]
    base = after.base if after.base and after.base.no in rows else None
    earlier = [row for row in known.revisions if row.no < after.no]
    before = rows.get(request.args.get("from", 0, int)) or base or (earlier[-1] if earlier else known.revisions[0])
    return before, after
