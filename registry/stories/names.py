"""Whom the stories' names mean: an organisation of the directory where that is certain, else the name as reported."""

from collections.abc import Iterable

from sqlalchemy import select

from ..core.db import db
from ..organisations.models import Region
from ..organisations.queries import lookup

SEVERAL = ("、", "/")


def organisation_of(name: str) -> str:
    """Public id of the organisation that a name means without doubt, or ""."""
    found = lookup.find_by_name(name).certain if name else None
    return found.public_id if found else ""


def organisations_of(names: Iterable[str]) -> list[tuple[str, str]]:
    """For each name the public id, or "" and the name."""
    return [(found, "" if found else name) for name in names for found in [organisation_of(name)]]


def region_of(place: str) -> str:
    """Code of the region with whose name a place begins, the most exact one; "" where several are named."""
    if not place or any(sign in place for sign in SEVERAL):
        return ""
    rows = db.session.execute(select(Region.code, Region.name_zh)).all()
    fitting = [(len(name), code) for code, name in rows if place.startswith(name)]
    return max(fitting)[1] if fitting else ""
