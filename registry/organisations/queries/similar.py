"""Names that are easily taken for one another: 东北大学, 西北大学, 西北工业大学. 近似名称.

Names are compared without the name of their place, so that 沈阳市人力资源和社会保障局 does not warn of its thirteen
sisters; what is in the same place, or bears no place in its name, is compared whole.
"""

from difflib import SequenceMatcher

from sqlalchemy import or_, select

from ...core.db import db
from ..models import Organisation, OrganisationKind, OrganisationStatus, Region
from ..names import fold
from .lookup import Suggestion, choices_where

ALIKE = 0.75
LENGTH_APART = 4
LOOKED_AT = 3_000
SHOWN = 8
COMMON = (
    "大学",
    "学院",
    "学校",
    "高等",
    "专科",
    "职业",
    "技术",
    "有限",
    "责任",
    "公司",
    "集团",
    "中心",
    "人力资源和社会保障",
)
SEPARATE_KINDS = frozenset({OrganisationKind.UNIVERSITY, OrganisationKind.ENTERPRISE})


def list_similar(name_zh: str, kind: OrganisationKind) -> list[Suggestion]:
    """Organisations of the same sort whose names could be mistaken for this one, most alike first."""
    wanted = fold(name_zh)
    places = place_names()
    own_place = place_in(wanted, places)
    alike: dict[int, float] = {}
    for number, name in _possible(wanted, kind):
        other = fold(name)
        place = place_in(other, places)
        if own_place and place and own_place != place:
            continue
        likeness = likeness_of(wanted, other)
        if likeness >= ALIKE:
            alike[number] = likeness
    best = sorted(alike, key=lambda number: -alike[number])[:SHOWN]
    found = {one.organisation_id: one for one in choices_where(Organisation.id.in_(best))} if best else {}
    return [found[number] for number in best if number in found]


def _possible(wanted: str, kind: OrganisationKind) -> list[tuple[int, str]]:
    """Present names that share a telling character and have about the length."""
    statement = select(Organisation.id, Organisation.name_zh).where(
        Organisation.kind == kind if kind in SEPARATE_KINDS else Organisation.kind.not_in(SEPARATE_KINDS),
        Organisation.status != OrganisationStatus.MERGED,
        or_(*(Organisation.name_zh.contains(character, autoescape=True) for character in sorted(set(telling(wanted))))),
    )
    rows = db.session.execute(statement.limit(LOOKED_AT)).all()
    return [(number, name) for number, name in rows if abs(len(name) - len(wanted)) <= LENGTH_APART]


def telling(name: str) -> str:
    """The name without words that every name has."""
    rest = name
    for word in COMMON:
        rest = rest.replace(word, "")
    return rest or name


def likeness_of(one: str, other: str) -> float:
    """From 0 to 1; 1 when nothing but common words differs."""
    if telling(one) == telling(other):
        return 1.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def place_names() -> list[str]:
    """Names of regions, with and without 市 or 省, longest first."""
    rows = db.session.execute(select(Region.name_zh, Region.short_zh)).all()
    return sorted({name for row in rows for name in row if len(name) > 1}, key=len, reverse=True)


def place_in(name: str, places: list[str]) -> str:
    """The place that the name begins with, without 市, so that 鞍山市 and 鞍山 are one."""
    found = next((place for place in places if name.startswith(place)), "")
    return found[:-1] if len(found) > 2 and found.endswith(("市", "省", "县", "区")) else found
