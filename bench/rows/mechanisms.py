"""Docking mechanisms of a bureau and a university, and their meetings."""

from datetime import timedelta

from registry.mechanisms.models import DockingMechanism, MechanismMeeting, MechanismParty, MechanismVisibility

from .cast import Cast
from .writing import Rows, every, repeated, seen

EVERY = 30
STAGES = repeated({"preliminary": 2, "established": 3, "regular": 4, "ended": 1})


def rows(first: int, size: int, cast: Cast) -> Rows:
    """One for every thirty agreements."""
    for number in every(EVERY, first, size):
        bureau, school = cast.sides()
        stage, begun = cast.dice.choice(STAGES), cast.day()
        met = begun + (cast.now - begun) / 2
        row = {
            "id": number,
            "stage": stage,
            "title_zh": f"{cast.called(bureau)[:3]}与{cast.called(school)}对接机制",
            "owner_id": bureau,
            "established_on": begun,
            "established_precision": "day",
            "written_form": "minutes",
            "rhythm": "half_yearly",
            "last_met_on": met,
            "next_meeting_on": None if stage == "ended" else cast.now + timedelta(days=cast.dice.randrange(1, 180)),
            "ended_on": cast.now if stage == "ended" else None,
            "end_reason": "合作结束" if stage == "ended" else "",
            "sort_on": begun,
            "is_demo": True,
        }
        yield DockingMechanism, row
        for position, one in enumerate((bureau, school), start=1):
            yield MechanismParty, {"mechanism_id": number, "position": position, "organisation_id": one}
        yield from seen(MechanismVisibility, row, stage, {bureau, school}, cast.above)
        for day in sorted({begun, met}):
            meeting = {"mechanism_id": number, "held_on": day, "minutes": "商定下一步工作"}
            yield MechanismMeeting, meeting | {"decisions": ["互设联络人"], "organisation_id": bureau}
