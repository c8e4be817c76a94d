"""Who numbers with which word: a word belongs to one organisation, as long as a number with it exists. 机关代字."""

import re
from typing import NamedTuple

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from ...core.access.scope import without_scope
from ...core.db import db
from ...organisations.models import Organisation
from .. import queries
from ..models import Agreement, NumberCounter, NumberPrefix, NumberScheme, NumberSkip

NUMBER = re.compile(r"(?P<prefix>[^〔〕]{1,20})〔(?P<year>\d{4})〕(?P<sequence>[1-9]\d{0,5})号")


class Parts(NamedTuple):
    """What a printed number consists of."""

    prefix: str
    year: int
    sequence: int


def parts_of(number: str) -> Parts | None:
    """The parts of a number in the registry's own form; None for any other."""
    found = NUMBER.fullmatch(number)
    return Parts(found["prefix"], int(found["year"]), int(found["sequence"])) if found else None


def locked_scheme(issuer: Organisation) -> NumberScheme:
    """The organisation's scheme, locked until the transaction ends; made with a default word where there is none."""
    found = _locked(issuer.id)
    if found is None:
        _make(issuer)
        found = _locked(issuer.id)
    if found is None:
        raise RuntimeError("the scheme of numbers cannot be made")
    return found


def _locked(issuer_id: int) -> NumberScheme | None:
    statement = select(NumberScheme).where(NumberScheme.organisation_id == issuer_id).with_for_update()
    return db.session.scalar(statement.execution_options(populate_existing=True))


def _make(issuer: Organisation) -> None:
    """Somebody else may make it at the same moment, which is just as well."""
    prefix = next(word for word in queries.default_prefixes(issuer) if claim(word, issuer))
    try:
        with db.session.begin_nested():
            db.session.add(NumberScheme(organisation_id=issuer.id, prefix=prefix))
    except IntegrityError:
        db.session.expire_all()


def claim(prefix: str, issuer: Organisation) -> bool:
    """Whether the organisation has the word now: it had it, or nobody did."""
    if queries.holder_of(prefix) is None:
        try:
            with db.session.begin_nested():
                db.session.add(NumberPrefix(prefix=prefix, organisation_id=issuer.id))
        except IntegrityError:  # somebody was faster; for whom, the last line tells
            pass
        else:
            _adopt(prefix, issuer)
    return queries.holder_of(prefix) == issuer.id


def _adopt(prefix: str, issuer: Organisation) -> None:
    """Papers of the organisation that carry the word already count from now on, lest a number be printed twice."""
    same = select(Agreement.id, Agreement.number).where(
        Agreement.owner_id == issuer.id, Agreement.issuer_id.is_(None), Agreement.number.startswith(f"{prefix}〔")
    )
    with without_scope():
        rows = db.session.execute(same.order_by(Agreement.id)).all()
    first_of = {row.number: row.id for row in reversed(rows)}
    for number, agreement_id in first_of.items():
        found = parts_of(number or "")
        if found:
            values = {
                "issuer_id": issuer.id,
                "number_prefix": prefix,
                "number_year": found.year,
                "number_sequence": found.sequence,
            }
            db.session.execute(update(Agreement).where(Agreement.id == agreement_id).values(values))


def release_unused(issuer: Organisation, in_use: tuple[str, ...]) -> None:
    """Give back the words that nothing was ever numbered with."""
    words = select(NumberPrefix.prefix).where(
        NumberPrefix.organisation_id == issuer.id, NumberPrefix.prefix.not_in(in_use)
    )
    with without_scope():
        numbered = select(Agreement.id).where(Agreement.number_prefix == NumberPrefix.prefix).exists()
        unused = db.session.scalars(words.where(~numbered)).all()
    for table in (NumberCounter, NumberSkip):
        db.session.execute(delete(table).where(table.issuer_id == issuer.id, table.series.in_(unused)))
    db.session.execute(delete(NumberPrefix).where(NumberPrefix.prefix.in_(unused)))
