"""Which ledgers can be imported. 可导入的台账."""

from collections.abc import Mapping

from ...core.errors import NotFound
from . import activities, agreements, bases, docking, mechanisms, seals, tasks, visits, workstations
from .base import Target

TARGETS: Mapping[str, Target] = {
    one.code: one
    for one in (
        agreements.TARGET,
        workstations.TARGET,
        mechanisms.TARGET,
        visits.ENTERPRISES,
        visits.FOLLOW_UPS,
        activities.TARGET,
        docking.TARGET,
        tasks.TARGET,
        seals.TARGET,
        bases.TARGET,
    )
}


def target(code: str) -> Target:
    """The target of a ledger. Raises NotFound for a ledger that is not imported."""
    if code not in TARGETS:
        raise NotFound
    return TARGETS[code]
