"""The page of results, suggestions and the box: who finds what, hostile input, questions asked, foreign titles."""

import re

import pytest
from flask import Flask

from registry.accounts.models import User
from registry.core.access.roles import Role
from registry.core.db import db, transaction
from registry.search.models import SearchEntry
from registry.search.queries import matching, searching
from tests.agreements.scene import Scene, make_scene
from tests.agreements.test_speed import SHELL, counted
from tests.conftest import Client
from tests.factories import make_organisation, make_user
from tests.mechanisms.meetings import make_mechanism
from tests.states import Begin

HOSTILE = [
    '"', '""', "'", "a\" OR rowid:1 --", "NEAR(鞍 山, 2)", "鞍*", "^鞍", "head:鞍", "{a b} : c", "-鞍", "()", "((((",
    "AND", "OR NOT", "%", "_", "\\", "\x00", "鞍\x00山", "\ue000o1", "o1", "𠮷" * 300, "山" * 10_000, "a" * 10_000,
    " " * 500,     "\ud7ff", "<script>alert(1)</script>", "1 2 3 4 5 6 7 8 9 10", "’‘“”", "\u202e鞍山", "ﷺ", "İ",
]  # fmt: skip


def make() -> Scene:
    with transaction():
        scene = make_scene()
        scene.draft()
        make_mechanism(scene)
    return scene


@pytest.fixture
def scene(begin_with: Begin, client: Client) -> Scene:
    return begin_with(make)


def plain(page: str) -> str:
    return re.sub(r"<[^>]+>", "", page)


def test_hits_by_kind_with_marks_and_links(scene: Scene, client: Client) -> None:
    client.sign_in(scene.bureau.handler)
    page = client.get("/search?q=西北工业").text
    assert page.count("data-hit>") == 3  # the agreement, the university, the mechanism
    assert "与<mark>西北工业</mark>大学校地合作框架协议" in page
    heads = re.findall(r'class="hits-head">(.*?)</h2>', page)
    assert [plain(head).split()[1] for head in heads] == ["1", "1", "1"]
    address = re.search(r'href="(/agreements/[^"]+)" data-hit', page)
    assert address
    assert client.get(address[1]).status_code == 200


def test_one_kind_alone_in_pages(scene: Scene, client: Client) -> None:
    with transaction():
        for number in range(30):
            make_mechanism(scene, title_zh=f"分页机制{number}")
    client.sign_in(scene.bureau.handler)
    assert client.get("/search?q=分页").text.count("data-hit>") == 5
    first = client.get("/search?q=分页&kind=mechanism").text
    second = client.get("/search?q=分页&kind=mechanism&page=2").text
    assert (first.count("data-hit>"), second.count("data-hit>")) == (25, 5)
    assert "共 30 条" in first
    other = client.get("/search?q=分页&kind=agreement")
    assert other.status_code == 200
    assert other.text.count("data-hit>") == 0
    assert client.get("/search?q=分页&kind=nothing&page=x").text.count("data-hit>") == 5


def test_counts_stop(scene: Scene, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more than are counted the newest come first; where one kind is read page by page more are counted."""
    for name, value in {"FEW": 0, "LIMIT": 5, "SHORT": 3, "COUNTED": 3}.items():
        monkeypatch.setattr(searching, name, value)
    with transaction():
        for number in range(6):
            make_mechanism(scene, title_zh=f"很多机制{number}")
    client.sign_in(scene.bureau.handler)
    page = client.get("/search?q=很多").text
    assert "3+" in page
    assert re.findall(r"</mark>机制(\d)", page) == ["5", "4", "3", "2", "1"]
    page = client.get("/search?q=很多&kind=mechanism").text
    assert "5+" in page
    assert re.findall(r"</mark>机制(\d)", page) == ["5", "4", "3", "2", "1", "0"]


def test_exact_ones_come_first_though_more_are_found_than_counted(
    scene: Scene, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"FEW": 0, "COUNTED": 3}.items():
        monkeypatch.setattr(searching, name, value)
    with transaction():
        for title in ("很多", *(f"很多机制{number}" for number in range(6))):
            make_mechanism(scene, title_zh=title)
    client.sign_in(scene.bureau.handler)
    for address in ("/search", "/search/suggest"):
        page = client.get(address, query_string={"q": "很多"}).text
        assert re.findall(r"<mark>很多</mark>([^<]*)", page)[:3] == ["", "机制5", "机制4"]
    assert "3+" in client.get("/search?q=很多").text


@pytest.mark.parametrize("words", ["很多", "很多 2021", "很多机制二〇二一年第1号"])
def test_questions_asked_of_many(scene: Scene, client: Client, monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    """Whether the newest lie near or far, at most four more than for few."""
    for name, value in {"FEW": 0, "LIMIT": 3, "SHORT": 3, "COUNTED": 3, "WALKED": 2}.items():
        monkeypatch.setattr(searching, name, value)
    with transaction():
        for number in range(6):
            make_mechanism(scene, title_zh=f"很多机制二〇二一年第1号 2021 {number}")
    client.sign_in(scene.bureau.handler)
    for kind in ("", "mechanism"):
        client.get("/search", query_string={"q": words, "kind": kind})
        with counted() as asked:
            page = client.get("/search", query_string={"q": words, "kind": kind}).text
        assert len(asked) <= (5 if matching.is_sqlite() else 6) + SHELL, "\n".join(asked)
        assert page.count("data-hit>") >= 4


@pytest.mark.parametrize("address", ["/search", "/search/suggest"])
def test_nothing_typed_breaks_anything(scene: Scene, client: Client, address: str) -> None:
    client.sign_in(scene.bureau.handler)
    for typed in HOSTILE:
        answer = client.get(address, query_string={"q": typed})
        assert answer.status_code == (400 if "\x00" in typed else 200), typed  # no page takes that character
        assert "<script>alert" not in answer.text


def test_nothing_foreign_is_found_counted_or_named(scene: Scene, client: Client) -> None:
    with transaction():
        stranger = make_user(Role.HANDLER, organisation=make_organisation("沈阳市人力资源和社会保障局"))
    client.sign_in(stranger)
    for typed in ("框架", "对接机制", "鞍山市与西北工业大学", "x", "asyxbgydx"):
        for path, kind in (("/search", ""), ("/search/suggest", ""), ("/search", "agreement")):
            text = client.get(path, query_string={"q": typed, "kind": kind}).text
            assert "框架协议" not in plain(text).replace(typed, "")
            assert 'kind=mechanism"' not in text
            assert kind or 'kind=agreement"' not in text


def test_the_entry_itself_is_a_second_wall(scene: Scene, client: Client) -> None:
    """Even where the index would say too much, as after a fault."""
    with transaction():
        stranger = make_user(Role.HANDLER, organisation=make_organisation("沈阳市人力资源和社会保障局"))
        rows = db.session.scalars(db.select(SearchEntry).where(SearchEntry.kind == "agreement"))
        for row in rows:
            row.facets = row.facets.replace(f" o{scene.bureau.organisation.id} ", " ")
    for reader in (stranger, scene.bureau.handler):
        client.sign_in(reader)
        assert "data-hit>" not in client.get("/search?q=框架").text


@pytest.mark.parametrize("typed", ["西北 框架", "nothing"])
def test_questions_asked_do_not_grow(scene: Scene, client: Client, typed: str) -> None:
    most = (1 if matching.is_sqlite() else 2) + SHELL  # PostgreSQL looks first whether it is a common word
    client.sign_in(scene.bureau.handler)
    for address in ("/search", "/search/suggest"):
        client.get(address, query_string={"q": typed})
        with counted() as few:
            client.get(address, query_string={"q": typed})
        assert len(few) <= most, "\n".join(few)
    with transaction():
        for number in range(9):
            scene.draft(title_zh=f"鞍山西北框架{number}")
    with counted() as many:
        client.get("/search", query_string={"q": typed})
    assert len(many) <= most + 1  # and what waits, now that something does


def test_what_cannot_be_found_is_said(scene: Scene, client: Client) -> None:
    client.sign_in(scene.bureau.handler)
    assert "未找到匹配项" in client.get("/search?q=没有的词").text
    assert "没有可查的内容" in client.get("/search?q=%25%25").text
    assert "可以查什么" in client.get("/search").text


def test_found_by_a_former_name_says_so(scene: Scene, client: Client) -> None:
    with transaction():
        scene.university.organisation.rename("西北理工大学", "", None)
    client.sign_in(scene.bureau.handler)
    page = client.get("/search?q=西北工业大学&kind=organisation").text
    assert "西北理工大学" in page
    assert "按其他名称找到" in page


def test_the_box_stands_on_every_page_of_whoever_may_search(scene: Scene, client: Client) -> None:
    client.sign_in(scene.bureau.handler)
    assert 'action="/search"' in client.get("/agreements").text
    assert client.get("/search?q=鞍").text.count("data-find=") == 1
    with transaction():
        auditor = make_user(Role.AUDITOR)
    client.sign_in(auditor, second_factor=True)
    assert "data-find" not in client.get("/").text
    for address in ("/search?q=鞍", "/search/suggest?q=鞍"):
        assert client.get(address).status_code == 403


def test_english(scene: Scene, client: Client) -> None:
    reader = scene.bureau.handler
    with transaction():
        db.session.get_one(User, reader.id).language = "en"
    client.sign_in(reader)
    page = client.get("/search?q=框架").text
    assert "Agreements" in page
    assert '<span lang="zh-CN">鞍山市' in page


def test_signed_out(app: Flask, client: Client) -> None:
    assert client.get("/search?q=x").status_code in (302, 303)
    assert client.get("/search/suggest?q=x").status_code in (302, 303)


def test_the_command_rebuilds_and_checks(scene: Scene, app: Flask) -> None:
    run = app.test_cli_runner().invoke
    result = run(args=["registry", "rebuild-search", "--check"])
    assert (result.exit_code, "OK" in result.output) == (0, True)
    with transaction():
        db.session.execute(db.delete(SearchEntry).where(SearchEntry.kind == "agreement"))
    result = run(args=["registry", "rebuild-search", "--check"])
    assert result.exit_code == 1
    assert "missing" in result.output
    result = run(args=["registry", "rebuild-search"])
    assert result.exit_code == 0
    assert "agreement: 1" in result.output
    assert run(args=["registry", "rebuild-search", "--check"]).exit_code == 0
