"""The pages of working days: read by everybody in business, recorded by the province after a preview."""

import re
from datetime import date

import pytest
from flask import Flask

from registry.core.access.roles import Role
from registry.core.db import db, transaction
from registry.organisations.queries.workdays import days_of, find_year
from registry.organisations.services.reference import load_reference
from tests.agreements.test_speed import counted
from tests.conftest import Client
from tests.factories import make_user
from tests.organisations.conftest import World

EDIT = "/workdays/2027/edit"
SOURCE = "测试发明电〔2026〕1号"
LINES = "2027-01-01 放假 元旦\n2027-01-03 上班 元旦"


def recorded() -> int:
    db.session.rollback()
    return len(days_of(2027))


def seen_in(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
    assert found
    return found.group(1)


class TestReading:
    def test_the_present_year_is_shown_with_its_notice(self, world: World, client: Client) -> None:
        with transaction():
            load_reference()
        client.sign_in(world.school_handler)
        page = client.get("/workdays?year=2026").text
        assert "国办发明电〔2025〕7号" in page
        assert "2026-10-10" in page
        assert "国庆节" in page
        assert "按法定节假日估算" not in page

    def test_a_year_that_is_not_recorded_says_what_is_gone_by(self, world: World, client: Client) -> None:
        client.sign_in(world.school_handler)
        assert "2027年安排未录入，按法定节假日估算" in client.get("/workdays?year=2027").text
        assert "2150年安排未录入，按周一至周五估算" in client.get("/workdays?year=2150").text
        assert "按放假通知（取自内置日历）" in client.get("/workdays?year=2010").text

    @pytest.mark.parametrize("year", ["", "nonsense", "20261", "-1", "２０２６"])
    def test_nonsense_is_the_present_year_or_read(self, world: World, client: Client, year: str) -> None:
        client.sign_in(world.handler)
        assert client.get("/workdays", query_string={"year": year}).status_code == 200

    @pytest.mark.parametrize("year", ["0000", "1949", "2200", "9999"])
    def test_a_year_beyond_all_dates_is_not_found(self, world: World, client: Client, year: str) -> None:
        client.sign_in(world.province_handler)
        assert client.get(f"/workdays?year={year}").status_code == 404
        assert client.get(f"/workdays/{int(year)}/edit").status_code == 404
        assert client.post(f"/workdays/{int(year)}/edit").status_code == 404

    def test_administrators_and_strangers_may_not(self, world: World, client: Client) -> None:
        assert client.get("/workdays").location.startswith("/sign-in")
        with transaction():
            administrator = make_user(Role.SYSTEM_ADMIN, organisation=world.province)
        client.sign_in(administrator)
        assert client.get("/workdays").status_code == 403

    def test_only_the_province_sees_the_button(self, world: World, client: Client) -> None:
        client.sign_in(world.head)
        assert EDIT not in client.get("/workdays?year=2027").text
        client.sign_in(world.province_handler)
        assert EDIT in client.get("/workdays?year=2027").text

    def test_the_menu_leads_there(self, world: World, client: Client) -> None:
        client.sign_in(world.head)
        assert 'href="/workdays"' in client.get("/regions").text

    def test_it_asks_as_much_for_many_years(self, app: Flask, world: World, client: Client) -> None:
        client.sign_in(world.head)
        client.get("/workdays?year=2026")
        with counted() as few:
            client.get("/workdays?year=2026")
        with transaction():
            load_reference()
        with counted() as many:
            client.get("/workdays?year=2026")
        # The history of a year that is recorded and, in a fresh session, for whom the reader stands in.
        assert len(many) <= len(few) + 2


class TestRecording:
    def test_the_preview_saves_nothing(self, world: World, client: Client) -> None:
        client.sign_in(world.province_handler)
        answer = client.post(EDIT, data={"source": SOURCE, "lines": LINES, "row_version": 0})
        assert answer.status_code == 200
        assert "<ins" in answer.text
        assert LINES.splitlines()[0] in answer.text
        assert recorded() == 0

    def test_what_was_seen_is_saved(self, world: World, client: Client) -> None:
        client.sign_in(world.province_handler)
        form = {"source": SOURCE, "lines": LINES, "row_version": 0}
        seen = seen_in(client.post(EDIT, data=form).text)
        answer = client.post(EDIT, data=form | {"seen": seen})
        assert answer.status_code == 303
        assert recorded() == 2
        page = client.get(answer.location).text
        assert SOURCE in page
        assert "2027年安排未录入" not in page

    def test_what_was_changed_after_the_preview_is_shown_first(self, world: World, client: Client) -> None:
        client.sign_in(world.province_handler)
        form = {"source": SOURCE, "lines": LINES, "row_version": 0}
        seen = seen_in(client.post(EDIT, data=form).text)
        for change in ({"lines": "2027-01-01 放假"}, {"source": "另一份通知"}):
            answer = client.post(EDIT, data=form | change | {"seen": seen})
            assert answer.status_code == 200
            assert seen_in(answer.text) != seen
        assert recorded() == 0

    def test_the_form_holds_what_is_recorded(self, world: World, client: Client) -> None:
        with transaction():
            load_reference()
        client.sign_in(world.province_handler)
        page = client.get("/workdays/2026/edit").text
        assert "2026-09-20 上班 国庆节" in page
        assert 'value="国办发明电〔2025〕7号"' in page

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("source", ""),
            ("source", "号" * 201),
            ("lines", ""),
            ("lines", "元旦放假"),
            ("lines", "2026-01-01 放假"),
            ("year", "2028"),
        ],
    )
    def test_what_is_wrong_is_told_and_kept(self, world: World, client: Client, field: str, value: str) -> None:
        client.sign_in(world.province_handler)
        answer = client.post(EDIT, data={"source": SOURCE, "lines": LINES, "row_version": 0, field: value})
        assert answer.status_code == 422
        assert f'href="#f-{field}"' in answer.text
        assert (SOURCE if field == "lines" else "2027-01-03 上班 元旦") in answer.text
        assert 'name="seen"' not in answer.text
        assert recorded() == 0

    def test_a_form_made_before_somebody_elses_change_is_stale(self, world: World, client: Client) -> None:
        client.sign_in(world.province_handler)
        form = {"source": SOURCE, "lines": LINES, "row_version": 0}
        form |= {"seen": seen_in(client.post(EDIT, data=form).text)}
        assert client.post(EDIT, data=form).status_code == 303
        later = {"source": SOURCE, "lines": "2027-01-01 放假", "row_version": 0}
        later |= {"seen": seen_in(client.post(EDIT, data=later).text)}
        assert client.post(EDIT, data=later).status_code == 409
        assert recorded() == 2

    def test_a_form_of_the_present_version_is_taken(self, world: World, client: Client) -> None:
        client.sign_in(world.province_handler)
        for lines, version in ((LINES, 0), ("2027-01-01 放假", 1)):
            form: dict[str, object] = {"source": SOURCE, "lines": lines, "row_version": version}
            form |= {"seen": seen_in(client.post(EDIT, data=form).text)}
            assert client.post(EDIT, data=form).status_code == 303
        assert recorded() == 1
        row = find_year(2027)
        assert row
        assert row.row_version == 2

    def test_a_bureau_and_a_viewer_may_not(self, world: World, client: Client) -> None:
        with transaction():
            viewer = make_user(Role.VIEWER, organisation=world.province)
        for person in (world.head, world.school_handler, viewer):
            client.sign_in(person)
            assert client.get(EDIT).status_code == 403
            assert client.post(EDIT, data={"source": SOURCE, "lines": LINES}).status_code == 403
        assert recorded() == 0

    def test_nobody_signed_in(self, world: World, client: Client) -> None:
        assert client.get(EDIT).location.startswith("/sign-in")
        client.post(EDIT, data={"source": SOURCE, "lines": LINES})
        assert recorded() == 0


def test_deadlines_follow_what_was_recorded(world: World, client: Client) -> None:
    """The whole way: an estimate before, certain after."""
    client.sign_in(world.province_handler)
    form = {"source": SOURCE, "lines": LINES, "row_version": 0}
    client.post(EDIT, data=form | {"seen": seen_in(client.post(EDIT, data=form).text)})
    assert date(2027, 1, 3) in days_of(2027)
    assert "本年度期限均为估算" not in client.get("/workdays?year=2027").text
