"""What people hand in about mechanisms: one form for page, API and spreadsheet."""

from dataclasses import dataclass
from datetime import date

from ..core.dates import Precision
from .enums import Rhythm, WrittenForm


@dataclass(frozen=True)
class SideLine:
    """One side: an organisation by its public id, or the name that a source gives; its liaison by public id."""

    organisation: str = ""
    name_as_reported: str = ""
    liaison: str = ""


@dataclass(frozen=True)
class MechanismDetails:
    """A mechanism as entered; `next_meeting_on` empty means: by the rhythm."""

    title_zh: str
    sides: tuple[SideLine, ...]
    title_en: str = ""
    established_on: date | None = None
    established_precision: Precision = Precision.UNKNOWN
    written_form: WrittenForm = WrittenForm.NONE
    rhythm: Rhythm = Rhythm.AS_NEEDED
    plan: str = ""
    next_meeting_on: date | None = None
    source: str = ""
    source_url: str = ""


@dataclass(frozen=True)
class MeetingDetails:
    """A meeting that took place; `next_on` empty means: by the rhythm."""

    held_on: date
    minutes: str
    place: str = ""
    attendees: str = ""
    decisions: tuple[str, ...] = ()
    next_on: date | None = None
