"""What people hand in about bases: one form for page and spreadsheet."""

from dataclasses import dataclass
from datetime import date

from ..core.dates import Precision
from .enums import BaseKind, BaseLevel


@dataclass(frozen=True)
class BaseDetails:
    """A base as entered. `employer` and `university` are public ids; an employer that the directory does not know is
    named as reported. Numbers are people, `posts` places; None where nobody said.
    """

    title_zh: str
    kind: BaseKind
    level: BaseLevel | None = None
    employer: str = ""
    employer_as_reported: str = ""
    uscc: str | None = None
    university: str = ""
    approval_no: str = ""
    approved_on: date | None = None
    approved_precision: Precision = Precision.UNKNOWN
    expires_on: date | None = None
    posts: int | None = None
    on_post: int | None = None
    completed: int | None = None
    retained: int | None = None
    remark: str = ""
    source: str = ""
    title_en: str = ""
