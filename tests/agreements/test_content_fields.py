"""A content taken apart into fields comes together again, and every field has a name that people know."""

from typing import Any

import pytest
from hypothesis import given

from registry.agreements.content_fields import content_from, fields_of, label_of, written

from .contents import CODES, changed, content_of, small

BESIDE = {
    "number": "鞍校地协〔2026〕1号",
    "facts": {"1": {"name": "甲"}},
    "change": {"kind": "amendment"},
    "renews": {},
    "without": [],
}


@pytest.mark.parametrize("code", CODES)
def test_every_model_text_comes_together_again(code: str) -> None:
    for language in ("zh", "both"):
        whole = content_of(code, language=language) | BESIDE
        assert content_from(fields_of(whole), whole) == whole


@given(changed())
def test_whatever_was_drafted_comes_together_again(content: dict[str, Any]) -> None:
    assert content_from(fields_of(content), content) == content


def test_a_record_without_text_comes_together_again() -> None:
    bare = small() | {"template": None, "template_version": None, "articles": [], "commitments": [], "variables": {}}
    assert content_from(fields_of(bare), bare) == bare


def test_what_is_no_term_is_taken_from_beside() -> None:
    whole, other = small() | BESIDE, small() | {"number": "另一号"}
    assert not {path[0] for path in fields_of(whole)} & (BESIDE.keys() | {"format", "template", "template_version"})
    assert content_from(fields_of(whole), other) == other


def test_a_field_keeps_its_path_when_others_come_before_it() -> None:
    before, after = small(), small()
    after["articles"] = [after["articles"][0] | {"key": "9"}, *after["articles"]]
    after["parties"] = after["parties"][1:]
    kept = {path: value for path, value in fields_of(before).items() if path[:2] != ("parties", "1")}
    assert kept.items() <= fields_of(after).items()


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (("term", "months"), "Term: Months"),
        (("copies", "total"), "Copies: Total"),
        (("title_zh",), "Title"),
        (("parties", "2", "department"), "Party B: Department"),
        (("articles", "2", "text_zh"), "Article 2: Text (Chinese)"),
        (("commitments", "T1", "target"), "T1 专场招聘会: "),
        (("variables", "fairs_per_year"), "Job fairs per year"),
        (("variables", "nobody_knows_it"), "“nobody_knows_it”"),
    ],
)
def test_a_field_is_called_as_people_call_it(path: tuple[str, ...], name: str) -> None:
    assert label_of(path, small()).english.startswith(name)


def test_a_dropped_article_is_called_by_the_text_that_still_has_it() -> None:
    without = small() | {"articles": []}
    with_heading = small()
    with_heading["articles"][0] |= {"heading_zh": "一、宗旨", "heading_en": "1. Purpose"}
    assert "1. Purpose" in label_of(("articles", "1", "text_zh"), without, with_heading).english
    assert "Article 1" in label_of(("articles", "1", "text_zh"), without).english


def test_a_path_is_written_as_a_name_of_a_form_field() -> None:
    assert written(("articles", "3", "text_zh")) == "articles/3/text_zh"
