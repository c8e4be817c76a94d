"""The archive on the pages: the card, the list, the package, the terms of retention; and who sees none of it."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from registry.agreements import queries
from registry.agreements.models import Agreement, ArchiveEntry
from registry.agreements.services import archiving
from registry.audit.models import AuditEvent
from registry.core.access.roles import Role
from registry.core.db import db, transaction
from registry.documents import store
from registry.jobs.models import Job
from tests.agreements.archived import DETAILS, archived, entry_of, historic, with_rows_only
from tests.agreements.scene import Scene, make_scene
from tests.agreements.test_speed import SHELL, counted
from tests.conftest import Client
from tests.factories import make_organisation, make_user

FIELDS = {
    "archive_number": DETAILS.number,
    "retention": "permanent",
    "secrecy": "internal",
    "disclosure": "on_request",
    "originals": "2",
    "place": "综合档案室",
}


@pytest.fixture
def scene(client: Client) -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def agreement(scene: Scene) -> Agreement:
    with transaction():
        return with_rows_only(scene.in_force())


def at(agreement: Agreement, entry: ArchiveEntry, more: str = "") -> str:
    return f"/agreements/{agreement.public_id}/archive/{entry.public_id}{more}"


def posted(agreement: Agreement, **changes: str) -> dict[str, str]:
    """The form as the page sends it."""
    db.session.expire_all()
    return {**FIELDS, "row_version": str(agreement.row_version), **changes}


def pack(entry: ArchiveEntry, data: bytes = b"PK made") -> None:
    """A package is there."""
    with transaction():
        archiving.keep_package(entry, store.put(data, "application/zip"))


def test_a_handler_files_the_papers(scene: Scene, client: Client, agreement: Agreement) -> None:
    client.sign_in(scene.bureau.handler)
    entry = entry_of(agreement)
    page = client.get(f"/agreements/{agreement.public_id}").text
    assert at(agreement, entry) in page
    assert 'value="permanent" selected' in page
    answer = client.post(at(agreement, entry), data=posted(agreement))
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert DETAILS.number in page
    assert "归档包：正在生成" in page
    assert "综合档案室" in page
    assert f'action="{at(agreement, entry)}"' not in page


def test_a_wrong_form_is_told_and_kept(scene: Scene, client: Client, agreement: Agreement) -> None:
    client.sign_in(scene.bureau.handler)
    sent = posted(agreement, disclosure="active", originals="many", archive_number="")
    answer = client.post(at(agreement, entry_of(agreement)), data=sent)
    assert answer.status_code == 422
    assert "综合档案室" in answer.text
    assert entry_of(agreement).archived_at is None


def test_an_old_page_is_told_so(scene: Scene, client: Client, agreement: Agreement) -> None:
    client.sign_in(scene.bureau.handler)
    answer = client.post(at(agreement, entry_of(agreement)), data=posted(agreement, row_version="1"))
    assert answer.status_code == 409
    assert entry_of(agreement).archived_at is None


def test_what_is_missing_stands_on_the_card_and_the_form_does_not(scene: Scene, client: Client) -> None:
    with transaction():
        agreement = scene.in_force()
    client.sign_in(scene.bureau.handler)
    page = client.get(f"/agreements/{agreement.public_id}").text
    assert "登记副本：正在生成" in page
    assert f'action="{at(agreement, entry_of(agreement))}"' not in page
    answer = client.post(at(agreement, entry_of(agreement)), data=posted(agreement))
    assert answer.status_code == 409
    assert "登记副本：正在生成" in answer.text


def test_a_wrong_role_or_a_wrong_side_files_nothing(scene: Scene, client: Client, agreement: Agreement) -> None:
    address = at(agreement, entry_of(agreement))
    for person in (scene.bureau.leader, scene.university.handler):
        client.sign_in(person)
        assert client.post(address, data=posted(agreement)).status_code == 403
    assert entry_of(agreement).archived_at is None


def test_a_stranger_finds_nothing(scene: Scene, client: Client, agreement: Agreement) -> None:
    entry = archived(scene, agreement)
    pack(entry)
    with transaction():
        stranger = make_user(Role.HANDLER, organisation=make_organisation())
    client.sign_in(stranger)
    assert client.get(at(agreement, entry, ".zip")).status_code == 404
    assert client.post(at(agreement, entry), data=posted(agreement)).status_code == 404
    assert client.post(at(agreement, entry, "/remake"), data=posted(agreement)).status_code == 404


def test_nobody_signed_in_is_led_to_the_door(client: Client, scene: Scene, agreement: Agreement) -> None:
    assert client.get(at(agreement, entry_of(agreement), ".zip")).location.startswith("/sign-in")


def test_somebody_elses_entry_does_not_exist_here(scene: Scene, client: Client, agreement: Agreement) -> None:
    with transaction():
        other = historic(scene, source=b"%PDF source")
    entry = archived(scene, other)
    pack(entry)
    client.sign_in(scene.bureau.handler)
    assert client.get(at(agreement, entry, ".zip")).status_code == 404
    assert client.post(at(agreement, entry), data=posted(agreement)).status_code == 404


def test_the_package_is_downloaded_and_that_is_recorded(scene: Scene, client: Client, agreement: Agreement) -> None:
    target = BytesIO()
    with ZipFile(target, "w") as made:
        made.writestr("README.txt", "归档说明")
    entry = archived(scene, agreement)
    pack(entry, target.getvalue())
    client.sign_in(scene.bureau.leader)
    page = client.get(f"/agreements/{agreement.public_id}").text
    assert at(agreement, entry, ".zip") in page
    assert entry.package
    assert entry.package.sha256 in page
    answer = client.get(at(agreement, entry, ".zip"))
    assert answer.data == target.getvalue()
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    event = db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
    assert event
    assert event.action == "agreement:download"


def test_the_other_side_sees_that_it_is_filed_and_takes_nothing(
    scene: Scene, client: Client, agreement: Agreement
) -> None:
    entry = archived(scene, agreement)
    pack(entry)
    client.sign_in(scene.university.handler)
    page = client.get(f"/agreements/{agreement.public_id}").text
    assert DETAILS.number in page
    assert DETAILS.place not in page
    assert ".zip" not in page.replace("verification-package.zip", "")
    assert client.get(at(agreement, entry, ".zip")).status_code == 403


def test_a_package_that_is_not_made_cannot_be_taken(scene: Scene, client: Client, agreement: Agreement) -> None:
    entry = archived(scene, agreement)
    client.sign_in(scene.bureau.handler)
    assert client.get(at(agreement, entry, ".zip")).status_code == 404


def test_a_failed_package_is_ordered_again(scene: Scene, client: Client, agreement: Agreement) -> None:
    entry = archived(scene, agreement)
    with transaction():
        job = db.session.scalars(select(Job).where(Job.kind == archiving.ARCHIVE_PACKAGE_JOB)).one()
        job.fail("stored file is missing", job.created_at)
    client.sign_in(scene.bureau.handler)
    page = client.get(f"/agreements/{agreement.public_id}").text
    assert "归档包：尚未生成" in page
    assert at(agreement, entry, "/remake") in page
    assert client.post(at(agreement, entry, "/remake"), data=posted(agreement)).status_code == 303
    assert "归档包：正在生成" in client.get(f"/agreements/{agreement.public_id}").text
    assert client.post(at(agreement, entry, "/remake"), data=posted(agreement)).status_code == 409


def test_the_list_is_narrowed_by_the_archive(scene: Scene, client: Client, agreement: Agreement) -> None:
    with transaction():
        filed = historic(scene, source=b"%PDF source")
        scene.draft(title_zh="尚在起草的协议")
    archived(scene, filed)
    client.sign_in(scene.bureau.handler)
    found = {name: client.get(f"/agreements?archive={name}").text for name in ("none", "due", "done", "nonsense")}
    titles = (agreement.title_zh, filed.title_zh, "尚在起草的协议")
    shown = {name: [title in page.split("<tbody>")[1] for title in titles] for name, page in found.items()}
    assert shown == {
        "none": [False, False, True],
        "due": [True, False, False],
        "done": [False, True, False],
        "nonsense": [True, True, True],
    }
    assert '<span class="tag">待归档</span>' in found["due"]


def test_the_page_asks_a_fixed_number_of_questions(scene: Scene, client: Client, agreement: Agreement) -> None:
    client.sign_in(scene.bureau.handler)
    address = f"/agreements/{agreement.public_id}"
    client.get(address)
    with counted() as before:
        client.get(address)
    archived(scene, agreement)
    with counted() as after:
        client.get(address)
    assert len(before) <= 17 + SHELL, "\n".join(before)
    assert len(after) <= 17 + SHELL, "\n".join(after)


# Terms of retention


def terms(**changes: str) -> dict[str, str]:
    kinds = (
        "framework", "school_locality", "strategic", "workstation", "docking_memorandum", "letter_of_intent",
        "supplement", "renewal",
    )  # fmt: skip
    return dict.fromkeys(kinds, "y30") | {"row_version": "0"} | changes


def test_a_section_head_sets_the_terms(scene: Scene, client: Client, agreement: Agreement) -> None:
    client.sign_in(scene.bureau.section_head)
    page = client.get("/agreements/retention").text
    assert page.count('value="permanent" selected') == 2
    assert page.count('value="y10" selected') == 2
    answer = client.post("/agreements/retention", data=terms(framework="y10"))
    assert answer.status_code == 303
    assert client.get("/agreements/retention").text.count('value="y10" selected') == 1
    client.sign_in(scene.bureau.handler)
    proposed = client.get(f"/agreements/{agreement.public_id}").text.split('id="f-retention"')[1]
    assert 'value="y10" selected' in proposed.split("</select>")[0]


def test_terms_that_are_none_are_refused(scene: Scene, client: Client) -> None:
    client.sign_in(scene.bureau.section_head)
    assert client.post("/agreements/retention", data=terms(framework="y99")).status_code == 422
    assert client.post("/agreements/retention", data=terms(another="y10")).status_code == 422
    assert client.post("/agreements/retention", data={"row_version": "0"}).status_code == 422
    assert queries.settings_of(scene.bureau.organisation) is None


def test_terms_from_an_old_page_are_refused(scene: Scene, client: Client) -> None:
    client.sign_in(scene.bureau.section_head)
    assert client.post("/agreements/retention", data=terms()).status_code == 303
    assert client.post("/agreements/retention", data=terms(framework="y10")).status_code == 409
    row = queries.settings_of(scene.bureau.organisation)
    assert row
    assert row.retentions["framework"] == "y30"


def test_a_handler_does_not_set_the_terms(scene: Scene, client: Client) -> None:
    client.sign_in(scene.bureau.handler)
    assert client.get("/agreements/retention").status_code == 403
    assert client.post("/agreements/retention", data=terms()).status_code == 403
    assert "/agreements/retention" not in client.get("/agreements").text
