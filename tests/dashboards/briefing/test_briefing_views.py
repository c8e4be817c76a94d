"""Pages of briefings: read, drawn up, changed, issued, printed; wrong roles, somebody else's, signed out."""

import html
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from sqlalchemy import func, select

from registry.accounts.models import User
from registry.audit.models import AuditEvent
from registry.core.db import db, transaction
from registry.core.errors import NotFound
from registry.core.figures.kinds import Unit
from registry.dashboards.briefing import picture, telling
from registry.dashboards.charts import chart, store
from registry.dashboards.cut import Cut
from registry.dashboards.metrics.codes import MetricCode
from registry.dashboards.models import Briefing, BriefingTemplate
from registry.dashboards.queries import briefings as queries
from registry.dashboards.queries.figures import figures
from registry.dashboards.services import briefings
from registry.documents import produce
from tests.agreements.test_speed import SHELL, counted
from tests.conftest import Client
from tests.states import Begin
from tests.stories.test_load import with_stories

from .samples import bare, text_of_docx, text_of_pdf

MARCH = 202303
PAGE = "/briefings/2023-03"
TAGS = re.compile(r"<[^>]+>")
ZH, EN = {"Accept-Language": "zh-CN"}, {"Accept-Language": "en"}
WORDS = {
    "author": "就业处",
    "report_to": "省政府",
    "problems_zh": "甲",
    "problems_en": "",
    "next_zh": "乙",
    "next_en": "",
}


@pytest.fixture
def people(begin_with: Begin) -> dict[str, User]:
    return begin_with(with_stories)


@pytest.fixture(autouse=True)
def _without_a_picture(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing takes a second; the tests of the papers themselves have it."""
    if "fonts" not in request.fixturenames:
        monkeypatch.setattr(picture, "picture_of", lambda _said: b"")


@pytest.fixture
def march(people: dict[str, User]) -> Briefing:
    with transaction():
        return briefings.draw_up(people["liaoning.handler"].organisation, MARCH, people["liaoning.handler"])


@pytest.fixture
def enter(client: Client, people: dict[str, User]) -> Callable[[str], Client]:
    return lambda account: client.sign_in(people[account])


def words(page: str) -> str:
    return bare(html.unescape(TAGS.sub(" ", page)))


def issue(march: Briefing, people: dict[str, User]) -> None:
    with transaction():
        briefings.issue(march, people["liaoning.leader"])


def test_drawing_up_changing_and_issuing(enter: Callable[[str], Client]) -> None:
    client = enter("liaoning.handler")
    assert 'action="/briefings"' in client.get("/briefings").text
    answer = client.post("/briefings", data={"month": "2023年3月"})
    assert (answer.status_code, answer.location) == (303, PAGE)
    page = client.get(PAGE, headers=ZH).text
    assert "补编于" in page
    assert "本期新签" in page
    assert f"{PAGE}/issue" not in page  # a handler may not
    assert client.post(f"{PAGE}/edit", data=WORDS | {"row_version": "1"}).status_code == 303
    client = enter("liaoning.section_head")
    assert f"{PAGE}/issue" in client.get(PAGE).text
    assert client.post(f"{PAGE}/issue", data={"row_version": "2"}).status_code == 303
    page = client.get(PAGE, headers=ZH).text
    assert "已签发" in page
    assert f"{PAGE}/edit" not in page
    assert client.post(f"{PAGE}/issue", data={"row_version": "3"}).status_code == 409


def test_each_figure_leads_to_its_list(enter: Callable[[str], Client], march: Briefing) -> None:
    client = enter("liaoning.viewer")
    page = client.get(PAGE, headers=ZH).text
    found = re.search(r'<a href="([^"]+)">16份</a>', page)
    assert found
    listed = client.get(html.unescape(found[1])).text
    assert listed.count("/agreements/01") >= 16


@pytest.mark.parametrize("month", ["", "2023-13", "x", "2999-01"])
def test_a_month_that_is_none_is_told_at_its_field(enter: Callable[[str], Client], month: str) -> None:
    answer = enter("liaoning.handler").post("/briefings", data={"month": month})
    assert answer.status_code == 422
    assert "f-month-wrong" in answer.text


def test_a_month_to_come_is_refused(enter: Callable[[str], Client]) -> None:
    answer = enter("liaoning.handler").post("/briefings", data={"month": "2199-12"}, headers=ZH)
    assert answer.status_code == 409
    assert "本月尚未结束" in answer.text


@pytest.mark.parametrize("address", ["/briefings/2020-01", "/briefings/never", "/briefings/2020-01.pdf"])
def test_what_was_never_drawn_up_is_not_there(enter: Callable[[str], Client], address: str) -> None:
    assert enter("liaoning.handler").get(address).status_code == 404


def test_a_stale_form_keeps_what_was_typed(enter: Callable[[str], Client], march: Briefing) -> None:
    client = enter("liaoning.handler")
    answer = client.post(f"{PAGE}/edit", data=WORDS | {"problems_zh": "我写的", "row_version": "7"})
    assert answer.status_code == 409
    assert "我写的" in answer.text


def test_too_long_is_told_at_its_field(enter: Callable[[str], Client], march: Briefing) -> None:
    answer = enter("liaoning.handler").post(
        f"{PAGE}/edit", data=WORDS | {"problems_zh": "字" * 1001, "row_version": "1"}
    )
    assert answer.status_code == 422


def test_typed_text_is_shown_as_text(enter: Callable[[str], Client], march: Briefing) -> None:
    client = enter("liaoning.handler")
    client.post(f"{PAGE}/edit", data=WORDS | {"problems_zh": "<script>{{ 7*7 }}</script>", "row_version": "1"})
    page = client.get(PAGE).text
    assert "&lt;script&gt;{{ 7*7 }}&lt;/script&gt;" in page
    assert "{{7*7}}" in text_of_docx(client.get(f"{PAGE}.docx").data)


@pytest.mark.parametrize(
    ("account", "address", "status"),
    [
        ("liaoning.viewer", f"{PAGE}/edit", 403),
        ("anshan.handler", PAGE, 404),
        ("anshan.leader", f"{PAGE}.pdf", 404),
        ("nwpu.handler", "/briefings", 403),
        ("nwpu.leader", PAGE, 403),
        ("admin.system", "/briefings", 403),
        ("admin.audit", f"{PAGE}.docx", 403),
    ],
)
def test_who_does_not_get_in(
    enter: Callable[[str], Client], march: Briefing, account: str, address: str, status: int
) -> None:
    assert enter(account).get(address).status_code == status


def test_a_university_has_no_such_line_in_its_menu(enter: Callable[[str], Client]) -> None:
    assert 'href="/briefings"' in enter("anshan.handler").get("/").text
    assert 'href="/briefings"' not in enter("nwpu.handler").get("/").text


@pytest.mark.parametrize("address", ["/briefings", PAGE, f"{PAGE}.pdf", "/briefings/template.docx"])
def test_signed_out(client: Client, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, "/sign-in" in answer.location) == (303, True)


@pytest.mark.usefixtures("fonts")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_march_page_pdf_and_word_agree_with_the_dashboard(
    enter: Callable[[str], Client], march: Briefing, people: dict[str, User], language: str
) -> None:
    """Story 19: new = 16 (15 stubs and 1 strategic), and the same figures at the same date on every paper."""
    signed = figures(people["liaoning.viewer"], Cut(MARCH, MARCH), [MetricCode.AGREEMENTS_SIGNED])
    assert (signed[MetricCode.AGREEMENTS_SIGNED].value, signed[MetricCode.AGREEMENTS_SIGNED].unit) == (16, Unit.COPIES)
    issue(march, people)
    client = enter("liaoning.viewer")
    page = words(client.get(PAGE, headers=ZH if language == "zh" else EN).text)
    pdf = text_of_pdf(client.get(f"{PAGE}.pdf?language={language}").data)
    docx = text_of_docx(client.get(f"{PAGE}.docx?language={language}").data)
    said = telling.told(march, language)
    new = "本期新签16份" if language == "zh" else "16agreementsweresignedinthemonth"
    date = "数据截至2023年3月31日" if language == "zh" else "figuresasof31March2023"
    for paper in (page, pdf, docx):
        assert date in paper
        plain = re.sub("[①-⑳]", "", paper)
        assert new in plain
        for item in said.items:
            assert bare(item.text) in plain, item.text
        for annex in said.annexes:
            for row in annex.rows:
                assert bare("".join(row.cells[name] for name, _heading in annex.columns)) in plain, row.cells


@pytest.mark.usefixtures("fonts")
def test_an_issued_briefing_prints_the_same_for_ever(
    enter: Callable[[str], Client], march: Briefing, people: dict[str, User]
) -> None:
    issue(march, people)
    client = enter("liaoning.viewer")
    before = client.get(f"{PAGE}.pdf").data, client.get(f"{PAGE}.docx").data
    with transaction():
        briefings.draw_up(people["liaoning.handler"].organisation, 202304, people["liaoning.handler"])
        people["liaoning.handler"].organisation.name_zh = "改了名的厅"
    assert (client.get(f"{PAGE}.pdf").data, client.get(f"{PAGE}.docx").data) == before


def test_a_download_is_audited(enter: Callable[[str], Client], march: Briefing) -> None:
    client = enter("liaoning.viewer")
    answer = client.get(f"{PAGE}.docx?language=zh")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "briefing:download")).one()
    assert event.object_id == march.public_id
    assert event.changes["file"][1] == "全省校地合作工作情况-2023-03.docx"


def test_the_present_month_is_shown_and_not_kept(enter: Callable[[str], Client]) -> None:
    client = enter("liaoning.viewer")
    month = re.search(r"/briefings/(\d{4}-\d{2})", client.get("/briefings").text)
    assert month
    assert "本月尚未结束" in client.get(f"/briefings/{month[1]}", headers=ZH).text
    assert "本月尚未结束" in text_of_docx(client.get(f"/briefings/{month[1]}.docx?language=zh").data)
    assert db.session.scalar(select(func.count(Briefing.id))) == 0


def test_an_instruction_is_offered_to_leaders_on_what_is_issued(
    enter: Callable[[str], Client], march: Briefing, people: dict[str, User]
) -> None:
    client = enter("liaoning.leader")
    assert "/tasks/instruct/briefing_item/" not in client.get(PAGE).text
    issue(march, people)
    address = re.search(r"/tasks/instruct/briefing_item/(\w+)", client.get(PAGE).text)
    assert address
    assert "/tasks/instruct/" not in enter("liaoning.handler").get(PAGE).text
    client = enter("liaoning.leader")
    assert client.get(address[0]).status_code == 200
    given = {
        "title_zh": "落实批示",
        "lead": people["liaoning.leader"].organisation.public_id,
        "goal": "请办。",
        "days": "10",
    }
    made = client.post(address[0], data=given)
    assert made.status_code == 303
    assert "落实批示" in client.get(PAGE).text
    assert client.get(f"/briefings/items/{address[1]}").location == f"{PAGE}#{address[1]}"
    with pytest.raises(NotFound):
        queries.get_item(address[1], people["anshan.leader"])


def test_the_pages_ask_a_bounded_number_of_questions(
    enter: Callable[[str], Client], march: Briefing, people: dict[str, User]
) -> None:
    issue(march, people)
    client = enter("liaoning.leader")
    client.get(PAGE)
    with counted() as asked:
        client.get(PAGE)
    assert len(asked) <= SHELL + 13
    for month in (202301, 202302, 202304):
        with transaction():
            briefings.draw_up(people["liaoning.handler"].organisation, month, people["liaoning.handler"])
    client.get("/briefings")
    with counted() as asked:
        client.get("/briefings")
    assert len(asked) <= SHELL + 10


def template(text: str) -> tuple[io.BytesIO, str]:
    document, target = Document(), io.BytesIO()
    document.add_paragraph(text)
    document.save(target)
    target.seek(0)
    return target, "我的模板.docx"


def test_an_own_template_is_used_until_it_is_laid_aside(enter: Callable[[str], Client], march: Briefing) -> None:
    client = enter("liaoning.handler")
    taken = client.get("/briefings/template.docx?language=zh").data
    assert zipfile.is_zipfile(io.BytesIO(taken))
    own = "本期新签{{ figure.agreements_signed }}，{{ scope }}。"
    given = {"language": "zh", "file": template(own)}
    answer = client.post("/briefings/template", data=given, content_type="multipart/form-data")
    assert answer.status_code == 303
    assert text_of_docx(client.get(f"{PAGE}.docx?language=zh").data) == "本期新签16份，全省。"
    assert "本期新签16份" not in text_of_docx(client.get(f"{PAGE}.docx?language=en").data)
    assert "我的模板.docx" in client.get("/briefings/template").text
    again = {"language": "zh", "file": template("{{ title }}")}
    client.post("/briefings/template", data=again, content_type="multipart/form-data")
    assert db.session.scalar(select(func.count()).where(BriefingTemplate.retired_at.is_(None))) == 1
    assert client.post("/briefings/template/lay-aside", data={"language": "zh"}).status_code == 303
    assert "一、总体情况" in text_of_docx(client.get(f"{PAGE}.docx?language=zh").data)
    assert client.post("/briefings/template/lay-aside", data={"language": "zh"}).status_code == 404


def test_what_was_issued_keeps_the_template_of_that_day(
    enter: Callable[[str], Client], march: Briefing, people: dict[str, User]
) -> None:
    client = enter("liaoning.handler")
    for text in ("以前：{{ title }}", "签发时：{{ title }}"):
        given = {"language": "zh", "file": template(text)}
        client.post("/briefings/template", data=given, content_type="multipart/form-data")
    issue(march, people)
    issued = client.get(f"{PAGE}.docx?language=zh").data
    assert text_of_docx(issued).startswith("签发时：")
    later = {"language": "zh", "file": template("以后：{{ title }}")}
    client.post("/briefings/template", data=later, content_type="multipart/form-data")
    assert client.get(f"{PAGE}.docx?language=zh").data == issued
    client.post("/briefings/template/lay-aside", data={"language": "zh"})
    assert client.get(f"{PAGE}.docx?language=zh").data == issued


@pytest.mark.usefixtures("fonts")
def test_what_was_issued_looks_the_same_whatever_draws_and_prints_it_later(
    enter: Callable[[str], Client],
    march: Briefing,
    people: dict[str, User],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    client = enter("liaoning.section_head")
    assert client.post(f"{PAGE}/issue", data={"row_version": march.row_version}).status_code == 303
    addresses = [f"{PAGE}.pdf?language=zh", f"{PAGE}.docx?language=zh", f"{PAGE}/chart.svg?language=en"]
    first = [client.get(address).data for address in addresses]
    other = tmp_path / "drawn-otherwise"
    other.mkdir()
    monkeypatch.setattr(store, "_folder", lambda: other)  # nothing that was drawn is there any more
    monkeypatch.setattr(chart, "library", lambda: "another version")
    monkeypatch.setattr(store, "_ask", lambda asked, *blobs: b"<svg>otherwise</svg>")
    monkeypatch.setattr(produce, "render_briefing", lambda sheet: b"%PDF printed otherwise")
    assert [client.get(address).data for address in addresses] == first
    assert first[2].decode() in client.get(f"{PAGE}?language=en", headers={"Accept-Language": "en"}).text
    with transaction():
        briefings.draw_up(march.organisation, 202304, people["liaoning.handler"])
    assert client.get("/briefings/2023-04.pdf").data == b"%PDF printed otherwise"  # a draft is printed as now


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{{ nobody }}", "模板引用了不存在的字段：nobody"),
        ("{{ title.__class__ }}", "模板只能引用字段"),
        ("{{ x", "模板无法解析"),
    ],
)
def test_a_wrong_template_is_told_and_not_taken(enter: Callable[[str], Client], text: str, told: str) -> None:
    given = {"language": "zh", "file": template(text)}
    answer = enter("liaoning.handler").post(
        "/briefings/template", data=given, content_type="multipart/form-data", headers=ZH
    )
    assert answer.status_code == 422
    assert told in answer.text
    assert db.session.scalar(select(func.count(BriefingTemplate.id))) == 0


def test_a_template_is_not_the_viewers_to_change(enter: Callable[[str], Client]) -> None:
    client = enter("liaoning.viewer")
    assert "multipart/form-data" not in client.get("/briefings/template").text
    given = {"language": "zh", "file": template("{{ title }}")}
    assert client.post("/briefings/template", data=given, content_type="multipart/form-data").status_code == 403
