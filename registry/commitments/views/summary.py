"""The short part about promises on the page of an agreement. 协议页承诺概况."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Row

from ...agreements.models import Agreement
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.dates import today
from ...core.web.guard import actor
from ...organisations.views.display import present_calendar
from ...tasks.enums import Light
from ...tasks.lights import horizon
from .. import lights, rates
from ..queries import of_agreement


@dataclass(frozen=True)
class Summary:
    """Promises of one agreement: its rates through today, how many periods show which light, its commitments."""

    tally: rates.Tally
    lights: Sequence[tuple[Light, int]]
    commitments: Sequence[Row[Any]]
    may_mark: bool


def promises_of(agreement: Agreement) -> Summary | None:
    """One query and the calendar; None where the reader may not look or the agreement has not begun."""
    if not decide(actor(), Action.COMMITMENT_VIEW) or not agreement.has_begun:
        return None
    rows, sky = of_agreement.promises(agreement.id, actor()), horizon(present_calendar(), today())
    periods = [row for row in rows if row.due_on is not None]
    counted = [lights.light_of(lights.standing_of(row, row), sky) for row in periods]
    return Summary(
        rates.tally(_shares(row) for row in periods if _is_due(row, sky.today)),
        [(light, counted.count(light)) for light in Light if light in counted],
        list({row.public_id: row for row in rows}.values()),
        bool(decide(actor(), Action.COMMITMENT_MARK, agreement)),
    )


def _is_due(row: Row[Any], day: date) -> bool:
    return rates.is_due(row.state, row.due_on, day, is_closed=row.closed_on is not None)


def _shares(row: Row[Any]) -> tuple[Decimal, Decimal]:
    """Verified and reported, as `services.standing` keeps them."""
    reported = row.verified if row.reported is None else row.reported
    kept = [rates.share(value, row.target, row.measure, row.comparator) for value in (row.verified, reported)]
    return kept[0], kept[1]
