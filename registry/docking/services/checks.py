"""What is refused of a stage, and of a plan: by field, all at once. 环节校验。"""

from datetime import date

from ...core.dates import today
from ...core.errors import Invalid
from ...core.i18n import Message, msg
from ..counts import problems_of
from ..enums import Stage
from ..inputs import Correction, Plan, StageDetails
from ..models import DockingCase, DockingStageEntry


class Stages(Message):
    """Several stages, joined in the reader's language."""

    @classmethod
    def of(cls, stages: list[Stage]) -> Message:
        """The message that names them."""
        made = cls(key="")
        object.__setattr__(made, "stages", tuple(stages))
        return made

    def __str__(self) -> str:
        return ", ".join(str(stage.label) for stage in self.__dict__["stages"])

    @property
    def english(self) -> str:
        """The same by the names in the code."""
        return ", ".join(stage.label.english for stage in self.__dict__["stages"])


def check_reached(case: DockingCase, stage: Stage, given: StageDetails, left_out: list[Stage]) -> None:
    """A later stage: its counts, its day, the reason of what is left out. Raises Invalid by field."""
    found: dict[str, list[Message]] = dict(problems_of(stage, given.counts))
    found |= _day_problems(given.actual_on, case.reached[-1].actual_on, None)
    if left_out and not given.skip_reason.strip():
        found["skip_reason"] = [
            msg("Give the reason why these stages were left out: %(stages)s", stages=Stages.of(left_out))
        ]
    if found:
        raise Invalid(found)


def check_corrected(case: DockingCase, entry: DockingStageEntry, given: Correction) -> None:
    """A stage put right: its counts, its day between its neighbours. Raises Invalid by field."""
    earlier = [one.actual_on for one in case.reached if one.position < entry.position]
    later = [one.actual_on for one in case.reached if one.position > entry.position]
    found: dict[str, list[Message]] = dict(problems_of(entry.stage, given.counts))
    found |= _day_problems(given.actual_on, earlier[-1] if earlier else None, later[0] if later else None)
    if found:
        raise Invalid(found)


def _day_problems(day: date, earliest: date | None, latest: date | None) -> dict[str, list[Message]]:
    """A day that has come, not before that of the stage before, not after that of the stage that follows."""
    if day > today():
        return {"actual_on": [msg("A stage is recorded once it was reached; plan it until then")]}
    if earliest is not None and day < earliest:
        return {
            "actual_on": [msg("The stage before was reached on %(day)s; this one cannot lie earlier", day=earliest)]
        }
    if latest is not None and day > latest:
        return {
            "actual_on": [msg("The stage that follows was reached on %(day)s; this one cannot lie later", day=latest)]
        }
    return {}


def check_plan(case: DockingCase, days: Plan) -> None:
    """Planned days never fall and lie after what was reached. Raises Invalid by field."""
    latest = case.reached[-1].actual_on
    for stage in case.ahead:
        day = days.get(stage)
        if day is None or case.is_skipped(stage):
            continue
        if latest is not None and day < latest:
            raise Invalid({f"plan_{stage}": [msg("This lies before an earlier stage (%(day)s)", day=latest)]})
        latest = day
