"""Model texts: read, whole in both languages, filled in without holes."""

from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.agreements.models import AgreementKind
from registry.agreements.texts.catalogue import FOLDER, all_templates, get_template, kinds_with_template
from registry.agreements.texts.derive import written
from registry.agreements.texts.fill import BLANK, fill, places
from registry.agreements.texts.numerals import capital, letter, party_zh, plain
from registry.agreements.texts.parse import BadModelText, parse
from registry.agreements.texts.rendering import BLOCKS
from registry.agreements.texts.sides import obligors, sides, titles
from registry.agreements.texts.template import ModelTemplate, VariableKind

from .drafts import template

CODES = ["framework", "workstation", "docking", "strategic"]
every_template = pytest.mark.parametrize("model", all_templates(), ids=lambda model: model.code)
# Places of titles and texts that no list of variables names.
ALWAYS_THERE = {"party_a_short_en", "party_b_short_en"}

HEAD = """---
template: trial
version: 1
kind: framework
title_zh: 试
title_en: Trial
parties: 2..n
copies_each: 2
variables:
  fairs: {type: int, required: true, default: 2, zh: 场次, en: Fairs}
columns: []
commitments: []
---
"""


def test_four_texts_in_the_order_of_choice() -> None:
    """Framework first: it is what most people come for."""
    assert [model.code for model in all_templates()] == CODES
    assert kinds_with_template() == {
        AgreementKind.FRAMEWORK,
        AgreementKind.WORKSTATION,
        AgreementKind.DOCKING_MEMORANDUM,
        AgreementKind.STRATEGIC,
    }


def test_an_unknown_text_is_none() -> None:
    """Neither an unknown code nor an unknown version is invented."""
    assert get_template("poem") is None
    assert get_template("framework", 99) is None
    assert get_template("framework", 1) is get_template("framework")


@every_template
def test_every_place_is_declared_and_every_variable_is_used(model: ModelTemplate) -> None:
    """A place that nothing fills, or a field that changes nothing, is a mistake in the text."""
    text = " ".join([model.title_zh, model.title_en, *(f"{a.text_zh} {a.text_en}" for a in model.articles)])
    named = set(places(text))
    declared = set(model.by_name)
    assert named - declared <= ALWAYS_THERE
    english = {name for name in declared if name.endswith("_en")}
    printed = named | model.targets | set(model.party_details) | {f"party_a_{d}" for d in model.party_details}
    assert declared - printed - english <= {"sign_place"}  # stands above the signature cells
    assert {name.removesuffix("_en") for name in english} <= declared


@every_template
def test_both_languages_are_whole(model: ModelTemplate) -> None:
    """Every article has its heading and text twice, and both name the same places but for numerals."""
    for article in model.articles[1:]:
        assert article.heading_zh
        assert article.heading_en
        assert article.text_zh
        assert article.text_en
    assert model.articles[0].key == "0"
    assert [article.key for article in model.articles] == [str(n) for n in range(len(model.articles))]
    assert not any("<!--" in article.text_zh + article.text_en for article in model.articles)


@every_template
def test_labels_options_and_rows_are_whole(model: ModelTemplate) -> None:
    """Nobody meets a field without a name, a code without a label or a row without its English."""
    for variable in model.variables:
        assert variable.label.zh != variable.label.english
        assert (variable.kind is VariableKind.ENUM) == bool(variable.options)
        assert variable.default in {"", *variable.options} or variable.kind is not VariableKind.ENUM
    for task in model.tasks:
        assert task.task_en
        assert task.target in model.by_name or task.target.isdecimal()
        assert bool(task.rule) == bool(task.rule_en)
        assert bool(task.evidence) == bool(task.evidence_en)


@every_template
def test_names_and_phones_of_liaisons_are_never_asked(model: ModelTemplate) -> None:
    """The texts say 以登记系统记录为准; a phone that changes never touches what was approved."""
    assert not any("phone" in name or "liaison" in name or "signatory" in name for name in model.by_name)
    assert model.code == "strategic" or any("以登记系统记录为准" in article.text_zh for article in model.articles)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("framework.md", "b1f53e43de73719f"),
        ("workstation.md", "2cbb43b367a49c47"),
        ("docking.md", "bc17bb962ff5da6a"),
        ("strategic.md", "bf388891d7fbd8dd"),
    ],
)
def test_a_text_never_changes_under_its_version(name: str, expected: str) -> None:
    """Agreements compare themselves with the version that they began with: a change needs a new version."""
    assert sha256((FOLDER / name).read_bytes()).hexdigest()[:16] == expected


def test_the_readme_stands_beside_the_texts() -> None:
    """Provenance is written down."""
    assert "not legal advice" in Path(FOLDER / "README.md").read_text(encoding="utf-8")


WORDS = st.text(alphabet="甲乙丙 abc（）。，{}*", min_size=1, max_size=20).map(str.strip).filter(bool)
HEADINGS = st.text(alphabet="第一二条　合作 Article", min_size=1, max_size=12).map(str.strip).filter(bool)
ARTICLES = st.lists(st.tuples(HEADINGS, WORDS, HEADINGS, WORDS), min_size=1, max_size=6)


@given(ARTICLES)
def test_what_is_written_is_read_back(articles: list[tuple[str, str, str, str]]) -> None:
    """Headings and texts come out as they went in, in both languages."""
    zh, en = [
        "\n\n".join(f"**{row[i]}** <!-- c:{n} -->\n{row[i + 1]}" for n, row in enumerate(articles, 1)) for i in (0, 2)
    ]
    found = parse(f"{HEAD}\n# 中文文本\n\n开头\n\n{zh}\n\n# English text\n\nOpening\n\n{en}\n")
    assert (found.preamble.text_zh, found.preamble.text_en) == ("开头", "Opening")
    read = [(a.heading_zh, a.text_zh, a.heading_en, a.text_en) for a in found.articles[1:]]
    assert read == articles


def test_the_head_is_read() -> None:
    """Bounds, kinds and defaults."""
    found = parse(f"{HEAD}\n# 中文文本\n甲\n# English text\nA\n")
    assert (found.least_parties, found.most_parties) == (2, None)
    fairs = found.by_name["fairs"]
    assert (fairs.kind, fairs.required, fairs.default, fairs.is_asked) == (VariableKind.INT, True, "2", True)


@pytest.mark.parametrize(
    "source",
    [
        "no head",
        f"{HEAD}\n# 中文文本\n甲\n",
        f"{HEAD}\n# 中文文本\n**一** <!-- c:1 -->\n# English text\nA\n",
        f"{HEAD}\n# 中文文本\n**一** <!-- c:1 -->\n**二** <!-- c:1 -->\n# English text\nA\n",
    ],
)
def test_a_broken_text_is_refused(source: str) -> None:
    """A release with a broken model text must not start quietly."""
    with pytest.raises(BadModelText):
        parse(source)


def test_places_are_filled_once_and_literally() -> None:
    """A value with braces of its own stays a value."""
    assert fill("{{ a }}和{{b}}", {"a": "{{b}}", "b": "乙"}) == "{{b}}和乙"


def test_an_empty_place_is_a_line_to_write_on() -> None:
    """A gap is seen before anybody signs."""
    assert fill("设在{{place}}。", {"place": ""}) == f"设在{BLANK}。"


@pytest.mark.parametrize(
    ("industries", "expected"),
    [("钢铁、装备制造", "甲方围绕钢铁、装备制造等产业发布岗位"), ("", "甲方发布岗位")],
)
def test_a_passage_without_its_value_is_left_out(industries: str, expected: str) -> None:
    """No “等产业” with nothing before it."""
    assert fill("甲方[[围绕{{industries}}等产业]]发布岗位", {"industries": industries}) == expected


@given(st.text(max_size=60))
def test_filling_never_fails(text: str) -> None:
    """Whatever a clerk types into an article."""
    assert "{{ fairs }}" not in fill(text + "{{ fairs }}", {"fairs": "2"})


@pytest.mark.parametrize(
    ("number", "capitals", "plainly"),
    [(2, "贰", "二"), (4, "肆", "四"), (8, "捌", "八"), (10, "拾", "十"), (12, "拾贰", "十二"), (30, "叁拾", "三十")],
)
def test_chinese_numerals(number: int, capitals: str, plainly: str) -> None:
    """一式肆份, 第五方."""
    assert capital(number) == capitals
    assert plain(number) == plainly


def test_numerals_end_at_ninety_nine() -> None:
    """More copies are a typing mistake."""
    with pytest.raises(ValueError, match="outside"):
        capital(100)


def test_what_papers_call_their_parties() -> None:
    """甲乙丙丁, then by number."""
    assert [party_zh(n) for n in range(1, 7)] == ["甲方", "乙方", "丙方", "丁方", "第五方", "第六方"]
    assert (letter(1), letter(26), letter(27)) == ("A", "Z", "P27")


def _party(position: int, role: str = "party") -> dict[str, object]:
    return {"position": position, "role": role, "name": f"单位{position}", "department": ""}


def test_witnesses_are_no_side() -> None:
    """A witness is neither counted nor called 丙方."""
    rows = [_party(1, "lead"), _party(2), _party(3, "witness")]
    assert [side.label.zh for side in sides(rows, last_is_b=False)] == ["甲方", "乙方"]
    assert titles(rows, last_is_b=False)[3].zh == "见证方"
    assert obligors(rows, last_is_b=False)["all"].zh == "双方"


def test_a_party_keeps_its_letter_when_another_one_left() -> None:
    """丙方 is not called 乙方 by later texts, and owes what 丙方 owed; witnesses still take no letter."""
    rows = [_party(1, "lead"), _party(3)]
    assert {at: one.zh for at, one in titles(rows, last_is_b=False).items()} == {1: "甲方", 3: "丙方"}
    assert obligors(rows, last_is_b=False)["C"].zh == "丙方"
    assert "B" not in obligors(rows, last_is_b=False)
    rows = [_party(1, "lead"), _party(2, "witness"), _party(4)]
    assert titles(rows, last_is_b=False)[4].zh == "丙方"


def test_several_founders_are_one_party() -> None:
    """Two districts and a university: the text of the station speaks of two sides."""
    rows = [_party(1, "lead"), _party(2), _party(3)]
    found = titles(rows, last_is_b=True)
    assert [found[n].zh for n in (1, 2, 3)] == ["甲方（一）", "甲方（二）", "乙方"]
    assert found[2].english == "Party A (2)"
    assert obligors(rows, last_is_b=True)["all"].zh == "双方"


@pytest.mark.parametrize(
    ("name", "value", "zh", "en"),
    [
        ("met_on", "2026-11-05", "2026年11月5日", "5 November 2026"),
        ("stage", "standing", "常态运行", "standing"),
        ("frequency", "每半年", "每半年", "every half-year"),
        ("frequency", "随时", "随时", "随时"),
        ("reply_working_days", 5, "5", "5"),
        ("upgrade_by", None, "", ""),
    ],
)
def test_values_are_written_as_papers_write_them(name: str, value: object, zh: str, en: str) -> None:
    """Dates without leading zeros, codes in words, usual terms in English."""
    variable = template("docking").by_name[name]
    assert written(variable, value, "zh") == zh
    assert written(variable, value, "en") == en


def test_lists_are_joined() -> None:
    """With 、 in Chinese."""
    variable = template().by_name["key_industries"]
    assert written(variable, ["钢铁", "菱镁"], "zh") == "钢铁、菱镁"
    assert written(variable, ["steel", "magnesite"], "en") == "steel, magnesite"


def test_blocks_are_never_asked() -> None:
    """The application lays them out."""
    assert all(not v.is_asked for m in all_templates() for v in m.variables if v.name in BLOCKS)
