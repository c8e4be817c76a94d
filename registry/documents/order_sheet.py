"""The order of signing of a ceremony, as plain text to be printed and laid on the table. 签约顺序单."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime

from .data import Language


@dataclass(frozen=True)
class Seat:
    """A party at the table: 甲方, its name, who is expected to sign, and its turn (0: in any order)."""

    label: str
    name: str
    label_en: str = ""
    name_en: str = ""
    signatory: str = ""
    turn: int = 0


@dataclass(frozen=True)
class OrderRow:
    """An agreement in the order of signing; `hindrance` says why its copies are not in the pack, "" where they are."""

    order: int
    number: str
    title: str
    seats: tuple[Seat, ...]
    title_en: str = ""
    copies: str = ""
    copies_en: str = ""
    hindrance: str = ""
    hindrance_en: str = ""


@dataclass(frozen=True)
class OrderSheet:
    """The sheet: what, when, where, the programme as (time, item, who), and the agreements."""

    title_zh: str
    title_en: str
    day: str
    place: str
    host: str
    made_at: datetime
    programme: tuple[tuple[str, str, str], ...] = ()
    rows: tuple[OrderRow, ...] = ()
    untold: int = 0
    language: Language = field(default="zh")
    watermark: str = ""

    @property
    def is_bilingual(self) -> bool:
        """Whether the English stands beneath the Chinese."""
        return self.language == "both"

    @property
    def record(self) -> bytes:
        """The same for machines."""
        given = asdict(self) | {"made_at": self.made_at.isoformat()}
        return json.dumps(given, ensure_ascii=False, sort_keys=True).encode()
