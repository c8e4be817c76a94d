"""The filter that the table, the board and the figures have in common."""

from typing import Any

from flask import request

from ...agreements.queries import localities
from ...core.i18n import msg
from ...core.web.forms import Form
from ...core.web.words import in_words
from ...organisations.models import Organisation, OrganisationKind, OrganisationStatus
from ...organisations.queries.lookup import choices_where
from ...organisations.views.choices import Option, organisation_options
from ...records.views import addresses
from ..enums import LOST, Stage
from ..queries import Filter, Share, sections

MOST_OFFERED = 400
CARRIED = ("q", "university", "region", "industry", "agreement", "kind", "record", "stuck", "share", "months")


def wanted_filter() -> Filter:
    """The filter of the address."""
    state = request.args.get("stage", "")
    return Filter(
        text=addresses.text(),
        state=state if state in (*Stage, LOST) else "",
        reached=addresses.one_of(Stage, "reached"),
        is_stuck=request.args.get("stuck") == "1",
        university=addresses.identity("university"),
        region=request.args.get("region", "")[:6],
        industry=request.args.get("industry", "")[:1],
        agreement=addresses.identity("agreement"),
        kind=request.args.get("kind", "")[:40],
        record=addresses.identity("record"),
        share=addresses.one_of(Share, "share"),
        months=addresses.months(),
    )


def filter_form(wanted: Filter) -> dict[str, Any]:
    """What the filter bar offers, and what was chosen."""
    return {
        "form": Form(request.args),
        "carried": carried,
        "wanted": wanted,
        "places": places(),
        "industries": industries(),
        "narrowed": addresses.narrowed(
            wanted.months,
            reached=wanted.reached and msg("Reached: %(stage)s", stage=wanted.reached.label),
            share=wanted.share and wanted.share.label,
        ),
        "schools": directory(OrganisationKind.UNIVERSITY),
    }


def carried(**changes: object) -> dict[str, object]:
    """The filter for another view of the same cases, with other values where they are given."""
    kept: dict[str, object] = {name: request.args[name] for name in CARRIED if request.args.get(name)}
    return kept | changes


def directory(*kinds: OrganisationKind) -> list[Option]:
    """The organisations of some kinds, whole: there are some hundred at most, and a list works without a script."""
    active = Organisation.status == OrganisationStatus.ACTIVE
    return organisation_options(choices_where(Organisation.kind.in_(kinds) & active, MOST_OFFERED))


def places() -> list[tuple[str, object]]:
    """The localities."""
    return [(row.code, in_words(row.name_zh, row.name_en)) for row in localities()]


def industries() -> list[tuple[str, object]]:
    """The sections of industry."""
    return [(row.code, f"{row.code} {in_words(row.name_zh, row.name_en)}") for row in sections()]
