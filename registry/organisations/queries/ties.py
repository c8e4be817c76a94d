"""Who belongs to whom: by superior, and by ties beside it. 隶属关系查询."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from ...core.db import db
from ..models import Organisation, OrganisationStatus
from ..ties import OrganisationTie

COLUMNS: tuple[Any, ...] = (
    OrganisationTie.public_id.label("tie_id"),
    OrganisationTie.tie,
    Organisation.public_id,
    Organisation.name_zh,
    Organisation.name_en,
)
MOST = 100
IS_ITSELF = Organisation.status != OrganisationStatus.MERGED


def ways_up() -> dict[int, list[int]]:
    """Whom each organisation is below, by superior or tie; two queries. What was merged has no place of its own."""
    found: dict[int, list[int]] = defaultdict(list)
    superiors = select(Organisation.id, Organisation.superior_id).where(Organisation.superior_id.is_not(None))
    ties = select(OrganisationTie.organisation_id, OrganisationTie.other_id)
    ties = ties.join(Organisation, Organisation.id == OrganisationTie.organisation_id)
    for statement in (superiors, ties):
        for one, above in db.session.execute(statement.where(IS_ITSELF)):
            if above is not None:
                found[one].append(above)
    return found


def ties_of(organisation: Organisation) -> Sequence[Row[Any]]:
    """Whom it belongs to beside its superior."""
    statement = select(*COLUMNS).join(Organisation, Organisation.id == OrganisationTie.other_id)
    return _read(statement.where(OrganisationTie.organisation_id == organisation.id))


def ties_to(organisation: Organisation) -> Sequence[Row[Any]]:
    """Who belongs to it beside those directly below; a record merged into another belongs where that one does."""
    statement = select(*COLUMNS).join(Organisation, Organisation.id == OrganisationTie.organisation_id)
    return _read(statement.where(OrganisationTie.other_id == organisation.id, IS_ITSELF))


def _read(statement: Any) -> Sequence[Row[Any]]:
    ordered = statement.order_by(OrganisationTie.tie, Organisation.pinyin, Organisation.id).limit(MOST)
    return db.session.execute(ordered).all()
