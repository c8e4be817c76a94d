"""Two texts side by side: the runs give back both, and mark whole characters, words and numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.agreements.word_diff import MOST_TOKENS, Run, compare

TEXTS = st.text(st.sampled_from("甲乙丙 ab12,.\n，"), max_size=40) | st.text(max_size=40)


def said(runs: tuple[Run, ...]) -> str:
    """The text of the runs."""
    return "".join(run.text for run in runs)


def marked(runs: tuple[Run, ...]) -> list[str]:
    """What is marked."""
    return [run.text for run in runs if run.changed]


@given(TEXTS, TEXTS)
def test_the_runs_give_back_both_texts(before: str, after: str) -> None:
    left, right = compare(before, after)
    assert (said(left), said(right)) == (before, after)
    assert all(run.text for run in (*left, *right))


@given(TEXTS, TEXTS)
def test_what_is_not_marked_is_the_same_on_both_sides(before: str, after: str) -> None:
    left, right = compare(before, after)
    same = ["".join(run.text for run in runs if not run.changed) for runs in (left, right)]
    assert same[0] == same[1]
    assert (before == after) is not bool(marked(left) + marked(right))


@pytest.mark.parametrize(
    ("before", "after", "old", "new"),
    [
        ("每年两场招聘会", "每年三场招聘会", ["两"], ["三"]),
        ("单位 1,637 家次", "单位 1,638 家次", ["1,637"], ["1,638"]),
        ("17.4%", "27.4%", ["17.4"], ["27.4"]),
        ("two fairs a year", "two fares a year", ["fairs"], ["fares"]),
        ("共2场", "共12场", ["2"], ["12"]),
        ("第一条", "第一条。", [], ["。"]),
        ("", "新增", [], ["新增"]),
        ("删去", "", ["删去"], []),
        ("a b", "a  b", [" "], ["  "]),
        ("𠮷野", "吉野", ["𠮷"], ["吉"]),
    ],
)
def test_characters_words_and_numbers_are_marked_whole(before: str, after: str, old: list[str], new: list[str]) -> None:
    left, right = compare(before, after)
    assert (marked(left), marked(right)) == (old, new)


def test_a_text_that_is_too_long_is_marked_as_a_whole() -> None:
    long = "字" * (MOST_TOKENS + 1)
    assert compare(long, "短") == ((Run(long, True),), (Run("短", True),))
    assert compare(long, long) == ((Run(long, False),), (Run(long, False),))


@pytest.mark.parametrize("piece", ["字", "word ", "甲乙丙丁"])
def test_a_monotonous_text_is_compared_too(piece: str) -> None:
    """Many equal tokens are the worst case of the matching; a page has to come all the same."""
    count = MOST_TOKENS // len(piece.split()[0] + " ") if " " in piece else MOST_TOKENS // len(piece)
    text = piece * (count - 2)
    left, right = compare(f"始{text}中{text[:40]}", f"初{text}终{text[:40]}"[: len(text) + 40])
    assert said(left).startswith("始")
    assert said(right).startswith("初")
