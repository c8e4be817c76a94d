"""What a line of the ledger says and offers, worked out from its row alone. 台账行."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Self

from markupsafe import Markup
from sqlalchemy import Row

from ...core.access.actions import Action
from ...core.access.decision import Actor, decide
from ...core.figures.kinds import Number, grouped
from ...core.i18n import Message, msg
from ...core.web.words import in_words
from ...tasks.enums import Light
from ...tasks.lights import Horizon
from .. import lights
from ..enums import Measure, Part, PeriodState
from ..models import MILLION
from ..policy import REPORTABLE
from ..units import english

DONE, NOT_DONE = msg("Done"), msg("Not done")
DASH = "—"


@dataclass(frozen=True)
class Line:
    """A row with its light, what is expected by today (0 to 1), and what the reader can do from here."""

    row: Row[Any]
    light: Light | None
    expected: float
    acts: tuple[str, ...]

    def __getattr__(self, name: str) -> Any:
        """Columns of the row."""
        return getattr(self.row, name)

    @classmethod
    def of(cls, row: Row[Any], sky: Horizon, actor: Actor, *, is_own: bool) -> Self:
        """The line of a row of `queries.ledger`."""
        standing = lights.standing_of(row, row)
        acts = tuple(acts_of(row, actor, sky.today)) if is_own else ()
        return cls(row, lights.light_of(standing, sky), float(standing.expected(sky.today)), acts)

    @property
    def verified_share(self) -> float:
        """Of the target, 0 to 1."""
        return float(self.row.verified_millionths / MILLION)

    @property
    def reported_share(self) -> float:
        """Of the target, 0 to 1."""
        return float(self.row.reported_millionths / MILLION)

    @property
    def may_confirm(self) -> bool:
        """Whether the reported figure waits for the reader's verification."""
        return "verify" in self.acts

    @property
    def token(self) -> str:
        """Which period, and which version of it, the reader means to confirm."""
        return f"{self.row.public_id}:{self.row.row_version}"


def acts_of(row: Row[Any], actor: Actor, day: date) -> list[str]:
    """What the reader's organisation can do now; of `policy`, as far as a row tells it."""
    found: list[str] = []
    if row.part is Part.OBLIGOR:
        if row.state in REPORTABLE and row.starts_on <= day and decide(actor, Action.COMMITMENT_REPORT):
            found.append("report")
        is_theirs = row.state is PeriodState.DISPUTED and row.waits and row.disputed_by_id != actor.id
        if is_theirs and decide(actor, Action.COMMITMENT_ANSWER):
            found.append("answer")
    asks_waiver = row.waiver_by_id is not None
    if row.part is Part.BENEFICIARY and row.state is PeriodState.SUBMITTED and row.waits and not asks_waiver:
        may = row.reported_by_id != actor.id and decide(actor, Action.COMMITMENT_VERIFY)
        found += ["verify"] if may else []
    return found


def light(row: Row[Any], sky: Horizon) -> Light | str:
    """The light of an exported row."""
    return lights.light_of(lights.standing_of(row, row), sky) or ""


def part_of(millionths: int) -> Decimal:
    """A share as a number."""
    return Decimal(millionths) / MILLION


def plain(value: Number | None) -> Number | float | str:
    """A figure as a number of a spreadsheet."""
    if value is None:
        return ""
    return value if isinstance(value, int) else float(value)


def unit(words: str, value: Number | None = None) -> Markup | str:
    """The unit for the reader: an English page has English words for the usual ones."""
    return in_words(words, english(words, value)) if words else ""


def shown(value: Number | None, measure: Measure) -> Message | str:
    """A figure for the reader; a yes or no in words."""
    if value is None:
        return DASH
    if measure is Measure.BOOLEAN:
        return DONE if value else NOT_DONE
    return grouped(value)
