"""What the overview reads, on both databases: in how many statements, and through whose eyes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import event

from registry.accounts.models import User
from registry.core.access.roles import Role
from registry.core.access.scope import set_viewer
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.dashboards.cut import Cut
from registry.dashboards.overview.page import Asked, Overview, overview_of
from registry.dashboards.overview.periods import Span, period_of
from registry.dashboards.queries.attention import CONCERNS, Listed, list_items
from registry.dashboards.queries.grid import list_places
from registry.dashboards.queries.schools import list_schools
from tests.commitments.scene import Promised, promised
from tests.factories import make_user
from tests.states import Begin
from tests.stories.test_load import with_stories

MOST_STATEMENTS = 12
SO_FAR = Asked(period_of(Span.ALL, today()))


@pytest.fixture
def people(begin_with: Begin) -> dict[str, User]:
    return begin_with(with_stories)


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(*given: object) -> None:
        if str(given[2]).lstrip().startswith("SELECT"):
            sent.append(str(given[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    yield sent
    event.remove(db.engine, "before_cursor_execute", note)


def seen_by(user: User, asked: Asked = SO_FAR) -> Overview:
    set_viewer(user.organisation_id)
    return overview_of(user, asked, today())


@pytest.mark.parametrize("who", ["liaoning.viewer", "anshan.leader", "nwpu.leader"])
def test_twelve_statements_whatever_is_asked(people: dict[str, User], statements: list[str], who: str) -> None:
    reader = people[who]
    school = next(iter(list_schools(reader)), None)
    narrowed = replace(SO_FAR, locality="210300", university=school.public_id if school else "", programme="百校千企")
    for asked in (SO_FAR, replace(SO_FAR, whole=True, ranked=True), narrowed):
        statements.clear()
        assert seen_by(reader, asked).leading
        assert len(statements) <= MOST_STATEMENTS


def test_a_bureau_is_told_of_its_own_place_only(people: dict[str, User]) -> None:
    assert {place.code for place in list_places(people["anshan.handler"]) if place.is_told} == {"210300"}
    assert all(place.is_told for place in list_places(people["liaoning.viewer"]))
    assert all(place.is_told for place in list_places(people["nwpu.handler"]))
    assert {tile.place.code for tile in seen_by(people["anshan.handler"]).without} <= {"210300"}


def test_places_stand_in_the_order_of_codes_with_shenfu_last(people: dict[str, User]) -> None:
    codes = [place.code for place in list_places(people["liaoning.viewer"])]
    assert codes == [*sorted(codes[:-1]), "21Z001"]
    assert len({(place.row, place.column) for place in list_places(people["liaoning.viewer"])}) == 15


def test_the_filter_narrows_everything(people: dict[str, User]) -> None:
    page = seen_by(people["liaoning.viewer"], replace(SO_FAR, locality="210300"))
    assert [line.place.code for line in page.matrix.lines] == ["210300"]
    assert len(page.tiles) == 15
    unknown = seen_by(people["liaoning.viewer"], replace(SO_FAR, locality="999999", university="01UNKNOWN"))
    assert (unknown.cut.locality, unknown.cut.university_id) == ("", 0)


@pytest.fixture
def scene(begin_with: Begin) -> Promised:
    return begin_with(promised)


def items(user: User, day: date, **narrowed: str) -> dict[Listed, list[str]]:
    set_viewer(user.organisation_id)
    cut = Cut(194910, day.year * 100 + day.month, locality=narrowed.get("locality", ""))
    return {key: [one.title_zh for one in found] for key, found in list_items(user, cut, day).items()}


def test_what_needs_attention(scene: Promised) -> None:
    leader, day = scene.scene.bureau.handler, today()
    nothing = items(leader, day)
    assert [nothing[concern] for concern in CONCERNS] == [[], [], [], []]
    assert nothing[Listed.LATEST] == [scene.agreement.title_zh]
    with transaction():
        scene.late()
        scene.agreement.expires_on = day
    found = items(leader, day)
    assert found[Listed.OVERDUE] == [scene.commitment().title_zh]
    assert found[Listed.EXPIRING] == [scene.agreement.title_zh]
    assert items(leader, day, locality="210100")[Listed.OVERDUE] == []


def test_an_overseer_sees_what_is_overdue_with_those_below(scene: Promised) -> None:
    with transaction():
        scene.late()
        stranger = make_user(Role.LEADER, organisation=scene.stranger.organisation)
    assert items(scene.overseer, today())[Listed.OVERDUE] == [scene.commitment().title_zh]
    assert set(map(len, items(stranger, today()).values())) == {0}
    assert seen_by(stranger).is_empty
    assert not seen_by(scene.overseer).is_empty
