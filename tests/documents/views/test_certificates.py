"""Pages of certificates: who sees them, what each act does, what is refused and how it is told."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from asn1crypto import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from registry.accounts.models import User
from registry.audit.models import AuditEvent
from registry.core.access.roles import Role
from registry.core.dates import now
from registry.core.db import db, transaction
from registry.core.i18n import msg
from registry.documents import services
from registry.documents.authority import make_development_authority
from registry.documents.models import KeySource, SigningCertificate
from registry.documents.places import places
from registry.documents.signing.errors import NoSigningKey
from registry.documents.views import entry
from registry.organisations.models import Organisation
from tests.conftest import Client
from tests.documents.certificates import PASSPHRASE, bundle_of, certify
from tests.factories import make_organisation, make_user


@pytest.fixture
def keys(own_instance: Path) -> Path:
    """A development authority of this test's own."""
    folder = places().keys
    make_development_authority(folder)
    return folder


@pytest.fixture
def admin(app: Flask) -> User:
    """A system administrator."""
    with transaction():
        return make_user(Role.SYSTEM_ADMIN)


@pytest.fixture
def organisation(app: Flask) -> Organisation:
    """Who is to sign."""
    with transaction():
        return make_organisation("沈阳测试大学")


@pytest.fixture
def row(keys: Path, admin: User, organisation: Organisation) -> SigningCertificate:
    """A development certificate."""
    with transaction():
        return services.issue(admin, organisation)


def rows() -> list[SigningCertificate]:
    db.session.rollback()
    return list(db.session.scalars(select(SigningCertificate).order_by(SigningCertificate.id)).all())


def last_event() -> AuditEvent:
    db.session.rollback()
    return db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).one()


def upload(client: Client, organisation: str, data: bytes, passphrase: str = PASSPHRASE) -> TestResponse:
    fields = {"organisation": organisation, "passphrase": passphrase, "file": (BytesIO(data), "sign.p12")}
    return client.post("/certificates/import", data=fields, headers={"Accept-Language": "en"})


def text(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


# Reading


def test_the_list_and_the_page(client: Client, admin: User, row: SigningCertificate) -> None:
    client.sign_in(admin)
    listed = text(client.get("/certificates", headers={"Accept-Language": "en"}))
    assert "沈阳测试大学" in listed
    assert row.serial in listed
    assert "DEVELOPMENT Registry" in listed, "the registry's own certificate"
    assert "B-LT:" in listed
    shown = text(client.get(f"/certificates/{row.public_id}", headers={"Accept-Language": "en"}))
    assert "DEVELOPMENT Root" in shown
    assert " ".join(row.sha256[place : place + 4] for place in range(0, 64, 4)) in shown
    assert "BEGIN" not in shown


def test_a_security_administrator_only_looks(client: Client, row: SigningCertificate) -> None:
    with transaction():
        looker = make_user(Role.SECURITY_ADMIN)
    client.sign_in(looker)
    for address in ("/certificates", f"/certificates/{row.public_id}"):
        page = client.get(address)
        assert page.status_code == 200
        assert "/certificates/import" not in text(page)
        assert '<form method="post" action="/certificates' not in text(page)
    assert client.post(f"/certificates/{row.public_id}/revoke", data={"reason": "x"}).status_code == 403
    assert client.get("/certificates/import").status_code == 403


def test_without_any_key_the_page_says_so(client: Client, admin: User, own_instance: Path) -> None:
    page = text(client.sign_in(admin).get("/certificates", headers={"Accept-Language": "en"}))
    assert "has no signing certificate" in page
    assert "No organisation has a certificate yet" in page


def test_a_missing_list_lowers_the_level_and_is_told(client: Client, admin: User, keys: Path) -> None:
    (keys / "root.crl").unlink()
    page = text(client.sign_in(admin).get("/certificates", headers={"Accept-Language": "en"}))
    assert "Closing signatures stay at B-B" in page


def test_the_first_page_warns_who_looks_after_them(client: Client, admin: User, row: SigningCertificate) -> None:
    client.sign_in(admin)
    assert "state=expiring" not in text(client.get("/"))
    with transaction():
        row.not_after = now() + timedelta(days=30)
    assert "state=expiring" in text(client.get("/"))
    with transaction():
        auditor = make_user(Role.AUDITOR)
    assert "state=expiring" not in text(client.sign_in(auditor).get("/"))


# Acts


def test_trying_a_key(client: Client, admin: User, row: SigningCertificate, keys: Path) -> None:
    client.sign_in(admin)
    address = f"/certificates/{row.public_id}/try"
    good = text(client.post(address, follow_redirects=True, headers={"Accept-Language": "en"}))
    assert "The key signs" in good
    assert (last_event().action, last_event().succeeded) == ("certificate:tried", True)
    (keys / row.key_reference).unlink()
    bad = text(client.post(address, follow_redirects=True, headers={"Accept-Language": "en"}))
    assert "key file is missing" in bad
    assert last_event().succeeded is False


def test_revoking(client: Client, admin: User, row: SigningCertificate) -> None:
    client.sign_in(admin)
    address = f"/certificates/{row.public_id}/revoke"
    assert client.post(address, data={"reason": " "}).status_code == 422
    assert rows()[0].revoked_at is None
    done = client.post(address, data={"reason": "私钥遗失"}, follow_redirects=True)
    assert "私钥遗失" in text(done)
    assert rows()[0].revoked_reason == "私钥遗失"
    assert last_event().action == "certificate:revoked"
    assert client.post(address, data={"reason": "again"}).status_code == 409


def test_issuing(client: Client, admin: User, keys: Path, organisation: Organisation) -> None:
    client.sign_in(admin)
    assert organisation.public_id in text(client.get("/certificates/issue"))
    assert client.post("/certificates/issue", data={"organisation": "nobody"}).status_code == 422
    given = {"organisation": organisation.public_id, "nonce": "once"}
    for _ in range(2):  # a second click makes no second one
        assert client.post("/certificates/issue", data=given).status_code == 303
    assert [one.source for one in rows()] == [KeySource.DEVELOPMENT]


def test_importing(client: Client, admin: User, keys: Path, organisation: Organisation) -> None:
    client.sign_in(admin)
    key = ec.generate_private_key(ec.SECP256R1())
    data = bundle_of(key, certify(keys, key))
    assert upload(client, organisation.public_id, data).status_code == 303
    assert [one.source for one in rows()] == [KeySource.PKCS12]
    again = upload(client, organisation.public_id, data)
    assert again.status_code == 422
    assert "registered already" in text(again)
    assert PASSPHRASE not in text(again), "what was typed is not sent back"


@pytest.mark.parametrize(("passphrase", "told"), [("guess", "does not open the file"), ("", "This field is required")])
def test_a_wrong_passphrase(
    client: Client, admin: User, keys: Path, organisation: Organisation, passphrase: str, told: str
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    refused = upload(client.sign_in(admin), organisation.public_id, bundle_of(key, certify(keys, key)), passphrase)
    assert refused.status_code == 422
    assert told in text(refused)
    assert rows() == []


def test_a_file_that_does_not_fit(client: Client, admin: User, keys: Path, organisation: Organisation) -> None:
    """Too large, no file, another's certificate, an unknown organisation."""
    client.sign_in(admin)
    key, other = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    assert "At most 100 KB" in text(upload(client, organisation.public_id, bytes(200_000)))
    assert "Choose a file" in text(upload(client, organisation.public_id, b""))
    strange = upload(client, organisation.public_id, bundle_of(other, None))
    assert "no certificate that belongs to the key" in text(strange)
    assert upload(client, "nobody", bundle_of(key, certify(keys, key))).status_code == 422
    assert rows() == []
    assert list(keys.glob("imported-*")) == []


def test_registering_a_token(
    client: Client, admin: User, keys: Path, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the token itself does is tried with SoftHSM in tests/documents/signing/test_tokens.py."""
    own = x509.Certificate.load(certify(keys, ec.generate_private_key(ec.SECP256R1())).public_bytes(Encoding.DER))
    asked = []

    def certificates_on(_where: object, token: str, label: str) -> list[x509.Certificate]:
        asked.append((token, label))
        if label == "absent":
            raise NoSigningKey(msg("The token holds no such key, or cannot show it without a PIN"))
        return [own]

    monkeypatch.setattr(entry, "tokens", lambda: SimpleNamespace(certificates_on=certificates_on))
    client.sign_in(admin)
    given = {"organisation": organisation.public_id, "token": "介质", "key_label": "sign"}
    assert client.post("/certificates/token", data={**given, "token": "a/b"}).status_code == 422
    refused = client.post("/certificates/token", data={**given, "key_label": "absent"})
    assert refused.status_code == 422
    assert client.post("/certificates/token", data=given).status_code == 303
    assert asked == [("介质", "absent"), ("介质", "sign")]
    assert [(one.source, one.key_reference) for one in rows()] == [(KeySource.PKCS11, "介质/sign")]
    assert last_event().action == "certificate:registered"


def test_without_a_module_a_token_cannot_be_registered(
    client: Client, admin: User, keys: Path, organisation: Organisation
) -> None:
    given = {"organisation": organisation.public_id, "token": "t", "key_label": "k"}
    refused = client.sign_in(admin).post("/certificates/token", data=given, headers={"Accept-Language": "en"})
    assert refused.status_code == 422
    assert "REGISTRY_PKCS11_MODULE is not set" in text(refused)


def test_the_auditor_reads_words(client: Client, row: SigningCertificate) -> None:
    with transaction():
        auditor = make_user(Role.AUDITOR)
    page = text(client.sign_in(auditor).get("/audit", headers={"Accept-Language": "en"}))
    assert "Development certificate issued" in page
    assert "certificate:issued" not in page.replace('value="certificate:issued"', "")
