"""Tasks that bureaus gave to universities and enterprises."""

from datetime import timedelta

from registry.tasks.models import Task, TaskVisibility

from .cast import Cast
from .writing import Rows, every, repeated, seen

EVERY = 10
STATES = repeated({"open": 3, "close_requested": 1, "closed": 6})
LONG = timedelta(days=60)


def rows(first: int, size: int, cast: Cast) -> Rows:
    """One for every ten agreements: most are done, some are late."""
    for number in every(EVERY, first, size):
        owner, lead = cast.sides()
        begun, state = cast.day(), cast.dice.choice(STATES)
        due, is_done = begun + LONG, state == "closed"
        row = {
            "id": number,
            "state": state,
            "origin": "joint_meeting",
            "title_zh": f"落实与{cast.called(lead)}的合作事项",
            "owner_id": owner,
            "lead_id": lead,
            "starts_on": begun,
            "due_on": due,
            "sort_on": due,
            "percent": 100 if is_done else 40,
            "evidence": "" if state == "open" else "已完成",
            "requested_on": None if state == "open" else min(due, cast.now),
            "closed_on": min(due, cast.now) if is_done else None,
            "is_demo": True,
        }
        yield Task, row
        yield from seen(TaskVisibility, row, state, {owner, lead}, cast.above)
