"""Which organisation a row means: by code, then by name; what is only alike is proposed, never taken. 单位匹配.

For thousands of rows at once: everything that organisations are called is read in four queries, then each row is
looked up in memory. What is taken without asking is a code, a present name, or a name of that day, held by one
organisation only and contradicted by nothing else in the row. A short form is found, and to be confirmed.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, select

from ...core.db import db
from ...core.i18n import Message, msg
from ..former import Span
from ..models import Organisation, OrganisationAlias, OrganisationName, OrganisationStatus
from ..names import fold
from ..uscc import normalise
from .lookup import COLUMNS, Suggestion, suggestion_of
from .places import with_places
from .similar import ALIKE, likeness_of, place_in, place_names, telling

SHORTLIST = 15
COMMON = 400
MOST = 5


class By(StrEnum):
    """What a row was matched by."""

    MOE_CODE = "moe_code"
    USCC = "uscc"
    NAME = "name"
    FORMER_NAME = "former_name"
    ALIAS = "alias"
    NOTHING = "nothing"


NAMED: tuple[By, ...] = (By.NAME, By.FORMER_NAME, By.ALIAS)


@dataclass(frozen=True)
class Wanted:
    """What a row says of an organisation; `on` is the day of the paper, on which it may have had another name."""

    name: str
    moe_code: str = ""
    uscc: str = ""
    on: date | None = None


@dataclass(frozen=True)
class Proposal:
    """An organisation that may be meant, for a person to decide; `score` from 0 to 1."""

    organisation: Suggestion
    score: float


@dataclass(frozen=True)
class Match:
    """What a row led to: one organisation, or proposals and the reason why nothing was taken."""

    by: By
    found: Suggestion | None = None
    to_confirm: bool = False
    doubt: Message | None = None
    proposals: tuple[Proposal, ...] = ()

    @property
    def certain(self) -> Suggestion | None:
        """The organisation meant, when nobody has to be asked."""
        return None if self.to_confirm else self.found


@dataclass(frozen=True)
class Held:
    """An organisation that bears a name, and when it did; no span for names of today."""

    organisation_id: int
    span: Span | None = None


@dataclass
class Directory:
    """Everything that organisations are called, folded, with who is called so. Merged ones are their survivors."""

    known: dict[int, Suggestion] = field(default_factory=dict)
    codes: dict[tuple[By, str], int] = field(default_factory=dict)
    own_codes: dict[tuple[By, int], str] = field(default_factory=dict)
    names: dict[By, dict[str, list[Held]]] = field(default_factory=lambda: {by: defaultdict(list) for by in NAMED})
    grams: dict[str, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    places: list[str] = field(default_factory=list)

    def holders(self, by: By, name: str, on: date | None) -> list[int]:
        """Who is, or may on that day have been, called so; each once."""
        held = [one for one in self.names[by].get(name, ()) if _counts(one, on)]
        return list(dict.fromkeys(one.organisation_id for one in held))

    def changes_with_days(self, name: str) -> bool:
        """Whether it may matter on which day somebody is called so: not where nobody ever was called otherwise."""
        folded = fold(name)
        if self.names[By.FORMER_NAME].get(folded):
            return True
        return any(one.span is not None for one in self.names[By.NAME].get(folded, ()))


def match(name: str, moe_code: str = "", uscc: str = "", on: date | None = None) -> Match:
    """Who is meant by one row."""
    return match_all([Wanted(name, moe_code, uscc, on)])[0]


def match_all(rows: Sequence[Wanted]) -> list[Match]:
    """Who is meant by each of many rows; four queries, however many rows."""
    directory = read_directory()
    answers: dict[Wanted, Match] = {}
    return [answers.setdefault(row, match_row(directory, row)) if row not in answers else answers[row] for row in rows]


def match_row(directory: Directory, row: Wanted) -> Match:
    """Codes first, then names; whatever contradicts is a doubt, and then nothing is taken."""
    name = fold(row.name)
    by_code = list(_by_codes(directory, row))
    by_name, named = _by_name(directory, name, row.on)
    doubt = _doubt(directory, row, by_code, by_name, named)
    if doubt:
        involved = [number for _by, number in by_code] + named
        return Match(By.NOTHING, doubt=doubt, proposals=_certainly(directory, involved))
    if by_code:
        by, number = by_code[0]
        return Match(by, directory.known[number], to_confirm=bool(name) and not named)
    if named:
        return Match(by_name, directory.known[named[0]], to_confirm=by_name is By.ALIAS)
    return Match(By.NOTHING, proposals=tuple(_alike(directory, name)) if name else ())


def _by_codes(directory: Directory, row: Wanted) -> Iterator[tuple[By, int]]:
    for by, code in _codes(row):
        if (by, code) in directory.codes:
            yield by, directory.codes[by, code]


def _codes(row: Wanted) -> list[tuple[By, str]]:
    given = ((By.MOE_CODE, normalise(row.moe_code)), (By.USCC, normalise(row.uscc)))
    return [(by, code) for by, code in given if code]


def _by_name(directory: Directory, name: str, on: date | None) -> tuple[By, list[int]]:
    """Present name, else former name (of that day), else short form: the first sort that anybody bears."""
    if name:
        present = directory.holders(By.NAME, name, on)
        former = directory.holders(By.FORMER_NAME, name, on)
        if on and former and present != former:
            return (By.FORMER_NAME, former) if not present else (By.NAME, list(dict.fromkeys([*present, *former])))
        for by, found in ((By.NAME, present), (By.FORMER_NAME, former)):
            if found:
                return by, found
        aliased = directory.holders(By.ALIAS, name, on)
        if aliased:
            return By.ALIAS, aliased
    return By.NOTHING, []


def _doubt(
    directory: Directory, row: Wanted, by_code: Sequence[tuple[By, int]], by_name: By, named: Sequence[int]
) -> Message | None:
    coded = {number for _by, number in by_code}
    if len(coded) > 1:
        return msg("The codes belong to different organisations")
    if coded and named and not coded & set(named):
        return msg("The code and the name belong to different organisations")
    if not coded and len(named) > 1:
        return msg("Several organisations are called so")
    meant = coded or set(named)
    if meant and _has_other_code(directory, row, *meant):
        told = msg("The organisation of this code has another one beside it")
        return told if coded else msg("The organisation of this name has another code")
    return None


def _has_other_code(directory: Directory, row: Wanted, number: int) -> bool:
    """Whether a code is given that is not the organisation's, which has one of its own.

    A code that leads to it all the same is one of a record merged into it.
    """
    return any(
        directory.own_codes.get((by, number), code) != code and directory.codes.get((by, code)) != number
        for by, code in _codes(row)
    )


def _counts(held: Held, on: date | None) -> bool:
    return on is None or held.span is None or held.span.may_cover(on)


def _certainly(directory: Directory, numbers: Iterable[int]) -> tuple[Proposal, ...]:
    return tuple(Proposal(directory.known[number], 1.0) for number in dict.fromkeys(numbers))[:MOST]


def _alike(directory: Directory, name: str) -> list[Proposal]:
    """Who is called about so, the most alike first; names of two places are never alike."""
    scores: dict[int, float] = {}
    place = place_in(name, directory.places)
    for number, other in _shortlist(directory, name):
        theirs = place_in(other, directory.places)
        score = 0.0 if place and theirs and place != theirs else _score(name, other)
        if score >= ALIKE:
            scores[number] = max(score, scores.get(number, 0.0))
    best = sorted(scores, key=lambda number: (-scores[number], number))[:MOST]
    return [Proposal(directory.known[number], round(scores[number], 3)) for number in best]


def _score(name: str, other: str) -> float:
    """Short of 1 for anything but the name itself: 东北大学 and 东北工业大学 differ in what is told, not in kind."""
    return min(likeness_of(name, other), 0.99)


def _shortlist(directory: Directory, name: str) -> list[tuple[int, str]]:
    """Names that share the most pairs of characters; pairs that half the directory has tell nothing apart."""
    shared: Counter[tuple[int, str]] = Counter()
    bearers = sorted((directory.grams[gram] for gram in sorted(_grams(name)) if gram in directory.grams), key=len)
    for entries in [few for few in bearers if len(few) <= COMMON] or bearers[:1]:
        shared.update(entries[:COMMON])
    return [entry for entry, _count in shared.most_common(SHORTLIST)]


def _grams(name: str) -> set[str]:
    """Pairs of characters of what tells names apart; single ones where nothing longer is left."""
    told = telling(name)
    return {told[place : place + 2] for place in range(len(told) - 1)} or set(told)


def read_directory() -> Directory:
    """Everything that organisations are called, in four queries."""
    directory = Directory(places=place_names())
    columns = (*COLUMNS, Organisation.short_zh, Organisation.short_en, Organisation.merged_into_id)
    rows = db.session.execute(with_places(select(*columns))).all()
    survivors = {row.id: row.merged_into_id or row.id for row in rows}
    directory.known = {row.id: suggestion_of(row) for row in rows if row.status is not OrganisationStatus.MERGED}
    former = db.session.execute(select(OrganisationName.organisation_id, *NAME_COLUMNS)).all()
    since = _present_since(former)
    for row in rows:
        _enter(directory, row, survivors[row.id], since.get(row.id))
    for row in former:
        bear(directory, By.FORMER_NAME, row.name_zh, Held(survivors[row.organisation_id], _span(row)))
        bear(directory, By.FORMER_NAME, row.name_en, Held(survivors[row.organisation_id], _span(row)))
    for number, alias in db.session.execute(select(OrganisationAlias.organisation_id, OrganisationAlias.alias)):
        bear(directory, By.ALIAS, alias, Held(survivors[number]))
    return directory


NAME_COLUMNS: tuple[Any, ...] = (
    OrganisationName.name_zh,
    OrganisationName.name_en,
    OrganisationName.valid_from,
    OrganisationName.valid_from_precision,
    OrganisationName.valid_to,
    OrganisationName.valid_to_precision,
)


def _span(row: Row[Any]) -> Span:
    return Span(row.valid_from, row.valid_from_precision, row.valid_to, row.valid_to_precision)


def _present_since(former: Collection[Row[Any]]) -> dict[int, Span]:
    """The days of present names, where a former name tells when they began."""
    latest: dict[int, Span] = {}
    for row in former:
        span = _span(row)
        if span.end and (row.organisation_id not in latest or span.latest > latest[row.organisation_id].latest):
            latest[row.organisation_id] = span
    return {number: Span(*span.following()) for number, span in latest.items()}


def _enter(directory: Directory, row: Row[Any], number: int, since: Span | None) -> None:
    merged = row.status is OrganisationStatus.MERGED
    for by, code in ((By.MOE_CODE, row.moe_code), (By.USCC, row.uscc)):
        if code:
            directory.codes[by, code] = number
            if not merged:
                directory.own_codes[by, number] = code
    by = By.FORMER_NAME if merged else By.NAME
    for name in (row.name_zh, row.name_en):
        bear(directory, by, name, Held(number, since))
    for name in (row.short_zh, row.short_en):
        bear(directory, By.ALIAS, name, Held(number))


def bear(directory: Directory, by: By, name: str, held: Held) -> None:
    """Enter that somebody is called so."""
    folded = fold(name)
    if not folded:
        return
    directory.names[by][folded].append(held)
    for gram in _grams(folded) if by is not By.ALIAS else ():
        directory.grams[gram].append((held.organisation_id, folded))
