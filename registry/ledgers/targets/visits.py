"""The ledgers of visits: 访企拓岗台账 and 回访台账 become held visits. 走访台账."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.dates import BadDate, parse_date
from ...core.db import db
from ...core.errors import Invalid
from ...core.i18n import msg
from ...organisations.workdays import calendar
from ...records.taking_back import take_back
from ...visits.enums import VisitKind
from ...visits.inputs import VisitDetails
from ...visits.models import Visit, VisitFigure, VisitFinding
from ...visits.queries.employers import employer_key
from ...visits.queries.listing import LISTING
from ...visits.schemas import visit_from
from ...visits.services import entry
from ...visits.services.entry import MadeVisit
from .base import Existing, Key, Row, Target
from .plain import agreements_named, anything, by_column, industry_codes, region_codes
from .visit_facts import facts, with_beside
from .visit_words import SHOWN, WORDS

UNSAID = "未填报（由台账导入）"
# Where the form of a visit says otherwise than the ledger's column.
ENTERPRISE = {
    "lead": "leader_name", "lead_position": "leader_office", "lead_level": "lead_level", "nature": "nature",
    "participants": "participants", "is_first": "is_first", "posts": "posts", "intern_posts": "internships",
    "majors": "majors", "avg_pay": "average_pay", "base_built": "base_built", "tracked": "tracked",
    "feedback": "feedback", "follow_up": "follow_up", "due_on": "next_on",
}  # fmt: skip
FOLLOW_UP = {
    "visitors": "participants", "content": "findings", "rating": "rating", "actions": "follow_up",
    "next_on": "next_on",
}  # fmt: skip


@dataclass(frozen=True)
class Prepared:
    """Codes of places and industries by name, and agreements by number and title."""

    regions: Mapping[str, str] = field(default_factory=dict)
    industries: Mapping[str, str] = field(default_factory=dict)
    agreements: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Given:
    """A visit, and which employer it was to: the check of the names has found out already."""

    details: VisitDetails
    key: str


def make(given: Given, actor: User) -> MadeVisit:
    """The visit as it will be kept. Raises Invalid by field."""
    return entry.make(given.details, actor, key=given.key)


def prepare(rows: Sequence[Row], actor: User) -> Prepared:
    """Three queries for many rows."""
    linked = agreements_named({row.text("linked") for row in rows} - {""}, actor)
    return Prepared(region_codes(), industry_codes(), linked)


def read_enterprise(row: Row, prepared: Prepared, actor: User) -> Given:
    """The visit that a row of 访企拓岗台账 describes. Raises Invalid by field."""
    visitor = row.named("university")
    if visitor.name and visitor.public_id != actor.organisation.public_id:
        raise Invalid({"university": [msg("Visits to expand posts are recorded by who made them")]})
    values = _values(row, "enterprise", ENTERPRISE) | {
        "kind": str(VisitKind.ENTERPRISE_EXPANSION),
        "visited_uscc": row.text("uscc"),
        "region": prepared.regions.get(row.text("region"), ""),
        "industry": prepared.industries.get(row.text("industry"), ""),
        "intentions": row.text("intentions"),
        "findings": row.text("feedback") or UNSAID,
    }
    values["receiver"], values["receiver_title"] = _person(row.text("received_by"))
    return Given(_visit(values, ENTERPRISE, "enterprise"), _employer(row, "enterprise"))


def read_follow_up(row: Row, prepared: Prepared, _actor: User) -> Given:
    """The visit that a row of 回访台账 describes. Raises Invalid by field."""
    linked = prepared.agreements.get(row.text("linked"), "")
    values = _values(row, "target", FOLLOW_UP) | {
        "kind": str(VisitKind.FOLLOW_UP),
        "problems": "\n".join(one for one in row.text("problem").replace("；", "\n").splitlines() if one.strip()),
        "subject": f"agreement:{linked}" if linked else "",
    }
    values["findings"] = values.get("findings") or UNSAID
    values["receiver"], values["receiver_title"] = _person(row.text("interviewee"))
    return Given(_visit(values, FOLLOW_UP, "target"), _employer(row, "target"))


def _values(row: Row, whom: str, fields: Mapping[str, str]) -> dict[str, Any]:
    named = row.named(whom)
    known = {form: row.text(name) for name, form in fields.items() if row.text(name)}
    return known | {
        "day": row.text("visited_on"),
        "took_place": "yes",
        "direction": row.text("mode"),
        "visited": named.public_id,
        "visited_name": "" if named.public_id else named.name,
    }


def _person(text: str) -> tuple[str, str]:
    """Name and title where a blank or a comma stands between them."""
    name, _sign, title = text.replace("，", " ").replace("、", " ").partition(" ")
    return (name, title.strip()) if title else (text, "")


def _visit(values: Mapping[str, Any], fields: Mapping[str, str], whom: str) -> Any:
    names = {form: name for name, form in fields.items()} | {"day": "visited_on", "direction": "mode"}
    names |= {"visited": whom, "visited_name": whom, "visited_uscc": "uscc"}

    def make() -> Any:
        given = visit_from(values)
        entry.check(given)
        return given

    return by_column(names, make)


def keys(kind: VisitKind, whom: str, row: Row, actor: User) -> list[Key]:
    """Who visited whom on which day."""
    return [(str(kind), str(actor.organisation_id), row.text("visited_on"), _employer(row, whom))]


def _employer(row: Row, whom: str) -> str:
    """As visits themselves tell employers apart; a name that the directory does not know asks nothing of it."""
    named = row.named(whom)
    if named.public_id:
        return named.key
    if named.is_strange and not row.text("uscc"):
        return named.key
    return employer_key(None, named.name, row.text("uscc"))


def existing(kind: VisitKind, whom: str, rows: Sequence[Row], actor: User) -> dict[Key, Existing]:
    """The organisation's own visits on these days."""
    days = {day for row in rows if (day := _day(row.text("visited_on")))}
    narrowing = (Visit.visitor_id == actor.organisation_id, Visit.kind == kind, Visit.held_on.in_(days))
    wanted = LISTING.seen_by(actor, narrowing).add_columns(Visit.employer_key)
    return {
        (str(kind), str(actor.organisation_id), one.held_on.isoformat(), one.employer_key): Existing(
            one.public_id, facts(one, beside)
        )
        for one, beside in with_beside(db.session.execute(wanted).all())
    }


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except BadDate:
        return None


def _workday(text: str, before: str) -> bool:
    """A follow-up is moved to the next working day when it is entered."""
    day = _day(text)
    return day is not None and calendar().first_from(day).isoformat() == before


def _linked(text: str, before: str) -> bool:
    """Agreements are named by number or title; what is linked is seen on the record."""
    return bool(before) or not text


def _target(
    code: str, kind: VisitKind, whom: str, fields: Collection[str], read: Any, same: Mapping[str, Any]
) -> Target:
    return Target(
        code, "visit", "visit", Action.VISIT_ADD, "visits.show",
        needs=frozenset({"visited_on", whom}), kept=frozenset(fields), read=read, keys=partial(keys, kind, whom),
        existing=partial(existing, kind, whom), make=make, enter=entry.enter_many,
        take_back=partial(take_back, Visit, (VisitFigure.visit_id, VisitFinding.visit_id)), words=WORDS,
        shown=SHOWN,
        codes={"enterprise": "uscc", "university": "moe_code"}, strangers=frozenset({whom}), prepare=prepare, same=same,
    )  # fmt: skip


ENTERPRISES = _target(
    "visit_enterprise", VisitKind.ENTERPRISE_EXPANSION, "enterprise",
    {"university", "moe_code", "visited_on", "enterprise", "uscc", "region", "industry", "mode", "intentions",
     "received_by", *ENTERPRISE},
    read_enterprise, {"due_on": _workday, "moe_code": anything},
)  # fmt: skip
FOLLOW_UPS = _target(
    "follow_up", VisitKind.FOLLOW_UP, "target",
    {"visited_on", "target", "mode", "linked", "interviewee", "problem", *FOLLOW_UP},
    read_follow_up, {"next_on": _workday, "target_type": anything, "linked": _linked},
)  # fmt: skip
