"""The sheet that a person fills in for an agreement: what stands in it, and what its page shows beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import count
from typing import Any

from flask import request

from ...core.errors import Invalid
from ...core.i18n import Either, Message
from ...core.web.forms import Form, form_values
from ...core.web.language import language
from ...organisations.models import Organisation
from .. import content, picker
from ..facts import organisation_facts
from ..inputs import Draft
from ..models import AgreementKind, PartyRole
from ..schemas.entry import TERM_LENGTH, TERM_OPEN, TERM_UNTIL, draft_from
from ..schemas.rows import Row, Values, changed, flat, nested
from ..texts.fill import BLANK
from ..texts.sides import obligors
from ..texts.template import ModelTemplate

WISH = "do"
BLANK_ROWS: Mapping[str, Row] = {
    "parties": {"role": str(PartyRole.PARTY)},
    "tasks": {"obligor": "all"},
    "articles": {},
}
ONLY_FOR = {"chair": "strategic", "station": "workstation"}
OWN_KIND = AgreementKind.SCHOOL_LOCALITY
ATTEMPTS = 3


@dataclass(frozen=True)
class Sheet:
    """The form of a draft: its model text, the nested values, and what was wrong with them."""

    template: ModelTemplate | None
    values: Values
    error: Invalid | None = None
    letters: Mapping[str, int] = field(default_factory=dict)
    """Positions that parties keep, by public id: those of an agreement that is changed."""
    without: Sequence[str] = ()
    """The model's commitments that a renewal does not take over."""

    @property
    def form(self) -> Form:
        """For the fields."""
        form = Form(flat(self.values))
        return form.refused(self.error) if self.error else form

    @property
    def parties(self) -> list[list[picker.Option]]:
        """What each line of the parties offers."""
        return picker.options(self.values["parties"])

    @property
    def obligors(self) -> list[tuple[str, Either]]:
        """Who may be responsible for a task: the parties as they stand, and who the model text knows besides."""
        parties = self.lines
        known = obligors(parties, last_is_b=bool(self.template and self.template.last_party_is_b))
        code = self.template.code if self.template else ""
        return [(key, label) for key, label in known.items() if ONLY_FOR.get(key, code) == code]

    @property
    def lines(self) -> list[Row | dict[str, int]]:
        """The parties as they stand, with their positions."""
        rows = self.values["parties"]
        at = self.placed([row.get("organisation", "") for row in rows])
        return [{"role": str(PartyRole.PARTY), **row, "position": where} for row, where in zip(rows, at, strict=True)]

    def placed(self, organisations: Sequence[str]) -> list[int]:
        """The positions of parties by their public ids: the one that they keep, else the next free one."""
        free = count(max(self.letters.values(), default=0) + 1)
        return [self.letters[one] if one in self.letters else next(free) for one in organisations]

    @property
    def articles(self) -> list[tuple[Row, bool]]:
        """Each article, and whether it is as in the model text."""
        models = {one.key: asdict(one) for one in self.template.articles} if self.template else {}
        return [(row, _plain(row) == _plain(models.get(row.get("key", ""), {}))) for row in self.values["articles"]]

    def refused(self, error: Invalid) -> "Sheet":
        """The same with what was wrong."""
        return replace(self, error=error)


def _plain(row: Mapping[str, str]) -> dict[str, str]:
    """An article's words, whatever the browser did to its line ends."""
    return {name: text.replace("\r\n", "\n").strip() for name, text in row.items()}


def sent(template: ModelTemplate | None) -> Sheet:
    """What was sent, with the row changed whose button was pressed."""
    values = nested(form_values())
    return Sheet(template, _after(values, str(values.pop(WISH, "")), template))


def wish() -> str:
    """Which button was pressed: empty or `save` to save."""
    return request.form.get(WISH, "")


def _after(values: Values, wish: str, template: ModelTemplate | None) -> Values:
    if wish.startswith("articles:reset:") and template:
        return values | {"articles": _reset(values["articles"], wish.rpartition(":")[2], template)}
    after = changed(values, wish, BLANK_ROWS)
    before, now = len(values["parties"]), len(after["parties"])
    each, total = str(values.get("copies_each", "")), str(values.get("copies_total", ""))
    if before != now and each.isdecimal() and total == str(int(each) * before):
        after = after | {"copies_total": str(int(each) * now)}
    return after


def _reset(rows: Sequence[Row], at: str, template: ModelTemplate) -> list[Row]:
    models = {one.key: asdict(one) for one in template.articles}
    return [models.get(row.get("key", ""), row) if str(number) == at else row for number, row in enumerate(rows)]


def fresh(template: ModelTemplate | None, owner: Organisation) -> Sheet:
    """An empty sheet with the model text's defaults; the owner leads."""
    number = template.least_parties if template else 2
    each = template.copies_each if template else 2
    months = template.term_months if template else None
    values: Values = {
        "parties": [
            {"organisation": owner.public_id, "role": str(PartyRole.LEAD)},
            *(dict(BLANK_ROWS["parties"]) for _ in range(number - 1)),
        ],
        "tasks": [dict(BLANK_ROWS["tasks"]) for _ in range(template.least_rows if template else 0)],
        "articles": [asdict(one) for one in template.articles] if template else [{"key": "1"}],
        "variables": {one.name: one.default for one in template.asked if one.default} if template else {},
        "kind": str(template.kind if template else OWN_KIND),
        "language": "zh",
        "term_kind": TERM_UNTIL if template and template.needs_last_day else TERM_LENGTH,
        "term_length": str(months // 12) if months else "",
        "term_unit": "years",
        "copies_each": str(each),
        "copies_total": str(each * number),
    }
    return Sheet(template, values)


def stored(given: Mapping[str, Any], representatives: Mapping[int, str]) -> Sheet:
    """The sheet of a content that was saved before."""
    template = content.template_of(given)
    values: Values = {
        "parties": [_party_row(party, representatives) for party in given["parties"]],
        "tasks": _own_tasks(given, template),
        "articles": [dict(one) for one in given["articles"]],
        "variables": {name: _typed(value) for name, value in given["variables"].items()},
        **{name: given[name] for name in ("kind", "title_zh", "title_en", "language", "signing_place", "has_funding")},
        **_term_values(given["term"]),
        "copies_total": _typed(given["copies"]["total"]),
        "copies_each": _typed(given["copies"]["each"]),
    }
    return Sheet(template, values, without=given.get(content.WITHOUT, ()))


def _party_row(party: Mapping[str, Any], representatives: Mapping[int, str]) -> Row:
    return {
        "organisation": party["organisation"] or "",
        "role": party["role"],
        "department": party["department"],
        "representative": representatives.get(party["position"], ""),
    }


def _own_tasks(given: Mapping[str, Any], template: ModelTemplate | None) -> list[Row]:
    models = {task.code for task in template.tasks} if template else set()
    rows = [dict(row) for row in given["commitments"] if row["code"] not in models]
    return [{key: text for key, text in row.items() if not key.endswith("_en")} for row in rows]


def _typed(value: Any) -> str:
    """As the field would have it."""
    if isinstance(value, list):
        return "\n".join(value)
    return "" if value is None else str(value)


def _term_values(term: Mapping[str, Any]) -> Values:
    months = term["months"] or 0
    length, unit = (months, "months") if months % 12 else (months // 12, "years")
    kind = TERM_OPEN if term["open_ended"] else TERM_UNTIL if term["expires_on"] else TERM_LENGTH
    return {
        "term_kind": kind,
        "term_length": str(length or ""),
        "term_unit": unit,
        "expires_on": term["expires_on"] or "",
        "planned_effective_on": term["planned_effective_on"] or "",
    }


def with_titles(sheet: Sheet) -> Sheet:
    """The sheet with titles from the model text where none were typed, or where a suggested one still has a gap."""
    wanted = [name for name in ("title_zh", "title_en") if _is_open(sheet.values.get(name, ""))]
    if sheet.template is None or not wanted:
        return sheet
    draft = lenient(sheet)
    known = picker.named(line.organisation for line in draft.parties)
    suggested = content.suggested_titles(*_made(sheet, draft, known))
    found = dict(zip(("title_zh", "title_en"), suggested, strict=True))
    return replace(sheet, values=sheet.values | {name: found[name] for name in wanted})


def _is_open(title: str) -> bool:
    return not title.strip() or BLANK in title


def lenient(sheet: Sheet) -> Draft:
    """The draft as far as it can be read, for a preview: what is wrong is left out."""
    values = flat(sheet.values) | {"title_zh": sheet.values.get("title_zh") or BLANK}
    for _attempt in range(ATTEMPTS):
        try:
            return draft_from(nested(values), sheet.template)
        except Invalid as error:
            values = {name: value for name, value in values.items() if name not in error.fields}
            values = {"title_zh": BLANK, "kind": str(OWN_KIND)} | _placeholders(error) | values
    return Draft(sheet.template.kind if sheet.template else OWN_KIND, BLANK, ())


def _placeholders(error: Invalid) -> Values:
    """Words in place of a required field that cannot be read."""
    return {name: BLANK for name in error.fields if name.endswith("-task")}


def _made(
    sheet: Sheet, draft: Draft, known: Mapping[str, Organisation]
) -> tuple[dict[str, Any], dict[int, content.PartyFacts]]:
    """The content of a draft, and what is known of its parties by position."""
    made = content.compose(draft, {key: row.name_zh for key, row in known.items()}, sheet.without)
    at = sheet.placed([line.organisation for line in draft.parties])
    lines = [line | {"position": where} for line, where in zip(made["parties"], at, strict=True)]
    lines.sort(key=lambda line: line["position"])
    named = [line for line in lines if line["organisation"] in known]
    return made | {"parties": lines}, {
        line["position"]: organisation_facts(known[line["organisation"]]) for line in named
    }


@dataclass(frozen=True)
class Preview:
    """The paper as it would be, in the languages that it has, and what it still lacks."""

    texts: tuple[content.RenderedText, ...]
    unmet: Sequence[Message]
    unmodified: bool


def preview(sheet: Sheet) -> Preview:
    """Lay out what stands in the sheet, however incomplete."""
    draft = lenient(with_titles(sheet))
    known = picker.named(line.organisation for line in draft.parties)
    made, facts = _made(sheet, draft, known)
    both = draft.language == "both" or language() == "en"
    languages = ("zh", "en") if both and any(one["text_en"] for one in made["articles"]) else ("zh",)
    texts = tuple(content.rendered(made, facts, one) for one in languages)
    return Preview(texts, content.unmet(made), content.unmodified(made))
