"""Takes an input over into a visit: whom it names, what it suggests, its figures. 走访信息写入。"""

from sqlalchemy import select

from ...accounts.models import User
from ...core.db import db
from ...core.errors import Invalid, NotFound
from ...core.figures.reading import ReadFigure
from ...core.i18n import msg
from ...organisations import uscc
from ...organisations.models import IndustrySection, Organisation, Region
from ...organisations.workdays import calendar
from ...records import kinds
from ...records.services import Changes, known_organisations, write
from ..enums import KINDS, FigureCode, VisitKind
from ..inputs import VisitDetails
from ..models import Visit, VisitFigure
from ..queries.employers import employer_key, was_visited_by
from ..words import level_of_office

TITLE_LENGTH, ENGLISH_LENGTH = 200, 400
PLAIN = (
    "kind", "direction", "nature", "leader_name", "leader_office", "participants", "college", "receiver",
    "receiver_title", "majors", "base_built", "tracked", "rating", "findings", "feedback", "follow_up", "source",
    "source_url",
)  # fmt: skip
# Titles are data, kept in both languages whoever wrote them.
KINDS_ZH = {
    VisitKind.FOLLOW_UP: "回访",
    VisitKind.ENTERPRISE_EXPANSION: "访企拓岗",
    VisitKind.FIELD_DOCKING: "实地对接",
    VisitKind.RECIPROCAL: "互访",
}


def write_details(visit: Visit, given: VisitDetails, actor: User, *, key: str = "") -> Changes:
    """Everything but the state; returns what changed. Raises Invalid by field.

    With the employer's `key` known nobody is looked up, and whether the visit was the first is said later.
    """
    changes = write(visit, given, PLAIN)
    changes |= _write_whom(visit, given, actor, key) | _write_subject(visit, given, actor)
    changes |= _write_one(visit, "intentions", [str(one) for one in given.intentions])
    changes |= _write_one(visit, "lead_level", given.lead_level or level_of_office(given.leader_office))
    changes |= _write_one(visit, "is_first", given.is_first if key else _first(visit, given))
    changes |= _write_one(visit, "next_on", _next(given))
    visit.follow_up_days = None if given.next_on else given.follow_up_days
    changes |= _write_figures(visit, given)
    visit.title_zh, visit.title_en = _titles(visit)
    visit.sort_on = given.day
    return changes


def _write_one(visit: Visit, name: str, value: object) -> Changes:
    before = getattr(visit, name)
    if before == value:
        return {}
    setattr(visit, name, value)
    return {name: (before, value)}


def _write_whom(visit: Visit, given: VisitDetails, actor: User, key: str) -> Changes:
    visitor = _organisation(given.visitor, visit.visitor, "visitor") or actor.organisation
    visited = _organisation(given.visited, visit.visited, "visited")
    if visitor is visited:
        raise Invalid({"visited": [msg("Nobody visits themselves")]})
    if given.kind is VisitKind.ENTERPRISE_EXPANSION and visitor.id != actor.organisation_id:
        raise Invalid({"visitor": [msg("Visits to expand posts are recorded by who made them")]})
    before = visit.whom.zh if visit.employer_key else ""
    visit.visitor, visit.visitor_id = visitor, visitor.id
    visit.visited, visit.visited_id = visited, visited.id if visited else None
    visit.visited_name = "" if visited else given.visited_name
    visit.employer_key = key or employer_key(visited, given.visited_name, uscc.normalise(given.visited_uscc))
    changes = _write_one(visit, "visited_uscc", "" if visited else uscc.normalise(given.visited_uscc))
    changes |= _write_one(
        visit, "region_code", visited.region_code if visited else _known(Region, given.region, "region")
    )
    changes |= _write_one(visit, "industry_code", _known(IndustrySection, given.industry, "industry"))
    return changes | ({"visited": (before, visit.whom.zh)} if before != visit.whom.zh else {})


def _organisation(public_id: str, present: Organisation | None, field: str) -> Organisation | None:
    """One of the directory; who was dissolved since stays who took part. Raises Invalid."""
    if present is not None and present.public_id == public_id:
        return present
    return known_organisations([public_id], field)[0] if public_id else None


def _known(kind: type[Region] | type[IndustrySection], code: str, field: str) -> str | None:
    if code and db.session.scalar(select(kind.code).where(kind.code == code)) is None:
        raise Invalid({field: [msg("Choose one of the listed values")]})
    return code or None


def _write_subject(visit: Visit, given: VisitDetails, actor: User) -> Changes:
    """What the visit is about; one that stays is not looked up again, since its writer may have lost sight of it.

    The change log names it by its public id: whoever reads the log may not be one to read the record's title.
    """
    wanted = (given.subject_kind, given.subject_public_id)
    if wanted == (visit.subject_kind or "", visit.subject_public_id or ""):
        return {}
    before, title = visit.subject_public_id or "", ""
    if any(wanted):
        try:
            title = str(kinds.find(*wanted, actor).title_zh)
        except NotFound as error:
            raise Invalid({"subject": [msg("Choose a record that you see")]}) from error
    visit.subject_kind, visit.subject_public_id = wanted
    visit.subject_title = title
    return {"subject": (before, visit.subject_public_id)}


def _first(visit: Visit, given: VisitDetails) -> bool | None:
    """As the writer says; for a held visit the registry's suggestion where they left it open."""
    if given.is_first is not None or not given.took_place:
        return given.is_first
    return not was_visited_by(visit.employer_key, visit.visitor_id, given.day, visit.id or 0)


def _next(given: VisitDetails) -> object:
    """The follow-up's day: counted in working days, or the one that was named, if people work then."""
    if given.next_on is not None:
        return calendar().first_from(given.next_on)
    return calendar().add(given.day, given.follow_up_days).day if given.follow_up_days else None


def _write_figures(visit: Visit, given: VisitDetails) -> Changes:
    changes: Changes = {}
    for code in FigureCode:
        present, read = visit.figure(code), given.figures.get(code)
        before, after = present.as_reported if present else "", read.as_reported if read else ""
        if before != after:
            changes[str(code)] = (before, after)
            _set_figure(visit, code, present, read)
    return changes


def _set_figure(visit: Visit, code: FigureCode, present: VisitFigure | None, read: ReadFigure | None) -> None:
    if read is None:
        visit.figures.remove(present)  # type: ignore[arg-type]  # it was there, else nothing changed
        return
    row = present or VisitFigure(code=code)
    row.take(read)
    if present is None:
        visit.figures.append(row)


def _titles(visit: Visit) -> tuple[str, str]:
    whom: Organisation | None = visit.visited
    zh = f"{KINDS_ZH[visit.kind]}：{visit.whom.zh}"[:TITLE_LENGTH]
    if whom is None or not whom.name_en:
        return zh, ""
    return zh, f"{KINDS[visit.kind].english}: {whom.name_en}"[:ENGLISH_LENGTH]
