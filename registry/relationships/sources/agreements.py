"""Agreements: signed ones count; one in force is the top of the ladder."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, select

from ...agreements.labels import label
from ...agreements.models import Agreement, AgreementParty, AgreementStatus, AgreementVisibility
from ...core.access.decision import Actor
from ...core.dates import today
from ...core.db import db
from ...core.i18n import msg
from ..enums import Level
from ..pairs import ANY, Pair, both_take_part
from .base import Entry, Fact, Source, latest

KIND = "agreement"
HOLDS = (AgreementStatus.IN_FORCE, AgreementStatus.SUSPENDED)
COUNTS = (*HOLDS, AgreementStatus.SIGNED, AgreementStatus.CLOSED)
PARTIES = (AgreementParty.agreement_id, AgreementParty.organisation_id)
ONE_DAY = timedelta(days=1)


def facts(pair: Pair) -> Sequence[Fact]:
    """Signed agreements between the two; drafts are nobody's business yet."""
    found = db.session.execute(_signed(), pair.sides).all()
    sides = _sides([row.id for row in found])
    return [_fact(row, sides.get(row.id, frozenset())) for row in found]


@cache
def _signed() -> Select[*tuple[Any, ...]]:
    columns = (
        Agreement.id,
        Agreement.status,
        Agreement.signed_on,
        Agreement.effective_on,
        Agreement.expires_on,
        Agreement.open_ended,
        Agreement.closed_on,
    )
    return select(*columns).where(Agreement.id.in_(both_take_part(PARTIES, ANY)), Agreement.status.in_(COUNTS))


def _fact(row: Row[*tuple[Any, ...]], sides: frozenset[int]) -> Fact:
    holds = row.status in HOLDS
    ends = row.expires_on if holds and not row.open_ended else None
    return Fact(
        row.id,
        Level.AGREEMENT if holds else Level.CONTACT,
        sides,
        latest((row.signed_on, row.effective_on, row.closed_on), today()),
        ends if ends and ends >= today() else None,
    )


def _sides(agreement_ids: Sequence[int]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    asked = db.session.execute(_parties(), {"ids": agreement_ids}) if agreement_ids else ()
    for key, organisation_id in asked:
        if organisation_id is not None:
            found.setdefault(key, set()).add(organisation_id)
    return {key: frozenset(ids) for key, ids in found.items()}


@cache
def _parties() -> Select[int, int | None]:
    return select(AgreementParty.agreement_id, AgreementParty.organisation_id).where(
        AgreementParty.agreement_id.in_(bindparam("ids", expanding=True)), AgreementParty.organisation_id.is_not(None)
    )


def entries(pair: Pair, actor: Actor) -> Sequence[Entry]:
    """When each was signed, when it ended or ends; also those on their way, as far as the actor sees them."""
    seen = AgreementVisibility
    statement = (
        select(Agreement)
        .join(seen, seen.agreement_id == Agreement.id)
        .where(Agreement.id.in_(both_take_part(PARTIES, pair)), seen.organisation_id == actor.organisation_id)
    )
    return [entry for one in db.session.scalars(statement) for entry in _entries(one)]


def _entries(one: Agreement) -> Iterator[Entry]:
    same = (one.title_zh, one.title_en, "agreements.show", one.public_id)
    if one.status not in COUNTS:
        day = one.created_at.date()
        yield Entry(day, msg("Agreement on its way"), *same, "file-earmark-text", note=str(label(one.status)))
        return
    signed = msg("Agreement signed")
    yield Entry(one.signed_on, signed, *same, "pen", "ok", precision=one.signed_precision, note=one.number or "")
    if one.status is AgreementStatus.CLOSED:
        yield Entry(
            one.closed_on,
            msg("Agreement ended"),
            *same,
            "stop-circle",
            note=str(label(one.outcome)) if one.outcome else "",
        )
    elif one.expires_on and not one.open_ended:
        yield Entry(
            one.expires_on, msg("Agreement expires"), *same, "hourglass-split", is_due=one.expires_on >= today()
        )


SOURCE = Source(KIND, facts, entries)
