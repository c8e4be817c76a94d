"""How organisations were called on a day, for papers of that day. 历史名称."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from ...core.db import db
from ...core.i18n import Either
from ..former import name_on
from ..models import OrganisationName


def names_on(organisation_ids: Collection[int], day: date) -> dict[int, Either]:
    """Former names that were valid on the day, by organisation; whoever was called as today is not in it. One query."""
    if not organisation_ids:
        return {}
    rows = db.session.scalars(select(OrganisationName).where(OrganisationName.organisation_id.in_(organisation_ids)))
    formers: dict[int, list[OrganisationName]] = defaultdict(list)
    for row in rows:
        formers[row.organisation_id].append(row)
    called = {number: name_on(names, day) for number, names in formers.items()}
    return {number: Either(one.former.name_zh, one.former.name_en) for number, one in called.items() if one}
