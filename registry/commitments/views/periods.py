"""A period as pages show it: light, shares, evidence, what can be done. 履约周期展示."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ...core.access.decision import Actor
from ...tasks.enums import Light
from ...tasks.lights import Horizon
from .. import lights, proofs
from ..models import MILLION, CommitmentPeriod
from ..services.standing import millionths
from .doing import Act, offered


@dataclass(frozen=True)
class ShownPeriod:
    """`expected`, `reported` and `verified` are shares of the target, 0 to 1."""

    period: CommitmentPeriod
    light: Light | None
    expected: float
    reported: float
    verified: float
    acts: Sequence[Act] = ()
    evidence: Sequence[proofs.Shown] = field(default=())

    @property
    def has_begun(self) -> bool:
        """Whether its light is past grey."""
        return self.light is not Light.GREY


def shown_period(
    period: CommitmentPeriod, sky: Horizon, actor: Actor, found: Mapping[int, proofs.Shown] | None = None
) -> ShownPeriod:
    """One period for the reader; `found` are records of several periods, looked up together."""
    standing = lights.standing_of(period, period.commitment)
    records = proofs.shown(period.evidence, actor) if found is None else found
    return ShownPeriod(
        period,
        lights.light_of(standing, sky),
        float(standing.expected(sky.today)),
        millionths(period, period.reported) / MILLION,
        millionths(period, period.verified) / MILLION,
        tuple(offered(actor, period)),
        [records[one.id] for one in period.evidence],
    )
