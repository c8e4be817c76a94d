"""Finding an organisation by what people call it: Chinese, pinyin, initials, short forms, former names. 查找."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from unicodedata import normalize

from sqlalchemy import ColumnElement, Row, Select, case, func, literal, or_, select

from ...core.db import db
from ...core.i18n import Either
from ..models import Organisation, OrganisationAlias, OrganisationKind, OrganisationName, OrganisationStatus, Region
from ..names import fold
from .places import PLACE_COLUMNS, place_of, with_places

MOST = 12
LONGEST = 100
SHORTEST_INNER_PINYIN = 3
EXACT, PREFIX, INNER = 0, 1, 2
COLUMNS: tuple[Any, ...] = (
    Organisation.id,
    Organisation.public_id,
    Organisation.name_zh,
    Organisation.name_en,
    Organisation.kind,
    Organisation.status,
    Organisation.moe_code,
    Organisation.uscc,
    Organisation.successor_id,
    *PLACE_COLUMNS,
)


class HowFound(StrEnum):
    """By which kind of name an organisation was found."""

    EXACT = "exact"
    FORMER = "former"
    ALIAS = "alias"
    CANDIDATES = "candidates"


@dataclass(frozen=True)
class Suggestion:
    """One organisation to choose; the hint tells similar names apart: 4161010699 · 陕西省西安市."""

    organisation_id: int
    public_id: str
    name: Either
    kind: OrganisationKind
    status: OrganisationStatus
    code: str
    place: Either
    instead_of: Either | None = None  # the dissolved organisation whose successor this is, where that one was found


@dataclass(frozen=True)
class NameMatch:
    """What a name led to. Only a single hit by exact, former or short name is certain enough to be taken unasked."""

    how: HowFound
    candidates: tuple[Suggestion, ...]

    @property
    def certain(self) -> Suggestion | None:
        """The organisation meant, when there is no doubt."""
        return self.candidates[0] if self.how is not HowFound.CANDIDATES and len(self.candidates) == 1 else None


def suggest(text: str, kinds: Sequence[OrganisationKind] = (), limit: int = MOST) -> list[Suggestion]:
    """Organisations that fit what was typed, exact and beginning ones first.

    A merged one is found as the record that it was merged into, a dissolved one as its successor where it has one.
    One query, another where successors are found.
    """
    typed = " ".join(text.split())[:LONGEST]
    if not typed:
        return []
    statement = _choices().where(matches(typed), Organisation.status != OrganisationStatus.MERGED)
    if kinds:
        statement = statement.where(Organisation.kind.in_(kinds))
    closed_last = (Organisation.status != OrganisationStatus.ACTIVE) & Organisation.successor_id.is_(None)
    order = (closed_last, _rank(typed), func.length(Organisation.name_zh), Organisation.pinyin, Organisation.id)
    return in_their_place(db.session.execute(statement.order_by(*order).limit(limit)).all())


def in_their_place(rows: Sequence[Row[Any]]) -> list[Suggestion]:
    """Suggestions from rows of COLUMNS; for the dissolved their successors, each once."""
    heirs = successors({row.successor_id for row in rows if row.successor_id})
    found: dict[int, Suggestion] = {}
    for row in rows:
        one = suggestion_of(row)
        if row.successor_id:
            one = replace(heirs[row.successor_id], instead_of=one.name)
        found.setdefault(one.organisation_id, one)
    return list(found.values())


def successors(numbers: Collection[int]) -> dict[int, Suggestion]:
    """Who stands in these organisations' place today: themselves, else where their own successors lead.

    A query for each generation.
    """
    found: dict[int, Suggestion] = {}
    leads: dict[int, int] = {}
    missing = set(numbers)
    while missing:
        for row in db.session.execute(_choices().where(Organisation.id.in_(missing))).all():
            found[row.id] = suggestion_of(row)
            if row.successor_id:
                leads[row.id] = row.successor_id
        missing = set(leads.values()) - found.keys()
    return {number: found[_end(number, leads)] for number in numbers}


def _end(number: int, leads: Mapping[int, int]) -> int:
    while number in leads:
        number = leads[number]
    return number


def find_by_name(name: str) -> NameMatch:
    """Who is meant by a name on paper or in a spreadsheet: present name, former name, short form, else candidates.

    Any name of a merged organisation leads to the one it was merged into.
    """
    typed = " ".join(name.split())[:LONGEST]
    if not typed:
        return NameMatch(HowFound.CANDIDATES, ())
    return _named(typed) or NameMatch(HowFound.CANDIDATES, tuple(suggest(typed)))


def certainly_named(name: str) -> Suggestion | None:
    """The organisation that a name means without doubt; nobody looks for those that are only alike."""
    typed = " ".join(name.split())[:LONGEST]
    found = _named(typed) if typed else None
    return found.certain if found else None


def _named(typed: str) -> NameMatch | None:
    """Who bears the name: at present, else formerly, else in short."""
    lower = normalize("NFKC", typed).casefold()
    own = or_(Organisation.name_zh.in_({typed, fold(typed)}), func.lower(Organisation.name_en) == lower)
    merged = Organisation.status == OrganisationStatus.MERGED
    formerly = Organisation.id.in_(_former(OrganisationName.name_zh.in_({typed, fold(typed)})))
    shortly = (Organisation.short_zh == typed) | Organisation.id.in_(
        _alias(func.lower(OrganisationAlias.alias).in_({lower, typed.lower()}))
    )
    steps: tuple[tuple[HowFound, ColumnElement[bool]], ...] = (
        (HowFound.EXACT, own & ~merged),
        (HowFound.FORMER, formerly | _heir_of(own) | _heir_of(formerly)),
        (HowFound.ALIAS, shortly | _heir_of(shortly)),
    )
    for how, condition in steps:
        found = db.session.execute(_choices().where(condition, ~merged).order_by(Organisation.id).limit(MOST)).all()
        if found:
            return NameMatch(how, tuple(suggestion_of(row) for row in found))
    return None


def matches(text: str) -> ColumnElement[bool]:
    """Condition: any name, short form, code, pinyin or initials fit the text."""
    typed = " ".join(text.split())[:LONGEST]
    folded, narrow = fold(typed), normalize("NFKC", typed)
    forms = sorted({typed, folded, narrow})  # names are kept as they are written, with brackets of either width
    named = or_(
        Organisation.name_zh.contains(typed, autoescape=True),
        Organisation.name_zh.contains(folded, autoescape=True),
        Organisation.short_zh.contains(folded, autoescape=True),
        Organisation.name_en.icontains(narrow, autoescape=True),
        *(Organisation.id.in_(_former(OrganisationName.name_zh.contains(one, autoescape=True))) for one in forms),
        *(Organisation.id.in_(_alias(OrganisationAlias.alias.icontains(one, autoescape=True))) for one in forms),
    )
    return or_(
        named,
        _heir_of(named),
        Organisation.moe_code.startswith(folded, autoescape=True),
        Organisation.uscc.startswith(folded.upper(), autoescape=True),
        *_by_letters(folded),
    )


def _heir_of(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a record that fits the condition was merged into this one."""
    merged = Organisation.status == OrganisationStatus.MERGED
    return Organisation.id.in_(select(Organisation.merged_into_id).where(condition, merged).correlate(None))


def _by_letters(folded: str) -> list[ColumnElement[bool]]:
    """By pinyin and initials, where only letters were typed."""
    if not (folded.isascii() and folded.isalnum()):
        return []
    conditions = [
        (" " + Organisation.pinyin).contains(" " + folded),
        (" " + Organisation.initials).contains(" " + folded),
    ]
    if len(folded) >= SHORTEST_INNER_PINYIN:
        conditions.append(Organisation.pinyin.contains(folded))
    return conditions


def _rank(typed: str) -> ColumnElement[int]:
    """How well a row fits."""
    folded, lower = fold(typed), normalize("NFKC", typed).casefold()
    is_it = or_(
        Organisation.name_zh.in_({typed, folded}),
        Organisation.short_zh == folded,
        Organisation.initials == folded,
        (" " + Organisation.initials + " ").contains(f" {folded} ", autoescape=True),
        func.lower(Organisation.name_en) == lower,
        Organisation.id.in_(_alias(func.lower(OrganisationAlias.alias).in_({lower, typed.lower()}))),
        Organisation.id.in_(_former(OrganisationName.name_zh.in_({typed, folded}))),
    )
    begins = or_(
        Organisation.name_zh.startswith(folded, autoescape=True),
        Organisation.short_zh.startswith(folded, autoescape=True),
        Organisation.pinyin.startswith(folded, autoescape=True),
        Organisation.initials.startswith(folded, autoescape=True),
        Organisation.name_en.istartswith(typed, autoescape=True),
    )
    return case((is_it, literal(EXACT)), (begins, literal(PREFIX)), else_=literal(INNER))


def choices_where(condition: ColumnElement[bool], limit: int = MOST) -> list[Suggestion]:
    """Organisations by any condition, as suggestions in the order of their places and names."""
    order = (Region.sort_order, Organisation.pinyin, Organisation.id)
    rows = db.session.execute(_choices().where(condition).order_by(*order).limit(limit))
    return [suggestion_of(row) for row in rows]


def _former(condition: ColumnElement[bool]) -> Select[int]:
    return select(OrganisationName.organisation_id).where(condition)


def _alias(condition: ColumnElement[bool]) -> Select[int]:
    return select(OrganisationAlias.organisation_id).where(condition)


def _choices() -> Select[Any]:
    return with_places(select(*COLUMNS))


def suggestion_of(row: Row[Any]) -> Suggestion:
    """A row of COLUMNS as a suggestion."""
    return Suggestion(
        row.id,
        row.public_id,
        Either(row.name_zh, row.name_en),
        row.kind,
        row.status,
        row.moe_code or row.uscc or "",
        place_of(row),
    )
