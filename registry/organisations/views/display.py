"""How organisations and regions are written for the reader: filters and functions of templates. 显示."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import g
from sqlalchemy import Row

from ...core.i18n import Either, Message
from ..fields import label_of
from ..models import OrganisationKind, OrganisationStatus, Region
from ..queries.places import path_of, place_of
from ..workdays import Calendar, calendar

TONES = {OrganisationStatus.ACTIVE: "ok", OrganisationStatus.MERGED: "", OrganisationStatus.CLOSED: ""}


def name_of(thing: Any) -> Either | str:
    """The name of an organisation, a region or a row with both names, in the reader's language."""
    return Either(thing.name_zh, thing.name_en or "") if thing else "—"


def region_path(region: Region) -> Either:
    """辽宁省鞍山市铁西区: two districts may share a name, so the parents are always told."""
    return path_of(region)


def code_of(thing: Any) -> str:
    """What identifies it beside the name: the ministry's code, else the social credit code, else nothing."""
    return str(thing.moe_code or thing.uscc or "")


def place(row: Row[Any]) -> Message:
    """The place of a row with place columns."""
    return place_of(row)


def recorder(row: Row[Any]) -> Either:
    """The organisation in whose address book a contact stands, by its short name."""
    return Either(row.recorder_short_zh or row.recorder_zh, row.recorder_short_en or row.recorder_en)


def kind_pair(code: OrganisationKind | OrganisationStatus) -> tuple[str, Message]:
    """A code and its name, for a select."""
    return code.value, code.label


def status_tone(status: OrganisationStatus) -> str:
    """The colour of a status."""
    return TONES[status]


def present_calendar() -> Calendar:
    """The calendar of working days, read once for a page."""
    if "workday_calendar" not in g:
        g.workday_calendar = calendar()
    found: Calendar = g.workday_calendar
    return found


def deadline_note(day: date | None, start: date | None = None) -> Message | None:
    """Why a day that was counted in working days from `start` is an estimate; None when it is certain, or no day."""
    estimate = present_calendar().estimate(day, start) if day else None
    return estimate.note if estimate else None


FILTERS: dict[str, Callable[..., Any]] = {
    "name_of": name_of,
    "region_path": region_path,
    "code_of": code_of,
    "place": place,
    "organisation_tone": status_tone,
    "kind_pair": kind_pair,
    "recorder": recorder,
    "field_label": label_of,
}
GLOBALS: dict[str, Any] = {
    "OrganisationKind": OrganisationKind,
    "OrganisationStatus": OrganisationStatus,
    "deadline_note": deadline_note,
}
