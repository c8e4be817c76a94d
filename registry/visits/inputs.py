"""What people hand in about visits: one form for page, API and spreadsheet. 走访录入."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ..core.figures.reading import ReadFigure
from .enums import Direction, EmployerNature, FigureCode, Intention, LeadLevel, Rating, VisitKind


@dataclass(frozen=True)
class VisitDetails:
    """A visit as entered: planned, or held when `took_place`.

    `visited` is an organisation of the directory by its public id; else `visited_name` as reported, with the code as
    it was typed. `visitor` empty is the writer's own organisation. `problems` are findings to deal with, one each.
    `follow_up_days` are working days from the visit; `is_first` None is left to the registry once the visit is held.
    """

    kind: VisitKind
    day: date
    took_place: bool = False
    direction: Direction = Direction.GO_OUT
    visited: str = ""
    visited_name: str = ""
    visited_uscc: str = ""
    region: str = ""
    nature: EmployerNature | None = None
    industry: str = ""
    visitor: str = ""
    subject_kind: str = ""
    subject_public_id: str = ""
    leader_name: str = ""
    leader_office: str = ""
    lead_level: LeadLevel | None = None
    participants: str = ""
    college: str = ""
    receiver: str = ""
    receiver_title: str = ""
    is_first: bool | None = None
    majors: str = ""
    intentions: tuple[Intention, ...] = ()
    base_built: bool | None = None
    tracked: bool | None = None
    rating: Rating | None = None
    findings: str = ""
    problems: tuple[str, ...] = ()
    feedback: str = ""
    follow_up: str = ""
    follow_up_days: int | None = None
    next_on: date | None = None
    source: str = ""
    source_url: str = ""
    figures: Mapping[FigureCode, ReadFigure] = field(default_factory=dict)


@dataclass(frozen=True)
class FindingTask:
    """A finding becomes a task: who leads, in how many working days, and perhaps who does it (by public ids)."""

    lead: str
    days: int
    title_zh: str = ""
    assignee: str = ""


@dataclass(frozen=True)
class PlannedDay:
    """A suggestion that the clerk accepts: an agreement by its public id and the day of the visit."""

    agreement: str
    day: date
