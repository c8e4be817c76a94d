"""Names that could be mistaken for one another, on the real reference data."""

import pytest
from flask import Flask

from registry.organisations.models import OrganisationKind
from registry.organisations.queries.similar import list_similar
from tests.organisations.reference import reference
from tests.states import Begin

UNIVERSITY, BUREAU = OrganisationKind.UNIVERSITY, OrganisationKind.HR_BUREAU


@pytest.fixture
def loaded(app: Flask, begin_with: Begin) -> Flask:
    begin_with(reference)
    return app


def similar(name: str, kind: OrganisationKind = UNIVERSITY) -> list[str]:
    return [one.name.zh for one in list_similar(name, kind)]


@pytest.mark.parametrize(
    ("name", "warned"),
    [
        ("西北大学堂", "西北大学"),
        ("东北工业大学", "西北工业大学"),
        ("东北大学", "西北大学"),
        ("西北工业学院", "西北工业大学"),
        ("沈阳工学院", "沈阳工程学院"),
        ("辽宁科技学院", "辽宁科技大学"),
        ("鞍山师范大学", "鞍山师范学院"),
    ],
)
def test_traps_are_seen(loaded: Flask, name: str, warned: str) -> None:
    assert warned in similar(name)


def test_most_alike_comes_first_and_few_are_shown(loaded: Flask) -> None:
    assert similar("沈阳工学院")[0] == "沈阳工学院"
    assert len(similar("辽宁职业技术学院")) <= 8


def test_the_same_bureau_elsewhere_is_no_trap(loaded: Flask) -> None:
    assert similar("桓仁满族自治县人力资源和社会保障局", BUREAU) == []
    assert similar("朝阳县人力资源和社会保障局", BUREAU) == ["朝阳市人力资源和社会保障局"]
    assert "鞍山市人力资源和社会保障局" in similar("鞍山市人力资源社会保障局", BUREAU)


def test_another_sort_of_organisation_is_no_trap(loaded: Flask) -> None:
    assert similar("西北工业大学", OrganisationKind.ENTERPRISE) == []


@pytest.mark.parametrize("name", ["示例新材料研究院", "%%%", "大学"])
def test_nothing_alike(loaded: Flask, name: str) -> None:
    assert similar(name) == []
