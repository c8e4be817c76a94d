"""The funnel by city, university or industry, and how long cases stay in each stage; what an agreement led to."""

from typing import Protocol

from flask import render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.web.guard import actor, needs
from ...core.web.words import in_words
from ...organisations.models import Organisation
from ...organisations.queries.lookup import choices_where
from ...records.views import addresses
from ..enums import Stage
from ..queries import AGREEMENT, Grouping, figures_of, outcome_of, regions_named, sections_named
from .blueprint import blueprint
from .filters import filter_form, wanted_filter

GROUPS_SHOWN = 200


class Known(Protocol):
    """A record with an address."""

    @property
    def public_id(self) -> str: ...


@blueprint.get("/docking/figures")
@needs(Action.DOCKING_VIEW)
def figures() -> ResponseReturnValue:
    """Cases and people by stage, and average days; every number of cases leads to its list."""
    wanted, grouping = wanted_filter(), addresses.one_of(Grouping, "by")
    groups, averages = figures_of(actor(), grouping, wanted)
    return render_template(
        "docking/figures.html",
        groups=groups,
        names=_names(grouping, list(groups)),
        by=grouping,
        stages=list(Stage),
        averages=averages,
        **filter_form(wanted),
    )


def _names(grouping: Grouping | None, keys: list[object]) -> dict[object, tuple[str, object]]:
    """For each group the value of its filter and its name, in the order of the directory."""
    if grouping is Grouping.UNIVERSITY:
        found = choices_where(Organisation.id.in_(keys), GROUPS_SHOWN)
        return {one.organisation_id: (one.public_id, one.name) for one in found}
    rows = {Grouping.REGION: regions_named, Grouping.INDUSTRY: sections_named}[grouping](keys) if grouping else []
    return {row.code: (row.code, in_words(row.name_zh, row.name_en)) for row in rows}


def outcome_block(kind: str, record: Known) -> Markup | str:
    """For the page of another record: its cases and the people in them, each leading to the list; empty where none.

    An agreement without cases offers to enter the first.
    """
    if not decide(actor(), Action.DOCKING_VIEW):
        return ""
    is_agreement = kind == AGREEMENT
    outcome = outcome_of(kind, record.public_id, actor())
    if not outcome.cases and not (is_agreement and decide(actor(), Action.DOCKING_ADD)):
        return ""
    filter_ = {"agreement": record.public_id} if is_agreement else {"kind": kind, "record": record.public_id}
    return Markup(  # noqa: S704
        render_template("docking/_outcome.html", outcome=outcome, filter=filter_, is_agreement=is_agreement)
    )
