"""Regions with their parents."""

import pytest
from flask import Flask

from registry.core.errors import NotFound
from registry.organisations.queries import choices, directory, places
from registry.organisations.queries.directory import DirectoryFilter
from tests.organisations.conftest import World


def test_a_path_tells_two_districts_apart(world: World) -> None:
    paths = [places.path_of(places.get_region(code)) for code in ("210106", "210303")]
    assert [path.zh for path in paths] == ["辽宁省沈阳市铁西区", "辽宁省鞍山市铁西区"]
    assert paths[0].key == "Tiexi District, Shenyang, Liaoning"
    assert places.path_of(places.get_region("210000")).zh == "辽宁省"


def test_an_unknown_region(app: Flask) -> None:
    with pytest.raises(NotFound):
        places.get_region("999999")


def test_a_city_counts_its_districts_too(world: World) -> None:
    counts = {row.code: (row.universities, row.others) for row in places.list_localities()}
    assert counts == {"210100": (0, 1), "210300": (1, 2)}


def test_regions_below_are_in_code_order(world: World) -> None:
    assert [row.code for row in places.list_below("210000")] == ["210100", "210300"]
    assert places.list_below("210106") == []


def test_the_province_of_a_region(world: World) -> None:
    assert places.province_code(places.get_region("210303")) == "210000"
    assert places.province_code(places.get_region("610000")) == "610000"


def test_a_region_finds_what_lies_in_it_at_any_depth(world: World) -> None:
    for code, number in (("210000", 5), ("210300", 3), ("210303", 1), ("610100", 1), ("999999", 0)):
        rows, total = directory.list_organisations(DirectoryFilter(region=code))
        assert len(rows) == total == number


def test_whom_an_organisation_may_be_put_below(world: World) -> None:
    names = {one.name.zh for one in choices.list_superiors(world.handler)}
    assert names == {"鞍山市人力资源和社会保障局", "鞍山市人才服务中心"}
    editing = {one.name.zh for one in choices.list_superiors(world.handler, world.centre)}
    assert editing == {"鞍山市人力资源和社会保障局"}


def test_what_an_organisation_may_be_merged_into(world: World) -> None:
    assert [one.name.zh for one in choices.list_targets(world.anshan)] == ["沈阳市人力资源和社会保障局"]


def test_the_list_can_be_turned_round(world: World) -> None:
    up, _ = directory.list_organisations(DirectoryFilter(sort="name"))
    down, _ = directory.list_organisations(DirectoryFilter(sort="-name"))
    assert [row.public_id for row in up] == [row.public_id for row in down][::-1]
