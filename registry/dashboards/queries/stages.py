"""How many docking cases reached each stage in a period, from the sums. 企业对接转化。"""

from collections.abc import Mapping

from ...core.access.decision import Actor
from ...docking.enums import Stage
from ..cut import Cut
from ..facts.docking import REACHED, SHOWN
from ..metrics.asking import flow
from .rows import Where, lines


def list_stages(actor: Actor, cut: Cut) -> Mapping[Stage, int]:
    """Cases by stage, each in the month in which it reached it; one statement."""
    wanted = flow(REACHED, cut)
    parts = lines(Where(actor.organisation_id, cut.locality, cut.university_id), [wanted]).add_up(wanted).parts
    return {stage: int(parts[str(stage)].value) if str(stage) in parts else 0 for stage in SHOWN}
