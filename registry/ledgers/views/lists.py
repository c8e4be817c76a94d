"""Lists of packages below the records, as files: the directory of organisations. 名录导出."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from flask.typing import ResponseReturnValue

from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.errors import NotFound
from ...core.i18n import Message, msg
from ...core.web.guard import actor, needs
from ...organisations.models import OrganisationKind
from ...organisations.queries.directory import DirectoryFilter, list_organisations
from ...organisations.queries.places import place_of
from ...organisations.views.directory import OTHERS, filter_from_address
from ...records.views.export import Column, in_pages, send
from .blueprint import blueprint

EXPORTED = "organisation:export"
LISTS: Mapping[str, tuple[Message, tuple[OrganisationKind, ...]]] = {
    "organisations": (msg("Organisations"), OTHERS),
    "universities": (msg("Universities"), (OrganisationKind.UNIVERSITY,)),
}
COLUMNS = [
    Column(msg("Name"), lambda row: row.name_zh),
    Column(msg("English name"), lambda row: row.name_en),
    Column(msg("Short form"), lambda row: row.short_zh),
    Column(msg("Kind of organisation"), lambda row: row.kind),
    Column(msg("Region"), lambda row: str(place_of(row))),
    Column(msg("School code"), lambda row: row.moe_code),
    Column(msg("Unified social credit code"), lambda row: row.uscc),
    Column(msg("Status"), lambda row: row.status),
    Column(msg("Still to be checked"), lambda row: row.needs_check),
]


@blueprint.post("/directory/<name>/export")
@needs(Action.LEDGER_EXPORT)
def directory(name: str) -> ResponseReturnValue:
    """The filtered list of the directory as XLSX or CSV; the export is an event itself. Contacts are not in it."""
    if name not in LISTS:
        raise NotFound
    decide(actor(), Action.ORGANISATION_VIEW).enforce()
    title, kinds = LISTS[name]
    wanted = filter_from_address(kinds)
    told = asdict(wanted) | {"kinds": "、".join(wanted.kinds)}
    return send(title, COLUMNS, _rows(wanted), EXPORTED, told)


def _rows(wanted: DirectoryFilter) -> Iterator[Any]:
    for rows in in_pages(lambda start, most: list_organisations(wanted, start, most)[0]):
        yield from rows
