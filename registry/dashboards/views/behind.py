"""The address of the list behind a number. 数字背后的清单。"""

from collections.abc import Mapping
from typing import Any

from flask import current_app

from ...core.dates import today
from ...core.db import db
from ...core.web.addresses import url_for
from ...organisations.models import Organisation
from ..cut import Cut
from ..metrics.base import Metric

UNIVERSITY = ("university", "party", "host")  # what the lists call it


def address(metric: Metric, cut: Cut, university: str = "") -> str | None:
    """Where the list behind a metric is found with this cut as its filter; None where no list tells it,
    or its package is not installed.

    `university` is the public id of the cut's university, where the caller knows it: else it is looked up.
    """
    found = metric.behind(cut, today()) if metric.divides(cut) else None
    if found is None or found.endpoint not in current_app.view_functions:
        return None
    return url_for(found.endpoint, **_public(found.values, university))


def _public(values: Mapping[str, str | int], university: str) -> dict[str, Any]:
    """An organisation's id never stands in an address."""
    name = next((one for one in UNIVERSITY if isinstance(values.get(one), int)), "")
    if not name:
        return dict(values)
    return {**values, name: university or db.session.get_one(Organisation, values[name]).public_id}
