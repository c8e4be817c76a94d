"""Two agreements that newspapers told of in 2023, entered as historic records: what is not told stays empty."""

from sqlalchemy import func, select

from ..accounts.models import User
from ..agreements.models import Agreement, AgreementStatus
from ..core.db import db
from ..stories import agreements, reading
from ..stories.keeping import Load

STORIES = 2
LAUNCHED = 15  # see `launch`
LIVES = 3  # see `life`
AT_THE_TABLE = 2  # see `ceremony`
FRAMEWORK, STRATEGIC = "AG-001", "AG-019"
FOUR_DEPARTMENTS = reading.agreement(STRATEGIC).parties


def enter_stories(people: dict[str, User]) -> list[Agreement]:
    """Each entered by a handler, confirmed by the section head of the same organisation."""
    for key, prefix in ((FRAMEWORK, "anshan"), (STRATEGIC, "liaoning")):
        run = Load(people[f"{prefix}.handler"], people[f"{prefix}.section_head"])
        agreements.load_one(run, reading.agreement(key))
        agreements.confirm(run)
    found = [agreements.recorded(key) for key in (FRAMEWORK, STRATEGIC)]
    return [one for one in found if one]


def is_complete() -> bool:
    """Whether all of the demonstration is there: stories, launch, ceremony, one in each state, and later lives."""
    made = db.session.scalar(select(func.count(Agreement.id)).where(Agreement.is_demo.is_(True))) or 0
    return made >= STORIES + LAUNCHED + AT_THE_TABLE + LIVES + len(AgreementStatus)
