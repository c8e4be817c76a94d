"""What rows of several ledgers have in common: days, whole numbers, who is named, refusals by column. 通用识读."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import or_, select

from ...accounts.models import User
from ...agreements.models import Agreement, AgreementVisibility
from ...core.dates import Precision, read_partial
from ...core.db import db
from ...core.errors import Invalid
from ...core.figures.kinds import Qualifier
from ...core.i18n import Message, msg
from ...organisations.models import IndustrySection, Region
from ...organisations.names import fold
from ..definitions import Ledger
from ..reading.cells import figure_of, parts_of, words_of
from .base import Named, Row

T = TypeVar("T")
Problems = dict[str, list[Message | str]]


def exact_day(row: Row, name: str, problems: Problems) -> date | None:
    """A day that has to be known to the day; None where the cell is empty."""
    if not row.text(name):
        return None
    day, precision = read_partial(row.text(name))
    if precision is not Precision.DAY:
        problems[name] = [msg("Give the day, not only month or year")]
        return None
    return day


def whole(ledger: Ledger, row: Row, name: str, problems: Problems) -> int | None:
    """A plain whole number; what is only about right has no place in such a record."""
    read = figure_of(ledger.column(name), row.text(name))
    if read is None or read.value is None:
        return None
    if read.qualifier is not Qualifier.EXACT or read.value != int(read.value):
        problems[name] = [msg("A plain whole number is needed here")]
        return None
    return int(read.value)


def named_several(row: Row, name: str) -> list[Named]:
    """Who is meant in a cell that names several."""
    return [row.named(f"{name}:{part}") for part in parts_of(row.text(name))]


def by_column(names: Mapping[str, str], make: Callable[[], T]) -> T:
    """What `make` gives; its refusals told by the ledger's columns instead of the form's fields."""
    try:
        return make()
    except Invalid as error:
        raise Invalid({names.get(field, field): told for field, told in error.fields.items()}) from error


def words(known: Mapping[Any, Sequence[str]]) -> dict[str, str]:
    """Codes by the words that ledgers use, and by themselves."""
    return words_of(*((word, str(code)) for code, said in known.items() for word in (*said, str(code))))


def shown(known: Mapping[Any, Sequence[str]]) -> dict[str, str]:
    """The word that each code is printed with."""
    return {str(code): said[0] for code, said in known.items()}


def same_names(text: str, before: str) -> bool:
    """Whether two cells name the same, in the same order, however divided."""
    return [fold(one) for one in parts_of(text)] == [fold(one) for one in parts_of(before)]


def anything(_text: str, _before: str) -> bool:
    """For what the record tells in its own words: nothing to compare."""
    return True


def iso(day: date | None) -> str:
    """As ledgers print a day."""
    return day.isoformat() if day else ""


def region_codes() -> dict[str, str]:
    """Codes of regions by code and name; where two bear a name, the one with the lower code."""
    found: dict[str, str] = {}
    for code, name in db.session.execute(select(Region.code, Region.name_zh).order_by(Region.code.desc())):
        found |= {code: code, name: code}
    return found


def industry_codes() -> dict[str, str]:
    """Codes of industries by code and name."""
    found: dict[str, str] = {}
    for code, name in db.session.execute(select(IndustrySection.code, IndustrySection.name_zh)):
        found |= {code: code, name: code}
    return found


def agreements_named(texts: Collection[str], actor: User) -> dict[str, str]:
    """Public ids of agreements that the actor sees, by number and title; of several the newest."""
    seen = AgreementVisibility
    statement = (
        select(Agreement.public_id, Agreement.number, Agreement.title_zh)
        .join(seen, seen.agreement_id == Agreement.id)
        .where(seen.organisation_id == actor.organisation_id)
        .where(or_(Agreement.number.in_(texts), Agreement.title_zh.in_(texts)))
        .order_by(Agreement.id)
    )
    found: dict[str, str] = {}
    for public_id, number, title in db.session.execute(statement) if texts else ():
        found |= {title: public_id} | ({number: public_id} if number else {})
    return found
