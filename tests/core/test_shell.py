"""The frame around every page: menu, language, headers, icons, names, addresses."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from flask import Flask, g

from registry.accounts.models import User
from registry.app import create_app
from registry.core.access.roles import Role
from registry.core.db import db, transaction
from registry.core.web import icons, navigation, shell
from registry.core.web.forms import Form
from registry.core.web.paging import Page, page_window
from tests.conftest import Client
from tests.factories import make_user


def _user(*roles: Role) -> User:
    with transaction():
        return make_user(*roles)


def test_the_menu_shows_what_the_reader_may_open(client: Client) -> None:
    handler = client.sign_in(_user(Role.HANDLER)).get("/styleguide").text
    auditor = client.sign_in(_user(Role.AUDITOR)).get("/styleguide").text
    assert 'href="/agreements' in handler
    assert 'href="/agreements' not in auditor
    assert "/sign-out" in handler
    assert 'class="side"' not in client.application.test_client().get("/styleguide").text


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/", "dashboards.index"),
        ("/agreements/new?x=1", "agreements.index"),
        ("/agreements/01J00000000000000000000001/follow-up", "agreements.index"),
    ],
)
def test_one_line_of_the_menu_is_the_present_one(app: Flask, path: str, current: str) -> None:
    with app.test_request_context(path):
        assert [entry.endpoint for entry in navigation.MENU if entry.is_current] == [current]


def test_a_page_that_is_not_installed_has_no_line(app: Flask) -> None:
    assert navigation.has_page("dashboards.index")
    assert not navigation.has_page("dashboards.nowhere")
    assert navigation.nothing_waits() == 0


def test_the_language_is_kept_in_the_account(client: Client) -> None:
    user = _user()
    client.sign_in(user)
    answer = client.post("/language", data={"language": "en", "next": "/?a=1"})
    assert answer.location == "/?a=1"
    db.session.expire_all()
    assert user.language == "en"
    client.delete_cookie("language")
    assert '<html lang="en">' in client.get("/styleguide").text


def test_an_unknown_language_changes_nothing(client: Client) -> None:
    answer = client.post("/language", data={"language": "fr", "next": "//evil.example"})
    assert answer.location == "/"
    assert "language=" not in str(answer.headers)


@pytest.mark.parametrize("given", ["//x.example", "https://x.example", "/\\x.example", "", None, "x"])
def test_only_addresses_of_ours_are_gone_back_to(given: str | None) -> None:
    assert shell.local_target(given, "/") == "/"


def test_parts_and_pages_are_told_apart(client: Client) -> None:
    whole, part = client.get("/styleguide"), client.get("/styleguide", headers={"X-Partial": "list"})
    assert {"X-Partial", "Cookie"} <= set(whole.vary)
    assert "no-store" not in whole.headers.get("Cache-Control", "")
    assert part.headers["Cache-Control"] == "no-store"


def test_lasting_files_are_kept_by_browsers(client: Client) -> None:
    page = client.get("/styleguide").text
    for address in re.findall(r'(?:href|src|data-icons)="([^"]+\.(?:css|js|svg))"', page):
        with client.get(address) as answer:
            assert answer.status_code == 200, address
            assert "immutable" in answer.headers["Cache-Control"]
    assert "Cache-Control" not in client.get("/static/nothing.css").headers


def test_the_sprite_holds_each_icon_once(app: Flask) -> None:
    assert icons.sprite().count("<symbol ") == len(icons.NAMES)
    assert len(icons.sprite()) < 80_000
    with app.test_request_context():
        assert 'aria-hidden="true"' in icons.icon("gear")
        assert 'aria-label="&lt;b&gt;"' in icons.icon("gear", "<b>")
        with pytest.raises(KeyError, match="gear-wide"):
            icons.icon("gear-wide")


def test_names_follow_the_readers_language(app: Flask) -> None:
    both = SimpleNamespace(name_zh="鞍山市", name_en="Anshan")
    chinese = SimpleNamespace(name_zh="<鞍山>", name_en="")
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        assert shell.named(both) == "鞍山市"
    g.pop("language")
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert shell.named(both) == "Anshan"
        assert shell.named(chinese) == '<span lang="zh-CN">&lt;鞍山&gt;</span>'
        assert shell.named(None) == "—"


def test_addresses_keep_their_filters(app: Flask) -> None:
    with app.test_request_context("/styleguide?status=draft&city=1&page=3"):
        assert shell.here(page=2) == "/styleguide?status=draft&city=1&page=2"
        assert shell.here(status=None) == "/styleguide?city=1"


def test_values_are_written_for_people() -> None:
    assert shell.moment(datetime(2026, 11, 22, 17, 5, tzinfo=UTC)) == "2026-11-23 01:05"
    assert (shell.moment(None), shell.or_dash(""), shell.or_dash(0)) == ("—", "—", 0)
    assert [shell.filesize(size) for size in (12, 2048, 1_258_291, 5e12)] == ["12 B", "2.0 KB", "1.2 MB", "4656.6 GB"]


@pytest.mark.parametrize(
    ("number", "total", "expected"),
    [
        (1, 10, [1]),
        (1, 187, [1, 2, 3, None, 8]),
        (7, 5_000, [1, None, 5, 6, 7, 8, 9, None, 40]),
        (8, 187, [1, None, 6, 7, 8]),
    ],
)
def test_page_numbers_leave_gaps(number: int, total: int, expected: list[int | None]) -> None:
    assert page_window(Page([], number, total)) == expected


def test_a_tick_is_kept_in_every_shape() -> None:
    form = Form({"one": True, "many": ["a", "b"], "text": "a", "no": False})
    assert form.ticked("one", "true")
    assert form.ticked("many", "b")
    assert form.ticked("text", "a")
    assert not any((form.ticked("no", "true"), form.ticked("many", "c"), form.ticked("absent", "x")))


def test_a_refused_form_keeps_the_version_it_was_made_from(client: Client) -> None:
    page = client.post("/styleguide", data={"row_version": "5", "name": ""})
    assert page.status_code == 422
    assert 'name="row_version" value="5"' in page.text
    assert 'name="row_version" value="1"' in client.get("/styleguide").text


def test_the_language_switch_leads_back_to_the_form(client: Client) -> None:
    page = client.post("/styleguide", data={"name": ""})
    assert 'name="next" value="/styleguide"' in page.text
    assert 'name="next" value="/styleguide?page=2"' in client.get("/styleguide?page=2").text


def test_too_much_is_told_and_not_half_read(client: Client) -> None:
    page = client.post("/styleguide", data={"name": "x" * (3 * 1024 * 1024)})
    assert page.status_code == 413
    assert "20 MB" in page.text


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 422, 429, 500, 503])
def test_problems_say_what_to_do_next(client: Client, status: int) -> None:
    page = client.get(f"/styleguide/problem/{status}", headers={"Referer": "http://localhost/styleguide"})
    assert page.status_code == status
    assert page.headers["X-Request-ID"] in page.text
    assert 'href="/styleguide"' in page.text


def test_a_stale_form_is_told_who_changed_what(client: Client) -> None:
    page = client.get("/styleguide/problem/409").text
    assert all(word in page for word in ("测试用户", "<del>甲</del>", "<ins>乙</ins>"))


def test_unmet_conditions_are_told_together(client: Client) -> None:
    assert client.get("/styleguide/problem/423").text.count("<li>") >= 2


def test_a_failure_is_drawn_without_asking_the_database(client: Client) -> None:
    page = client.sign_in(_user()).get("/styleguide/problem/500")
    assert page.status_code == 500
    assert 'class="side"' not in page.text


def test_the_style_guide_is_closed_in_production(app: Flask) -> None:
    settings = replace(app.extensions["settings"], demo=False, testing=False, secret_key="s" * 40)
    assert create_app(settings).test_client().get("/styleguide").status_code == 404


@pytest.mark.parametrize("name", ["endpoint", "_method", "_scheme", "_anchor", "_external"])
def test_whatever_an_address_asks_for_stays_in_its_query(app: Flask, name: str) -> None:
    """Names that Flask's url_for takes for its own are parameters like any other."""
    with app.test_request_context(f"/agreements?{name}=javascript&q=甲&page=3"):
        assert shell.here(sort="day") == f"/agreements?{name}=javascript&q=%E7%94%B2&sort=day"
        assert shell.there("dashboards.index") == f"/?{name}=javascript&q=%E7%94%B2&page=3"
