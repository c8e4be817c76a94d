"""Numbers such as 鞍校地协〔2023〕1号: without gaps, never reused.

Hexagonal brackets and no leading zeros: GB/T 9704-2012, 7.2.5.
"""

import re

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from ...core.access.scope import without_scope
from ...core.dates import today
from ...core.db import db
from ...core.errors import Invalid
from ...core.i18n import msg
from ...organisations.models import Organisation
from ..models import Agreement, NumberCounter, NumberScheme

WORD = "校地协"
OWN_NUMBER = re.compile(r"(?P<prefix>.{1,20})〔(?P<year>\d{4})〕(?P<sequence>[1-9]\d{0,5})号")


def allocate(agreement: Agreement) -> None:
    """Give the agreement its owner's next number of this year; one that it has it keeps."""
    if agreement.number is not None:
        return
    year = today().year
    sequence = _next(agreement.owner_id, year)
    agreement.issuer_id, agreement.number_year, agreement.number_sequence = agreement.owner_id, year, sequence
    agreement.number = f"{prefix(agreement.owner)}〔{year}〕{sequence}号"


def take_over(agreement: Agreement, number: str) -> None:
    """Keep the number that a historic paper carries; one of the owner's own raises the counter past it.

    Raises Invalid for a number that another agreement of the owner has.
    """
    agreement.number = number or None
    agreement.issuer_id = agreement.number_year = agreement.number_sequence = None
    if not number:
        return
    taken = select(Agreement.id).where(
        Agreement.owner_id == agreement.owner.id, Agreement.number == number, Agreement.id != agreement.id
    )
    with db.session.no_autoflush, without_scope():  # the rule is about the owner's records, not about the reader's
        if db.session.scalar(taken.limit(1)) is not None:
            raise Invalid({"number": [msg("Another agreement has this number already")]})
    own = OWN_NUMBER.fullmatch(number)
    if own and own["prefix"] == prefix(agreement.owner):
        _claim(agreement, int(own["year"]), int(own["sequence"]))


def _claim(agreement: Agreement, year: int, sequence: int) -> None:
    agreement.issuer_id, agreement.number_year, agreement.number_sequence = agreement.owner.id, year, sequence
    counter = db.session.get(NumberCounter, (agreement.owner.id, year), with_for_update=True)
    if counter is None:
        db.session.add(NumberCounter(issuer_id=agreement.owner.id, year=year, last=sequence))
    elif counter.last < sequence:
        counter.last = sequence


def prefix(issuer: Organisation) -> str:
    """The issuer's own word, else the first character of its region's short name before 校地协."""
    scheme = db.session.get(NumberScheme, issuer.id)
    if scheme:
        return scheme.prefix
    return f"{(issuer.region.short_zh or issuer.region.name_zh)[:1]}{WORD}"


def _next(issuer_id: int, year: int) -> int:
    """Raise the counter row and read it in one statement; `max() + 1` would give a number out twice."""
    raise_it = (
        update(NumberCounter)
        .where(NumberCounter.issuer_id == issuer_id, NumberCounter.year == year)
        .values(last=NumberCounter.last + 1)
        .returning(NumberCounter.last)
        .execution_options(synchronize_session=False)
    )
    number = db.session.scalar(raise_it)
    if number is None:
        _begin_year(issuer_id, year)
        number = db.session.scalar(raise_it)
    if number is None:
        raise RuntimeError("the counter row cannot be raised")
    return number


def _begin_year(issuer_id: int, year: int) -> None:
    """Make the counter row; somebody else may do so at the same moment, which is just as well."""
    known = select(NumberCounter.last).where(NumberCounter.issuer_id == issuer_id, NumberCounter.year == year)
    try:
        with db.session.begin_nested():
            db.session.add(NumberCounter(issuer_id=issuer_id, year=year, last=0))
    except IntegrityError:
        db.session.scalars(known).one()
