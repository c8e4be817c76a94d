"""The canonical content: composed, hashed, compared, checked, laid out."""

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.agreements import content
from registry.agreements.content import PartyFacts
from registry.agreements.inputs import ArticleText, Draft, PartyLine, TaskRow, Term
from registry.agreements.models import AgreementKind, AgreementRevision, PartyRole
from registry.agreements.texts.catalogue import all_templates
from registry.agreements.texts.rendering import PieceKind
from registry.agreements.texts.template import ModelTemplate
from registry.core.errors import Conflict

from .drafts import BUREAU, NAMES, UNIVERSITY, draft, parties, template

every_template = pytest.mark.parametrize("model", all_templates(), ids=lambda model: model.code)
THIRD = "01THIRD"
NAMED = NAMES | {THIRD: "沈阳市人力资源和社会保障局"}
LEAVES = st.none() | st.booleans() | st.integers() | st.text()
JSONS = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3), max_leaves=12
)


@pytest.fixture(scope="module", autouse=True)
def _every_character_prints() -> Iterator[None]:
    """These tests need no application, and so have no fonts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("registry.agreements.texts.checks.missing_characters", lambda _text: [])
        yield


def composed(code: str = "framework", **changes: Any) -> dict[str, Any]:
    return content.compose(draft(code, **changes), NAMED)


def whole(model: ModelTemplate) -> dict[str, Any]:
    """A content of this model that lacks nothing."""
    count = model.least_parties
    changes: dict[str, Any] = {
        "parties": parties(*(BUREAU, UNIVERSITY, THIRD)[:count], department="就业指导中心"),
        "copies_each": 2,
        "copies_total": 2 * count,
    }
    if model.needs_last_day:
        changes |= {"term": Term(expires_on=date(2027, 12, 31)), "tasks": (TaskRow("开展岗位对接", "A", "B"),)}
    return composed(model.code, **changes)


def said(found: list[Any]) -> list[str]:
    return [message.english for message in found]


@every_template
def test_a_whole_content_lacks_nothing(model: ModelTemplate) -> None:
    """And is an unmodified model text, in both languages without a hole."""
    made = whole(model)
    assert content.unmet(made) == []
    assert content.unmodified(made)
    for language in ("zh", "en"):
        texts = list(content.rendered(made, {}, language).characters())
        assert not any(mark in text for text in texts for mark in ("{{", "[[", "]]", "＿"))


@every_template
def test_content_is_json(model: ModelTemplate) -> None:
    """What the database gives back is what was put in."""
    made = whole(model)
    assert json.loads(json.dumps(made)) == made


def test_composed_parties_and_figures() -> None:
    """Names come from the registry; values are kept as JSON keeps them."""
    made = composed(variables={"purpose_context": "服务产业", "fairs_per_year": 2, "posts_per_year": None, "mine": 1})
    assert made["parties"][1] == {
        "position": 2, "role": "party", "organisation": UNIVERSITY, "name": "西北工业大学", "department": "",
    }  # fmt: skip
    assert made["variables"] == {"purpose_context": "服务产业", "fairs_per_year": 2}
    assert made["term"] == {"months": 36, "expires_on": None, "open_ended": False, "planned_effective_on": None}
    assert (made["template"], made["template_version"], made["kind"]) == ("framework", 1, "framework")


def test_decimals_and_days_are_texts() -> None:
    """There is one way to write them."""
    made = composed("workstation", variables={"fund_amount_wan": Decimal("1.50")})
    assert made["variables"] == {"fund_amount_wan": "1.50"}
    assert composed("docking", variables={"met_on": date(2026, 3, 5)})["variables"] == {"met_on": "2026-03-05"}


def test_a_promise_without_a_figure_is_no_row() -> None:
    """The table promises nothing that nobody decided."""
    made = composed(variables={"fairs_per_year": 2, "interns_per_year": 30})
    assert [(row["code"], row["target"]) for row in made["commitments"]] == [("T1", "2"), ("T5", "30")]


def test_added_rows_are_numbered_on() -> None:
    """The model's codes stay free for the model's rows."""
    made = composed(tasks=(TaskRow("开设订单班", "B", target="1", unit="个"), TaskRow("年度座谈", "all")))
    assert [row["code"] for row in made["commitments"]][-2:] == ["T10", "T11"]


def test_an_added_row_keeps_its_code() -> None:
    """Whatever becomes of the rows before it; new ones follow the highest."""
    rows = (TaskRow("年度座谈", code="T11"), TaskRow("共同调研"), TaskRow("开设订单班", code="T10"))
    made = composed(tasks=rows)["commitments"]
    assert [(row["code"], row["task"]) for row in made][-3:] == [
        ("T11", "年度座谈"), ("T12", "共同调研"), ("T10", "开设订单班"),
    ]  # fmt: skip


@pytest.mark.parametrize("code", ["T1", "W11", "11", "T0", "T-11", "T１１", "T999999", "T10"])
def test_an_added_row_takes_no_code_of_others(code: str) -> None:
    """Neither the model's, nor another row's, nor one that is none."""
    made = composed(tasks=(TaskRow("年度座谈", code="T10"), TaskRow("开设订单班", code=code)))["commitments"]
    assert [row["code"] for row in made][-2:] == ["T10", "T11"]


def test_a_row_that_was_not_taken_over_stays_away() -> None:
    """Also one whose target is fixed in the model text; its figure is not asked for, but may be given."""
    given = draft("workstation")
    figures = {name: value for name, value in given.variables.items() if name != "fairs_per_year"}
    less = replace(given, variables=figures)
    assert "W7" in {row["code"] for row in content.compose(given, NAMED)["commitments"]}
    made = content.compose(less, NAMED, ["W2", "W7"])
    assert made["without"] == ["W2", "W7"]
    assert {"W2", "W7"}.isdisjoint({row["code"] for row in made["commitments"]})
    asked = "“Fairs per year” is not filled in"
    assert asked not in said(content.unmet(made))
    assert asked in said(content.unmet(content.compose(less, NAMED)))
    back = content.compose(given, NAMED, ["W2", "W7"])["commitments"]
    assert {"W2"} == {"W2", "W7"} & {row["code"] for row in back}


def test_a_figure_that_an_article_tells_is_asked_for() -> None:
    """The text would have a hole."""
    given = draft("workstation")
    figures = {name: value for name, value in given.variables.items() if name != "fairs_per_year"}
    article = ArticleText("1", "一、招聘", "每年{{fairs_per_year}}场。")
    made = content.compose(replace(given, variables=figures, articles=(article,)), NAMED, ["W2"])
    assert "“Fairs per year” is not filled in" in said(content.unmet(made))


def test_the_digest_is_sha256_of_plain_json() -> None:
    """Anybody can compute it anew with what every language has."""
    made = composed()
    text = json.dumps(made, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert content.digest(made) == sha256(text.encode()).hexdigest()
    assert content.HASH_VERSION == "c1"


@given(st.dictionaries(st.text(), JSONS, max_size=5))
def test_the_digest_does_not_depend_on_order_or_form(value: dict[str, Any]) -> None:
    """Order of keys, a round trip through JSON, and decomposed characters change nothing."""
    backwards = dict(reversed(value.items()))
    assert content.digest(backwards) == content.digest(value) == content.digest(json.loads(json.dumps(value)))
    text = "é한가"
    decomposed = {"text": unicodedata.normalize("NFD", text), "inner": value}
    assert content.digest(decomposed) == content.digest({"text": text, "inner": value})


@given(st.dictionaries(st.text(), JSONS, max_size=4), st.text(min_size=1))
def test_the_digest_sees_every_change(value: dict[str, Any], key: str) -> None:
    """One more value is another content."""
    changed = {**value, unicodedata.normalize("NFC", key): "甲"}
    assert changed == value or content.digest(changed) != content.digest(value)


@pytest.mark.parametrize("value", [1.5, date(2026, 1, 1), {1, 2}])
def test_what_has_no_one_form_is_refused(value: object) -> None:
    """A float prints differently elsewhere."""
    with pytest.raises(TypeError):
        content.digest({"value": value})


@pytest.mark.parametrize(
    "change",
    [
        {"variables": {"purpose_context": "别的背景"}},
        {"parties": parties(UNIVERSITY, BUREAU)},
        {"signing_place": "鞍山市"},
        {"copies_total": 6},
        {"term": Term(months=60)},
        {"has_funding": True},
    ],
)
def test_everything_that_is_agreed_is_hashed(change: dict[str, Any]) -> None:
    """Each of these is another content."""
    assert content.digest(composed(**change)) != content.digest(composed())


def test_a_frozen_content_is_checked_when_it_is_read() -> None:
    """A change behind the registry's back is an error for everybody."""
    made = composed()
    revision = AgreementRevision(no=1, content=made, content_sha256=content.digest(made))
    content.verify(revision)
    made["signing_place"] = "别处"
    with pytest.raises(Conflict, match="digest"):
        content.verify(revision)


def test_a_draft_has_no_digest_to_check() -> None:
    """Nothing is frozen yet."""
    content.verify(AgreementRevision(no=1, content=composed(), content_sha256=""))


def _articles(code: str = "framework") -> tuple[ArticleText, ...]:
    model = template(code)
    return tuple(ArticleText(a.key, a.heading_zh, a.text_zh, a.heading_en, a.text_en) for a in model.articles)


def test_the_models_own_articles_count_as_unmodified() -> None:
    """Sent back by the form or left out, it is the same text."""
    assert content.digest(composed(articles=_articles())) == content.digest(composed())
    assert content.unmodified(composed(articles=_articles()))


def test_one_changed_word_is_a_modification() -> None:
    """The legality review is due."""
    first, second, *rest = _articles()
    changed = replace(second, text_zh=second.text_zh.replace("长期", "短期"))
    assert not content.unmodified(composed(articles=(first, changed, *rest)))
    assert not content.unmodified(composed(articles=(first, *rest)))


def test_an_added_task_is_a_modification_where_the_model_has_tasks() -> None:
    """Filling in figures is not; the memorandum's table is the clerk's to fill."""
    assert not content.unmodified(composed(tasks=(TaskRow("开设订单班"),)))
    assert content.unmodified(composed("docking", tasks=(TaskRow("开展岗位对接"),)))


def test_a_text_of_ones_own_is_no_model_text() -> None:
    """There is nothing to compare it with."""
    assert not content.unmodified(content.compose(_own(), NAMED))


def _own(**changes: Any) -> Draft:
    values: dict[str, Any] = {
        "kind": AgreementKind.LETTER_OF_INTENT,
        "title_zh": "合作意向书",
        "parties": parties(),
        "articles": (ArticleText("1", "一、意向", "双方有意合作。\n（一）招聘。\n（二）实习。"),),
        "copies_total": 4,
        "copies_each": 2,
        "signing_place": "西安市",
    }
    return Draft(**values | changes)


def test_a_text_of_ones_own_is_laid_out() -> None:
    """Paragraphs and items, and the table of tasks at the end where no article places it."""
    made = content.compose(_own(tasks=(TaskRow("共同调研", "A", target="1", unit="次", period="年"),)), NAMED)
    assert content.unmet(made) == []
    text = content.rendered(made, {})
    assert [piece.kind for piece in text.articles[0].pieces] == [PieceKind.PARAGRAPH, PieceKind.ITEM, PieceKind.ITEM]
    assert text.articles[-1].pieces[0].kind is PieceKind.TASKS
    assert text.tasks.rows[0][:5] == ("1", "共同调研", "甲方", "1", "次")


def test_missing_variables_are_told_by_name() -> None:
    """All of them at once."""
    found = said(content.unmet(composed(variables={}, signing_place="")))
    assert "“Background” is not filled in" in found
    assert "“Job fairs per year” is not filled in" in found
    assert "“Place of signing” is not filled in" in found
    assert not any("positions pushed" in text.lower() for text in found)


def test_a_missing_department_is_told() -> None:
    """The memorandum prints it."""
    found = said(content.unmet(composed("docking")))
    assert "“Party A liaison department” is not filled in" in found
    assert "“Valid until” is not filled in" in found
    assert "The table of tasks needs at least one row" in found


@pytest.mark.parametrize(
    ("code", "keys", "expected"),
    [
        ("framework", (BUREAU, UNIVERSITY, THIRD), "This model text takes at most 2 parties"),
        ("strategic", (BUREAU, UNIVERSITY), "This model text needs at least 3 parties"),
    ],
)
def test_the_number_of_parties_has_to_fit(code: str, keys: tuple[str, ...], expected: str) -> None:
    """A framework has two, a regional agreement three or more."""
    assert expected in said(content.unmet(composed(code, parties=parties(*keys))))


def test_a_witness_is_not_counted() -> None:
    """Neither for the model nor for the copies."""
    rows = (*parties(), PartyLine(THIRD, role=PartyRole.WITNESS))
    made = composed(parties=rows)
    assert content.unmet(made) == []
    assert content.party_titles(made)[3].zh == "见证方"


def test_copies_have_to_add_up() -> None:
    """一式伍份双方各执贰份 is a mistake."""
    found = said(content.unmet(composed(copies_total=5)))
    assert found == ["2 copies for each of 2 parties make 4, not 5"]
    assert said(content.unmet(composed(copies_each=None))) == ["The number of copies is missing"]


def test_a_place_that_nothing_fills() -> None:
    """A slip in an edited article is told with the article's name."""
    first, second, *rest = _articles()
    changed = replace(second, text_zh=second.text_zh + "{{fairs_per_yaer}}")
    found = said(content.unmet(composed(articles=(first, changed, *rest))))
    assert found == ["“第一条　合作宗旨” has a place that nothing fills: fairs_per_yaer"]


def test_no_text_at_all() -> None:
    """An empty agreement goes nowhere."""
    assert "The agreement has no text yet" in said(content.unmet(content.compose(_own(articles=()), NAMED)))


def test_a_bilingual_text_needs_its_english() -> None:
    """Title and every article."""
    found = said(content.unmet(content.compose(_own(language="both"), NAMED)))
    assert found == ["The English title is missing", "“一、意向” has no English text"]


FACTS = {
    1: PartyFacts("旧名", short="鞍山市人社局", name_en="Anshan HR Bureau", uscc="11210300001"),
    2: PartyFacts("西北工业大学", short="西工大", short_en="NPU", name_en="Northwestern Polytechnical University"),
}


def test_titles_come_from_short_names() -> None:
    """In English the short name, else the full one, else the Chinese."""
    zh, en = content.suggested_titles(composed(title_zh=""), FACTS)
    assert zh == "鞍山市人社局与西工大校地合作框架协议"
    assert en == "School–Locality Cooperation Framework Agreement between Anshan HR Bureau and NPU"
    assert content.suggested_titles(content.compose(_own(), NAMED), {}) == ("", "")


def test_the_approved_name_is_printed() -> None:
    """An organisation that changes its name later does not change the paper."""
    text = content.rendered(composed(), FACTS)
    assert (text.parties[0].label, text.parties[0].name) == ("甲方", "鞍山市人力资源和社会保障局")
    assert text.parties[0].details == ("统一社会信用代码：11210300001",)


def test_copies_and_terms_in_words() -> None:
    """一式捌份各执贰份 for four parties; the term as decided."""
    four = parties(BUREAU, UNIVERSITY, THIRD, "01FOURTH")
    made = content.compose(draft("strategic", parties=four, copies_total=8), NAMED | {"01FOURTH": "内蒙古"})
    last = content.rendered(made, {}).articles[-1].pieces[0].text
    assert "一式捌份，各方各执贰份" in last
    assert "肆方经协商" in content.rendered(made, {}).preamble[-1].text


@pytest.mark.parametrize(
    ("term", "zh", "en"),
    [
        (Term(months=36), "有效期3年，自生效之日起计算", "valid for 3 years from the effective date"),
        (Term(months=18), "有效期18个月，自生效之日起计算", "valid for 18 months from the effective date"),
        (Term(months=12), "有效期1年，自生效之日起计算", "valid for 1 year from the effective date"),
        (Term(months=36, expires_on=date(2026, 3, 17)), "至2026年3月17日止", "until 17 March 2026"),
        (Term(open_ended=True), "长期有效", "until it is ended"),
    ],
)
def test_the_term_is_one_clause(term: Term, zh: str, en: str) -> None:
    """Months, an explicit day (which wins) or open-ended."""
    made = composed(term=term)
    for language, expected in (("zh", zh), ("en", en)):
        text = content.rendered(made, {}, language)
        assert expected in next(a for a in text.articles if a.key == "11").pieces[0].text


def test_english_takes_english_values() -> None:
    """A value with an English form of its own, else the Chinese one."""
    variables = {"purpose_context": "服务产业", "key_industries": ["钢铁"], "key_industries_en": ["steel"]}
    text = content.rendered(composed(variables=variables), FACTS, "en")
    assert "(服务产业)" in text.preamble[-1].text
    assert "in steel;" in next(a for a in text.articles if a.key == "3").pieces[0].text
    assert text.parties[1].name == "Northwestern Polytechnical University"


def test_tasks_in_english() -> None:
    """The model's rows have English; what a clerk adds stays as typed."""
    made = composed(tasks=(TaskRow("开设订单班", "B", target="1", unit="个", period="年"),))
    table = content.rendered(made, FACTS, "en").tasks
    assert table.columns[1] == "Task"
    assert table.rows[0] == (
        "T1", "Hold job fairs", "Party A", "3", "events", "year",
        "one day at one place counts once", "activity ledger, photographs",
    )  # fmt: skip
    assert table.rows[-1][1:6] == ("开设订单班", "Party B", "1", "items", "year")


def test_the_memorandum_names_no_place_of_signing() -> None:
    """Unless somebody gives one."""
    assert content.rendered(composed("docking", signing_place=""), {}).closing == ""
    assert content.rendered(composed(signing_place=""), {}).closing == "签订地点：＿＿＿＿"
    assert content.rendered(composed(), {}, "en").closing == "Place of signing: 西安市"


def test_contacts_are_never_printed() -> None:
    """The text points at the registry instead."""
    text = " ".join(content.rendered(whole(template()), FACTS).characters())
    assert "以登记系统记录为准" in text
    assert "电话" not in text
