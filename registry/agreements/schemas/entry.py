"""The forms of entry: a draft from a model text or with a text of one's own, and a historic record."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from ...core.dates import Precision
from ...core.errors import Invalid
from ...core.i18n import Message, msg
from ...core.web.schema import REQUIRED, Choice, Day, InputSchema, LongText, PartialDay, Text, Whole, Yes, load
from ..inputs import ArticleText, Draft, HistoricRecord, PartyLine, TaskRow, Term
from ..models import AgreementKind, PartyRole
from ..texts.checks import known_places, strange_places, unprintable
from ..texts.numerals import letter
from ..texts.sides import OTHER_OBLIGORS
from ..texts.template import ModelTemplate, Variable, VariableKind
from .fields import Amount, Code, Lines, WebAddress
from .rows import flat

MOST_PARTIES, MOST_TASKS, MOST_ARTICLES = 30, 40, 60
LONGEST_TEXT = 100_000
LONGEST_TERM = 100
LANGUAGES = ("zh", "both")
OBLIGORS = (*(letter(position) for position in range(1, MOST_PARTIES + 1)), "all", *OTHER_OBLIGORS)
TERM_LENGTH, TERM_UNTIL, TERM_OPEN = TERM_KINDS = ("length", "until", "open")
UNITS = {"years": 12, "months": 1}


def _rows(schema: type[InputSchema], most: int) -> fields.List[Any]:
    def check(rows: Sequence[object]) -> None:
        if len(rows) > most:
            raise ValidationError([msg("At most %(most)s rows", most=most)])

    return fields.List(fields.Nested(schema), load_default=list, validate=check)


class PartySchema(InputSchema):
    """One line of the parties; the services say which organisations there are."""

    makes = PartyLine

    organisation = Text(26, load_default="")
    name_as_reported = Text(load_default="")
    role = Choice(PartyRole, load_default=PartyRole.PARTY)
    department = Text(120, load_default="")
    representative = Text(120, load_default="")


class TaskSchema(InputSchema):
    """One row that the clerk adds to the table of commitments."""

    makes = TaskRow

    task = Text(required=True)
    obligor = Code(OBLIGORS, load_default="all")
    support = Code(OBLIGORS, load_default="")
    target = Text(20, load_default="")
    unit = Text(20, load_default="")
    period = Text(60, load_default="")
    rule = Text(load_default="")
    evidence = Text(load_default="")
    code = Text(12, load_default="")


class ArticleSchema(InputSchema):
    """One article as the clerk left it."""

    makes = ArticleText

    key = Text(12, load_default="")
    heading_zh = Text(load_default="")
    text_zh = LongText(load_default="")
    heading_en = Text(load_default="")
    text_en = LongText(load_default="")


class _TermSchema(InputSchema):
    """The fields of the term, shared by both forms."""

    term_kind = Code(TERM_KINDS, load_default="")
    term_length = Whole(1, 1200, load_default=None)
    term_unit = Code(tuple(UNITS), load_default="years")
    expires_on = Day(load_default=None)

    @validates_schema
    def _check_term(self, data: Mapping[str, Any], **_rest: Any) -> None:
        """A length or a last day where one was chosen; the last day does not lie before the first."""
        months = _months(data)
        if months and months > LONGEST_TERM * 12:
            raise ValidationError([msg("A term has at most %(years)s years", years=LONGEST_TERM)], "term_length")
        first = data.get("planned_effective_on") or data.get("effective_on")
        last = data["expires_on"] if data["term_kind"] == TERM_UNTIL else None
        if last and first and last < first:
            raise ValidationError([msg("The last day lies before the first")], "expires_on")


class DraftSchema(_TermSchema):
    """A draft; what a model text still misses is told on the record and at submission, not here."""

    kind = Choice(AgreementKind, required=True)
    title_zh = Text(required=True)
    title_en = Text(400, load_default="")
    language = Code(LANGUAGES, load_default="zh")
    has_funding = Yes()
    parties = _rows(PartySchema, MOST_PARTIES)
    tasks = _rows(TaskSchema, MOST_TASKS)
    articles = _rows(ArticleSchema, MOST_ARTICLES)
    variables = fields.Dict(load_default=dict)
    planned_effective_on = Day(load_default=None)
    copies_total = Whole(1, 99, load_default=None)
    copies_each = Whole(1, 99, load_default=None)
    signing_place = Text(load_default="")


class HistoricSchema(_TermSchema):
    """A historic record: the source is required, everything else as far as the source says it."""

    kind = Choice(AgreementKind, required=True)
    title_zh = Text(required=True)
    title_en = Text(400, load_default="")
    number = Text(60, load_default="")
    parties = _rows(PartySchema, MOST_PARTIES)
    source = LongText(1000, required=True)
    source_url = WebAddress(required=True, error_messages={"required": REQUIRED})  # type: ignore[dict-item]  # ours
    signed_on = PartialDay(load_default=(None, Precision.UNKNOWN))
    effective_on = Day(load_default=None)
    signing_place = Text(load_default="")


def draft_from(values: Mapping[str, Any], template: ModelTemplate | None) -> Draft:
    """The draft that the nested values of the form describe.

    Raises Invalid with messages by field.
    """
    problems: dict[str, list[Message | str]] = {}
    given = _collect(problems, DraftSchema(), _without_searches(values))
    typed = _collect(problems, variables_schema(template)(), values.get("variables", {}), "variables-")
    problems |= _article_problems(given.get("articles", ()), template) | _too_much(values)
    problems |= unprintable_fields(values) | problems
    if problems:
        raise Invalid(problems)
    articles = [article for article in given["articles"] if any(_texts(article))]
    return Draft(
        kind=template.kind if template else given["kind"],
        title_zh=given["title_zh"],
        title_en=given["title_en"],
        template=template.code if template else "",
        language=given["language"] or "zh",
        has_funding=given["has_funding"],
        parties=tuple(given["parties"]),
        tasks=tuple(given["tasks"]),
        articles=() if as_in_model(articles, template) else tuple(_numbered(articles)),
        variables=typed,
        term=_term(given),
        copies_total=given["copies_total"],
        copies_each=given["copies_each"],
        signing_place=given["signing_place"],
    )


def historic_from(values: Mapping[str, Any]) -> HistoricRecord:
    """The record that the nested values of the form describe.

    Raises Invalid with messages by field.
    """
    wanted = {name: value for name, value in values.items() if name not in ("tasks", "articles", "variables")}
    given = load(HistoricSchema(), _without_searches(wanted))
    parties = tuple(line for line in given["parties"] if line.organisation or line.name_as_reported)
    if not parties:
        raise Invalid({"parties-0-organisation": [msg("Name at least one party")]})
    signed_on, precision = given["signed_on"]
    return HistoricRecord(
        kind=given["kind"],
        title_zh=given["title_zh"],
        title_en=given["title_en"],
        number=given["number"],
        parties=parties,
        source=given["source"],
        source_url=given["source_url"],
        signed_on=signed_on,
        signed_precision=precision,
        effective_on=given["effective_on"],
        term=_term(given),
        signing_place=given["signing_place"],
    )


def unprintable_fields(values: Mapping[str, Any]) -> dict[str, list[Message | str]]:
    """Fields with characters that no document could show, told before anybody approves the text."""
    told = {name: unprintable(text) for name, text in flat(values).items() if isinstance(text, str)}
    return {name: [message] for name, message in told.items() if message}


def _without_searches(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without the words that were looked up to choose a party."""
    rows = [{name: text for name, text in row.items() if name != "search"} for row in values["parties"]]
    return {**values, "parties": rows}


def _collect(
    problems: dict[str, list[Message | str]], schema: InputSchema, values: Mapping[str, Any], prefix: str = ""
) -> dict[str, Any]:
    """What a schema gives; what it refuses is gathered, so that all fields are told at once."""
    try:
        return dict(load(schema, values))
    except Invalid as error:
        problems |= {f"{prefix}{name}": messages for name, messages in error.fields.items()}
        return {}


def _months(given: Mapping[str, Any]) -> int | None:
    if given["term_kind"] != TERM_LENGTH or given["term_length"] is None:
        return None
    return int(given["term_length"] * UNITS[given["term_unit"] or "years"])


def _term(given: Mapping[str, Any]) -> Term:
    last: date | None = given["expires_on"] if given["term_kind"] == TERM_UNTIL else None
    return Term(_months(given), last, given["term_kind"] == TERM_OPEN, given.get("planned_effective_on"))


def variables_schema(template: ModelTemplate | None) -> type[InputSchema]:
    """A schema with a field for each variable that the model text asks for."""
    asked = {variable.name: _field(variable) for variable in (template.asked if template else ())}
    return type("VariablesSchema", (InputSchema,), asked)


def _field(variable: Variable) -> fields.Field[Any]:
    if variable.kind is VariableKind.INT:
        return Whole(variable.least, variable.most, load_default=None)
    if variable.kind is VariableKind.ENUM:
        return Code(tuple(variable.options), load_default="")
    made: dict[VariableKind, type[fields.Field[Any]]] = {
        VariableKind.LONGTEXT: LongText,
        VariableKind.DATE: Day,
        VariableKind.DECIMAL: Amount,
        VariableKind.LIST: Lines,
    }
    kind = made.get(variable.kind, Text)
    return kind(load_default=None)


def as_in_model(articles: Sequence[ArticleText], template: ModelTemplate | None) -> bool:
    """Whether the articles are the model text's, or were not part of the form."""
    if template is None:
        return not articles
    return not articles or [asdict(one) for one in articles] == [asdict(one) for one in template.articles]


def _numbered(articles: Sequence[ArticleText]) -> list[ArticleText]:
    """Articles with a key each: the model's, or the place in the text."""
    taken = {article.key for article in articles}
    free = (str(number) for number in range(1, 2 * MOST_ARTICLES) if str(number) not in taken)
    return [article if article.key else ArticleText(next(free), *_texts(article)) for article in articles]


def _texts(article: ArticleText) -> tuple[str, str, str, str]:
    return article.heading_zh, article.text_zh, article.heading_en, article.text_en


def _article_problems(
    articles: Sequence[ArticleText], template: ModelTemplate | None
) -> dict[str, list[Message | str]]:
    """Places that nothing fills, two articles under one key."""
    found: dict[str, list[Message | str]] = {}
    known = known_places(template)
    for number, article in enumerate(articles):
        for name in ("text_zh", "text_en"):
            strange = ", ".join(sorted(strange_places(getattr(article, name), known)))
            if strange:
                found[f"articles-{number}-{name}"] = [msg("Nothing fills the place %(names)s", names=strange)]
        if article.key and article.key in {earlier.key for earlier in articles[:number]}:
            found[f"articles-{number}-text_zh"] = [msg("Two articles have the same key")]
    return found


def _too_much(values: Mapping[str, Any]) -> dict[str, list[Message | str]]:
    """All texts of the form together are longer than a document may be."""
    length = sum(len(text) for text in flat(values).values() if isinstance(text, str))
    if length <= LONGEST_TEXT:
        return {}
    return {"articles": [msg("At most %(limit)s characters; these are %(length)s", limit=LONGEST_TEXT, length=length)]}
