"""A briefing to be printed, as plain text: paragraphs with marks that lead to notes, and tables behind them. 专报."""

from dataclasses import dataclass
from datetime import datetime

from .data import Table


@dataclass(frozen=True)
class Run:
    """Words of a paragraph; `mark` is the sign of the note that they lead to, `href` where their records are."""

    text: str
    mark: str = ""
    href: str = ""


@dataclass(frozen=True)
class Paragraph:
    """One part: its heading (一、总体情况。), and what it says in runs; further lines stand below."""

    heading: str
    runs: tuple[Run, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Note:
    """A note: its sign, what it says, and the address of the records."""

    mark: str
    text: str
    href: str = ""


@dataclass(frozen=True)
class AnnexTable:
    """A table behind the text; `more` is said below it."""

    title: str
    table: Table
    more: str = ""


@dataclass(frozen=True)
class BriefingSheet:
    """The briefing. `remarks` stand below the title (补编), `foot` lines are pairs of label and text.

    `picture` is a PNG, empty for none; `record` the same for machines.
    """

    title: str
    subtitle: str
    paragraphs: tuple[Paragraph, ...]
    made_at: datetime
    record: bytes
    language: str = "zh"
    remarks: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    foot: tuple[tuple[str, str], ...] = ()
    signed_on: str = ""
    annexes: tuple[AnnexTable, ...] = ()
    picture: bytes = b""
    picture_title: str = ""
    watermark: str = ""

    @property
    def is_english(self) -> bool:
        """Whether it is the English edition."""
        return self.language == "en"
