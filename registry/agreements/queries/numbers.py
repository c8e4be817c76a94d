"""Numbers that an organisation gave out, and what the next ones would be. 编号查询。

Rules of numbering must know of every number, whoever asks: these reads are not cut to the reader, but begin at an
organisation that the reader may ask about (`get_numbered`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from ...core.access.decision import Actor
from ...core.access.scope import without_scope
from ...core.db import db
from ...core.errors import NotFound
from ...organisations.models import Organisation
from ...organisations.queries.directory import get_organisation
from ..models import (
    COMMON,
    Agreement,
    AgreementKind,
    NumberCounter,
    NumberKindPrefix,
    NumberPrefix,
    NumberScheme,
)

WORD = "校地协"
MOST_REGION = 17  # a word has at most 20 characters


@dataclass(frozen=True)
class Rules:
    """How an organisation numbers now; `version` is that of its scheme."""

    prefix: str
    kinds: Mapping[AgreementKind, str]
    in_common: bool
    version: int = 1

    def prefix_for(self, kind: AgreementKind) -> str:
        """The word of a kind of agreement."""
        return self.kinds.get(kind, self.prefix)

    @property
    def prefixes(self) -> tuple[str, ...]:
        """Every word in use, the organisation's own first."""
        return tuple(dict.fromkeys((self.prefix, *self.kinds.values())))


@dataclass(frozen=True)
class Series:
    """What is counted together in a year. `given` tells whether the registry gave out a number of it already."""

    name: str
    prefixes: tuple[str, ...]
    next: int
    given: bool
    taken_over: int


def get_numbered(public_id: str, actor: Actor) -> Organisation:
    """The actor's organisation, or one that it oversees.

    Raises NotFound for any other: its numbers are nobody else's business.
    """
    organisation = get_organisation(public_id)
    if organisation.id != actor.organisation_id and not organisation.is_overseen_by(actor.organisation_id):
        raise NotFound
    return organisation


def printed(prefix: str, year: int, sequence: int) -> str:
    """Hexagonal brackets, the year in full, no leading zeros, no 第 (GB/T 9704-2012, 7.2.5)."""
    return f"{prefix}〔{year}〕{sequence}号"


def holder_of(prefix: str) -> int | None:
    """The id of the organisation that numbers with a word; None when nobody does."""
    return db.session.scalar(select(NumberPrefix.organisation_id).where(NumberPrefix.prefix == prefix))


def default_prefixes(issuer: Organisation) -> tuple[str, ...]:
    """Words to begin with, the shortest first: two organisations of a place cannot have the same one."""
    region = issuer.region.short_zh or issuer.region.name_zh
    name = "".join(filter(str.isalnum, issuer.short_zh or issuer.name_zh))
    longer = (region[:MOST_REGION], name[:MOST_REGION], f"{region[:1]}{issuer.public_id[-8:]}")
    return tuple(f"{word}{WORD}" for word in (region[:1], *longer))


def presumed_prefix(issuer: Organisation) -> str:
    """The word that an organisation without a scheme would number with: the first that nobody else has."""
    words = default_prefixes(issuer)
    rows = select(NumberPrefix.prefix).where(NumberPrefix.prefix.in_(words), NumberPrefix.organisation_id != issuer.id)
    taken = set(db.session.scalars(rows))
    return next((word for word in words if word not in taken), words[-1])


def rules_of(issuer: Organisation) -> Rules:
    """How the organisation numbers; what it would begin with where nobody has said so."""
    scheme = db.session.get(NumberScheme, issuer.id)
    if scheme is None:
        return Rules(presumed_prefix(issuer), {}, in_common=False)
    return Rules(scheme.prefix, kind_prefixes(issuer.id), scheme.in_common, scheme.row_version)


def kind_prefixes(issuer_id: int) -> dict[AgreementKind, str]:
    """Words of kinds that have another one than the organisation's."""
    rows = select(NumberKindPrefix.kind, NumberKindPrefix.prefix).where(NumberKindPrefix.organisation_id == issuer_id)
    return {row.kind: row.prefix for row in db.session.execute(rows)}


def rule_of_year(issuer_id: int, year: int) -> bool | None:
    """Whether a year's numbers are counted in common; None before the registry gave out its first one.

    The first number settles it for the year: another way of counting would print a number twice or leave gaps.
    """
    series = select(Agreement.number_series).where(
        Agreement.issuer_id == issuer_id, Agreement.number_year == year, Agreement.number_series.is_not(None)
    )
    with without_scope():
        found = db.session.scalar(series.limit(1))
    return None if found is None else found == COMMON


def series_name(rules: Rules, issuer_id: int, prefix: str, year: int) -> str:
    """The series that a word is counted in."""
    settled = rule_of_year(issuer_id, year)
    return COMMON if (rules.in_common if settled is None else settled) else prefix


def highest_taken_over(issuer_id: int, year: int, series: str) -> int:
    """The highest number that was taken over from a paper; 0 when there is none."""
    highest = select(func.max(Agreement.number_sequence)).where(
        Agreement.issuer_id == issuer_id, Agreement.number_year == year, Agreement.number_series.is_(None)
    )
    with without_scope():
        return db.session.scalar(highest if series == COMMON else highest.where(Agreement.number_prefix == series)) or 0


def has_given(issuer_id: int, year: int, series: str) -> bool:
    """Whether the registry gave out a number of the series."""
    given = select(Agreement.id).where(
        Agreement.issuer_id == issuer_id, Agreement.number_year == year, Agreement.number_series == series
    )
    with without_scope():
        return db.session.scalar(given.limit(1)) is not None


def series_of_year(issuer: Organisation, rules: Rules, year: int) -> list[Series]:
    """The series of the words in use, with the next number of each. A handful of words, two look-ups each."""
    names = dict.fromkeys(series_name(rules, issuer.id, prefix, year) for prefix in rules.prefixes)
    return [_series(issuer.id, rules, name, year) for name in names]


def _series(issuer_id: int, rules: Rules, name: str, year: int) -> Series:
    taken_over = highest_taken_over(issuer_id, year, name)
    last = db.session.scalar(
        select(NumberCounter.last).where(
            NumberCounter.issuer_id == issuer_id, NumberCounter.year == year, NumberCounter.series == name
        )
    )
    return Series(
        name=name,
        prefixes=rules.prefixes if name == COMMON else (name,),
        next=(taken_over if last is None else last) + 1,
        given=has_given(issuer_id, year, name),
        taken_over=taken_over,
    )


def years_of(issuer_id: int, present: int) -> Sequence[int]:
    """The years from the first number of an organisation to the present one, newest first."""
    ends = select(func.min(Agreement.number_year), func.max(Agreement.number_year))
    with without_scope():
        first, last = db.session.execute(ends.where(Agreement.issuer_id == issuer_id)).one()
    return range(max(last or present, present), (first or present) - 1, -1)
