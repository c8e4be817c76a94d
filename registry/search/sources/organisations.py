"""Organisations by all their names and codes, and the names by which records find their parties. 单位."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from pypinyin import lazy_pinyin
from sqlalchemy import or_, select, union_all

from ...core.access.actions import Action
from ...core.dates import SHANGHAI
from ...core.db import db
from ...core.i18n import msg
from ...organisations.models import (
    Organisation,
    OrganisationAlias,
    OrganisationName,
    OrganisationStatus,
    Region,
)
from ..tokens import EVERYBODY, folded
from .base import Found, Party, Source, State

KIND = "organisation"
TONES = {OrganisationStatus.ACTIVE: "ok", OrganisationStatus.MERGED: "info", OrganisationStatus.CLOSED: ""}


@dataclass(frozen=True)
class Names:
    """What an organisation is called: today in both languages, and every other name of it or of its duplicates."""

    zh: str
    en: str
    others: tuple[str, ...]

    @property
    def lines(self) -> list[str]:
        """Folded, with pinyin and initials of what is Chinese."""
        return lines_of((self.zh, self.en, *self.others))


def lines_of(texts: Iterable[str]) -> list[str]:
    """Folded texts, each with its letters."""
    return [line for text in texts if text for line in _lines(text)]


@lru_cache(maxsize=8192)
def _lines(text: str) -> tuple[str, ...]:
    plain = folded(text)
    if not plain or plain.isascii():
        return (plain,) if plain else ()
    said = lazy_pinyin(plain.replace(" ", ""), errors=cast("Any", list))  # asked once: it is what takes the time
    return (plain, folded("".join(said)), folded("".join(one[:1] for one in said)))


def names_of(organisation_ids: Collection[int]) -> dict[int, Names]:
    """The names of organisations by their numbers; two queries."""
    mine = or_(Organisation.id.in_(organisation_ids), Organisation.merged_into_id.in_(organisation_ids))
    columns = (Organisation.name_zh, Organisation.name_en, Organisation.short_zh, Organisation.short_en)
    rows = db.session.execute(select(Organisation.id, Organisation.merged_into_id, *columns).where(mine)).all()
    further = _further([row.id for row in rows])
    found: dict[int, tuple[str, str]] = {}
    others: dict[int, dict[str, None]] = {}
    for row in sorted(rows, key=lambda one: one.id):
        names = (row.short_zh, row.short_en, *further.get(row.id, ()))
        if row.id in organisation_ids:
            found[row.id] = (row.name_zh, row.name_en)
            others.setdefault(row.id, {}).update(dict.fromkeys(names))
        if row.merged_into_id in organisation_ids:
            others.setdefault(row.merged_into_id, {}).update(dict.fromkeys((row.name_zh, row.name_en, *names)))
    return {key: Names(*both, tuple(name for name in others[key] if name)) for key, both in found.items()}


def _further(organisation_ids: Collection[int]) -> dict[int, list[str]]:
    """Former names and short forms."""
    former, short = OrganisationName, OrganisationAlias
    statement = union_all(
        select(former.organisation_id, former.name_zh).where(former.organisation_id.in_(organisation_ids)),
        select(former.organisation_id, former.name_en).where(former.organisation_id.in_(organisation_ids)),
        select(short.organisation_id, short.alias).where(short.organisation_id.in_(organisation_ids)),
    )
    found: dict[int, list[str]] = {}
    for organisation_id, name in db.session.execute(statement):
        found.setdefault(organisation_id, []).append(name)
    return {key: sorted(names) for key, names in found.items()}


def read(ids: Collection[int]) -> Iterator[Found]:
    """One that was merged is found as the record in which it lives on."""
    columns: tuple[Any, ...] = (
        Organisation.id,
        Organisation.public_id,
        Organisation.created_at,
        Organisation.status,
        Organisation.name_zh,
        Organisation.name_en,
        Organisation.moe_code,
        Organisation.uscc,
        Region.name_zh.label("place_zh"),
        Region.name_en.label("place_en"),
    )
    statement = select(*columns).join(Region, Region.code == Organisation.region_code)
    present = (Organisation.id.in_(ids), Organisation.status != OrganisationStatus.MERGED)
    for row in db.session.execute(statement.where(*present)):
        yield Found(
            row.id,
            row.public_id,
            row.created_at.astimezone(SHANGHAI).date(),
            str(row.status),
            row.name_zh,
            row.name_en,
            frozenset({EVERYBODY}),
            numbers=tuple(code for code in (row.moe_code, row.uscc) if code),
            parties=(Party(row.id),),
            place=(row.place_zh, row.place_en),
        )


def state(code: str) -> State:
    """Whether it still exists."""
    status = OrganisationStatus(code)
    return status.label, TONES[status]


ORGANISATIONS = Source(
    KIND,
    msg("Organisations"),
    "organisations.show",
    "buildings",
    Action.ORGANISATION_VIEW,
    Organisation,
    read,
    state,
    watched={Organisation: "id", OrganisationName: "organisation_id", OrganisationAlias: "organisation_id"},
)
