"""Which ledgers can be imported. 可导入的台账."""

from collections.abc import Mapping

from ...core.errors import NotFound
from . import agreements, visits
from .base import Target

TARGETS: Mapping[str, Target] = {
    target.code: target for target in (agreements.TARGET, visits.ENTERPRISES, visits.FOLLOW_UPS)
}


def target(code: str) -> Target:
    """The target of a ledger. Raises NotFound for a ledger that is not imported."""
    if code not in TARGETS:
        raise NotFound
    return TARGETS[code]
