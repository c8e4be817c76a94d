"""Regions: the reporting localities in code order with their counties, and the page of one."""

from collections import defaultdict
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from ...core.access.actions import Action
from ...core.web.guard import needs
from ..queries import directory, places
from ..queries.directory import DirectoryFilter
from .blueprint import regions_blueprint

SHOWN = 200


@regions_blueprint.get("/regions")
@needs(Action.ORGANISATION_VIEW)
def index() -> ResponseReturnValue:
    """The fifteen localities, Shenfu last (it has no code in GB/T 2260), and what lies in each."""
    below: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in places.list_all_regions():
        if row.parent_code:
            below[row.parent_code].append(row)
    return render_template("organisations/regions.html", localities=places.list_localities(), below=below)


@regions_blueprint.get("/regions/<code>")
@needs(Action.ORGANISATION_VIEW)
def show(code: str) -> ResponseReturnValue:
    """One region: those above and below it, and its organisations."""
    region = places.get_region(code)
    rows, total = directory.list_organisations(DirectoryFilter(region=region.code, sort="kind"), 0, SHOWN)
    return render_template(
        "organisations/region.html", region=region, below=places.list_below(region.code), rows=rows, total=total
    )
