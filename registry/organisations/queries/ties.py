"""Who belongs to whom: by superior, and by ties beside it. 隶属关系查询."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from ...core.db import db
from ..models import Organisation
from ..ties import OrganisationTie

COLUMNS: tuple[Any, ...] = (
    OrganisationTie.public_id.label("tie_id"),
    OrganisationTie.tie,
    Organisation.public_id,
    Organisation.name_zh,
    Organisation.name_en,
)
MOST = 100


def ways_up() -> dict[int, list[int]]:
    """Whom each organisation is below, by superior or tie; two queries."""
    found: dict[int, list[int]] = defaultdict(list)
    superiors = select(Organisation.id, Organisation.superior_id)
    ties = select(OrganisationTie.organisation_id, OrganisationTie.other_id)
    for statement in (superiors.where(Organisation.superior_id.is_not(None)), ties):
        for one, above in db.session.execute(statement):
            if above is not None:
                found[one].append(above)
    return found


def ties_of(organisation: Organisation) -> Sequence[Row[Any]]:
    """Whom it belongs to beside its superior."""
    statement = select(*COLUMNS).join(Organisation, Organisation.id == OrganisationTie.other_id)
    return _read(statement.where(OrganisationTie.organisation_id == organisation.id))


def ties_to(organisation: Organisation) -> Sequence[Row[Any]]:
    """Who belongs to it beside those directly below."""
    statement = select(*COLUMNS).join(Organisation, Organisation.id == OrganisationTie.organisation_id)
    return _read(statement.where(OrganisationTie.other_id == organisation.id))


def _read(statement: Any) -> Sequence[Row[Any]]:
    ordered = statement.order_by(OrganisationTie.tie, Organisation.pinyin, Organisation.id).limit(MOST)
    return db.session.execute(ordered).all()
