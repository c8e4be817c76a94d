"""Lists, pages, regions and the picker."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from registry.core.access.roles import Role
from registry.core.db import db, transaction
from registry.organisations.models import OrganisationKind
from registry.organisations.services.reference import load_reference
from tests.conftest import Client
from tests.factories import make_user
from tests.organisations.conftest import World

LISTS = ("/organisations", "/universities", "/regions", "/regions/210300", "/organisations/pick?q=dbdx")
SHELL_QUERIES = 3  # the session, the user with roles and organisation, the number of things that wait


@contextmanager
def queries() -> Iterator[list[str]]:
    """The statements that are run meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("address", [*LISTS, "/organisations/new"])
def test_nobody_looks_unasked(world: World, client: Client, address: str) -> None:
    assert client.get(address).status_code == 303


@pytest.mark.parametrize("address", LISTS)
def test_administrators_have_no_directory(world: World, client: Client, address: str) -> None:
    with transaction():
        auditor = make_user(Role.AUDITOR)
    assert client.sign_in(auditor).get(address).status_code == 403


def test_two_lists(world: World, client: Client) -> None:
    client.sign_in(world.handler)
    others = client.get("/organisations").text
    assert "鞍山市人才服务中心" in others
    assert "西北工业大学" not in others
    schools = client.get("/universities").text
    assert "4161010699" in schools
    assert schools.count('<th scope="row"') == 2
    assert "鞍山市人才服务中心" not in schools


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=asss", 0),
        ("?q=assrlzyhshbzj", 1),
        ("?q=沈阳", 1),
        ("?kind=talent_centre", 1),
        ("?kind=university", 4),
        ("?region=210000", 4),
        ("?region=210303", 1),
        ("?region=610100", 0),
        ("?status=closed", 0),
        ("?unchecked=1", 0),
        ("?sort=-name&page=9&kind=nonsense&status=x&region=y&q=%E2%80%8B", 4),
        ("?sort=nonsense", 4),
    ],
)
def test_filters(world: World, client: Client, query: str, found: int) -> None:
    answer = client.sign_in(world.handler).get("/organisations" + query)
    assert answer.status_code == 200
    shown = answer.text.count('<th scope="row"')
    assert shown == (0 if "page=9" in query else found)


def test_sorting(world: World, client: Client) -> None:
    client.sign_in(world.handler)
    up, down = (client.get(f"/organisations?sort={sort}").text for sort in ("name", "-name"))
    first, second = f"/organisations/{world.anshan.public_id}", f"/organisations/{world.shenyang.public_id}"
    assert up.index(first) < up.index(second)
    assert down.index(first) > down.index(second)


def test_a_list_takes_few_queries_however_long_it_is(world: World, client: Client) -> None:
    with transaction():
        load_reference()
    client.sign_in(world.handler)
    with queries() as seen:
        page = client.get("/universities").text
    assert page.count('<th scope="row"') == 25
    assert len(seen) <= 4 + SHELL_QUERIES


def test_pages_of_a_long_list(world: World, client: Client) -> None:
    with transaction():
        load_reference()
    client.sign_in(world.handler)
    pages = [client.get(f"/universities?page={number}").text for number in (1, 2)]
    assert "辽宁大学" in "".join(pages)
    assert pages[0] != pages[1]


def test_a_page_tells_identity_and_place(world: World, client: Client) -> None:
    page = client.sign_in(world.handler).get(f"/organisations/{world.centre.public_id}").text
    assert "辽宁省鞍山市铁西区" in page
    assert world.anshan.name_zh in page  # its superior


def test_a_page_in_english(world: World, client: Client) -> None:
    client.set_cookie("language", "en", secure=True)
    page = client.sign_in(world.handler).get(f"/organisations/{world.partner.public_id}").text
    assert "Northwestern Polytechnical University" in page
    assert "Xi&#39;an, Shaanxi" in page


def test_an_unknown_one(world: World, client: Client) -> None:
    client.sign_in(world.handler)
    for address in ("/organisations/01ARZ3NDEKTSV4RRFFQ69G5FAV", "/regions/999999"):
        assert client.get(address).status_code == 404


def test_buttons_follow_the_rules(world: World, client: Client) -> None:
    client.sign_in(world.school_handler)
    own = client.get(f"/organisations/{world.school.public_id}").text
    foreign = client.get(f"/organisations/{world.partner.public_id}").text
    assert f"/organisations/{world.school.public_id}/edit" in own
    assert f"/organisations/{world.school.public_id}/close" not in own
    assert f"/organisations/{world.partner.public_id}/edit" not in foreign


def test_regions_show_both_districts_of_one_name(world: World, client: Client) -> None:
    client.sign_in(world.handler)
    page = client.get("/regions").text
    assert page.index("210100") < page.index("210300")
    assert page.count("铁西区") == 2
    assert "辽宁省沈阳市铁西区" in client.get("/regions/210106").text
    assert "鞍山市人才服务中心" in client.get("/regions/210300").text


def test_regions_take_few_queries(world: World, client: Client) -> None:
    with transaction():
        load_reference()
    client.sign_in(world.handler)
    with queries() as seen:
        page = client.get("/regions").text
    assert page.count('<th scope="row"') == 15
    assert page.index("葫芦岛市") < page.index("沈抚改革创新示范区")
    assert len(seen) <= 4 + SHELL_QUERIES


def test_suggestions(world: World, client: Client) -> None:
    client.sign_in(world.handler)
    with queries() as seen:
        answer = client.get("/organisations/suggest?q=xbgydx&kind=university,nonsense").json
    assert answer == [
        {
            "id": world.partner.public_id,
            "name": "西北工业大学",
            "hint": "4161010699 · 陕西省西安市",
            "kind": OrganisationKind.UNIVERSITY,
        }
    ]
    assert len(seen) <= 1 + SHELL_QUERIES
    assert client.get("/organisations/suggest").json == []
    assert client.get("/organisations/suggest?q=%E2%80%8B").json == []


def test_choosing_without_a_script_leads_back(world: World, client: Client) -> None:
    client.sign_in(world.handler)
    page = client.get("/organisations/pick?q=xbgydx&back=/agreements/new%3Fkind%3Dframework&field=party").text
    assert f"/agreements/new?kind=framework&amp;party={world.partner.public_id}" in page


def test_choosing_never_leads_away(world: World, client: Client) -> None:
    client.sign_in(world.handler)
    page = client.get("/organisations/pick?q=xbgydx&back=//evil.example/&field=party").text
    assert 'href="//evil.example' not in page
    assert f"/?party={world.partner.public_id}" in page
