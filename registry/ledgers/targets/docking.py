"""The ledger of enterprise docking: rows become cases as far as their days reach. 企业对接台账.

A count whose stage has no day in the ledger stays with the row: the stage is recorded with its day on the case's page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import or_, select

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.db import db
from ...core.errors import Invalid
from ...core.i18n import msg
from ...docking.enums import DropReason, EntryStatus, Stage
from ...docking.inputs import CaseDetails, StageDetails
from ...docking.models import DockingCase, DockingStageEntry
from ...docking.queries import LISTING, entries_of, links_of
from ...docking.schemas import case_from
from ...docking.services import historic
from ...organisations.models import Organisation
from ...organisations.names import fold
from ...records import kinds
from ...records.taking_back import take_back
from ..definitions import ledger
from ..reading.cells import Grade, Note
from .base import Existing, Key, Row, Target
from .plain import (
    Problems,
    agreements_named,
    anything,
    by_column,
    exact_day,
    industry_codes,
    iso,
    region_codes,
    shown,
    whole,
    words,
)

CODE = "enterprise_docking"
SOURCE = "台账导入"
STAGES = {
    Stage.REGISTERED: ("意向登记", "登记"),
    Stage.VERIFIED: ("需求核实", "核实"),
    Stage.FIELD_DOCKING: ("实地对接",),
    Stage.POSTED: ("岗位发布",),
    Stage.FAIR: ("宣讲/招聘", "宣讲", "招聘", "宣讲招聘"),
    Stage.INTERVIEW: ("面试",),
    Stage.OFFER: ("录用", "拟录用"),
    Stage.SIGNED: ("签约",),
    Stage.ONBOARDED: ("报到",),
    Stage.RETAINED_6M: ("留任6个月", "满6个月留任"),
    Stage.RETAINED_12M: ("留任12个月", "满12个月留任"),
}
REASONS = {
    DropReason.PAY: ("薪酬",),
    DropReason.PLACE: ("地域",),
    DropReason.MAJOR: ("专业不符",),
    DropReason.CANCELLED: ("岗位取消",),
    DropReason.STUDENT: ("学生违约",),
    DropReason.OTHER: ("其他",),
}
DATED = {Stage.FIELD_DOCKING: "m_field_on", Stage.POSTED: "m_posted_on", Stage.FAIR: "m_fair_on"}
UNDATED = ("interviewed", "offers", "signed", "onboarded", "retained_6m", "retained_12m")
COUNTED = {
    "resumes": (Stage.FAIR, "resumes"), "interviewed": (Stage.INTERVIEW, "interviewed"),
    "offers": (Stage.OFFER, "offers"), "signed": (Stage.SIGNED, "signed"),
    "onboarded": (Stage.ONBOARDED, "onboarded"), "retained_6m": (Stage.RETAINED_6M, "retained"),
    "retained_12m": (Stage.RETAINED_12M, "retained"),
}  # fmt: skip
NAMES = {
    "enterprise_as_reported": "enterprise", "registered_on": "m_registered_on", "responsible": "owner",
    "actual_on": "m_registered_on", "agreement": "linked", "entrants": "m_fair_on",
}  # fmt: skip


@dataclass(frozen=True)
class Given:
    """A case, the stages that the row dates, and why it came to nothing."""

    case: CaseDetails
    reached: Mapping[Stage, StageDetails]
    lost: DropReason | None


@dataclass(frozen=True)
class Prepared:
    """Codes of places and industries, and agreements by number and title."""

    regions: Mapping[str, str] = field(default_factory=dict)
    industries: Mapping[str, str] = field(default_factory=dict)
    agreements: Mapping[str, str] = field(default_factory=dict)


def prepare(rows: Sequence[Row], actor: User) -> Prepared:
    """Three queries for many rows."""
    linked = agreements_named({row.text("linked") for row in rows} - {""}, actor)
    return Prepared(region_codes(), industry_codes(), linked)


def read(row: Row, prepared: Prepared, _actor: User) -> Given:
    """The case that a row describes. Raises Invalid by field."""
    problems: Problems = {}
    registered = exact_day(row, "m_registered_on", problems)
    numbers = {name: whole(ledger(CODE), row, name, problems) for name in ("posts", "headcount", "resumes")}
    days = {stage: day for stage, name in DATED.items() if (day := exact_day(row, name, problems))}
    region = prepared.regions.get(row.text("region"), "")
    if row.text("region") and not region:
        problems["region"] = [msg("%(text)s is no region of the directory", text=row.text("region"))]
    if problems:
        raise Invalid(problems)
    case = by_column(NAMES, lambda: case_from(_values(row, region, prepared)))
    case = replace(case, registered_on=registered, posts=numbers["posts"], headcount=numbers["headcount"])
    reached = {stage: _stage(stage, day, numbers) for stage, day in days.items()}
    lost = DropReason(row.text("drop_reason")) if row.text("drop_reason") else None
    return Given(case, reached, lost)


def _values(row: Row, region: str, prepared: Prepared) -> dict[str, str]:
    enterprise = row.named("enterprise")
    return {
        "university": row.named("university").public_id,
        "enterprise": enterprise.public_id,
        "enterprise_as_reported": "" if enterprise.public_id else enterprise.name,
        "uscc": row.text("uscc"),
        "region": region,
        "industry": prepared.industries.get(row.text("industry"), ""),
        "responsible": row.text("owner"),
        "agreement": prepared.agreements.get(row.text("linked"), ""),
        "remark": row.text("remark"),
        "source": SOURCE,
    }


def _stage(stage: Stage, day: date, numbers: Mapping[str, int | None]) -> StageDetails:
    own = {Stage.POSTED: ("posts", "headcount"), Stage.FAIR: ("resumes",)}.get(stage, ())
    return StageDetails(day, {name: numbers[name] for name in own}, skip_reason=historic.LEFT_OUT)


def make(given: Given, actor: User) -> Any:
    """The case as it will be kept. Raises Invalid by column."""
    return by_column(NAMES, lambda: historic.make(given.case, given.reached, given.lost, actor))


def warn(row: Row) -> list[Note]:
    """Counts of stages without a day, and a stage beyond the days: they stay with the row."""
    told = msg("The ledger gives no day for this stage: it stays with the row; record the stage on the case's page")
    fields = [name for name in UNDATED if row.text(name)]
    if row.text("resumes") and not row.text("m_fair_on"):
        fields.append("resumes")
    reached = [Stage.REGISTERED, *(stage for stage, name in DATED.items() if row.text(name))]
    if row.text("stage") and Stage(row.text("stage")).position > max(one.position for one in reached):
        fields.append("stage")
    return [Note(name, Grade.WARNING, told) for name in fields]


def keys(row: Row, _actor: User) -> list[Key]:
    """Which enterprise, which university, registered on which day."""
    return [(CODE, row.named("enterprise").key, row.named("university").key, row.text("m_registered_on"))]


def existing(rows: Sequence[Row], actor: User) -> dict[Key, Existing]:
    """Cases of these enterprises with these universities that the actor sees."""
    schools = {row.named("university").number for row in rows}
    known = {row.named("enterprise").number for row in rows} - {0}
    reported = {row.named("enterprise").name for row in rows if not row.named("enterprise").public_id}
    whose = or_(DockingCase.enterprise_id.in_(known), DockingCase.enterprise_as_reported.in_(reported))
    found: dict[Key, Existing] = {}
    wanted = LISTING.seen_by(actor, [DockingCase.university_id.in_(schools), whose])
    for one, beside in with_stages(db.session.execute(wanted).all(), actor):
        registered = beside.stages.get(Stage.REGISTERED)
        day = iso(registered.actual_on) if registered else ""
        key = (CODE, beside.enterprise, f"org:{beside.university}", day)
        found.setdefault(key, Existing(one.public_id, facts(one, beside)))
    return found


@dataclass(frozen=True)
class Beside:
    """What belongs to a case beside its own columns."""

    stages: Mapping[Stage, Any]
    linked: str = ""
    enterprise: str = ""
    university: str = ""


def with_stages(rows: Sequence[Any], actor: User) -> list[tuple[Any, Beside]]:
    """Rows of the listing with stages, linked records and who is meant, in a few more queries."""
    ids = [row.id for row in rows]
    stages, linked, sides = entries_of(ids), _linked(ids, actor), _sides(ids)
    return [(row, Beside(stages[row.id], linked.get(row.id, ""), *sides[row.id])) for row in rows]


def _sides(ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    school, firm = Organisation.__table__.alias("school"), Organisation.__table__.alias("firm")
    statement = (
        select(DockingCase.id, DockingCase.enterprise_as_reported, firm.c.public_id, school.c.public_id)
        .join(school, school.c.id == DockingCase.university_id)
        .outerjoin(firm, firm.c.id == DockingCase.enterprise_id)
        .where(DockingCase.id.in_(ids))
    )
    return {
        number: (f"org:{firm_id}" if firm_id else f"name:{fold(name)}", school_id)
        for number, name, firm_id, school_id in db.session.execute(statement)
    }


def _linked(ids: Sequence[int], actor: User) -> dict[int, str]:
    """Titles of linked records, those that the reader sees."""
    links = links_of(ids)
    by_kind: dict[str, list[str]] = {}
    for kind, public_id in {key for keys_ in links.values() for key in keys_}:
        by_kind.setdefault(kind, []).append(public_id)
    titles = {kind: kinds.titles_of(kind, public_ids, actor) for kind, public_ids in by_kind.items()}
    return {
        number: "；".join(titles[kind][one][0] for kind, one in keys_ if one in titles[kind])
        for number, keys_ in links.items()
    }


def facts(row: Any, beside: Beside) -> dict[str, str]:
    """What a case says, field by field."""
    stages = beside.stages
    posted = [stages.get(stage) for stage in (Stage.POSTED, Stage.VERIFIED, Stage.REGISTERED)]
    days = {name: iso(_day(stages.get(stage))) for stage, name in DATED.items()}
    counts = {name: _count(stages.get(stage), count) for name, (stage, count) in COUNTED.items()}
    planned = next((one for one in stages.values() if one.status is EntryStatus.PLANNED and one.planned_on), None)
    return days | counts | {
        "enterprise": row.enterprise_zh or row.enterprise_as_reported,
        "uscc": row.enterprise_uscc or row.uscc,
        "industry": row.industry_zh or "",
        "region": row.region_zh,
        "university": row.university_zh,
        "linked": beside.linked,
        "m_registered_on": iso(_day(stages.get(Stage.REGISTERED))),
        "posts": next((text for one in posted if (text := _count(one, "posts"))), ""),
        "headcount": next((text for one in posted if (text := _count(one, "headcount"))), ""),
        "stage": str(row.stage),
        "drop_reason": str(row.drop_reason or ""),
        "owner": row.responsible,
        "next_due": f"{SHOWN['stage'][planned.stage]} {iso(planned.planned_on)}" if planned else "",
        "remark": row.remark,
    }  # fmt: skip


def _day(entry: Any) -> date | None:
    return entry.actual_on if entry is not None and entry.status is EntryStatus.REACHED else None


def _count(entry: Any, name: str) -> str:
    number = getattr(entry, name) if entry is not None and entry.status is EntryStatus.REACHED else None
    return "" if number is None else str(number)


def _linked_alike(text: str, before: str) -> bool:
    """Agreements are named by number or title; what is linked is seen on the record."""
    return bool(before) or not text


SHOWN = {"stage": shown(STAGES), "drop_reason": shown(REASONS)}
TARGET = Target(
    CODE, "docking_case", "dockingcase", Action.DOCKING_ADD, "docking.show",
    needs=frozenset({"enterprise", "university", "region", "m_registered_on"}),
    kept=frozenset({"enterprise", "uscc", "industry", "region", "university", "m_registered_on", "posts", "headcount",
                    "drop_reason", "owner", "remark", *DATED.values()}),
    read=read, keys=keys, existing=existing, make=make, enter=historic.enter_many, warn=warn,
    take_back=partial(take_back, DockingCase, (DockingStageEntry.case_id,)),
    words={"stage": words(STAGES), "drop_reason": words(REASONS)}, shown=SHOWN, codes={"enterprise": "uscc"},
    strangers=frozenset({"enterprise"}), prepare=prepare,
    same={"linked": _linked_alike, "next_due": anything},
)  # fmt: skip
