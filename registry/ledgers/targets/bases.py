"""The ledger of traineeship and internship bases. 就业见习/实习基地台账."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from ...accounts.models import User
from ...bases.enums import BaseKind, BaseLevel
from ...bases.inputs import BaseDetails
from ...bases.models import InternshipBase, retention
from ...bases.queries import LISTING
from ...bases.schemas import base_from
from ...bases.services import enter_many, make
from ...core.access.actions import Action
from ...core.db import db
from ...core.errors import Invalid
from ...organisations.names import fold
from ...records.taking_back import take_back
from ..definitions import ledger
from ..reading.cells import written_day
from .base import Existing, Key, Row, Target
from .plain import Problems, anything, by_column, exact_day, iso, shown, whole, words

CODE = "base"
FROM_LEDGER = "台账导入"
KINDS = {
    BaseKind.TRAINEE: ("就业见习基地", "见习基地"),
    BaseKind.PRACTICE: ("就业实习实践基地", "实习基地", "实习实践基地", "就业实习基地"),
    BaseKind.TRAINING: ("实训基地",),
}
LEVELS = {
    BaseLevel.NATIONAL: ("国家级",),
    BaseLevel.PROVINCIAL: ("省级",),
    BaseLevel.CITY: ("市级",),
    BaseLevel.COUNTY: ("县级", "区级", "县区级"),
    BaseLevel.UNIVERSITY: ("校级",),
}
NUMBERS = ("posts", "on_post", "completed", "retained")
NAMES = {"title_zh": "name_zh", "employer": "enterprise", "employer_as_reported": "enterprise"}


def read(row: Row, _prepared: Any, _actor: User) -> BaseDetails:
    """The base that a row describes. Raises Invalid by field."""
    problems: Problems = {}
    numbers = {name: whole(ledger(CODE), row, name, problems) for name in NUMBERS}
    expires_on = exact_day(row, "expires_on", problems)
    if problems:
        raise Invalid(problems)
    employer = row.named("enterprise")
    values = {
        "title_zh": row.text("name_zh"),
        "kind": row.text("kind"),
        "level": row.text("level"),
        "employer": employer.public_id,
        "employer_as_reported": "" if employer.public_id else employer.name,
        "uscc": row.text("uscc"),
        "university": row.named("university").public_id,
        "approval_no": row.text("approval_no"),
        "approved_on": row.text("approved_on"),
        "expires_on": iso(expires_on),
        "remark": row.text("remark"),
        "source": FROM_LEDGER,
        **{name: "" if number is None else str(number) for name, number in numbers.items()},
    }
    return by_column(NAMES, lambda: base_from({name: value for name, value in values.items() if value}))


def keys(row: Row, _actor: User) -> list[Key]:
    """The name and the employer."""
    return [(CODE, fold(row.text("name_zh")), row.named("enterprise").key)]


def existing(rows: Sequence[Row], actor: User) -> dict[Key, Existing]:
    """Bases of these names that the actor sees."""
    titles = {row.text("name_zh") for row in rows}
    found: dict[Key, Existing] = {}
    for one in db.session.execute(LISTING.seen_by(actor, [InternshipBase.title_zh.in_(titles)])).all():
        whose = f"org:{one.employer_key}" if one.employer_key else f"name:{fold(one.employer_as_reported)}"
        found.setdefault((CODE, fold(one.title_zh), whose), Existing(one.public_id, facts(one)))
    return found


def facts(row: Any) -> dict[str, str]:
    """What a base says, field by field."""
    numbers = {name: "" if getattr(row, name) is None else str(getattr(row, name)) for name in NUMBERS}
    return numbers | {
        "name_zh": row.title_zh,
        "enterprise": row.employer_zh or row.employer_as_reported,
        "uscc": row.employer_uscc or row.uscc,
        "kind": str(row.kind),
        "level": str(row.level or ""),
        "university": row.university_zh or "",
        "approval_no": row.approval_no,
        "approved_on": written_day(row.approved_on, row.approved_precision),
        "retention": retention(row.completed, row.retained),
        "expires_on": iso(row.expires_on),
        "remark": row.remark,
    }


TARGET = Target(
    CODE, "base", "internshipbase", Action.BASE_ADD, "bases.show",
    needs=frozenset({"name_zh", "enterprise", "kind"}),
    kept=frozenset({"name_zh", "enterprise", "uscc", "kind", "level", "university", "approval_no", "approved_on",
                    "retention", "expires_on", "remark", *NUMBERS}),
    read=read, keys=keys, existing=existing, make=make, enter=enter_many,
    take_back=partial(take_back, InternshipBase, ()), words={"kind": words(KINDS), "level": words(LEVELS)},
    shown={"kind": shown(KINDS), "level": shown(LEVELS)}, codes={"enterprise": "uscc"},
    strangers=frozenset({"enterprise"}), same={"retention": anything},
)  # fmt: skip
