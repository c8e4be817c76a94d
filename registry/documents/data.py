"""What a document is made of: plain frozen text, so that this package needs to know nothing of agreements."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest
from typing import Literal

Language = Literal["zh", "en", "both"]
FIELD_PREFIX = "Party-"  # of the fields that parties sign in
CLOSING_FIELD = "RegistryClosing"
LARGEST_RECORD = 1024 * 1024  # the longest text that is laid out makes one nearly as large


@dataclass(frozen=True)
class PartyCell:
    """A party as the table of parties and the signature block name it; `field` is where it may sign digitally."""

    label: str
    name: str
    label_en: str = ""
    name_en: str = ""
    code_label: str = "统一社会信用代码"
    code_label_en: str = "Unified social credit code"
    code: str = ""
    address: str = ""
    representative: str = ""
    field: str = ""


@dataclass(frozen=True)
class Table:
    """A table with a heading row; all rows as long as it."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Article:
    """An article: its heading (第一条　合作宗旨), its paragraphs, and a table under them."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    table: Table | None = None


@dataclass(frozen=True)
class Annex:
    """An annex on a page of its own."""

    title: str
    title_en: str = ""
    paragraphs: tuple[str, ...] = ()
    table: Table | None = None
    table_en: Table | None = None


@dataclass(frozen=True)
class Verification:
    """What the last page says for checking: where, under which number, and the digests of the content.

    A text that nobody can check yet has no address and no digests.
    """

    url: str
    registry_no: str
    content_sha256: str
    content_sm3: str = ""
    revision: int = 1

    @property
    def page_code(self) -> str:
        """What the code at the foot of each page says, before the number of the page."""
        return f"{self.url}?r={self.revision}"


@dataclass(frozen=True)
class SigningCopy:
    """The copy that the parties sign, or one to read. `record` is the machine-readable record that goes inside.

    `articles_en` are the same articles in the same order; the bilingual edition sets each beneath its Chinese text.
    `mark` says on every page that this is not the copy to sign, in Chinese and English.
    """

    title_zh: str
    title_en: str
    number: str
    parties: tuple[PartyCell, ...]
    preamble: tuple[str, ...]
    articles: tuple[Article, ...]
    verification: Verification
    made_at: datetime
    record: bytes
    place: str = ""
    preamble_en: tuple[str, ...] = ()
    articles_en: tuple[Article, ...] = ()
    annexes: tuple[Annex, ...] = ()
    language: Language = "zh"
    watermark: str = ""
    mark: tuple[str, str] = ("", "")

    @property
    def articles_paired(self) -> list[tuple[Article | None, Article | None]]:
        """Each article in Chinese and English, as far as the edition has them."""
        chinese = self.articles if self.has_chinese else ()
        english = self.articles_en if self.has_english else ()
        return list(zip_longest(chinese, english))

    @property
    def has_chinese(self) -> bool:
        """Whether the Chinese text is in it."""
        return self.language != "en"

    @property
    def has_english(self) -> bool:
        """Whether the English text is in it."""
        return self.language != "zh"


@dataclass(frozen=True)
class SignatoryRow:
    """Who signed for a party, how, and when.

    `proof` is what shows it beyond the name, as pairs of label and text: certificate and digest of a digital signature,
    the system that sealed a file elsewhere.
    """

    party: str
    name: str
    title: str
    method: str
    signed_on: str
    method_en: str = ""
    proof: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class SetAsideRow:
    """A signature that was voided, or a signatory who declined, and why."""

    party: str
    name: str
    what: str
    what_en: str
    reason: str
    on: str = ""


@dataclass(frozen=True)
class SealRow:
    """A line of the seal register: whose seal, which, when, on how many copies."""

    party: str
    seal: str
    sealed_on: str
    copies: int


@dataclass(frozen=True)
class ScanSheet:
    """Which page of the signing copy a page of a scan is, None where nobody knows, and how far clockwise to turn it."""

    page: int | None
    turn: int = 0


@dataclass(frozen=True)
class ScanNote:
    """A scan that follows the certificate page; `sheets` tells of its pages as they come, empty for as they are."""

    label: str
    sha256: str
    sheets: tuple[ScanSheet, ...] = ()


@dataclass(frozen=True)
class RegistryCopy:
    """The registry's own copy of an agreement signed on paper: a certificate page before the scans."""

    title_zh: str
    title_en: str
    number: str
    parties: tuple[PartyCell, ...]
    signatories: tuple[SignatoryRow, ...]
    dates: tuple[tuple[str, str, str], ...]  # label, English label, day
    verification: Verification
    verify_code: str
    checkpoint: str
    made_at: datetime
    record: bytes
    seals: tuple[SealRow, ...] = ()
    set_aside: tuple[SetAsideRow, ...] = ()
    scans: tuple[ScanNote, ...] = field(default=())
    watermark: str = ""
