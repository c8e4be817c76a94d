"""What people and other packages hand in about tasks: one form for page, API and spreadsheet."""

from dataclasses import dataclass
from datetime import date

from .enums import SlipColour, TaskSource


@dataclass(frozen=True)
class NewTask:
    """A task to assign. `lead`, `supporting`, `owner` and `assignee` are public ids.

    Either `due_on`, or `days`: working days from today, or from `starts_on` where that is later. The subject is named
    by the code of its kind (see `records.kinds`) and its public id. With a `key` at most one unfinished task exists.
    `owner` is for the registry's own tasks: who assigns them, empty for the lead itself.
    """

    title_zh: str
    source: TaskSource
    lead: str
    due_on: date | None = None
    days: int | None = None
    supporting: tuple[str, ...] = ()
    assignee: str = ""
    goal: str = ""
    subject_kind: str = ""
    subject_public_id: str = ""
    key: str = ""
    title_en: str = ""
    starts_on: date | None = None
    leader: str = ""
    owner: str = ""


@dataclass(frozen=True)
class TaskDetails:
    """What the assigning organisation may change of a task; deadline as in `NewTask`."""

    title_zh: str
    lead: str
    title_en: str = ""
    goal: str = ""
    leader: str = ""
    supporting: tuple[str, ...] = ()
    starts_on: date | None = None
    due_on: date | None = None
    days: int | None = None


@dataclass(frozen=True)
class Report:
    """How far it has come; `percent` None leaves it as it is."""

    note: str
    percent: int | None = None
    problems: str = ""
    help_needed: str = ""


@dataclass(frozen=True)
class SlipDetails:
    """A supervision slip: what is asked for, and by when an answer."""

    colour: SlipColour
    demand: str
    answer_by: date | None = None
