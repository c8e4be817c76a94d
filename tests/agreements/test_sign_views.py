"""The page where a signatory looks at the file and signs it."""

import re
from io import BytesIO
from typing import Any

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from werkzeug.test import TestResponse

from registry.accounts import second_factor
from registry.agreements import queries
from registry.agreements.models import Agreement, SignatoryStatus
from registry.core.access.roles import Role
from registry.core.dates import now
from registry.core.db import db, transaction
from registry.core.web import parked
from registry.documents import store
from registry.documents.places import places
from tests.accounts.people import PASSWORD, PASSWORD_HASH, SECRET, present_code
from tests.agreements.scene import Scene, make_scene
from tests.agreements.signers import make_certificate
from tests.agreements.test_digital import make_copy, row_of, sign
from tests.agreements.test_speed import SHELL, counted
from tests.conftest import Client
from tests.factories import make_user
from tests.states import Begin

pytestmark = pytest.mark.usefixtures("fonts")


def able() -> tuple[Scene, None]:
    """Both signatories have a certificate, a password and a second factor."""
    with transaction():
        made = make_scene()
        for side in (made.bureau, made.university):
            make_certificate(side.organisation, places().keys)
            side.signatory.password_hash = PASSWORD_HASH
            side.signatory.totp_secret_encrypted = second_factor.seal(SECRET)
    return made, None


def able_and_asked() -> tuple[Scene, Agreement]:
    """And an agreement to sign."""
    scene, _ = able()
    with transaction():
        made = scene.signing()
    make_copy(made)
    return scene, made


@pytest.fixture
def begun(begin_with: Begin, request: pytest.FixtureRequest) -> tuple[Scene, Agreement | None]:
    """The scene, with an agreement where the test asks for it."""
    return begin_with(able_and_asked if "agreement" in request.fixturenames else able)


@pytest.fixture
def scene(begun: tuple[Scene, Agreement | None]) -> Scene:
    return begun[0]


@pytest.fixture
def agreement(begun: tuple[Scene, Agreement | None]) -> Agreement:
    """Being signed, with its signing copy."""
    assert begun[1]
    return begun[1]


def file_of(agreement: Agreement) -> Any:
    """The stored file to sign now."""
    document = queries.file_to_sign(agreement.revisions[-1])
    assert document
    return document.file


def post(client: Client, agreement: Agreement, **changes: str) -> TestResponse:
    """Send the form as the page would."""
    fields = {
        "name": "测试签字人",
        "title": "局长",
        "has_looked": "true",
        "reviewed_sha256": file_of(agreement).sha256,
        "current_password": PASSWORD,
        "otp_code": present_code(),
    }
    return client.post(f"/agreements/{agreement.public_id}/sign", data={**fields, **changes})


def test_a_signatory_looks_and_signs(scene: Scene, client: Client, agreement: Agreement) -> None:
    client.sign_in(scene.bureau.signatory)
    address = f"/agreements/{agreement.public_id}/sign"
    page = client.get(address)
    assert page.status_code == 200
    assert file_of(agreement).sha256 in page.text
    answer = post(client, agreement)
    assert answer.status_code == 303
    (signature,) = PdfFileReader(BytesIO(store.read(file_of(agreement)))).embedded_signatures
    assert signature.signer_cert.subject.native["common_name"] == "鞍山市人力资源和社会保障局"
    after = client.get(address)
    assert "current_password" not in after.text


def test_the_pages_are_those_of_the_file_that_is_signed(scene: Scene, client: Client, agreement: Agreement) -> None:
    client.sign_in(scene.bureau.signatory)
    digest = file_of(agreement).sha256
    address = f"/agreements/{agreement.public_id}/sign"
    assert client.get(address).text.count(f"{address}/{digest}/") >= 3
    picture = client.get(f"{address}/{digest}/1.png")
    assert picture.data.startswith(b"\x89PNG")
    assert client.get(f"{address}/{digest}/0.png").status_code == 404
    assert client.get(f"{address}/{digest}/99.png").status_code == 404
    assert client.get(f"{address}/{'0' * 64}/1.png").status_code == 404
    sign(agreement, scene.bureau)
    assert client.get(f"{address}/{digest}/1.png").status_code == 404
    assert client.sign_in(scene.bureau.leader).get(f"{address}/{digest}/1.png").status_code == 403


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"current_password": "no"}, 422),
        ({"otp_code": "000000"}, 422),
        ({"has_looked": ""}, 422),
        ({"name": ""}, 422),
        ({"name": "王𠮷"}, 422),
        ({"reviewed_sha256": "0" * 64}, 409),
        ({"field": "Party-2"}, 422),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_signed(
    scene: Scene, client: Client, agreement: Agreement, changes: dict[str, str], status: int
) -> None:
    client.sign_in(scene.bureau.signatory)
    before = file_of(agreement).sha256
    answer = post(client, agreement, **changes)
    assert answer.status_code == status
    assert PASSWORD not in answer.text
    db.session.expire_all()
    assert file_of(agreement).sha256 == before
    assert row_of(agreement, scene.bureau).status is SignatoryStatus.PENDING


def test_a_code_counts_once(scene: Scene, client: Client, agreement: Agreement) -> None:
    client.sign_in(scene.bureau.signatory)
    code = present_code()
    with transaction():
        assert second_factor.use_code(scene.bureau.signatory, code, now())
    assert post(client, agreement, otp_code=code).status_code == 422


def test_without_a_second_factor_the_page_leads_to_it(scene: Scene, client: Client, agreement: Agreement) -> None:
    with transaction():
        scene.bureau.signatory.drop_second_factor()
    page = client.sign_in(scene.bureau.signatory).get(f"/agreements/{agreement.public_id}/sign")
    assert "/account/second-factor" in page.text
    assert post(client, agreement).status_code == 409


def test_guessing_is_locked(scene: Scene, client: Client, agreement: Agreement) -> None:
    client.sign_in(scene.bureau.signatory)
    answers = [post(client, agreement, current_password="no").status_code for _try in range(6)]
    assert answers[-1] == 429


def test_guessing_codes_is_locked_whatever_becomes_of_the_password(
    scene: Scene, client: Client, agreement: Agreement
) -> None:
    client.sign_in(scene.bureau.signatory)
    password, answers = PASSWORD, []
    for number in range(24):
        answers.append(post(client, agreement, current_password=password, otp_code="000000").status_code)
        if number % 4 == 3:
            password = change_password(client, password, f"Quiet-River {number} stone")
    assert answers == [422] * 5 + [429] * 19
    assert post(client, agreement, current_password=password).status_code == 429
    assert row_of(agreement, scene.bureau).status is SignatoryStatus.PENDING


def change_password(client: Client, current: str, new: str) -> str:
    """An act for which the password is enough."""
    data = {"current_password": current, "new_password": new, "repeat_password": new}
    assert client.post("/account/password", data=data).status_code == 303
    return new


def test_no_code_waits_for_the_next_sign_in(scene: Scene, client: Client, agreement: Agreement) -> None:
    person = scene.bureau.signatory
    page = client.sign_in(person).get(f"/agreements/{agreement.public_id}/sign").text
    field = re.search(r'name="(\w+)"[^>]*autocomplete="one-time-code"', page)
    assert field
    token = parked.park(person.id, "/", {field[1]: ["123456"], "title": ["局长"]})
    assert token
    assert parked.find(person.id, token) == ("/", {"title": ["局长"]})


def test_other_roles_and_strangers(scene: Scene, client: Client, agreement: Agreement) -> None:
    address = f"/agreements/{agreement.public_id}/sign"
    assert client.get(address).status_code == 303
    assert client.sign_in(scene.bureau.leader).get(address).status_code == 403
    with transaction():
        foreign = make_user(Role.SIGNATORY)
    assert client.sign_in(foreign).get(address).status_code == 404
    assert post(client, agreement).status_code == 404


def test_a_party_declines_and_is_asked_again(scene: Scene, client: Client, agreement: Agreement) -> None:
    row = row_of(agreement, scene.university)
    address = f"/agreements/{agreement.public_id}"
    client.sign_in(scene.university.signatory)
    values = {"row_version": str(agreement.row_version)}
    refused = client.post(f"{address}/signatories/{row.public_id}/decline", data=values)
    assert refused.status_code == 422
    answer = client.post(f"{address}/signatories/{row.public_id}/decline", data={**values, "reason": "条款待议"})
    assert answer.status_code == 303
    client.sign_in(scene.bureau.leader)
    assert "条款待议" in client.get(address).text
    db.session.expire_all()
    again = client.post(f"{address}/send-again", data={"row_version": str(agreement.row_version)})
    assert again.status_code == 303
    db.session.expire_all()
    assert row_of(agreement, scene.university).status is SignatoryStatus.PENDING
    assert row.status is SignatoryStatus.DECLINED


def test_nobody_declines_for_another_party(scene: Scene, client: Client, agreement: Agreement) -> None:
    row = row_of(agreement, scene.university)
    client.sign_in(scene.bureau.leader)
    address = f"/agreements/{agreement.public_id}/signatories/{row.public_id}/decline"
    answer = client.post(address, data={"row_version": str(agreement.row_version), "reason": "代拒"})
    assert answer.status_code == 403


def test_before_the_copy_is_made_the_page_says_so(scene: Scene, client: Client) -> None:
    with transaction():
        made = scene.signing()
        address = f"/agreements/{made.public_id}/sign"
    page = client.sign_in(scene.bureau.signatory).get(address)
    assert page.status_code == 200
    assert "reviewed_sha256" not in page.text


def test_pages_ask_a_fixed_number_of_questions(scene: Scene, client: Client, agreement: Agreement) -> None:
    client.sign_in(scene.bureau.signatory)
    record = f"/agreements/{agreement.public_id}"
    asked = {address: count_questions(client, address) for address in (record, f"{record}/sign")}
    assert post(client, agreement).status_code == 303
    sign(agreement, scene.university)
    db.session.remove()
    for address, before in asked.items():
        assert count_questions(client, address) <= before
        assert before <= 11 + SHELL


def count_questions(client: Client, address: str) -> int:
    """How many statements a second look at a page sends."""
    client.get(address)
    with counted() as seen:
        assert client.get(address).status_code == 200
    return len(seen)
