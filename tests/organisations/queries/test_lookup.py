"""Finding organisations as people call them, on the real reference data."""

import pytest
from flask import Flask
from sqlalchemy import event, insert, select

from registry.core.db import db, transaction
from registry.organisations.models import (
    Organisation,
    OrganisationKind,
    OrganisationStatus,
)
from registry.organisations.queries.lookup import HowFound, find_by_name, suggest
from tests.organisations.reference import reference
from tests.states import Begin


@pytest.fixture
def loaded(app: Flask, begin_with: Begin) -> Flask:
    begin_with(reference)
    return app


def names(text: str, *kinds: OrganisationKind) -> list[str]:
    return [one.name.zh for one in suggest(text, kinds)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("东北大学", "东北大学"),
        ("dbdx", "东北大学"),
        ("dongbeidaxue", "东北大学"),
        ("dongbei da", "东北大学"),
        ("xbgydx", "西北工业大学"),
        ("XBGYDX", "西北工业大学"),
        ("nwpu", "西北工业大学"),
        ("ＮＷＰＵ", "西北工业大学"),
        ("西工大", "西北工业大学"),
        ("northwestern poly", "西北工业大学"),
        ("4161010699", "西北工业大学"),
        ("鞍山师院", "鞍山师范学院"),
        ("大工", "大连理工大学"),
        ("沈工大", "沈阳工业大学"),
        ("鞍山市人社局", "鞍山市人力资源和社会保障局"),
        ("assrsj", "鞍山市人力资源和社会保障局"),
        ("大连理工大学城市学院", "大连工程学院"),
        ("lndx", "辽宁大学"),
    ],
)
def test_the_one_meant_comes_first(loaded: Flask, typed: str, first: str) -> None:
    assert names(typed)[0] == first


def test_exact_then_beginning_then_inside(loaded: Flask) -> None:
    found = names("大连理工")
    assert found[0] == "大连理工大学"
    assert names("沈阳大学")[0] == "沈阳大学"
    assert names("工业大学")[0].endswith("工业大学")
    assert len(names("大学")) == 12


def test_similar_names_are_told_apart_by_code_and_place(loaded: Flask) -> None:
    found = {one.name.zh: (one.code, one.place.zh) for one in suggest("西北")}
    assert found["西北大学"] == ("4161010697", "陕西省西安市")
    assert found["西北工业大学"] == ("4161010699", "陕西省西安市")


def test_the_place_in_english_goes_upwards(loaded: Flask) -> None:
    one = suggest("玉环市人社局")[0]
    assert one.place.key == "Yuhuan, Taizhou (Zhejiang), Zhejiang"
    assert one.name.key.startswith("Yuhuan Municipal")


def test_kinds_narrow(loaded: Flask) -> None:
    assert set(names("鞍山", OrganisationKind.UNIVERSITY)) == {"鞍山师范学院", "鞍山职业技术学院"}
    assert "鞍山市人力资源和社会保障局" in names("鞍山")


@pytest.mark.parametrize("typed", ["", "   ", "%", "_", "%%", "\\", "'; drop table organisation", "不存在的单位"])
def test_nothing_fits(loaded: Flask, typed: str) -> None:
    assert names(typed) == []


def test_closed_come_last_and_merged_not_at_all(loaded: Flask) -> None:
    with transaction():
        target = db.session.scalars(select(Organisation).where(Organisation.name_zh == "辽宁大学")).one()
        merged = db.session.scalars(select(Organisation).where(Organisation.name_zh == "沈阳大学")).one()
        merged.status, merged.merged_into_id = OrganisationStatus.MERGED, target.id
    assert "沈阳大学" not in names("沈阳大学")
    found = suggest("沈阳工业大学")
    assert [one.status for one in found] == sorted((one.status for one in found), key=lambda status: status != "active")
    match = find_by_name("沈阳大学")
    assert (match.how, match.certain and match.certain.name.zh) == (HowFound.FORMER, "辽宁大学")


@pytest.mark.parametrize(
    ("name", "how", "meant"),
    [
        ("西北工业大学", HowFound.EXACT, "西北工业大学"),
        (" 西北 工业大学", HowFound.EXACT, "西北工业大学"),
        ("northwestern polytechnical university", HowFound.EXACT, "西北工业大学"),
        ("辽宁理工职业学院", HowFound.FORMER, "辽宁理工职业大学"),
        ("西工大", HowFound.ALIAS, "西北工业大学"),
        ("省人社厅", HowFound.ALIAS, "辽宁省人力资源和社会保障厅"),
        ("鞍山市人力资源社会保障局", HowFound.ALIAS, "鞍山市人力资源和社会保障局"),
        ("Shenyang Institute of Technology", HowFound.EXACT, "沈阳工学院"),
    ],
)
def test_names_on_paper(loaded: Flask, name: str, how: HowFound, meant: str) -> None:
    match = find_by_name(name)
    assert match.how is how
    assert match.certain
    assert match.certain.name.zh == meant


def test_a_shared_short_form_is_not_certain(loaded: Flask) -> None:
    match = find_by_name("辽工大")
    assert match.how is HowFound.ALIAS
    assert match.certain is None
    assert {one.name.zh for one in match.candidates} == {"辽宁工业大学", "辽宁工程技术大学"}


def test_a_part_of_a_name_gives_candidates(loaded: Flask) -> None:
    match = find_by_name("西北")
    assert (match.how, match.certain) == (HowFound.CANDIDATES, None)
    assert len(match.candidates) == 2
    assert find_by_name("").candidates == ()


def test_many_organisations_are_searched_in_one_query(loaded: Flask) -> None:
    with transaction():
        rows = [
            {
                "public_id": f"{number:026d}",
                "name_zh": f"示例第{number}机械有限公司",
                "kind": OrganisationKind.ENTERPRISE,
                "region_code": "210300",
                "pinyin": f"shilidi{number}jixieyouxiangongsi",
                "initials": f"sld{number}jxyxgs",
            }
            for number in range(20_000)
        ]
        db.session.execute(insert(Organisation), rows)
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    assert names("dbdx") == ["东北大学"]
    assert len([one for one in statements if one.startswith("SELECT")]) == 1
