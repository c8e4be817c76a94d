"""What is done with certificates, on both databases: rows, key files, revocation list and audit go together."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from flask import Flask
from sqlalchemy import select

from registry.accounts.models import User, UserStatus
from registry.audit.models import AuditEvent
from registry.core.access.roles import Role
from registry.core.dates import now
from registry.core.db import db, transaction
from registry.core.errors import Conflict, Forbidden, Invalid, NotFound
from registry.core.i18n import msg
from registry.documents import certificates, expiry, places, services
from registry.documents.authority import make_development_authority
from registry.documents.bundles.reading import Bundle, read_bundle
from registry.documents.inputs import CertificateFilter
from registry.documents.models import KeySource, SigningCertificate
from registry.documents.signing import NoSigningKey, signer_for, try_key
from registry.documents.signing.admission import admit
from registry.documents.states import CertificateState, state_of
from registry.organisations.models import Organisation
from tests.documents.certificates import PASSPHRASE, bundle_of, certify
from tests.factories import make_organisation, make_user


@pytest.fixture
def keys(own_instance: Path) -> Path:
    """A development authority of this test's own."""
    folder = places.places().keys
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
def issued(keys: Path, admin: User, organisation: Organisation) -> SigningCertificate:
    """A development certificate."""
    with transaction():
        return services.issue(admin, organisation)


def events() -> list[AuditEvent]:
    ours = select(AuditEvent).where(AuditEvent.action.startswith("certificate:"))
    return list(db.session.scalars(ours.order_by(AuditEvent.id)))


def test_issuing(issued: SigningCertificate, organisation: Organisation, admin: User) -> None:
    try_key(issued)
    assert issued.subject.startswith("沈阳测试大学, DEVELOPMENT ONLY")
    assert certificates.usable_for(organisation.id) == issued
    (event,) = events()
    assert (event.action, event.actor_id, event.object_id) == ("certificate:issued", admin.id, issued.public_id)
    assert event.changes["organisation"] == ["", "沈阳测试大学"]


def test_only_system_administrators_issue(keys: Path, organisation: Organisation) -> None:
    for role in set(Role) - {Role.SYSTEM_ADMIN}:
        with transaction():
            other = make_user(role)
        with pytest.raises(Forbidden), transaction():
            services.issue(other, organisation)


def test_without_authority_nothing_is_issued(own_instance: Path, admin: User, organisation: Organisation) -> None:
    with pytest.raises(Conflict, match="dev-ca"), transaction():
        services.issue(admin, organisation)
    with transaction():
        assert services.issue_where_missing() == []


def test_outside_demo_mode_nothing_is_issued(
    keys: Path, admin: User, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = places.places()
    monkeypatch.setattr(services, "places", lambda: places.Places(real.files, real.fonts, real.keys, demo=False))
    with pytest.raises(Forbidden), transaction():
        services.issue(admin, organisation)


def test_organisations_with_a_signatory_get_one_each(keys: Path) -> None:
    with transaction():
        signing, idle, left = make_organisation(), make_organisation(), make_organisation()
        make_user(Role.SIGNATORY, organisation=signing)
        make_user(Role.SIGNATORY, organisation=signing)
        make_user(Role.HANDLER, organisation=idle)
        make_user(Role.SIGNATORY, organisation=left).status = UserStatus.DISABLED
    with transaction():
        made = services.issue_where_missing()
    assert [one.organisation_id for one in made] == [signing.id]
    with transaction():
        assert services.issue_where_missing() == []
    assert certificates.holders([signing.id, idle.id, left.id]) == {signing.id}


def test_what_is_rolled_back_leaves_no_key(keys: Path, admin: User, organisation: Organisation) -> None:
    before = set(keys.iterdir())
    key = ec.generate_private_key(ec.SECP256R1())
    bundle = read_bundle(bundle_of(key, certify(keys, key)), PASSPHRASE)

    def undone() -> None:
        services.issue(admin, organisation)
        services.import_bundle(admin, organisation, bundle, [bundle.certificate, *bundle.others])
        assert len(set(keys.iterdir()) - before) == 3, "a certificate, its key and an imported key"
        raise RuntimeError("too late")

    with pytest.raises(RuntimeError, match="too late"), transaction():
        undone()
    assert set(keys.iterdir()) == before


def test_importing(keys: Path, admin: User, organisation: Organisation) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    bundle = read_bundle(bundle_of(key, certify(keys, key)), PASSPHRASE)
    chain = admit(bundle.certificate, bundle.others, places.places(), "file")
    assert [one.subject.native["common_name"] for one in chain] == ["测试单位", "DEVELOPMENT Root"]
    with transaction():
        made = services.import_bundle(admin, organisation, bundle, chain)
    try_key(made)
    assert made.source is KeySource.PKCS12
    assert [event.action for event in events()] == ["certificate:imported"]
    assert bundle.key not in (keys / made.key_reference).read_bytes()
    with pytest.raises(Invalid), transaction():
        services.import_bundle(admin, organisation, bundle, chain)
    assert len(list(keys.glob("imported-*"))) == 1, "a refused one leaves no key behind"


def test_a_key_that_cannot_be_kept_leaves_no_row(
    keys: Path, admin: User, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(services, "seal", full)
    own = asn1.Certificate.load(certify(keys, ec.generate_private_key(ec.SECP256R1())).public_bytes(Encoding.DER))
    with pytest.raises(OSError, match="no space"), transaction():
        services.import_bundle(admin, organisation, Bundle(b"", own, ()), [own])
    assert certificates.usable_for(organisation.id) is None
    assert events() == []


def test_revoking(issued: SigningCertificate, admin: User, organisation: Organisation, keys: Path) -> None:
    with transaction():
        services.revoke(admin, issued, "key was lost")
    assert certificates.usable_for(organisation.id) is None
    assert set(certificates.revocations()) == {issued.sha256}
    listed = x509.load_pem_x509_crl((keys / "root.crl").read_bytes())
    assert [row.serial_number for row in listed] == [int(issued.serial, 16)]
    assert (events()[-1].action, events()[-1].reason) == ("certificate:revoked", "key was lost")
    with pytest.raises(NoSigningKey):
        signer_for(issued)
    with pytest.raises(Conflict), transaction():
        services.revoke(admin, issued, "again")


def test_only_system_administrators_revoke(issued: SigningCertificate) -> None:
    with transaction():
        other = make_user(Role.SECURITY_ADMIN)
    with pytest.raises(Forbidden), transaction():
        services.revoke(other, issued, "no")


@pytest.mark.parametrize(("refusal", "succeeded"), [(None, True), (msg("The key does not belong to it"), False)])
def test_a_trial_is_recorded(issued: SigningCertificate, admin: User, refusal: object, succeeded: bool) -> None:
    with transaction():
        services.note_trial(admin, issued, refusal)  # type: ignore[arg-type]  # a message or None
    assert (events()[-1].action, events()[-1].succeeded) == ("certificate:tried", succeeded)


# States and lists


def usable(row: SigningCertificate) -> None:
    row.not_after = now() + timedelta(days=61)


def expiring(row: SigningCertificate) -> None:
    row.not_after = now() + timedelta(days=59)


def expired(row: SigningCertificate) -> None:
    row.not_after = now() - timedelta(minutes=1)


def not_yet(row: SigningCertificate) -> None:
    row.not_before = now() + timedelta(minutes=1)


def revoked(row: SigningCertificate) -> None:
    row.revoke("lost", now())


@pytest.mark.parametrize("change", [usable, expiring, expired, not_yet, revoked])
def test_the_list_and_the_state_agree(issued: SigningCertificate, change: Callable[[SigningCertificate], None]) -> None:
    with transaction():
        change(issued)
    state = state_of(issued, now())
    assert state.value == change.__name__
    found = {
        wanted: certificates.list_certificates(CertificateFilter(state=wanted), 0, 25)[1] for wanted in CertificateState
    }
    assert found == {wanted: int(wanted is state) for wanted in CertificateState}
    assert certificates.count_expiring(now()) == (state is CertificateState.EXPIRING)


@pytest.mark.parametrize(("text", "count"), [("沈阳测试", 1), ("DEVELOPMENT", 1), ("%", 0), ("nobody", 0), ("", 1)])
def test_the_list_is_searched(issued: SigningCertificate, text: str, count: int) -> None:
    rows, total = certificates.list_certificates(CertificateFilter(text=text), 0, 25)
    assert (len(rows), total) == (count, count)


def test_what_does_not_exist(app: Flask) -> None:
    with pytest.raises(NotFound):
        certificates.get_certificate("01ARZ3NDEKTSV4RRFFQ69G5FAV")


# What ends soon


@pytest.mark.parametrize(("days", "noted"), [(61, []), (59, [60]), (29, [30]), (6, [7]), (0, [7])])
def test_the_nearest_threshold_is_noted_once(issued: SigningCertificate, days: int, noted: list[int]) -> None:
    with transaction():
        issued.not_after = now() + timedelta(days=days, hours=1)
    for _ in range(2):
        expiry.note_expiries(now().date())
    assert [event.changes["days"] for event in events()[1:]] == [[None, one] for one in noted]


def test_each_threshold_is_noted(issued: SigningCertificate) -> None:
    for days in (50, 20, 5):
        with transaction():
            issued.not_after = now() + timedelta(days=days)
        expiry.note_expiries(now().date())
    assert [event.changes["days"][1] for event in events()[1:]] == [60, 30, 7]


def test_who_is_revoked_is_not_nagged(issued: SigningCertificate) -> None:
    with transaction():
        expiring(issued)
        issued.revoke("lost", now())
    expiry.note_expiries(now().date())
    assert len(events()) == 1


def test_without_any_key_the_daily_task_is_quiet(own_instance: Path) -> None:
    expiry.note_expiries(now().date())
    assert expiry.own_end() is None
