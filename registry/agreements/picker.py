"""Which organisations a form offers for its parties. The directory is open to everybody who works with agreements."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ..core.db import db
from ..core.i18n import Message, msg
from ..organisations.models import Organisation
from ..organisations.queries.lookup import Suggestion, choices_where, suggest

Option = dict[str, str | Message]
NUL = "\x00"  # PostgreSQL takes no text with it, not even to look for it


def named(public_ids: Iterable[str]) -> dict[str, Organisation]:
    """The organisations of these public ids; unknown ones are left out."""
    wanted = {public_id for public_id in public_ids if public_id and NUL not in public_id}
    if not wanted:
        return {}
    statement = (
        select(Organisation)
        .where(Organisation.public_id.in_(wanted))
        .options(joinedload(Organisation.superior), joinedload(Organisation.region))
    )
    return {row.public_id: row for row in db.session.scalars(statement)}


def options(rows: Sequence[Mapping[str, str]]) -> list[list[Option]]:
    """For each line of the parties: what is chosen anywhere in the form, and what its search words found."""
    given = [{name: text.replace(NUL, "") for name, text in row.items()} for row in rows]
    wanted = {row.get("organisation", "") for row in given} - {""}
    present = choices_where(Organisation.public_id.in_(wanted)) if wanted else []
    return [_distinct([*present, *suggest(row.get("search", ""))]) for row in given]


def _distinct(found: Sequence[Suggestion]) -> list[Option]:
    return list({one.public_id: _option(one) for one in found}.values())


def _option(one: Suggestion) -> Option:
    hint = Hint(one)
    return {"value": one.public_id, "label": one.name, "hint": hint}


class Hint(Message):
    """Place and code, which tell similar names apart: 辽宁省鞍山市 · 4161010699; and whose successor it is."""

    def __init__(self, one: Suggestion) -> None:
        super().__init__(key=one.code)
        object.__setattr__(self, "place", one.place)
        succeeds = msg("successor of %(name)s", name=one.instead_of) if one.instead_of else ""
        object.__setattr__(self, "succeeds", succeeds)

    def __str__(self) -> str:
        parts = (str(self.__dict__["place"]), self.key, str(self.__dict__["succeeds"]))
        return " · ".join(part for part in parts if part)
