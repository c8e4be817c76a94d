"""What people hand in about commitments: one form for page, API and spreadsheet."""

from dataclasses import dataclass
from datetime import date

from ..core.figures.kinds import Number
from .enums import Category, Comparator, Curve, Measure, Recurrence, VerifyRule


@dataclass(frozen=True)
class Proof:
    """A record of the registry that shows what was done."""

    kind: str
    public_id: str


@dataclass(frozen=True)
class Description:
    """What is known of a promise beyond the signed text; `weights` are those of a custom curve, January first."""

    category: Category
    curve: Curve = Curve.LINEAR
    weights: tuple[int, ...] = ()
    evidence_kinds: tuple[str, ...] = ()
    verify_rule: VerifyRule = VerifyRule.ANY


@dataclass(frozen=True)
class NewCommitment:
    """A promise found in an article of free text. `obligors` are public ids of parties; all of them: a joint promise.

    `due_on` is the day of what falls due once.
    """

    title_zh: str
    obligors: tuple[str, ...]
    description: Description
    target: Number = 1
    unit: str = ""
    measure: Measure = Measure.COUNT
    comparator: Comparator = Comparator.AT_LEAST
    recurrence: Recurrence = Recurrence.YEARLY
    due_on: date | None = None
    rule: str = ""
    evidence_required: str = ""
    title_en: str = ""
