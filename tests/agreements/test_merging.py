"""Three texts into one: nothing is lost, nothing is invented, and what both sides changed is asked."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given

from registry.agreements.content_fields import fields_of
from registry.agreements.merging import Clash, Side, merge

from .contents import article, changed, small

Content = dict[str, Any]
MINE, THEIRS = changed(("7", "8")), changed(("8", "9"))


def merged(base: Content, mine: Content, theirs: Content, **chosen: Side) -> Content:
    """The outcome's content, with choices by the last step of their paths."""
    first = merge(base, mine, theirs)
    choices = {clash.path: chosen[clash.path[-1]] for clash in first.clashes if clash.path[-1] in chosen}
    return merge(base, mine, theirs, choices).content(mine)


@given(MINE)
def test_nothing_new_on_the_other_side_leaves_mine(mine: Content) -> None:
    outcome = merge(small(), mine, small())
    assert (outcome.content(mine), outcome.clashes, outcome.taken) == (mine, (), ())


@given(THEIRS)
def test_nothing_drafted_takes_theirs(theirs: Content) -> None:
    outcome = merge(small(), small(), theirs)
    assert (outcome.content(theirs), outcome.clashes) == (theirs, ())


@given(MINE)
def test_the_same_change_on_both_sides_is_no_clash(same: Content) -> None:
    outcome = merge(small(), same, same)
    assert (outcome.content(same), outcome.clashes, outcome.taken) == (same, (), ())


@given(MINE, THEIRS)
def test_clashes_are_the_same_from_either_side(mine: Content, theirs: Content) -> None:
    there, back = merge(small(), mine, theirs), merge(small(), theirs, mine)
    turned = {Clash(clash.path, clash.base, clash.theirs, clash.mine) for clash in back.clashes}
    assert set(there.clashes) == turned


@given(MINE, THEIRS)
def test_choices_settle_every_clash(mine: Content, theirs: Content) -> None:
    clashes = merge(small(), mine, theirs).clashes
    for side, text in ((Side.MINE, mine), (Side.THEIRS, theirs)):
        outcome = merge(small(), mine, theirs, {clash.path: side for clash in clashes})
        assert outcome.clashes == ()
        fields = fields_of(text)
        whole = {path for path in outcome.fields if len(path) == 3}  # a restored article has all of its fields
        for clash in clashes:
            if clash.path in fields or clash.path not in whole:
                assert outcome.fields.get(clash.path) == fields.get(clash.path)


@given(MINE, THEIRS)
def test_every_article_is_whole(mine: Content, theirs: Content) -> None:
    made = merge(small(), mine, theirs).content(mine)
    assert all(one.keys() == article("1").keys() for one in made["articles"])
    assert all(row.keys() == small()["commitments"][0].keys() for row in made["commitments"])


@given(MINE, THEIRS)
def test_every_value_comes_from_one_of_the_three(mine: Content, theirs: Content) -> None:
    for path, value in merge(small(), mine, theirs).fields.items():
        assert value in [fields.get(path) for fields in map(fields_of, (small(), mine, theirs))]


def with_articles(*keys: str, **texts: str) -> Content:
    """Articles by their keys; `a1="…"` gives article 1 another text."""
    return small() | {"articles": [article(key, texts.get(f"a{key}", "正文")) for key in keys]}


def keys_of(content: Content) -> list[str]:
    """The articles in their order."""
    return [one["key"] for one in content["articles"]]


class TestArticles:
    def test_added_on_either_side_stand_where_they_were_put(self) -> None:
        made = merged(small(), with_articles("1", "7", "2", "3"), with_articles("8", "1", "2", "3", "9"))
        assert keys_of(made) == ["8", "1", "7", "2", "3", "9"]

    def test_dropped_on_either_side_are_gone(self) -> None:
        assert keys_of(merged(small(), with_articles("1", "2"), with_articles("2", "3"))) == ["2"]

    def test_put_in_another_order_stay_so(self) -> None:
        other = with_articles("3", "1", "2")
        assert keys_of(merged(small(), other, small())) == ["3", "1", "2"]
        assert keys_of(merged(small(), small(), other)) == ["3", "1", "2"]

    @pytest.mark.parametrize(("side", "expected"), [(Side.MINE, ["1", "3"]), (Side.THEIRS, ["1", "2", "3"])], ids=str)
    def test_dropped_here_and_changed_there_is_asked(self, side: Side, expected: list[str]) -> None:
        mine, theirs = with_articles("1", "3"), with_articles("1", "2", "3", a2="改过")
        (clash,) = merge(small(), mine, theirs).clashes
        assert (clash.path, clash.base, clash.mine, clash.theirs) == (
            ("articles", "2", "text_zh"), "正文", None, "改过",
        )  # fmt: skip
        made = merged(small(), mine, theirs, text_zh=side)
        assert keys_of(made) == expected

    def test_changed_here_and_dropped_there_can_be_kept_whole(self) -> None:
        mine, theirs = with_articles("1", "2", "3", a2="改过"), with_articles("1", "3")
        kept = merge(small(), mine, theirs, {("articles", "2", "text_zh"): Side.MINE})
        assert kept.content(mine)["articles"][1] == article("2", "改过")
        assert not any(path[:2] == ("articles", "2") for path in kept.taken)
        assert keys_of(merged(small(), mine, theirs, text_zh=Side.THEIRS)) == ["1", "3"]


def _commitments(edit: Callable[[list[dict[str, str]]], list[dict[str, str]]]) -> Content:
    return small() | {"commitments": edit(small()["commitments"])}


class TestCommitments:
    def test_added_here_and_dropped_there(self) -> None:
        mine = _commitments(lambda rows: [*rows, rows[0] | {"code": "T3", "target": "9"}])
        theirs = _commitments(lambda rows: rows[1:])
        made = merged(small(), mine, theirs)
        assert [row["code"] for row in made["commitments"]] == ["T2", "T3"]

    def test_another_figure_on_each_side_is_asked(self) -> None:
        mine = _commitments(lambda rows: [rows[0] | {"target": "4"}, rows[1]])
        theirs = _commitments(lambda rows: [rows[0] | {"target": "5"}, rows[1] | {"target": "6"}])
        outcome = merge(small(), mine, theirs)
        assert [(clash.path, clash.base, clash.mine, clash.theirs) for clash in outcome.clashes] == [
            (("commitments", "T1", "target"), "2", "4", "5")
        ]
        assert outcome.taken == (("commitments", "T2", "target"),)

    def test_one_code_for_two_new_rows_keeps_both(self) -> None:
        added = small()["commitments"][0]
        mine = _commitments(lambda rows: [*rows, added | {"code": "T10", "task": "我方"}])
        theirs = _commitments(lambda rows: [*rows, added | {"code": "T10", "task": "对方"}])
        outcome = merge(small(), mine, theirs)
        rows = {row["code"]: row["task"] for row in outcome.content(mine)["commitments"][2:]}
        assert (rows, outcome.clashes) == ({"T10": "对方", "T11": "我方"}, ())

    def test_a_row_of_the_model_is_one_row(self) -> None:
        added = small()["commitments"][0]
        mine = _commitments(lambda rows: [*rows, added | {"code": "T5", "target": "30"}])
        theirs = _commitments(lambda rows: [*rows, added | {"code": "T5", "target": "40"}])
        outcome = merge(small(), mine, theirs)
        assert [clash.path for clash in outcome.clashes] == [("commitments", "T5", "target")]


def test_numbers_and_names_of_each_side_are_kept_beside() -> None:
    mine, theirs = small() | {"number": "我方"}, small() | {"number": "对方", "title_zh": "新名称"}
    made = merge(small(), mine, theirs).content(mine)
    assert (made["number"], made["title_zh"]) == ("我方", "新名称")
