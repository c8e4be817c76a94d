"""The overview and the wall screen as pages: who sees them, what stands there, what goes along in the address."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import event, select

from registry.accounts.models import User, UserSession
from registry.core.access.roles import Role
from registry.core.dates import now, today
from registry.core.db import db, transaction
from registry.dashboards.charts import store
from registry.dashboards.facts.docking import SHOWN
from registry.dashboards.overview import page as page_module
from registry.tasks import services
from registry.tasks.enums import TaskSource
from registry.tasks.inputs import NewTask
from tests.accounts.people import PASSWORD, make_person
from tests.conftest import Client
from tests.factories import make_user
from tests.states import Begin
from tests.stories.test_load import with_stories
from tests.tasks.pages import overdue

PLAN = "/overview?programme=百校千企"
SPRING = "/overview?from=2023-03&to=2023-05"
ENGLISH = {"Accept-Language": "en"}
PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)0\d{2,3}-\d{7,8}(?!\d)")
MOST_STATEMENTS = 12 + 3  # its own, and those of the frame (session with user, what waits, messages)


@pytest.fixture
def people(begin_with: Begin) -> dict[str, User]:
    return begin_with(with_stories)


@pytest.fixture(autouse=True)
def _shelf(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_folder", lambda: tmp_path)


def page_of(client: Client, user: User, address: str = "/overview", language: str = "zh") -> html.HtmlElement:
    """The page as a tree."""
    answer = client.sign_in(user).get(address, headers={"Accept-Language": language})
    assert answer.status_code == 200
    return html.fromstring(answer.text)


def card(page: html.HtmlElement, code: str) -> str:
    """What a card says, in one piece."""
    found = page.xpath(f"//*[@data-metric='{code}']//p[@class='kpi-value']")[0]
    return "".join(found.text_content().split())


def marks(page: html.HtmlElement, code: str) -> str:
    return str(page.xpath(f"//li[@data-metric='{code}']//p[@class='kpi-change']")[0].text_content())


def test_whose_it_is(client: Client, app: Flask) -> None:
    for address in ("/overview", "/overview/wall"):
        assert client.get(address).status_code == 303
        with transaction():
            keeper = make_user(Role.AUDITOR)
        assert client.sign_in(keeper).get(address).status_code == 403
        client.delete_cookie("__Host-session")


@pytest.mark.parametrize(
    ("role", "wish", "first"),
    [
        (Role.LEADER, "", "/overview"),
        (Role.VIEWER, "/", "/overview"),
        (Role.OVERSEER, "", "/overview"),
        (Role.LEADER, "/agreements", "/agreements"),
        (Role.HANDLER, "", "/"),
        (Role.AUDITOR, "", "/"),
    ],
)
def test_leaders_see_it_first(client: Client, app: Flask, role: Role, wish: str, first: str) -> None:
    user = make_person(role)
    answer = client.post("/sign-in", data={"account": user.account, "password": PASSWORD, "next": wish})
    assert (answer.status_code, answer.location) == (302, first)


def test_story_14_on_the_first_screen(client: Client, people: dict[str, User]) -> None:
    """The numbers of the programme as the news has them; what nobody reported is a dash."""
    page = page_of(client, people["liaoning.viewer"], PLAN)
    shown = {code: card(page, code) for code in ("activities_held", "employers", "positions", "participants")}
    assert shown == {
        "activities_held": "10场",
        "employers": "1,637家次",
        "positions": "6.24万个",
        "participants": "10万余人次",
    }
    assert "待核" in marks(page, "participants")
    assert "待核" not in marks(page, "positions")
    assert card(page, "stations") == card(page, "mechanisms") == card(page, "fulfilment") == "—"
    so_far = page_of(client, people["liaoning.viewer"])
    assert (card(so_far, "stations"), card(so_far, "mechanisms")) == ("1个", "1个")
    assert card(so_far, "employers") == "1,637家次+237家"
    assert "15/15" in card(so_far, "localities_covered")


def test_each_figure_tells_how_it_is_counted(client: Client, people: dict[str, User]) -> None:
    page = page_of(client, people["liaoning.viewer"])
    cards = page.xpath("//li[@data-metric]")
    assert len(cards) == 12
    for one in cards:
        told = one.xpath(".//details[contains(@class, 'about-figure')]")[0].text_content()
        assert "计算公式" in told or "公式" in told
    assert len(page.xpath("//tr[@data-metric]")) > 20


def test_tiles_lead_to_lists_of_as_many(client: Client, people: dict[str, User]) -> None:
    page = page_of(client, people["liaoning.viewer"])
    tiles = page.xpath("//li[contains(@class, 'tile ')]")
    assert len(tiles) == 15
    assert "方格为示意位置，非行政区划图" in page.text_content()
    for tile in tiles[:3]:
        number = tile.xpath(".//*[@class='tile-number']")[0].text_content()
        listed = client.get(tile.xpath(".//a/@href")[0], headers=ENGLISH).text
        assert f"{number} in total" in listed


def test_which_have_none_in_so_many_words(client: Client, people: dict[str, User]) -> None:
    """In February 2023 there was none anywhere but in Anshan, of which no day is known."""
    page = page_of(client, people["liaoning.viewer"], "/overview?from=2023-02&to=2023-02")
    without = "".join(page.xpath("//p[@class='without']")[0].text_content().split())
    assert "沈阳、大连" in without
    assert "沈抚示范区" in without
    assert len(page.xpath("//li[contains(@class, 'tile-none')]")) == len(without.split("：")[1].split("、"))


def test_a_bureau_is_not_told_that_others_have_none(client: Client, people: dict[str, User]) -> None:
    page = page_of(client, people["anshan.leader"])
    assert len(page.xpath("//li[contains(@class, 'tile-untold')]")) == 14
    assert "留空" in page.text_content()
    assert not page.xpath("//p[@class='without'][contains(., '大连')]")


def test_the_filter_stays_in_the_address(client: Client, people: dict[str, User]) -> None:
    page = page_of(client, people["liaoning.viewer"], f"{SPRING}&locality=210300")
    wall = next(link for link in page.xpath("//a/@href") if link.startswith("/overview/wall"))
    assert all(part in wall for part in ("from=2023-03", "to=2023-05", "locality=210300"))
    assert page.xpath("//input[@name='from']/@value") == ["2023-03"]
    assert page.xpath("//select[@name='locality']/option[@selected]/@value") == ["210300"]
    by_rate = next(link for link in page.xpath("//a/@href") if "order=rate" in link)
    assert "locality=210300" in by_rate
    back = page_of(client, people["liaoning.viewer"], wall).xpath("//nav//a/@href")
    assert any(link.startswith("/overview?") and "from=2023-03" in link for link in back)


def test_the_form_keeps_a_period_that_was_not_changed(client: Client, people: dict[str, User]) -> None:
    year = page_of(client, people["liaoning.viewer"], "/overview?period=year")
    sent = {name: year.xpath(f"//input[@name='{name}']/@value")[0] for name in ("period", "from", "to")}
    kept = page_of(client, people["liaoning.viewer"], "/overview?" + "&".join(f"{k}={v}" for k, v in sent.items()))
    assert kept.xpath("//a[@aria-current='true'][contains(@class, 'chip')]")[0].text_content() == "本年"
    other = page_of(client, people["liaoning.viewer"], f"/overview?period=year&from=2023-03&to={sent['to']}")
    assert other.xpath("//a[@aria-current='true'][contains(@class, 'chip')]")[0].text_content() == "自选月份"


@pytest.mark.parametrize(
    "query", ["from=%00", "period=x&from=9999-99", "university='&locality=%22", "programme=" + "x" * 300]
)
def test_nonsense_narrows_nothing_and_breaks_nothing(client: Client, people: dict[str, User], query: str) -> None:
    assert client.sign_in(people["liaoning.viewer"]).get(f"/overview?{query}").status_code in {200, 400}


def test_all_red_tasks_are_those_of_the_locality_that_is_asked(client: Client, people: dict[str, User]) -> None:
    with transaction():
        for who, title in (("anshan", "鞍山的"), ("liaoning", "全省的")):
            lead = people[f"{who}.handler"].organisation.public_id
            new = NewTask(title, TaskSource.REMINDER, lead=lead, due_on=today() + timedelta(days=1))
            overdue(services.assign(new, None))
    reader = people["liaoning.viewer"]
    for asked, expected in (("", {"鞍山的", "全省的"}), ("?locality=210300", {"鞍山的"})):
        page = page_of(client, reader, f"/overview{asked}")
        (link,) = page.xpath("//*[@id='concern-red']/../span/a/@href")
        titles = page_of(client, reader, link).xpath("//tbody//th//a/text()")
        assert set(titles) == expected == set(page.xpath("//*[@aria-labelledby='concern-red']//a/text()")) & set(titles)
    assert not page_of(client, reader, "/overview?locality=210100").xpath("//*[@id='concern-red']/../span/a")


def test_leaders_write_instructions_on_what_needs_attention(client: Client, people: dict[str, User]) -> None:
    page = page_of(client, people["liaoning.viewer"])
    links = page.xpath("//*[@class='heeded']//a[contains(@href, '/tasks/instruct/')]/@href")
    assert links
    assert client.get(links[0]).status_code == 200
    assert not page_of(client, people["liaoning.handler"]).xpath("//a[contains(@href, '/tasks/instruct/')]")


def test_no_phone_number_anywhere(client: Client, people: dict[str, User]) -> None:
    for address in ("/overview", "/overview/wall", SPRING):
        assert not PHONE.search(client.sign_in(people["liaoning.viewer"]).get(address).text)


def test_who_has_nothing_yet_is_told_so(client: Client, people: dict[str, User]) -> None:
    with transaction():
        stranger = make_user(Role.LEADER)
    page = page_of(client, stranger, language="en")
    assert "Nothing to show yet" in page.text_content()
    assert not page.xpath("//li[@data-metric]")


@pytest.fixture
def statements(app: Flask) -> Iterator[Callable[[], int]]:
    """How many statements read something since the last time that was asked."""
    sent: list[str] = []

    def note(*given: object) -> None:
        if str(given[2]).lstrip().startswith("SELECT"):
            sent.append(str(given[2]))

    def number() -> int:
        found = len(sent)
        sent.clear()
        return found

    event.listen(db.engine, "before_cursor_execute", note)
    yield number
    event.remove(db.engine, "before_cursor_execute", note)


def test_it_costs_no_more_than_it_may(client: Client, people: dict[str, User], statements: Callable[[], int]) -> None:
    client.sign_in(people["liaoning.viewer"]).get("/overview")
    for address in ("/overview", f"{SPRING}&locality=210300&order=rate", "/overview/wall"):
        db.session.remove()
        statements()
        assert client.get(address).status_code == 200
        assert statements() <= MOST_STATEMENTS


def test_the_wall_has_no_menu_and_a_way_back(client: Client, people: dict[str, User]) -> None:
    page = page_of(client, people["liaoning.viewer"], "/overview/wall?theme=light")
    assert not page.xpath("//*[contains(@class, 'side-list')]")
    assert page.xpath("//a[@href='/overview']")
    assert page.xpath("//noscript//meta[@http-equiv='refresh']/@content")[0].startswith("60;")
    assert "wall-light" in page.xpath("//body/@class")[0]
    assert "wall-dark" in page_of(client, people["liaoning.viewer"], "/overview/wall?theme=x").xpath("//body/@class")[0]


@pytest.mark.parametrize(
    ("headers", "query", "counts"), [({}, "", True), ({"X-Refresh": "1"}, "", False), ({}, "?auto=1", False)]
)
def test_looking_again_by_itself_is_nobodys_use(
    client: Client, people: dict[str, User], headers: dict[str, str], query: str, counts: bool
) -> None:
    client.sign_in(people["liaoning.viewer"])
    earlier = now() - timedelta(minutes=20)
    with transaction():
        session = db.session.scalars(select(UserSession).order_by(UserSession.id.desc())).first()
        assert session is not None
        session.seen_at = earlier
    assert client.get(f"/overview/wall{query}", headers=headers).status_code == 200
    db.session.expire_all()
    assert (db.session.get_one(UserSession, session.id).seen_at > earlier) is counts


def test_pictures_that_a_page_asks_for_by_itself_are_nobodys_use(client: Client, people: dict[str, User]) -> None:
    page = page_of(client, people["liaoning.viewer"], f"{SPRING}&locality=210300")
    drawn = page.xpath("//img[@data-drawn]/@src")
    assert drawn
    assert all("auto=1" in address for address in drawn)


def test_a_university_that_narrows_nothing_does_not_narrow_the_lists(
    client: Client, people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that the reader has nothing with, or that is none."""
    monkeypatch.setattr(page_module, "list_stages", lambda _actor, _cut: dict.fromkeys(SHOWN, 3))
    page = page_of(client, people["liaoning.viewer"], f"{SPRING}&university=01HZZZZZZZZZZZZZZZZZZZZZZZ")
    reached = page.xpath("//a[contains(@href, 'reached=')]/@href")
    assert reached
    assert not [address for address in reached if "university" in address]
