"""Numbers such as 鞍校地协〔2023〕1号: without gaps, never reused.

Hexagonal brackets and no leading zeros: GB/T 9704-2012, 7.2.5.
"""

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from ...core.dates import today
from ...core.db import db
from ...organisations.models import Organisation
from ..models import Agreement, NumberCounter, NumberScheme

WORD = "校地协"


def allocate(agreement: Agreement) -> None:
    """Give the agreement its owner's next number of this year; one that it has it keeps."""
    if agreement.number is not None:
        return
    year = today().year
    sequence = _next(agreement.owner_id, year)
    agreement.issuer_id, agreement.number_year, agreement.number_sequence = agreement.owner_id, year, sequence
    agreement.number = f"{prefix(agreement.owner)}〔{year}〕{sequence}号"


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
