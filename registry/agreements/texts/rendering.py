"""A content laid out as plain data, in one language: what page, preview and PDF show alike.

Number, date of signing and signature cells are not in it; the application adds them around it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ...core.i18n import Either
from .catalogue import get_template
from .derive import Content, Facts, Values, all_values, facts_of
from .fill import BLANK, PLACE, fill
from .sides import obligors, titles
from .template import Column, ModelTemplate

ITEM = re.compile(r"（[一二三四五六七八九十]+）|\(\d+\)")
BLOCKS = {"parties_block": "parties", "commitments_table": "tasks", "actions_table": "tasks"}
OPENING = "0"
PLACE_OF_SIGNING = Either("签订地点：", "Place of signing: ")
TASKS_HEADING = Either("附表　任务清单", "Annex: list of tasks")
DETAILS = {
    "uscc": Either("统一社会信用代码：", "Unified social credit code: "),
    "moe_code": Either("学校标识码：", "School code: "),
    "address": Either("住所：", "Address: "),
    "superior": Either("主管部门：", "Supervising department: "),
    "consent_doc": Either("同意文件：", "Consent document: "),
    "department": Either("承办部门：", "Department in charge: "),
}
OWN_DETAILS = ("uscc", "moe_code", "address", "department")
OWN_COLUMNS = tuple(
    Column(key, Either(zh, en))
    for key, zh, en in (
        ("code", "编号", "No."),
        ("task", "任务", "Task"),
        ("obligor", "责任方", "Responsible"),
        ("target", "目标值", "Target"),
        ("unit", "单位", "Unit"),
        ("period", "时限", "Deadline"),
        ("rule", "统计口径", "Counting rule"),
        ("evidence", "佐证", "Evidence"),
    )
)
UNITS_EN = {
    "家": "enterprises", "家次": "enterprise visits", "个": "items", "人": "people", "人次": "person-times",
    "场": "events", "份": "copies", "项": "items", "次": "times", "批": "batches",
    "万元": "10,000 yuan", "%": "per cent",
}  # fmt: skip
PERIODS_EN = {"年": "year", "届": "class", "月": "month", "季度": "quarter", "协议期": "term of the agreement"}


class PieceKind(StrEnum):
    """What a piece of an article is; `parties` and `tasks` mark where those are laid out."""

    PARAGRAPH = "paragraph"
    ITEM = "item"
    PARTIES = "parties"
    TASKS = "tasks"


@dataclass(frozen=True)
class Piece:
    """A paragraph, an item such as （一）…, or the place of a block."""

    kind: PieceKind
    text: str = ""


@dataclass(frozen=True)
class RenderedArticle:
    """An article with its values in place."""

    key: str
    heading: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class RenderedParty:
    """A party's lines at the head of the paper."""

    label: str
    name: str
    details: tuple[str, ...]


@dataclass(frozen=True)
class TaskTable:
    """The table of commitments; `keys` names the columns, each row has a cell for each."""

    keys: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class RenderedText:
    """The whole text in one language. `preamble` stands before the articles, `closing` before the signature cells."""

    language: str
    title: str
    preamble: tuple[Piece, ...]
    articles: tuple[RenderedArticle, ...]
    parties: tuple[RenderedParty, ...]
    tasks: TaskTable
    closing: str

    def characters(self) -> Iterator[str]:
        """Every text in it, for the check of fonts."""
        yield self.title
        yield from (piece.text for piece in self.preamble)
        for article in self.articles:
            yield article.heading
            yield from (piece.text for piece in article.pieces)
        for party in self.parties:
            yield from (party.label, party.name, *party.details)
        yield from self.tasks.columns
        yield from (cell for row in self.tasks.rows for cell in row)
        yield self.closing


def template_of(content: Content) -> ModelTemplate | None:
    """The model text, in the version that the content began with."""
    code = content.get("template")
    return get_template(code, content["template_version"]) if code else None


def party_titles(content: Content) -> dict[int, Either]:
    """甲方, 乙方, 甲方（一）, 见证方… by position: what signature cells and lists call the parties of this paper."""
    template = template_of(content)
    named = sorted((*content["parties"], *leaving(content)), key=lambda party: int(party["position"]))
    return titles(named, last_is_b=bool(template and template.last_party_is_b))


def leaving(content: Content) -> list[Any]:
    """Parties that the content lets go; its other parties are called as they were beside them."""
    return list(content.get("change", {}).get("leaving", ()))


def rendered(content: Content, facts: Facts, language: str = "zh") -> RenderedText:
    """The content in `zh` or `en`; `facts` says more of the parties, by position."""
    template = template_of(content)
    values = all_values(template, content, facts, language)
    articles = [_article(given, values, language) for given in content["articles"]]
    table = _table(template, content, language)
    if table.rows and not any(piece.kind is PieceKind.TASKS for article in articles for piece in article.pieces):
        articles.append(RenderedArticle("tasks", _say(TASKS_HEADING, language), (Piece(PieceKind.TASKS),)))
    return RenderedText(
        language=language,
        title=content["title_en"] if language == "en" and content["title_en"] else content["title_zh"],
        preamble=tuple(piece for article in articles if article.key == OPENING for piece in article.pieces),
        articles=tuple(article for article in articles if article.key != OPENING),
        parties=_parties(template, content, facts, language),
        tasks=table,
        closing=_closing(template, content["signing_place"], language),
    )


def _say(label: Either, language: str) -> str:
    return label.english if language == "en" else label.zh


def _closing(template: ModelTemplate | None, place: str, language: str) -> str:
    """The line of the place; papers that name none, such as the memorandum, go without it."""
    if not place and template and "sign_place" not in template.by_name:
        return ""
    return _say(PLACE_OF_SIGNING, language) + (place or BLANK)


def _article(given: Mapping[str, Any], values: Values, language: str) -> RenderedArticle:
    text = given[f"text_{language}"]
    pieces = tuple(_piece(line, values) for line in text.splitlines() if line.strip())
    return RenderedArticle(given["key"], given[f"heading_{language}"], pieces)


def _piece(line: str, values: Values) -> Piece:
    block = PLACE.fullmatch(line.strip())
    if block and block[1] in BLOCKS:
        return Piece(PieceKind(BLOCKS[block[1]]))
    text = fill(line.strip(), values)
    return Piece(PieceKind.ITEM if ITEM.match(text) else PieceKind.PARAGRAPH, text)


def _parties(
    template: ModelTemplate | None, content: Content, facts: Facts, language: str
) -> tuple[RenderedParty, ...]:
    wanted = template.party_details if template else OWN_DETAILS
    labels = party_titles(content)
    consent = content["variables"].get("consent_doc", "")
    found = []
    for party in content["parties"]:
        known = facts_of(party, facts)
        label = labels[party["position"]]
        extra = {"department": party["department"], "consent_doc": consent if label.zh.startswith("甲方") else ""}
        given = {key: extra.get(key, getattr(known, key, "")) for key in wanted}
        details = tuple(_say(DETAILS[key], language) + value for key, value in given.items() if value)
        name = known.name_en if language == "en" and known.name_en else party["name"]
        found.append(RenderedParty(_say(label, language), name, details))
    return tuple(found)


def _table(template: ModelTemplate | None, content: Content, language: str) -> TaskTable:
    columns = template.columns if template else OWN_COLUMNS
    who = obligors(content["parties"], last_is_b=bool(template and template.last_party_is_b))
    return TaskTable(
        keys=tuple(column.key for column in columns),
        columns=tuple(_say(column.label, language) for column in columns),
        rows=tuple(_row(columns, given, who, language) for given in content["commitments"]),
    )


def _row(
    columns: Sequence[Column], given: Mapping[str, Any], who: Mapping[str, Either], language: str
) -> tuple[str, ...]:
    shown = dict(given)
    for key in ("obligor", "support"):
        shown[key] = _say(who[given[key]], language) if given[key] in who else given[key]
    if language == "en":
        for key in ("task", "rule", "evidence"):
            shown[key] = given[f"{key}_en"] or given[key]
        shown["unit"] = UNITS_EN.get(given["unit"], given["unit"])
        shown["period"] = PERIODS_EN.get(given["period"], given["period"])
    return tuple(str(shown[column.key]) for column in columns)
