"""Which certificates may be used to sign here."""

from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import x509
from cryptography import x509 as pyca
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from registry.core.dates import now
from registry.core.errors import Invalid
from registry.documents.authority import make_development_authority, revoke
from registry.documents.places import places
from registry.documents.signing.admission import NO_CHAIN, WRONG_KIND, WRONG_USE, admit
from tests.documents.certificates import Key, certify, root_of
from tests.documents.houses import make_house


def asn1(certificate: pyca.Certificate) -> x509.Certificate:
    return x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def wrong(certificate: pyca.Certificate, *others: pyca.Certificate) -> list[object]:
    with pytest.raises(Invalid) as caught:
        admit(asn1(certificate), [asn1(one) for one in others], places(), "file")
    return list(caught.value.fields["file"])


@pytest.fixture(autouse=True)
def home(tmp_path: Path) -> object:
    """An application with an authority of its own."""
    make_development_authority(tmp_path / "keys")
    with make_house(tmp_path).app_context():
        yield


@pytest.mark.parametrize(
    "key",
    [
        ec.generate_private_key(ec.SECP256R1()),
        ec.generate_private_key(ec.SECP384R1()),
        rsa.generate_private_key(65537, 2048),
    ],
)
def test_good_ones(tmp_path: Path, key: Key) -> None:
    own = certify(tmp_path / "keys", key)
    root = root_of(tmp_path / "keys").certificate
    for others in ([], [asn1(root)]):
        chain = admit(asn1(own), others, places(), "file")
        assert [one.dump() for one in chain] == [one.public_bytes(Encoding.DER) for one in (own, root)]


@pytest.mark.parametrize(
    "key",
    [ec.generate_private_key(ec.SECP521R1()), rsa.generate_private_key(65537, 1024)],  # noqa: S505 - too short
)
def test_other_keys(tmp_path: Path, key: Key) -> None:
    assert wrong(certify(tmp_path / "keys", key)) == [WRONG_KIND]


def test_dates(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    (told,) = wrong(certify(tmp_path / "keys", key, life=timedelta(minutes=-1)))
    assert "expired on" in told.key  # type: ignore[attr-defined]  # a message


def test_a_stranger(tmp_path: Path) -> None:
    make_development_authority(tmp_path / "other")
    key = ec.generate_private_key(ec.SECP256R1())
    assert wrong(certify(tmp_path / "other", key), root_of(tmp_path / "other").certificate) == [NO_CHAIN]


def test_a_trusted_stranger(tmp_path: Path) -> None:
    make_development_authority(tmp_path / "other")
    key = ec.generate_private_key(ec.SECP256R1())
    own = asn1(certify(tmp_path / "other", key))
    with make_house(tmp_path, trusted_roots=tmp_path / "other" / "root.crt").app_context():
        assert len(admit(own, [], places(), "file")) == 2


def test_a_revoked_one(tmp_path: Path) -> None:
    own = certify(tmp_path / "keys", ec.generate_private_key(ec.SECP256R1()))
    revoke(tmp_path / "keys", [own.serial_number])
    (told,) = wrong(own)
    assert "revocation list" in told.key  # type: ignore[attr-defined]  # a message


def test_an_authority(tmp_path: Path) -> None:
    assert wrong(root_of(tmp_path / "keys").certificate) == [WRONG_USE]


def test_another_use(tmp_path: Path) -> None:
    """A certificate for encryption or for a web server, which the verdict would not accept either."""
    issuer, key = root_of(tmp_path / "keys"), ec.generate_private_key(ec.SECP256R1())
    moment = now()
    usage = pyca.KeyUsage(True, False, True, False, False, False, False, False, False)
    own = (
        pyca.CertificateBuilder()
        .subject_name(issuer.certificate.subject)
        .issuer_name(issuer.certificate.subject)
        .public_key(key.public_key())
        .serial_number(5)
        .not_valid_before(moment - timedelta(days=1))
        .not_valid_after(moment + timedelta(days=1))
        .add_extension(usage, True)
        .sign(issuer.key, SHA256())
    )
    assert wrong(own) == [WRONG_USE]
