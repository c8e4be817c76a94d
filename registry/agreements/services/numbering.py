"""Numbers such as 鞍校地协〔2023〕1号: without unexplained gaps, never reused.

Whatever is counted here is counted under the lock of the organisation's scheme, so one after the other.
"""

from sqlalchemy import select, update

from ...core.access.scope import without_scope
from ...core.dates import today
from ...core.db import db
from ...core.errors import Invalid
from ...core.i18n import msg
from .. import queries
from ..models import Agreement, NumberCounter, NumberSkip, SkipReason
from . import prefixes
from .prefixes import Parts


def allocate(agreement: Agreement) -> None:
    """Give the agreement its owner's next number of this year; one that it has it keeps."""
    if agreement.number is not None:
        return
    issuer, year = agreement.owner, today().year
    prefixes.locked_scheme(issuer)
    rules = queries.rules_of(issuer)
    prefix = rules.prefix_for(agreement.kind)
    series = queries.series_name(rules, issuer.id, prefix, year)
    sequence = _next(issuer.id, year, series)
    _write(agreement, Parts(prefix, year, sequence))
    agreement.number_series = series
    agreement.number = queries.printed(prefix, year, sequence)


def take_over(agreement: Agreement, number: str) -> None:
    """Keep the number that a historic paper carries; one of the owner's own raises the counter past it.

    Raises Invalid for a number that another agreement of the owner has.
    """
    agreement.number = number or None
    agreement.issuer_id = agreement.number_prefix = agreement.number_year = None
    agreement.number_sequence = agreement.number_series = None
    if not number:
        return
    issuer, parts = agreement.owner, prefixes.parts_of(number)
    own = parts if parts and _is_own(parts, agreement) else None
    taken = select(Agreement.id).where(
        Agreement.owner_id == issuer.id, Agreement.number == number, Agreement.id != agreement.id
    )
    with db.session.no_autoflush, without_scope():  # the rule is about the owner's records, not about the reader's
        if db.session.scalar(taken.limit(1)) is not None:
            raise Invalid({"number": [msg("Another agreement has this number already")]})
    if own:
        _write(agreement, own)
        _pass_over(agreement, own)


def _is_own(parts: Parts, agreement: Agreement) -> bool:
    """Whether the owner numbers with the word, or would as soon as it gives out its first number; locks its scheme."""
    holder = queries.holder_of(parts.prefix)
    if holder is None and parts.prefix != queries.rules_of(agreement.owner).prefix:
        return False
    if holder not in (None, agreement.owner.id):
        return False
    prefixes.locked_scheme(agreement.owner)
    return queries.holder_of(parts.prefix) == agreement.owner.id


def _write(agreement: Agreement, parts: Parts) -> None:
    agreement.issuer_id = agreement.owner.id
    agreement.number_prefix, agreement.number_year, agreement.number_sequence = parts


def _pass_over(agreement: Agreement, parts: Parts) -> None:
    """Raise a counter that runs already; one that does not will begin above the highest number taken over."""
    issuer_id = agreement.owner.id
    series = queries.series_name(queries.rules_of(agreement.owner), issuer_id, parts.prefix, parts.year)
    counter = db.session.get(NumberCounter, (issuer_id, parts.year, series), populate_existing=True)
    if counter is not None and counter.last < parts.sequence:
        skip(counter, counter.last + 1, parts.sequence, SkipReason.TAKEN_OVER)
        counter.last = parts.sequence


def skip(counter: NumberCounter, first: int, last: int, reason: SkipReason) -> None:
    """Note why the register will miss numbers; nothing for an empty range."""
    if first <= last:
        db.session.add(
            NumberSkip(
                issuer_id=counter.issuer_id,
                year=counter.year,
                series=counter.series,
                first=first,
                last=last,
                reason=reason,
            )
        )


def _next(issuer_id: int, year: int, series: str) -> int:
    """Raise the counter row and read it in one statement; `max() + 1` would give a number out twice."""
    raise_it = (
        update(NumberCounter)
        .where(NumberCounter.issuer_id == issuer_id, NumberCounter.year == year, NumberCounter.series == series)
        .values(last=NumberCounter.last + 1)
        .returning(NumberCounter.last)
        .execution_options(synchronize_session=False)
    )
    number = db.session.scalar(raise_it)
    if number is None:
        begin(issuer_id, year, series)
        number = db.session.scalar(raise_it)
    if number is None:
        raise RuntimeError("the counter row cannot be raised")
    return number


def begin(issuer_id: int, year: int, series: str) -> NumberCounter:
    """Make the counter of a series; it begins above what was taken over from papers."""
    last = queries.highest_taken_over(issuer_id, year, series)
    counter = NumberCounter(issuer_id=issuer_id, year=year, series=series, last=last)
    db.session.add(counter)
    skip(counter, 1, last, SkipReason.TAKEN_OVER)
    db.session.flush()
    return counter
