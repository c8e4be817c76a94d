"""How a visit reads as a row of its ledger. 走访台账行."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ...organisations.models import OrganisationKind
from ...visits.enums import FigureCode
from ...visits.queries.aftermath import problems_of
from ...visits.queries.listing import figures_of


@dataclass(frozen=True)
class Beside:
    """What belongs to a visit beside its own columns."""

    figures: Mapping[Any, Any]
    problems: Sequence[str]


def with_beside(rows: Sequence[Any]) -> list[tuple[Any, Beside]]:
    """Rows of the listing with their figures and findings, in two more queries."""
    ids = [row.id for row in rows]
    figures, problems = figures_of(ids), problems_of(ids)
    return [
        (row, Beside({code: figures.get((row.id, code)) for code in FigureCode}, problems.get(row.id, ())))
        for row in rows
    ]


def facts(row: Any, beside: Beside) -> dict[str, str]:
    """What a visit says, by the fields of both ledgers; codes as codes."""
    texts = {name: getattr(row, name) or "" for name in ("participants", "majors", "feedback", "follow_up", "uscc")}
    people = " ".join(filter(None, (row.receiver, row.receiver_title)))
    return texts | {
        "university": row.visitor_zh, "moe_code": row.moe_code or "", "visited_on": _iso(row.held_on or row.planned_on),
        "enterprise": row.visited_zh, "target": row.visited_zh, "target_type": _type(row),
        "nature": str(row.nature or ""), "industry": row.industry_zh or "", "region": row.place_zh or "",
        "is_first": _said(row.is_first), "mode": str(row.direction), "lead": row.leader_name,
        "lead_position": row.leader_office, "lead_level": str(row.lead_level or ""), "received_by": people,
        "interviewee": people, "base_built": _said(row.base_built), "tracked": _said(row.tracked),
        "intentions": "、".join(row.intentions), "due_on": _iso(row.next_on), "next_on": _iso(row.next_on),
        "linked": row.subject_title, "visitors": "、".join(filter(None, (row.leader_name, row.participants))),
        "content": row.findings, "rating": str(row.rating or ""), "problem": "；".join(beside.problems),
        "actions": row.follow_up, "posts": _figure(beside, FigureCode.POSTS),
        "intern_posts": _figure(beside, FigureCode.INTERNSHIPS), "avg_pay": _figure(beside, FigureCode.AVERAGE_PAY),
    }  # fmt: skip


def _figure(beside: Beside, code: FigureCode) -> str:
    one = beside.figures[code]
    return one.as_reported if one is not None else ""


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _said(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"


def _type(row: Any) -> str:
    return {OrganisationKind.UNIVERSITY: "高校", OrganisationKind.ENTERPRISE: "企业"}.get(row.visited_kind, "其他")
