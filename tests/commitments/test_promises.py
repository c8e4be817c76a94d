"""What a text promises, read from its content."""

from decimal import Decimal
from typing import Any

import pytest

from registry.agreements.texts.catalogue import get_template
from registry.commitments.catalogue import MODELS, VARIABLES, known_of
from registry.commitments.enums import Category, Curve, Measure, Origin, Part, Recurrence
from registry.commitments.promises import cast_of, promises_of, read_target

PARTIES = [
    {"position": 1, "role": "lead", "name": "鞍山市人社局"},
    {"position": 2, "role": "party", "name": "西北工业大学"},
    {"position": 3, "role": "witness", "name": "辽宁省人社厅"},
    {"position": 4, "role": "party", "name": "东北大学"},
]


def content(**changes: Any) -> dict[str, Any]:
    """A content of free text."""
    plain: dict[str, Any] = {
        "template": None,
        "template_version": None,
        "parties": PARTIES,
        "variables": {},
        "articles": [],
    }
    return {**plain, "commitments": [], **changes}


def row(**changes: str) -> dict[str, str]:
    """A row of the table."""
    plain = {"code": "1", "task": "举办招聘会", "obligor": "A", "support": "", "target": "2", "unit": "场"}
    return {**plain, "period": "年", "rule": "", "evidence": "", **changes}


@pytest.mark.parametrize("code", ["framework", "strategic", "workstation", "docking"])
def test_every_row_of_the_model_texts_is_known(code: str) -> None:
    template = get_template(code)
    assert template
    assert {task.code for task in template.tasks} <= {known for name, known in MODELS if name == code}
    names = {variable.name for variable in template.variables}
    assert {name for name, *_rest in VARIABLES.get(code, ())} <= names


@pytest.mark.parametrize(
    ("obligor", "obligors", "beneficiaries", "joint"),
    [
        ("A", {1}, {2, 4}, False),
        ("B", {2}, {1, 4}, False),
        ("C", {4}, {1, 2}, False),
        ("all", {1, 2, 4}, {1, 2, 4}, True),
        ("chair", {2}, {1, 4}, False),
        ("others", {1, 4}, {2}, False),
        ("station", {4}, {1, 2}, False),
        ("nobody knows", {1, 2, 4}, {1, 2, 4}, True),
    ],
)
def test_who_promises_to_whom(obligor: str, obligors: set[int], beneficiaries: set[int], joint: bool) -> None:
    cast = cast_of(content(variables={"first_chair": "西北工业大学"}), obligor)
    assert (set(cast.obligors), set(cast.beneficiaries), cast.is_joint) == (obligors, beneficiaries, joint)


def test_several_founders_are_one_side_of_a_workstation() -> None:
    given = content(template="workstation", template_version=1)
    assert cast_of(given, "A").obligors == {1, 2}
    assert list(cast_of(given, "A", "B").parts()) == [
        (1, Part.OBLIGOR),
        (2, Part.OBLIGOR),
        (4, Part.BENEFICIARY),
        (4, Part.SUPPORT),
    ]


@pytest.mark.parametrize(
    ("text", "figure"),
    [("2", 2), (" 2.5 ", Decimal("2.5")), ("85%", 85), ("", None), ("若干", None), ("-1", None), ("NaN", None)],
)
def test_the_figure_of_a_cell(text: str, figure: Decimal | int | None) -> None:
    assert read_target(text) == figure


@pytest.mark.parametrize(
    ("task", "unit", "has_figure", "category", "measure", "curve"),
    [
        ("举办招聘会", "场", True, Category.FAIRS, Measure.COUNT, Curve.SEASONAL),
        ("其他活动", "场", True, Category.FAIRS, Measure.COUNT, Curve.SEASONAL),
        ("毕业生留辽就业率", "%", True, Category.EMPLOYMENT, Measure.PERCENT, Curve.LINEAR),
        ("安排工作经费", "万元", True, Category.FUNDING, Measure.AMOUNT, Curve.LINEAR),
        ("建立信息库", "个", True, Category.OTHER, Measure.COUNT, Curve.LINEAR),
        ("确定联络员", "", False, Category.OTHER, Measure.BOOLEAN, Curve.LINEAR),
    ],
)
def test_rows_of_the_clerks_are_known_by_words_and_units(
    task: str, unit: str, has_figure: bool, category: Category, measure: Measure, curve: Curve
) -> None:
    known = known_of("", "1", task, unit, has_figure=has_figure)
    assert (known.category, known.measure, known.curve) == (category, measure, curve)


def test_a_row_without_a_figure_is_done_or_not() -> None:
    promise = promises_of(content(commitments=[row(target="", task="确定联络员", unit="")]))["1"]
    assert (promise.target, promise.known.measure) == (1, Measure.BOOLEAN)


def test_meetings_are_promised_by_an_article_and_only_where_it_still_says_so() -> None:
    article = {"key": "7", "text_zh": "每年至少召开{{meetings_per_year}}次联席会议", "heading_zh": ""}
    given = content(template="framework", template_version=1, variables={"meetings_per_year": 1}, articles=[article])
    found = promises_of(given)
    assert [(one.code, one.article, one.target, one.origin) for one in found.values()] == [
        ("M1", "7", 1, Origin.VARIABLE)
    ]
    assert found["M1"].cast.is_joint
    assert promises_of({**given, "articles": [{**article, "text_zh": "视情况召开联席会议"}]}) == {}
    assert promises_of({**given, "variables": {}}) == {}


def test_a_deadline_is_due_once() -> None:
    promise = promises_of(content(commitments=[row(period="2027年6月底前")]))["1"]
    assert (promise.recurrence, str(promise.due_on)) == (Recurrence.ONCE, "2027-06-30")
