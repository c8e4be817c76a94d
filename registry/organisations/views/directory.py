"""Lists of organisations, and the page of one."""

from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from ...core.access.actions import Action
from ...core.web.forms import Form
from ...core.web.guard import actor, needs
from ...core.web.paging import PAGE_SIZE, Page, offset, page_number
from .. import policy
from ..models import Organisation, OrganisationKind, OrganisationStatus, Tie
from ..queries import contacts, directory, places, ties
from ..queries import merging as merging_queries
from ..queries.directory import DirectoryFilter
from ..services import merging
from ..services.versions import history
from .blueprint import blueprint
from .choices import region_options

OTHERS = tuple(kind for kind in OrganisationKind if kind is not OrganisationKind.UNIVERSITY)
LATEST_CHANGES = 10


@blueprint.get("/organisations")
@needs(Action.ORGANISATION_VIEW)
def index() -> ResponseReturnValue:
    """Bureaus, centres, enterprises and other organisations."""
    return _list("organisations/index.html", OTHERS)


@blueprint.get("/universities")
@needs(Action.ORGANISATION_VIEW)
def universities() -> ResponseReturnValue:
    """Universities and colleges."""
    return _list("organisations/universities.html", (OrganisationKind.UNIVERSITY,))


def _list(template: str, kinds: tuple[OrganisationKind, ...]) -> ResponseReturnValue:
    number = page_number()
    rows, total = directory.list_organisations(filter_from_address(kinds), offset(number), PAGE_SIZE)
    return render_template(
        template,
        page=Page(rows, number, total),
        form=Form(request.args),
        kinds=kinds,
        regions=region_options(places.list_all_regions()),
        may_add=policy.may_add(actor()),
    )


def filter_from_address(kinds: tuple[OrganisationKind, ...]) -> DirectoryFilter:
    """The filter of the address; what cannot be read narrows nothing."""
    given = request.args
    kind, status = given.get("kind", ""), given.get("status", "")
    return DirectoryFilter(
        text=given.get("q", "").replace("\x00", "").strip()[:100],
        kinds=tuple(one for one in kinds if one == kind) or kinds,
        region=given.get("region", "").replace("\x00", "")[:6],
        status=OrganisationStatus(status) if status in set(OrganisationStatus) else None,
        unchecked=given.get("unchecked", "") == "1",
        sort=given.get("sort", "code"),
    )


@blueprint.get("/organisations/<public_id>")
@needs(Action.ORGANISATION_VIEW)
def show(public_id: str) -> ResponseReturnValue:
    """One organisation: identity, names over time, place, superior, contacts, history."""
    return page_of(directory.get_organisation(public_id))


def page_of(
    organisation: Organisation, forms: Mapping[str, Form] | None = None, status: int = 200
) -> ResponseReturnValue:
    """The page, with the form that was refused (by its name) where there is one."""
    edit = policy.may_edit(actor(), organisation)
    below = directory.list_below(organisation)
    page = render_template(
        "organisations/show.html",
        organisation=organisation,
        below=below,
        contacts=contacts.list_contacts(actor(), organisation),
        changes=history(organisation, LATEST_CHANGES) if edit else [],
        forms=forms or {},
        may_edit=edit,
        may_add_contact=policy.may_add_contact(actor()),
        may_close=policy.may_close(actor(), organisation) and not any(row.status == "active" for row in below),
        **_fate(organisation),
        **_ties(organisation),
    )
    return page, status


def _fate(organisation: Organisation) -> dict[str, Any]:
    """What it lives on in, what lives on in it, and whether the reader may change that."""
    heir = organisation.merged_into_id or organisation.successor_id
    merged = organisation.status is OrganisationStatus.MERGED
    return {
        "heir": directory.get_by_id(heir) if heir else None,
        "living_on": directory.list_living_on_in(organisation),
        "merge_row": merging_queries.standing_merge(organisation) if merged else None,
        "may_merge": policy.may_merge(actor(), organisation),
        "may_part": merged and merging.may_part(actor(), organisation),
    }


def _ties(organisation: Organisation) -> dict[str, Any]:
    may_restructure = policy.may_restructure(actor(), organisation)
    return {
        "ties": ties.ties_of(organisation),
        "ties_below": ties.ties_to(organisation),
        "may_restructure": may_restructure,
        "tie_kinds": [(tie.value, tie.label) for tie in Tie],
    }
