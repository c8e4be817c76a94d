"""Whom a row means: codes, names of now and then, short forms; proposals where nothing is certain."""

from datetime import date
from itertools import permutations

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, insert, select

from registry.core.dates import Precision
from registry.core.db import db, transaction
from registry.core.i18n import Either
from registry.organisations.former import Span
from registry.organisations.models import Organisation, OrganisationKind, OrganisationName, OrganisationStatus
from registry.organisations.names import fold
from registry.organisations.queries import matching
from registry.organisations.queries.lookup import Suggestion
from registry.organisations.queries.matching import By, Directory, Held, Wanted, match, match_all
from tests.organisations.reference import reference
from tests.states import Begin

ALIKE = ("东北大学", "西北大学", "西北工业大学", "东北工业大学", "辽宁大学", "辽宁工业大学", "辽宁工程技术大学")


@pytest.fixture
def loaded(app: Flask, begin_with: Begin) -> Flask:
    begin_with(reference)
    return app


def named(name: str) -> Organisation:
    return db.session.scalars(select(Organisation).where(Organisation.name_zh == name)).one()


def found(result: matching.Match) -> str:
    return result.found.name.zh if result.found else ""


def proposed(result: matching.Match) -> list[str]:
    return [one.organisation.name.zh for one in result.proposals]


@pytest.mark.parametrize(
    ("row", "by", "meant", "to_confirm"),
    [
        (Wanted("西北工业大学"), By.NAME, "西北工业大学", False),
        (Wanted(" 西北 工业大学 "), By.NAME, "西北工业大学", False),
        (Wanted("Northwestern Polytechnical University"), By.NAME, "西北工业大学", False),
        (Wanted("西北工业大学", "4161010699"), By.MOE_CODE, "西北工业大学", False),
        (Wanted("", "４１６１０１０６９９"), By.MOE_CODE, "西北工业大学", False),
        (Wanted("西北某大学", "4161010699"), By.MOE_CODE, "西北工业大学", True),
        (Wanted("大连理工大学城市学院"), By.FORMER_NAME, "大连工程学院", False),
        (Wanted("西工大"), By.ALIAS, "西北工业大学", True),
        (Wanted("鞍山师院"), By.ALIAS, "鞍山师范学院", True),
        (Wanted("鞍山市人社局"), By.ALIAS, "鞍山市人力资源和社会保障局", True),
    ],
)
def test_whom_a_row_means(loaded: Flask, row: Wanted, by: By, meant: str, to_confirm: bool) -> None:
    result = match(row.name, row.moe_code, row.uscc, row.on)
    assert (result.by, found(result), result.to_confirm) == (by, meant, to_confirm)
    assert (result.certain is None) is to_confirm


@pytest.mark.parametrize(
    ("row", "doubt", "proposals"),
    [
        (Wanted("辽工大"), "Several organisations are called so", {"辽宁工业大学", "辽宁工程技术大学"}),
        (
            Wanted("西北大学", "4161010699"),
            "The code and the name belong to different organisations",
            {"西北大学", "西北工业大学"},
        ),
        (Wanted("西北大学", "4199999999"), "The organisation of this name has another code", {"西北大学"}),
        (
            Wanted("西北工业大学", "4161010699", "91210300MA0000003Y"),
            "The organisation of this code has another one beside it",
            {"西北工业大学"},
        ),
    ],
)
def test_what_contradicts_itself_is_asked(loaded: Flask, row: Wanted, doubt: str, proposals: set[str]) -> None:
    with transaction():
        named("西北工业大学").uscc = "12610000435230187W"
    result = match(row.name, row.moe_code, row.uscc)
    assert (result.by, result.found) == (By.NOTHING, None)
    assert result.doubt
    assert result.doubt.key == doubt
    assert set(proposed(result)) == proposals


def test_what_is_only_alike_is_proposed_with_a_score(loaded: Flask) -> None:
    result = match("鞍山师范大学")
    assert (result.by, result.found) == (By.NOTHING, None)
    assert proposed(result)[0] == "鞍山师范学院"
    assert 0.75 <= result.proposals[0].score < 1


@pytest.mark.parametrize("name", ["", "   ", "不存在的单位", "本溪市人力资源局"])
def test_nothing_is_made_up(loaded: Flask, name: str) -> None:
    result = match(name)
    assert result.found is None
    assert "鞍山市人力资源和社会保障局" not in proposed(result)


def test_every_reference_organisation_is_found_by_its_name_and_no_other(loaded: Flask) -> None:
    names = db.session.scalars(select(Organisation.name_zh).order_by(Organisation.id)).all()
    results = match_all([Wanted(name) for name in names])
    assert [found(one) for one in results] == list(names)
    assert {one.by for one in results} == {By.NAME}


@pytest.mark.parametrize("absent", ["东北大学", "西北大学", "西北工业大学"])
def test_the_three_are_never_taken_for_each_other(loaded: Flask, absent: str) -> None:
    """Even when the one that is meant is not registered."""
    with transaction():
        gone = named(absent)
        gone.name_zh, gone.name_en, gone.short_zh = "某某学校", "", ""
        gone.aliases.clear()
    assert match(absent).found is None


class TestDays:
    """2020 renamed: what is now 某大学 was 某学院; another took the name 某学院 in 2022."""

    @pytest.fixture
    def renamed(self, loaded: Flask) -> None:
        with transaction():
            first, second = named("鞍山师范学院"), named("朝阳师范学院")
            first.rename("鞍山师范大学", "", date(2020, 9, 1))
            second.former_names.clear()
            second.rename("鞍山师范学院", "", date(2022, 9, 1))
            second.aliases.clear()

    @pytest.mark.parametrize(
        ("on", "by", "meant"),
        [
            (date(2019, 1, 1), By.FORMER_NAME, "鞍山师范大学"),
            (date(2023, 1, 1), By.NAME, "鞍山师范学院"),
            (date(2021, 6, 1), By.NOTHING, ""),
            (None, By.NAME, "鞍山师范学院"),
        ],
    )
    def test_the_day_decides(self, renamed: None, on: date | None, by: By, meant: str) -> None:
        result = match("鞍山师范学院", on=on)
        assert (result.by, found(result)) == (by, meant)

    def test_a_former_name_out_of_its_days_is_proposed(self, loaded: Flask) -> None:
        with transaction():
            school = named("鞍山师范学院")
            span = {"valid_to": date(1993, 5, 31), "valid_to_precision": Precision.DAY}
            school.former_names.append(OrganisationName(name_zh="鞍山师范专科学校", **span))
        assert found(match("鞍山师范专科学校", on=date(1990, 1, 1))) == "鞍山师范学院"
        late = match("鞍山师范专科学校", on=date(2000, 1, 1))
        assert (late.found, proposed(late)[0]) == (None, "鞍山师范学院")


def test_merged_ones_lead_to_the_survivor_dissolved_ones_to_themselves(loaded: Flask) -> None:
    with transaction():
        merged, survivor, closed = named("沈阳大学"), named("辽宁大学"), named("大连大学")
        merged.status, merged.merged_into_id = OrganisationStatus.MERGED, survivor.id
        closed.close(successor=survivor)
    assert found(match("沈阳大学")) == "辽宁大学"
    assert found(match("", merged.moe_code or "")) == "辽宁大学"
    assert found(match("大连大学")) == "大连大学"


def test_ten_thousand_rows_take_as_many_queries_as_one(loaded: Flask) -> None:
    with transaction():
        rows = [
            {
                "public_id": f"{number:026d}",
                "name_zh": f"示例第{number}机械有限公司",
                "kind": OrganisationKind.ENTERPRISE,
                "region_code": "210300",
            }
            for number in range(5_000)
        ]
        db.session.execute(insert(Organisation), rows)
    counts = []
    for wanted in ([Wanted("东北大学")], [Wanted(f"示例第{number}机械公司") for number in range(200)] * 50):
        statements: list[str] = []

        def note(*given: object, into: list[str] = statements) -> None:
            into.append(str(given[2]))

        event.listen(db.engine, "before_cursor_execute", note)
        results = match_all(wanted)
        event.remove(db.engine, "before_cursor_execute", note)
        counts.append(len([one for one in statements if one.startswith("SELECT")]))
        assert len(results) == len(wanted)
    assert counts == [4, 4]


# In memory, with names made up: what a directory of any kind never does.

names = st.sampled_from(ALIKE) | st.text("东西南北辽宁鞍山工业师范理大学院", min_size=2, max_size=8)


def directory(*held: str) -> Directory:
    made = Directory(places=["辽宁", "鞍山"])
    for number, name in enumerate(held, start=1):
        made.known[number] = Suggestion(
            number, f"{number:026d}", Either(name, ""), OrganisationKind.UNIVERSITY, OrganisationStatus.ACTIVE, "",
            Either("", ""),
        )  # fmt: skip
        matching.bear(made, By.NAME, name, Held(number))
    return made


@given(st.lists(names, min_size=1, max_size=12, unique_by=fold), names)
def test_nothing_is_taken_but_the_very_name(held: list[str], name: str) -> None:
    result = matching.match_row(directory(*held), Wanted(name))
    expected = [one for one in held if fold(one) == fold(name)]
    assert [found(result)] == (expected or [""])
    assert all(0.75 <= one.score < 1 for one in result.proposals)
    assert len(result.proposals) <= matching.MOST


@pytest.mark.parametrize(("one", "other"), list(permutations(ALIKE[:3], 2)))
def test_one_is_never_the_other(one: str, other: str) -> None:
    assert matching.match_row(directory(one), Wanted(other)).found is None


@given(st.lists(names, min_size=2, max_size=8, unique_by=fold), st.randoms())
def test_the_order_of_the_directory_makes_no_difference(held: list[str], random: object) -> None:
    turned = [*reversed(held)]
    one, other = directory(*held), directory(*turned)
    for name in held:
        assert found(matching.match_row(one, Wanted(name))) == found(matching.match_row(other, Wanted(name))) == name


@given(names, st.dates(date(1950, 1, 1), date(2030, 1, 1)), st.dates(date(1950, 1, 1), date(2030, 1, 1)))
def test_a_former_name_counts_only_on_its_days(name: str, end: date, on: date) -> None:
    made = directory("今名大学")
    span = Span(None, Precision.UNKNOWN, end, Precision.DAY)
    matching.bear(made, By.FORMER_NAME, name, Held(1, span))
    result = matching.match_row(made, Wanted(name, on=on))
    assert (result.by is By.FORMER_NAME) is (on <= end)
