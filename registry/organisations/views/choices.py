"""What selects offer. 选项."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row

from ...core.i18n import Message, msg
from ..models import OrganisationKind
from ..names import initials_of, pinyin_of
from ..queries.lookup import Suggestion
from ..queries.places import place_of

Option = Mapping[str, Any]


def region_options(rows: Sequence[Row[Any]]) -> list[Option]:
    """Every region with those above it, to be found by text, pinyin and initials."""
    return [
        {
            "value": row.code,
            "label": place_of(row),
            "hint": row.code,
            "pinyin": pinyin_of(row.region_zh),
            "initials": initials_of(row.region_zh),
        }
        for row in rows
    ]


def kind_options(kinds: Iterable[OrganisationKind] = OrganisationKind) -> list[tuple[str, Message]]:
    """Kinds with their names."""
    return [(kind.value, kind.label) for kind in kinds]


def organisation_options(found: Iterable[Suggestion]) -> list[Option]:
    """Organisations with what tells similar names apart."""
    return [
        {
            "value": one.public_id,
            "label": one.name,
            "hint": hint_of(one),
            "pinyin": pinyin_of(one.name.zh),
            "initials": initials_of(one.name.zh),
        }
        for one in found
    ]


def hint_of(one: Suggestion) -> str:
    """4161010699 · 陕西省西安市, the status where it is not active, and whose successor it is found as."""
    parts = [one.code, str(one.place), "" if one.status == "active" else str(one.status.label)]
    parts.append(str(msg("successor of %(name)s", name=one.instead_of)) if one.instead_of else "")
    return " · ".join(part for part in parts if part)
