"""The ledger of docking mechanisms: rows become mechanisms of one's own organisation and a university. 对接机制台账."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.dates import Precision, parse_date, read_partial, today
from ...core.db import db
from ...core.errors import Invalid
from ...core.i18n import Message, msg
from ...mechanisms.enums import Rhythm, Stage, WrittenForm
from ...mechanisms.inputs import MechanismDetails, SideLine
from ...mechanisms.models import DockingMechanism, MechanismParty
from ...mechanisms.queries import LISTING, parties_of
from ...mechanisms.services import enter_many, make
from ...organisations.names import fold
from ...records.taking_back import take_back
from ..reading.cells import code_of, written_day
from .base import Existing, Key, Row, Target
from .plain import shown, words

CODE = "docking"
SOURCE = "台账导入"
LONGEST_TITLE = 200
FORMS = {
    WrittenForm.NONE: ("无", "没有"),
    WrittenForm.MINUTES: ("会议纪要", "纪要"),
    WrittenForm.MEMORANDUM: ("备忘录",),
    WrittenForm.LETTER: ("意向书", "往来函件", "函"),
}
STAGES = {
    Stage.PRELIMINARY: ("初步对接",),
    Stage.ESTABLISHED: ("机制建立",),
    Stage.REGULAR: ("常态运行",),
    Stage.UPGRADED: ("已升级为协议", "升级为协议"),
    Stage.ENDED: ("终止",),
}
RHYTHMS = {
    Rhythm.MONTHLY: ("每月", "每月一次"),
    Rhythm.QUARTERLY: ("每季度", "每季", "每季度一次"),
    Rhythm.HALF_YEARLY: ("每半年", "半年", "每半年一次"),
    Rhythm.YEARLY: ("每年", "每年一次"),
    Rhythm.AS_NEEDED: ("按需", "不定期"),
}


WORDS = {"form": words(FORMS), "stage": words(STAGES)}
RHYTHM_WORDS = words(RHYTHMS)
SHOWN = {"form": shown(FORMS), "stage": shown(STAGES), "frequency": shown(RHYTHMS)}


def read(row: Row, _prepared: Any, actor: User) -> MechanismDetails:
    """The mechanism that a row describes. Raises Invalid by field."""
    problems: dict[str, list[Message | str]] = {}
    title, day = row.text("name_zh"), row.text("established_on")
    established, precision = read_partial(day) if day else (None, Precision.UNKNOWN)
    if len(title) > LONGEST_TITLE:
        problems["name_zh"] = [msg("At most %(limit)s characters; these are %(length)s", limit=200, length=len(title))]
    if established and established > today():
        problems["established_on"] = [msg("This date lies in the future")]
    other = row.named("university")
    if other.number == actor.organisation_id:
        problems["university"] = [msg("The two parties are the same")]
    if problems:
        raise Invalid(problems)
    side = SideLine(other.public_id, "" if other.public_id else other.name)
    return MechanismDetails(
        title_zh=title,
        sides=(SideLine(actor.organisation.public_id), side),
        established_on=established,
        established_precision=precision,
        written_form=WrittenForm(row.text("form") or WrittenForm.NONE),
        rhythm=_rhythm(row.text("frequency")),
        plan=row.text("next_items")[:4000],
        next_meeting_on=_next(row.text("next_meet_on")),
        source=SOURCE,
    )


def _rhythm(text: str) -> Rhythm:
    return Rhythm(code_of(text, RHYTHM_WORDS) or Rhythm.AS_NEEDED)


def _next(text: str) -> date | None:
    """The next meeting, as far as the ledger names its day."""
    return parse_date(text) if text and read_partial(text)[1] is Precision.DAY else None


def keys(row: Row, _actor: User) -> list[Key]:
    """The title and the university."""
    return [("mechanism", fold(row.text("name_zh")), row.named("university").key)]


def existing(rows: Sequence[Row], actor: User) -> dict[Key, Existing]:
    """Mechanisms of these titles that the actor sees."""
    titles = {row.text("name_zh") for row in rows}
    found: dict[Key, Existing] = {}
    for one, sides in with_sides(
        db.session.execute(LISTING.seen_by(actor, [DockingMechanism.title_zh.in_(titles)])).all()
    ):
        for side in sides:
            name = f"org:{side.public_id}" if side.public_id else f"name:{fold(side.name_as_reported)}"
            found.setdefault(("mechanism", fold(one.title_zh), name), Existing(one.public_id, facts(one, sides)))
    return found


def with_sides(rows: Sequence[Any]) -> list[tuple[Any, Sequence[Any]]]:
    """Rows of the listing with their sides, in one more query."""
    sides = parties_of([row.id for row in rows])
    return [(row, sides[row.id]) for row in rows]


def facts(row: Any, sides: Sequence[Any]) -> dict[str, str]:
    """What a mechanism says, field by field; phones masked."""
    local, school = [*sides[:2], None, None][:2]
    return {
        "university": (school.name_zh or school.name_as_reported) if school else "",
        "name_zh": row.title_zh,
        "established_on": written_day(row.established_on, row.established_precision),
        "stage": str(row.stage),
        "form": str(row.written_form),
        "local_liaison": (local.liaison or "") if local else "",
        "local_phone": (local.phone_hint or "") if local else "",
        "univ_liaison": (school.liaison or "") if school else "",
        "univ_phone": (school.phone_hint or "") if school else "",
        "frequency": str(row.rhythm),
        "last_met_on": row.last_met_on.isoformat() if row.last_met_on else "",
        "next_meet_on": row.next_meeting_on.isoformat() if row.next_meeting_on else "",
        "next_items": row.plan,
        "converted": "yes" if row.stage is Stage.UPGRADED else "no",
    }


def _same_rhythm(text: str, before: str) -> bool:
    return str(_rhythm(text)) == before


TARGET = Target(
    CODE, "mechanism", "dockingmechanism", Action.MECHANISM_ADD, "mechanisms.show",
    needs=frozenset({"name_zh", "university"}),
    kept=frozenset({"university", "name_zh", "established_on", "form", "frequency", "next_meet_on", "next_items"}),
    read=read, keys=keys, existing=existing, make=make, enter=enter_many,
    take_back=partial(take_back, DockingMechanism, (MechanismParty.mechanism_id,)),
    words=WORDS, shown=SHOWN, strangers=frozenset({"university"}), same={"frequency": _same_rhythm},
)  # fmt: skip
