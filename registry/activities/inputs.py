"""What people hand in about activities: one form for page, API, spreadsheet and reference data. 活动输入."""

from dataclasses import dataclass
from datetime import date

from ..core.dates import Precision
from ..core.figures.reading import ReadFigure
from .enums import ActivityKind, Link, Part
from .figure_codes import FigureCode

MOST_PARTIES = 40  # 14 cities, Shenfu, and as many universities at one launch


@dataclass(frozen=True)
class PartyLine:
    """Who took part: an organisation by its public id, or the name that a source gives."""

    part: Part
    organisation: str = ""
    name_as_reported: str = ""


@dataclass(frozen=True)
class FigureLine:
    """A figure as its source has it: `text` like 6.24万, 10万余人次 or 近百.

    Where the text is damaged, `reading` says what it most likely means: the text is kept and the figure is marked for
    confirmation. `read` is a figure that was read elsewhere. Empty `source` means the activity's own. `label_*` are the
    source's own words; FigureCode.OTHER needs the Chinese ones, since they say what is counted.
    """

    code: FigureCode
    text: str = ""
    reading: str = ""
    read: ReadFigure | None = None
    label_zh: str = ""
    label_en: str = ""
    note: str = ""
    source: str = ""


@dataclass(frozen=True)
class OutcomeLine:
    """A record that came out of the activity, or that it belongs to: kind and public id as in `records.kinds`."""

    kind: str
    public_id: str
    link: Link = Link.PRODUCED


@dataclass(frozen=True)
class ActivityDetails:
    """An activity as entered. `parent` and `signing_event` are public ids; `programme` is a name, never a number.

    `is_held` counts when it is entered: afterwards holding is an act of its own. `figures` and `outcomes` are taken in
    when it is entered.
    """

    kind: ActivityKind
    title_zh: str
    title_en: str = ""
    held_on: date | None = None
    held_until: date | None = None
    held_precision: Precision = Precision.UNKNOWN
    place: str = ""
    region: str = ""
    programme: str = ""
    counting_note: str = ""
    notes: str = ""
    source: str = ""
    source_url: str = ""
    parties: tuple[PartyLine, ...] = ()
    parent: str = ""
    signing_event: str = ""
    is_held: bool = False
    figures: tuple[FigureLine, ...] = ()
    outcomes: tuple[OutcomeLine, ...] = ()


@dataclass(frozen=True)
class HeldDays:
    """When it took place, as exactly as it is known."""

    held_on: date | None = None
    held_until: date | None = None
    held_precision: Precision = Precision.UNKNOWN
