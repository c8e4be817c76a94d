"""The forms of entry: what is taken, and what is refused at which field."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.agreements import content
from registry.agreements.inputs import Draft, PartyLine, TaskRow, Term
from registry.agreements.models import AgreementKind, PartyRole
from registry.agreements.schemas import entry as schemas
from registry.agreements.schemas.entry import draft_from, historic_from
from registry.agreements.schemas.rows import changed, flat, nested
from registry.agreements.texts.catalogue import all_templates
from registry.agreements.texts.template import ModelTemplate
from registry.core.dates import BadDate, Precision, read_partial
from registry.core.errors import Invalid
from registry.core.i18n import Message

from .drafts import NAMES, template

every_template = pytest.mark.parametrize("model", all_templates(), ids=lambda model: model.code)
POSTED = {
    "kind": "framework",
    "title_zh": "框架协议",
    "language": "zh",
    "parties-0-organisation": "01BUREAU",
    "parties-0-role": "lead",
    "parties-1-organisation": "01UNIVERSITY",
    "term_kind": "length",
    "term_length": "3",
    "term_unit": "years",
    "copies_each": "２",
    "copies_total": "4",
}
HISTORIC = {
    "kind": "framework",
    "title_zh": "鞍山市与西北工业大学校地合作框架协议",
    "source": "某报道",
    "source_url": "https://www.example.org/a",
    "parties-0-organisation": "01BUREAU",
    "parties-1-name_as_reported": "某高校",
}


@pytest.fixture(scope="module", autouse=True)
def _every_character_prints() -> Iterator[None]:
    """These tests need no application, and so have no fonts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("registry.agreements.texts.checks.missing_characters", lambda _text: [])
        yield


def drafted(model: ModelTemplate | None = None, /, **changes: str) -> Draft:
    names = {name.replace("__", "-"): value for name, value in changes.items()}
    return draft_from(nested(POSTED | names), model or template())


def refused(model: ModelTemplate | None = None, /, **changes: str) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as caught:
        drafted(model, **changes)
    fields = caught.value.fields.items()
    return {name: [one.key if isinstance(one, Message) else one for one in said] for name, said in fields}


def recorded(**changes: str) -> Any:
    return historic_from(nested(HISTORIC | changes))


def test_a_draft_is_read() -> None:
    """Parties in order, the term in months, full-width digits, the template's kind whatever the form says."""
    made = drafted(kind="strategic", variables__fairs_per_year="3", variables__key_industries="钢铁\n\n菱镁 \n")
    assert made.kind is AgreementKind.FRAMEWORK
    assert made.parties == (PartyLine("01BUREAU", role=PartyRole.LEAD), PartyLine("01UNIVERSITY"))
    assert made.term == Term(months=36)
    assert (made.copies_each, made.copies_total, made.template) == (2, 4, "framework")
    assert (made.variables["fairs_per_year"], made.variables["key_industries"]) == (3, ["钢铁", "菱镁"])


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"term_length": "18", "term_unit": "months"}, Term(months=18)),
        ({"term_kind": "until", "expires_on": "2026年3月17日"}, Term(expires_on=date(2026, 3, 17))),
        ({"term_kind": "open"}, Term(open_ended=True)),
        ({"term_length": ""}, Term()),
        ({"planned_effective_on": "20230401"}, Term(months=36, planned_effective_on=date(2023, 4, 1))),
    ],
)
def test_the_term_is_what_was_chosen(given: dict[str, str], expected: Term) -> None:
    """What stands in fields that were not chosen does not count."""
    assert drafted(**given).term == expected


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("title_zh", " ", "This field is required"),
        ("title_zh", "绝密★合作", "Classified content must not be entered, stored or sent here"),
        ("language", "fr", "Choose one of the listed values"),
        ("parties-1-role", "friend", "Choose one of the listed values"),
        ("copies_total", "four", "This must be a whole number"),
        ("copies_total", "400", "This must lie between %(least)s and %(most)s"),
        ("term_length", "-3", "This must lie between %(least)s and %(most)s"),
        ("term_length", "101", "A term has at most %(years)s years"),
        ("planned_effective_on", "2026-02-30", "The date %(text)s does not exist"),
        ("planned_effective_on", "soon", "Write the date like 2026-11-22, 20261122 or 2026年11月22日"),
        ("variables-fairs_per_year", "two", "This must be a whole number"),
        ("variables-annual_list_month", "13", "This must lie between %(least)s and %(most)s"),
        ("variables-purpose_context", "长" * 5001, "At most %(limit)s characters; these are %(length)s"),
        ("variables-key_industries", "\n".join("一" * 51), "At most %(most)s lines"),
        ("tasks-0-obligor", "nobody", "Choose one of the listed values"),
        ("articles-0-text_zh", "{{ typo }}", "Nothing fills the place %(names)s"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(field: str, value: str, message: str) -> None:
    """One field, one message."""
    more = {"tasks__0__task": "任务"} if field.startswith("tasks") else {}
    assert refused(**{field.replace("-", "__"): value}, **more) == {field: [message]}


def test_everything_wrong_is_told_at_once() -> None:
    """Fields, rows, variables and articles together."""
    found = refused(
        title_zh="", tasks__0__task="", variables__fairs_per_year="x", copies_each="x", parties__0__role="x"
    )
    assert set(found) == {"title_zh", "tasks-0-task", "variables-fairs_per_year", "copies_each", "parties-0-role"}


def test_an_end_before_the_beginning() -> None:
    """Told at the end."""
    found = refused(term_kind="until", planned_effective_on="2026-05-01", expires_on="2026-04-30")
    assert found == {"expires_on": ["The last day lies before the first"]}


def test_unknown_fields_are_refused() -> None:
    """No mass assignment: neither of columns nor of variables."""
    assert "status" in refused(status="in_force")
    assert "variables-number" in refused(variables__number="1")
    assert "parties-0-snapshot_name" in refused(parties__0__snapshot_name="x")


def test_too_many_rows() -> None:
    """A form has limits, so that a document has them."""
    rows = {f"tasks__{number}__task": "任务" for number in range(schemas.MOST_TASKS + 1)}
    assert refused(**rows) == {"tasks": ["At most %(most)s rows"]}


def test_two_articles_under_one_key() -> None:
    """Later changes refer to the key."""
    rows = {
        "articles__0__key": "1",
        "articles__0__text_zh": "甲",
        "articles__1__key": "1",
        "articles__1__text_zh": "乙",
    }
    assert refused(**rows) == {"articles-1-text_zh": ["Two articles have the same key"]}


def test_a_text_beyond_all_measure() -> None:
    """One article at a time is short enough; the document is not."""
    rows = {f"articles__{number}__text_zh": "长" * 5000 for number in range(21)}
    assert refused(**rows) == {"articles": ["At most %(limit)s characters; these are %(length)s"]}


def test_unprintable_characters_are_named_at_the_field(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anybody approves the text."""
    where = "registry.agreements.texts.checks.missing_characters"
    monkeypatch.setattr(where, lambda text: [sign for sign in text if sign == "𠮷"])
    found = refused(signing_place="𠮷林市", parties__1__department="𠮷处")
    assert set(found) == {"signing_place", "parties-1-department"}
    made = content.compose(drafted(), NAMES) | {"signing_place": "沈阳市"}
    clean = content.unmet(made)
    assert len(content.unmet(made | {"title_zh": "𠮷林"})) == len(clean) + 1


def _sent_back(model: ModelTemplate, line_end: str = "\r\n") -> dict[str, str]:
    """The model's articles as a browser sends them."""
    rows = [asdict(one) for one in model.articles]
    return {name: text.replace("\n", line_end) for name, text in flat({"articles": rows}).items()}


@every_template
def test_articles_sent_back_untouched_are_the_models(model: ModelTemplate) -> None:
    """Whatever line ends the browser uses."""
    made = draft_from(nested(POSTED | _sent_back(model)), model)
    assert made.articles == ()


def test_a_changed_article_keeps_the_others() -> None:
    """And an article that was emptied is left out."""
    posted = POSTED | _sent_back(template()) | {"articles-1-text_zh": "改写"}
    for name in ("heading_zh", "text_zh", "heading_en", "text_en"):
        posted[f"articles-13-{name}"] = ""
    made = draft_from(nested(posted), template())
    assert [article.key for article in made.articles] == [str(number) for number in range(13)]
    assert made.articles[1].text_zh == "改写"


def test_added_articles_get_a_free_key() -> None:
    """A text of one's own is numbered on."""
    articles = {"articles-0-key": "1", "articles-0-text_zh": "甲", "articles-3-text_zh": "乙"}
    posted = POSTED | {"kind": "letter_of_intent"} | articles
    made = draft_from(nested(posted), None)
    assert [(article.key, article.text_zh) for article in made.articles] == [("1", "甲"), ("2", "乙")]
    assert (made.kind, made.template) == (AgreementKind.LETTER_OF_INTENT, "")


def test_amounts_have_one_form() -> None:
    """1.50 and １．５ are one amount."""
    for typed in ("1.50", "１．５", "1.5"):
        made = draft_from(nested(POSTED | {"variables-fund_amount_wan": typed}), template("workstation"))
        assert made.variables["fund_amount_wan"] == Decimal("1.5")
    assert refused(template("workstation"), variables__fund_amount_wan="1.234")


def test_an_added_task() -> None:
    """As typed."""
    made = drafted(tasks__0__task="开设订单班", tasks__0__obligor="B", tasks__0__target="1", tasks__0__unit="个")
    assert made.tasks == (TaskRow("开设订单班", "B", target="1", unit="个"),)


def test_a_record_is_read() -> None:
    """Parties as reported, empty lines left out, nothing invented."""
    made = recorded(**{"parties-2-role": "party"})
    assert made.parties == (PartyLine("01BUREAU"), PartyLine(name_as_reported="某高校"))
    assert (made.signed_on, made.signed_precision) == (None, Precision.UNKNOWN)
    assert (made.effective_on, made.term, made.number, made.signing_place) == (None, Term(), "", "")


@pytest.mark.parametrize(
    ("typed", "day", "precision"),
    [
        ("2023-03-18", date(2023, 3, 18), Precision.DAY),
        ("2023年3月18日", date(2023, 3, 18), Precision.DAY),
        ("2023-03", date(2023, 3, 1), Precision.MONTH),
        ("2023年3月", date(2023, 3, 1), Precision.MONTH),
        ("２０２３年", date(2023, 1, 1), Precision.YEAR),
        ("2023", date(2023, 1, 1), Precision.YEAR),
        ("", None, Precision.UNKNOWN),
    ],
)
def test_a_date_is_as_exact_as_its_source(typed: str, day: date | None, precision: Precision) -> None:
    """The precision follows from what was typed."""
    made = recorded(signed_on=typed)
    assert (made.signed_on, made.signed_precision) == (day, precision)


@pytest.mark.parametrize("typed", ["2023-13", "0000", "1900", "2023-02-30", "spring 2023", "2500-01"])
def test_dates_that_do_not_exist(typed: str) -> None:
    """Neither month nor year nor words."""
    with pytest.raises(Invalid) as caught:
        recorded(signed_on=typed)
    assert set(caught.value.fields) == {"signed_on"}


@given(st.text(max_size=20))
def test_reading_a_date_never_fails_otherwise(text: str) -> None:
    """A date, or a message."""
    try:
        day, _precision = read_partial(text)
    except BadDate:
        return
    assert 1949 <= day.year <= 2199


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("source", ""),
        ("source_url", ""),
        ("source_url", "javascript:alert(1)"),
        ("source_url", "news.example.org"),
        ("source_url", "https://"),
        ("title_zh", ""),
        ("kind", ""),
        ("kind", "poem"),
    ],
)
def test_a_record_names_its_source(field: str, value: str) -> None:
    """Without one it is hearsay."""
    with pytest.raises(Invalid) as caught:
        recorded(**{field: value})
    assert set(caught.value.fields) == {field}


def test_a_record_without_a_party() -> None:
    """Somebody must have signed it."""
    with pytest.raises(Invalid) as caught:
        recorded(**{"parties-0-organisation": "", "parties-1-name_as_reported": ""})
    assert set(caught.value.fields) == {"parties-0-organisation"}


def test_a_record_that_ends_before_it_begins() -> None:
    """Told at the end."""
    with pytest.raises(Invalid) as caught:
        recorded(effective_on="2023-03-18", term_kind="until", expires_on="2023-03-17")
    assert set(caught.value.fields) == {"expires_on"}


ROWS = st.lists(st.dictionaries(st.sampled_from(["role", "organisation"]), st.text(max_size=5), min_size=1), max_size=5)


@given(ROWS, st.dictionaries(st.sampled_from(["fairs_per_year", "stage"]), st.text(max_size=5)))
def test_rows_go_to_the_form_and_back(rows: list[dict[str, str]], variables: dict[str, str]) -> None:
    """In order, without gaps."""
    values = {"title_zh": "题", "parties": rows, "tasks": [], "articles": [], "variables": variables}
    assert nested(flat(values)) == values


def test_gaps_close() -> None:
    """Rows are numbered anew, by number and not by letter."""
    found = nested({"parties-10-role": "c", "parties-2-role": "b", "parties-0-role": "a", "parties-x-role": "?"})
    assert [row["role"] for row in found["parties"]] == ["a", "b", "c"]
    assert found["parties-x-role"] == "?"


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ("parties:add", "abcn"),
        ("parties:remove:1", "ac"),
        ("parties:up:2", "acb"),
        ("parties:up:0", "abc"),
        ("parties:down:0", "bac"),
        ("parties:down:2", "abc"),
        ("parties:turn:1", "abc"),
        ("parties:remove:9", "abc"),
        ("parties:remove:x", "abc"),
        ("users:add", "abc"),
        ("", "abc"),
    ],
)
def test_buttons_of_rows(wish: str, expected: str) -> None:
    """Add, remove, move; nonsense changes nothing."""
    values = {"parties": [{"role": letter} for letter in "abc"], "variables": {}}
    after = changed(values, wish, {"parties": {"role": "n"}})
    assert "".join(row["role"] for row in after["parties"]) == expected
