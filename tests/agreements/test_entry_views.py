"""The pages of entry: happy path, what is refused, who is let in, and what happens when two save at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import unquote

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from registry.accounts.models import User, UserSession
from registry.agreements.models import Agreement, AgreementKind, AgreementStatus
from registry.agreements.texts.catalogue import all_templates
from registry.core.access.roles import Role
from registry.core.dates import now
from registry.core.db import db, transaction
from registry.organisations.models import Organisation, OrganisationKind, OrganisationStatus
from tests.conftest import Client
from tests.factories import make_organisation, make_user

from .forms import fields_of, told_at

ENGLISH = {"Accept-Language": "en"}


@dataclass
class Cast:
    """Who takes part."""

    bureau: Organisation
    university: Organisation
    handler: User


@pytest.fixture
def cast(app: Flask) -> Cast:
    """A bureau with a handler, and a university."""
    with transaction():
        bureau = make_organisation("鞍山市人力资源和社会保障局", short_zh="鞍山市人社局", name_en="Anshan HR Bureau")
        university = make_organisation("西北工业大学", kind=OrganisationKind.UNIVERSITY, short_zh="西工大")
        return Cast(bureau, university, make_user(Role.HANDLER, organisation=bureau))


def draft_form(cast: Cast, **changes: str) -> dict[str, str]:
    """What a browser sends for a whole framework agreement."""
    form = {
        "kind": "framework",
        "title_zh": "",
        "title_en": "",
        "language": "zh",
        "parties-0-organisation": cast.bureau.public_id,
        "parties-0-role": "lead",
        "parties-1-organisation": cast.university.public_id,
        "parties-1-role": "party",
        "parties-1-department": "就业指导中心",
        "variables-purpose_context": "更好服务鞍山钢铁产业发展",
        "variables-fairs_per_year": "2",
        "term_kind": "length",
        "term_length": "3",
        "term_unit": "years",
        "copies_each": "2",
        "copies_total": "4",
        "signing_place": "西安市",
    }
    return form | {name.replace("__", "-"): value for name, value in changes.items()}


def own_form(cast: Cast, **changes: str) -> dict[str, str]:
    """The same for a text of one's own."""
    form = {name: value for name, value in draft_form(cast).items() if not name.startswith("variables-")}
    return form | {"kind": "letter_of_intent", "title_zh": "合作意向书", "articles-0-key": "1"} | changes


def record_form(cast: Cast, **changes: str) -> dict[str, str]:
    """What a browser sends for a historic record."""
    form = {
        "kind": "framework",
        "title_zh": "鞍山市与西北工业大学校地合作框架协议",
        "source": "《某报》2023年春季报道",
        "source_url": "https://www.example.org/news/1",
        "parties-0-organisation": cast.bureau.public_id,
        "parties-0-role": "lead",
        "parties-1-name_as_reported": "某高校",
        "parties-1-role": "party",
        "signed_on": "2023",
    }
    return form | {name.replace("__", "-"): value for name, value in changes.items()}


def one() -> Agreement:
    db.session.rollback()
    return db.session.scalars(select(Agreement)).one()


def count() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Agreement)) or 0


def create(client: Client, cast: Cast, **changes: str) -> str:
    """Save a draft; its address."""
    answer = client.sign_in(cast.handler).post("/agreements/new/framework", data=draft_form(cast, **changes))
    assert answer.status_code == 303
    return str(answer.location)


def test_the_choice(client: Client, cast: Cast) -> None:
    """Four model texts, a text of one's own, a historic record."""
    page = client.sign_in(cast.handler).get("/agreements/new", headers=ENGLISH).text
    for address in (*(f"/agreements/new/{model.code}" for model in all_templates()), "/agreements/new/own"):
        assert f'href="{address}"' in page
    assert 'href="/agreements/record"' in page


@pytest.mark.parametrize("code", ["framework", "workstation", "docking", "strategic", "own"])
def test_an_empty_sheet(client: Client, cast: Cast, code: str) -> None:
    """The own organisation leads; every asked variable has a field."""
    page = client.sign_in(cast.handler).get(f"/agreements/new/{code}").text
    fields = fields_of(page)
    assert fields["parties-0-organisation"] == cast.bureau.public_id
    assert fields["parties-0-role"] == "lead"
    model = next((model for model in all_templates() if model.code == code), None)
    for variable in model.asked if model else ():
        assert fields[f"variables-{variable.name}"] == variable.default


def test_an_unknown_model_text(client: Client, cast: Cast) -> None:
    """There is no such page."""
    client.sign_in(cast.handler)
    assert client.get("/agreements/new/poem").status_code == 404
    assert client.post("/agreements/new/poem").status_code == 404
    assert client.post("/agreements/preview/poem").status_code == 404


def test_a_draft_is_saved(client: Client, cast: Cast) -> None:
    """With the titles that the model text suggests, and the content as it was typed."""
    address = create(client, cast)
    saved = one()
    assert address == f"/agreements/{saved.public_id}"
    assert (saved.status, saved.kind) == (AgreementStatus.DRAFT, AgreementKind.FRAMEWORK)
    assert saved.title_zh == "鞍山市人社局与西工大校地合作框架协议"
    assert saved.title_en.startswith("School–Locality Cooperation Framework Agreement between Anshan HR Bureau and")
    made = saved.revisions[0].content
    assert made["variables"] == {"purpose_context": "更好服务鞍山钢铁产业发展", "fairs_per_year": 2}
    assert made["parties"][1]["department"] == "就业指导中心"
    assert client.get(address).status_code == 200


def test_a_title_of_ones_own_stays(client: Client, cast: Cast) -> None:
    """The suggestion only fills a gap."""
    create(client, cast, title_zh="特别的协议")
    assert one().title_zh == "特别的协议"


def test_a_page_sent_as_it_came_is_the_model_text(client: Client, cast: Cast) -> None:
    """The articles of the page are the model's, so the text counts as unmodified."""
    page = client.sign_in(cast.handler).get("/agreements/new/framework").text
    form = fields_of(page) | draft_form(cast)
    assert client.post("/agreements/new/framework", data=form).status_code == 303
    made = one().revisions[0].content
    assert len(made["articles"]) == 14
    assert "长期对接" in made["articles"][1]["text_zh"]
    assert "Model text unmodified" in client.get(f"/agreements/{one().public_id}/edit", headers=ENGLISH).text


def test_a_sheet_with_its_defaults_goes_to_review(client: Client, cast: Cast) -> None:
    """Parties, background and place are all that a person has to add to the framework agreement."""
    form = fields_of(client.sign_in(cast.handler).get("/agreements/new/framework").text)
    form |= {"parties-1-organisation": cast.university.public_id}
    form |= {"variables-purpose_context": "更好服务鞍山钢铁产业发展", "signing_place": "西安市"}
    address = client.post("/agreements/new/framework", data=form).location
    answer = client.post(f"{address}/submit", data={"row_version": str(one().row_version)}, headers=ENGLISH)
    assert answer.status_code == 303
    assert one().status is AgreementStatus.REVIEW


def test_a_text_of_ones_own(client: Client, cast: Cast) -> None:
    """A kind without a model text."""
    form = own_form(cast) | {"articles-0-heading_zh": "一、意向", "articles-0-text_zh": "双方有意合作。"}
    assert client.sign_in(cast.handler).post("/agreements/new/own", data=form).status_code == 303
    assert one().kind is AgreementKind.LETTER_OF_INTENT
    assert one().revisions[0].content["articles"][0]["heading_zh"] == "一、意向"


def refused(client: Client, cast: Cast, **changes: str) -> str:
    """The page that comes back; nothing was saved."""
    form = draft_form(cast, **changes)
    answer = client.sign_in(cast.handler).post("/agreements/new/framework", data=form, headers=ENGLISH)
    assert answer.status_code == 422
    assert count() == 0
    return answer.text


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("planned_effective_on", "2026-02-30", "The date 2026-02-30 does not exist"),
        ("variables-fairs_per_year", "two", "This must be a whole number"),
        ("variables-purpose_context", "机密★", "Classified content must not be entered, stored or sent here"),
        ("parties-1-organisation", "", "Choose an organisation"),
        ("parties-1-organisation", "01NOBODY", "This organisation is not known"),
        ("articles-0-text_zh", "{{nothing}}", "Nothing fills the place nothing"),
    ],
)
def test_what_is_wrong_stands_at_its_field(client: Client, cast: Cast, field: str, value: str, message: str) -> None:
    """And what was typed is kept."""
    page = refused(client, cast, **{field.replace("-", "__"): value})
    assert told_at(page, field) == message
    assert fields_of(page)["signing_place"] == "西安市"


def test_a_title_with_a_gap_is_made_anew(client: Client, cast: Cast) -> None:
    """As soon as the name of the station is known."""
    form = {name: value for name, value in draft_form(cast).items() if not name.startswith("variables-")}
    assert client.sign_in(cast.handler).post("/agreements/new/workstation", data=form).status_code == 303
    assert one().title_zh == "＿＿＿＿共建协议"
    address = f"/agreements/{one().public_id}"
    form = edit_form(client, address) | {"variables-station_name": "鞍山—西工大人才合作工作站"}
    assert client.post(f"{address}/edit", data=form).status_code == 303
    assert one().title_zh == "鞍山—西工大人才合作工作站共建协议"


def test_a_party_twice(client: Client, cast: Cast) -> None:
    """Told at the second line."""
    page = refused(client, cast, parties__1__organisation=cast.bureau.public_id)
    assert told_at(page, "parties-1-organisation") == "This organisation is already a party"


def test_a_merged_organisation(client: Client, cast: Cast) -> None:
    """It signs nothing any more."""
    with transaction():
        old = make_organisation("旧单位", status=OrganisationStatus.CLOSED)
    page = refused(client, cast, parties__1__organisation=old.public_id)
    assert told_at(page, "parties-1-organisation") == "This organisation has been merged or closed"


def test_an_end_before_the_beginning(client: Client, cast: Cast) -> None:
    """Told at the last day."""
    days = {"planned_effective_on": "2026-05-01", "expires_on": "2026-04-01"}
    page = refused(client, cast, term_kind="until", **days)
    assert told_at(page, "expires_on") == "The last day lies before the first"


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [("title_zh", "", "This field is required"), ("kind", "poem", "Choose one of the listed values")],
)
def test_a_text_of_ones_own_that_is_refused(client: Client, cast: Cast, field: str, value: str, message: str) -> None:
    """Nothing suggests a title, and no model text gives the kind."""
    form = own_form(cast, **{field: value})
    answer = client.sign_in(cast.handler).post("/agreements/new/own", data=form, headers=ENGLISH)
    assert answer.status_code == 422
    assert told_at(answer.text, field) == message


@pytest.mark.parametrize(
    ("wish", "expected"),
    [("parties:add", 3), ("parties:remove:1", 1), ("parties:up:1", 2), ("lookup", 2), ("preview", 2), ("nonsense", 2)],
)
def test_buttons_change_the_sheet_and_save_nothing(client: Client, cast: Cast, wish: str, expected: int) -> None:
    """The page comes back with what was typed."""
    form = draft_form(cast, do=wish)
    answer = client.sign_in(cast.handler).post("/agreements/new/framework", data=form)
    fields = fields_of(answer.text)
    assert answer.status_code == 200
    assert len([name for name in fields if re.fullmatch(r"parties-\d+-role", name)]) == expected
    assert fields["variables-purpose_context"] == "更好服务鞍山钢铁产业发展"
    assert fields["copies_total"] == str(2 * expected)
    assert count() == 0


def test_moving_a_party_moves_all_of_it(client: Client, cast: Cast) -> None:
    """Organisation, role and department change places together."""
    form = draft_form(cast, do="parties:up:1")
    fields = fields_of(client.sign_in(cast.handler).post("/agreements/new/framework", data=form).text)
    assert fields["parties-0-organisation"] == cast.university.public_id
    assert fields["parties-0-department"] == "就业指导中心"
    assert fields["parties-1-role"] == "lead"


def test_an_organisation_is_looked_up_without_a_script(client: Client, cast: Cast) -> None:
    """What the words find can be chosen."""
    form = draft_form(cast, parties__1__organisation="", parties__1__search="西北工业", do="lookup")
    page = client.sign_in(cast.handler).post("/agreements/new/framework", data=form).text
    assert f'<option value="{cast.university.public_id}"' in page


def test_a_changed_article_can_be_reset(client: Client, cast: Cast) -> None:
    """Back to the model's words, the other articles as they were."""
    client.sign_in(cast.handler)
    form = fields_of(client.get("/agreements/new/framework").text) | draft_form(cast)
    form |= {"articles-1-text_zh": "改写一", "articles-2-text_zh": "改写二", "do": "articles:reset:1"}
    fields = fields_of(client.post("/agreements/new/framework", data=form).text)
    assert "长期对接" in fields["articles-1-text_zh"]
    assert fields["articles-2-text_zh"] == "改写二"


def test_the_preview_shows_what_there_is(client: Client, cast: Cast) -> None:
    """However incomplete, and with wrong fields left out."""
    form = draft_form(cast, copies_total="x", planned_effective_on="2026-02-30", tasks__0__task="")
    answer = client.sign_in(cast.handler).post("/agreements/preview/framework", data=form)
    assert answer.status_code == 200
    assert "为更好服务鞍山钢铁产业发展，发挥甲方产业和政策优势" in answer.text
    assert "鞍山市人社局与西工大校地合作框架协议" in answer.text
    assert "<html" not in answer.text
    assert count() == 0


def test_the_preview_is_in_both_languages_where_the_paper_is(client: Client, cast: Cast) -> None:
    """Chinese first."""
    form = draft_form(cast, language="both")
    page = client.sign_in(cast.handler).post("/agreements/preview/framework", data=form).text
    assert page.index("第一条　合作宗旨") < page.index("Article 1 Purpose")
    assert "Article 1" not in client.post("/agreements/preview/framework", data=draft_form(cast)).text


def test_what_is_typed_is_text(client: Client, cast: Cast) -> None:
    """Neither markup nor a template."""
    form = draft_form(cast, signing_place="<script>alert(1)</script>{{ config }}")
    page = client.sign_in(cast.handler).post("/agreements/preview/framework", data=form).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ config }}" in page


@pytest.mark.parametrize("role", [Role.SECTION_HEAD, Role.LEADER, Role.VIEWER, Role.AUDITOR])
def test_only_handlers_enter(client: Client, cast: Cast, role: Role) -> None:
    """Others read."""
    with transaction():
        other = make_user(role, organisation=cast.bureau)
    client.sign_in(other)
    for address in ("/agreements/new", "/agreements/new/framework", "/agreements/record"):
        assert client.get(address).status_code == 403
    assert client.post("/agreements/new/framework", data=draft_form(cast)).status_code == 403
    assert client.post("/agreements/record", data=record_form(cast)).status_code == 403
    assert count() == 0


def test_signed_out(client: Client, cast: Cast) -> None:
    """To the sign-in page."""
    for address in ("/agreements/new", "/agreements/record", "/agreements/new/own"):
        assert client.get(address).status_code in (302, 303, 401)
    assert client.post("/agreements/new/framework", data=draft_form(cast)).status_code in (302, 303, 401)
    assert count() == 0


def edit_form(client: Client, address: str) -> dict[str, str]:
    """The fields of the edit page as a browser would send them."""
    answer = client.get(f"{address}/edit", headers=ENGLISH)
    assert answer.status_code == 200
    return fields_of(answer.text)


def test_the_edit_page_holds_what_was_saved(client: Client, cast: Cast) -> None:
    """Saved again unchanged, the content is the same."""
    address = create(
        client, cast, tasks__0__task="开设订单班", tasks__0__obligor="B", variables__key_industries="钢铁\n菱镁"
    )
    before = one().revisions[0].content
    form = edit_form(client, address)
    assert form["variables-key_industries"] == "钢铁\n菱镁"
    assert form["tasks-0-task"] == "开设订单班"
    assert client.post(f"{address}/edit", data=form).status_code == 303
    assert one().revisions[0].content == before


def test_a_row_keeps_its_code_when_an_earlier_one_goes(client: Client, cast: Cast) -> None:
    """What a later text says of it is told of the same commitment."""
    address = create(client, cast, tasks__0__task="开设订单班", tasks__1__task="年度座谈")
    form = edit_form(client, address)
    assert (form["tasks-0-code"], form["tasks-1-code"]) == ("T10", "T11")
    form = {name: text for name, text in form.items() if not name.startswith("tasks-0-")}
    assert client.post(f"{address}/edit", data=form | {"tasks-2-task": "共同调研"}).status_code == 303
    rows = [(row["code"], row["task"]) for row in one().revisions[0].content["commitments"]]
    assert rows[-2:] == [("T11", "年度座谈"), ("T12", "共同调研")]


def test_a_draft_is_changed(client: Client, cast: Cast) -> None:
    """Another place of signing, and the version goes up."""
    address = create(client, cast)
    version = one().row_version
    form = edit_form(client, address) | {"signing_place": "鞍山市"}
    answer = client.post(f"{address}/edit", data=form)
    assert (answer.status_code, answer.location) == (303, address)
    assert (one().signing_place, one().row_version > version) == ("鞍山市", True)


def test_a_change_that_is_refused(client: Client, cast: Cast) -> None:
    """Comes back with what was typed; the stored draft stays."""
    address = create(client, cast)
    form = edit_form(client, address) | {"signing_place": "鞍山市", "copies_total": "x"}
    answer = client.post(f"{address}/edit", data=form, headers=ENGLISH)
    assert answer.status_code == 422
    assert told_at(answer.text, "copies_total") == "This must be a whole number"
    assert one().signing_place == "西安市"


def test_buttons_of_the_edit_page_save_nothing(client: Client, cast: Cast) -> None:
    """A row is added to the page only."""
    address = create(client, cast)
    answer = client.post(f"{address}/edit", data=edit_form(client, address) | {"do": "parties:add"})
    assert answer.status_code == 200
    assert "parties-2-role" in fields_of(answer.text)
    assert len(one().parties) == 2


def test_who_saves_second_sees_both_values(client: Client, cast: Cast) -> None:
    """409 with what is stored and what was typed; sending that page again replaces it knowingly."""
    address = create(client, cast)
    first, second = edit_form(client, address), edit_form(client, address)
    assert client.post(f"{address}/edit", data=first | {"signing_place": "鞍山市"}).status_code == 303
    answer = client.post(f"{address}/edit", data=second | {"signing_place": "沈阳市"}, headers=ENGLISH)
    assert answer.status_code == 409
    row = re.search(r"<tr><th[^>]*>(?:(?!</tr>).)*Place of signing.*?</tr>", answer.text, re.S)
    assert row
    assert "鞍山市" in row[0]
    assert "沈阳市" in row[0]
    assert cast.handler.name in answer.text
    assert one().signing_place == "鞍山市"
    again = fields_of(answer.text)
    assert again["signing_place"] == "沈阳市"
    assert client.post(f"{address}/edit", data=again).status_code == 303
    assert one().signing_place == "沈阳市"


def test_a_form_without_a_version_is_stale(client: Client, cast: Cast) -> None:
    """It cannot say what it was made from."""
    address = create(client, cast)
    form = {name: value for name, value in edit_form(client, address).items() if name != "row_version"}
    assert client.post(f"{address}/edit", data=form).status_code == 409


def send_late(client: Client, cast: Cast, address: str, form: Mapping[str, str]) -> str:
    """Send a form after the session has ended, sign in again; the page that the reader comes back to."""
    client.sign_in(cast.handler)
    long_ago = now() - timedelta(hours=13)
    with transaction():
        db.session.execute(update(UserSession).values(seen_at=long_ago, started_at=long_ago))
    answer = client.post(address, data=form, headers={"Referer": f"http://localhost{address}"})
    back = unquote(answer.location.partition("next=")[2])
    return client.sign_in(cast.handler).get(back).text


def test_a_session_that_ends_in_the_middle(client: Client, cast: Cast) -> None:
    """Everything typed stands in the sheet again, rows too, and nothing was saved."""
    form = draft_form(cast, tasks__0__task="开设订单班", parties__1__department="招生就业处")
    fields = fields_of(send_late(client, cast, "/agreements/new/framework", form))
    assert fields["tasks-0-task"] == "开设订单班"
    assert fields["parties-1-department"] == "招生就业处"
    assert fields["variables-purpose_context"] == "更好服务鞍山钢铁产业发展"
    assert count() == 0


def test_a_session_that_ends_while_a_draft_is_changed(client: Client, cast: Cast) -> None:
    """The sheet keeps the version that it was made from."""
    address = create(client, cast)
    form = edit_form(client, address) | {"signing_place": "鞍山市"}
    fields = fields_of(send_late(client, cast, f"{address}/edit", form))
    assert (fields["signing_place"], fields["row_version"]) == ("鞍山市", form["row_version"])
    assert client.post(f"{address}/edit", data=fields).status_code == 303


def test_a_session_that_ends_in_a_record(client: Client, cast: Cast) -> None:
    """New, and while it is changed."""
    fields = fields_of(send_late(client, cast, "/agreements/record", record_form(cast)))
    assert fields["parties-1-name_as_reported"] == "某高校"
    address = record(client, record_form(cast))
    form = edit_form(client, address) | {"signing_place": "西安市"}
    assert fields_of(send_late(client, cast, f"{address}/edit", form))["signing_place"] == "西安市"


def test_a_second_click(client: Client, cast: Cast) -> None:
    """The same form sent twice makes one draft."""
    client.sign_in(cast.handler)
    form = draft_form(cast, nonce="a-nonce-of-one-form")
    first, second = (client.post("/agreements/new/framework", data=form) for _ in range(2))
    assert first.location == second.location
    assert count() == 1


def test_somebody_elses_draft(client: Client, cast: Cast) -> None:
    """Does not exist for others, even for the university named in it."""
    address = create(client, cast)
    with transaction():
        other = make_user(Role.HANDLER, organisation=cast.university)
    client.sign_in(other)
    assert client.get(f"{address}/edit").status_code == 404
    assert client.post(f"{address}/edit", data=draft_form(cast)).status_code == 404


def test_a_draft_under_review_is_closed_to_changes(client: Client, cast: Cast) -> None:
    """Only the state is in the way: 409."""
    address = create(client, cast)
    with transaction():
        one().move(AgreementStatus.REVIEW)
    assert client.get(f"{address}/edit").status_code == 409
    assert client.post(f"{address}/edit", data=draft_form(cast)).status_code == 409


def record(client: Client, form: Mapping[str, str]) -> str:
    """Enter a record; its address."""
    answer = client.post("/agreements/record", data=form)
    assert answer.status_code == 303
    return str(answer.location)


def test_a_record_is_entered(client: Client, cast: Cast) -> None:
    """With the year alone, and a party as reported; nothing else is made up."""
    record(client.sign_in(cast.handler), record_form(cast))
    saved = one()
    assert (saved.status, saved.is_historic) == (AgreementStatus.RECORDED_PENDING, True)
    assert (saved.signed_precision.value, saved.source_url) == ("year", "https://www.example.org/news/1")
    assert [party.name for party in saved.parties] == ["鞍山市人力资源和社会保障局", "某高校"]
    assert (saved.effective_on, saved.expires_on, saved.number, saved.signing_place) == (None, None, None, "")


@pytest.mark.parametrize(
    ("field", "value"),
    [("source", ""), ("source_url", "example"), ("signed_on", "2023-02-30"), ("signed_on", "2190"), ("title_zh", "")],
)
def test_a_record_that_is_refused(client: Client, cast: Cast, field: str, value: str) -> None:
    """At the field; what was typed is kept, nothing saved."""
    form = record_form(cast) | {field: value, "signing_place": "西安市"}
    answer = client.sign_in(cast.handler).post("/agreements/record", data=form, headers=ENGLISH)
    assert answer.status_code == 422
    assert told_at(answer.text, field)
    assert fields_of(answer.text)["signing_place"] == "西安市"
    assert count() == 0


def test_messages_find_their_lines(client: Client, cast: Cast) -> None:
    """Empty lines are gone from the page that comes back."""
    lines = {"parties-0-organisation": "", "parties-1-name_as_reported": "", "parties-2-organisation": "01NOBODY"}
    answer = client.sign_in(cast.handler).post("/agreements/record", data=record_form(cast) | lines, headers=ENGLISH)
    assert answer.status_code == 422
    assert told_at(answer.text, "parties-0-organisation") == "This organisation is not known"


def test_rows_of_a_record(client: Client, cast: Cast) -> None:
    """Buttons change the form and save nothing."""
    form = record_form(cast, do="parties:add")
    fields = fields_of(client.sign_in(cast.handler).post("/agreements/record", data=form).text)
    assert fields["parties-1-name_as_reported"] == "某高校"
    assert "parties-2-role" in fields
    assert count() == 0


def test_a_record_is_changed(client: Client, cast: Cast) -> None:
    """The organisation was found out, and the month."""
    address = record(client.sign_in(cast.handler), record_form(cast))
    form = edit_form(client, address)
    assert (form["signed_on"], form["parties-1-name_as_reported"]) == ("2023", "某高校")
    form |= {
        "signed_on": "2023-03",
        "parties-1-organisation": cast.university.public_id,
        "parties-1-name_as_reported": "",
    }
    assert client.post(f"{address}/edit", data=form).status_code == 303
    assert one().signed_precision.value == "month"
    assert one().parties[1].organisation_id == cast.university.id


def test_a_record_keeps_its_term(client: Client, cast: Cast) -> None:
    """Months, and the last day that follows from them, survive an unchanged save."""
    form = record_form(cast, effective_on="2023-03-18", term_kind="length", term_length="18", term_unit="months")
    address = record(client.sign_in(cast.handler), form)
    before = one().expires_on
    assert before is not None
    assert client.post(f"{address}/edit", data=edit_form(client, address)).status_code == 303
    assert (one().term_months, one().expires_on) == (18, before)


def test_a_record_changed_by_two(client: Client, cast: Cast) -> None:
    """409 with both values."""
    address = record(client.sign_in(cast.handler), record_form(cast))
    first, second = edit_form(client, address), edit_form(client, address)
    assert client.post(f"{address}/edit", data=first | {"signing_place": "鞍山市"}).status_code == 303
    answer = client.post(f"{address}/edit", data=second | {"signing_place": "沈阳市"}, headers=ENGLISH)
    assert answer.status_code == 409
    assert "鞍山市" in answer.text
    assert one().signing_place == "鞍山市"


def test_a_change_of_a_record_that_is_refused(client: Client, cast: Cast) -> None:
    """At the field."""
    address = record(client.sign_in(cast.handler), record_form(cast))
    answer = client.post(f"{address}/edit", data=edit_form(client, address) | {"signed_on": "x"}, headers=ENGLISH)
    assert answer.status_code == 422
    assert told_at(answer.text, "signed_on")
    answer = client.post(f"{address}/edit", data=edit_form(client, address) | {"do": "parties:remove:1"})
    assert answer.status_code == 200
    assert "parties-1-role" not in fields_of(answer.text)
