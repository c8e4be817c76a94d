"""Numbers such as 鞍校地协〔2023〕1号: without unexplained gaps, never reused.

Whatever is counted here is counted under the lock of the organisation's scheme, so one after the other.
"""

from collections.abc import Collection
from itertools import groupby

from sqlalchemy import select, update

from ...core.access.scope import without_scope
from ...core.dates import today
from ...core.db import batched, db
from ...core.errors import Invalid
from ...core.i18n import msg
from ...organisations.models import Organisation
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
    own = parts if parts and _is_own(parts, issuer) else None
    taken = select(Agreement.id).where(
        Agreement.owner_id == issuer.id, Agreement.number == number, Agreement.id != agreement.id
    )
    with db.session.no_autoflush, without_scope():  # the rule is about the owner's records, not about the reader's
        if db.session.scalar(taken.limit(1)) is not None:
            raise Invalid({"number": [msg("Another agreement has this number already")]})
    if own:
        _write(agreement, own)
        _pass_over(issuer, own)


def take_over_many(issuer: Organisation, numbers: Collection[str]) -> dict[str, Parts]:
    """The same for many papers of one owner: the parts of those numbers that are its own, by number.

    Raises Invalid for a number that another agreement of the owner has.
    """
    for some in batched(numbers):
        taken = select(Agreement.number).where(Agreement.owner_id == issuer.id, Agreement.number.in_(some))
        with without_scope():
            if db.session.scalar(taken.limit(1)) is not None:
                raise Invalid({"number": [msg("Another agreement has this number already")]})
    parts = {number: found for number in numbers if (found := prefixes.parts_of(number)) is not None}
    firsts = {found.prefix: found for found in parts.values()}
    own = {prefix for prefix, found in firsts.items() if _is_own(found, issuer)}
    kept = {number: found for number, found in parts.items() if found.prefix in own}
    for _series, alike in groupby(sorted(kept.values()), lambda found: (found.prefix, found.year)):
        _pass_over(issuer, *alike)
    return kept


def _is_own(parts: Parts, issuer: Organisation) -> bool:
    """Whether the owner numbers with the word, or would as soon as it gives out its first number; locks its scheme."""
    holder = queries.holder_of(parts.prefix)
    if holder is None and parts.prefix != queries.rules_of(issuer).prefix:
        return False
    if holder not in (None, issuer.id):
        return False
    prefixes.locked_scheme(issuer)
    return queries.holder_of(parts.prefix) == issuer.id


def _write(agreement: Agreement, parts: Parts) -> None:
    agreement.issuer_id = agreement.owner.id
    agreement.number_prefix, agreement.number_year, agreement.number_sequence = parts


def _pass_over(issuer: Organisation, *taken: Parts) -> None:
    """Raise a counter that runs already past numbers of one word and year; one that does not will begin above them."""
    first = taken[0]
    series = queries.series_name(queries.rules_of(issuer), issuer.id, first.prefix, first.year)
    counter = db.session.get(NumberCounter, (issuer.id, first.year, series), populate_existing=True)
    for parts in sorted(taken):
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
