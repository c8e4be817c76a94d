"""The development authority: what it makes, what it leaves alone, whom it revokes."""

import stat
from pathlib import Path

import pytest
from asn1crypto import crl, pem
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from registry.documents.authority import NoAuthority, issue, make_development_authority, revoke

MADE = ["root", "root.crl", "registry", "timestamp"]


def load(keys: Path, name: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate((keys / f"{name}.crt").read_bytes())


def listed(keys: Path) -> x509.CertificateRevocationList:
    return x509.load_pem_x509_crl((keys / "root.crl").read_bytes())


def test_every_certificate_says_development(tmp_path: Path) -> None:
    assert make_development_authority(tmp_path) == MADE
    issued = issue(tmp_path, "测试单位", "one").certificate
    for certificate in (load(tmp_path, "root"), load(tmp_path, "registry"), load(tmp_path, "timestamp"), issued):
        assert "DEVELOPMENT" in certificate.subject.rfc4514_string()
    assert "CN=测试单位" in issued.subject.rfc4514_string()


def test_kinds_of_keys(tmp_path: Path) -> None:
    make_development_authority(tmp_path)
    assert isinstance(load(tmp_path, "registry").public_key(), ec.EllipticCurvePublicKey)
    assert isinstance(load(tmp_path, "timestamp").public_key(), rsa.RSAPublicKey)


def test_the_time_stamp_certificate_is_good_for_nothing_else(tmp_path: Path) -> None:
    make_development_authority(tmp_path)
    usage = load(tmp_path, "timestamp").extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert usage.critical
    assert list(usage.value) == [ExtendedKeyUsageOID.TIME_STAMPING]


def test_certificates_and_lists_do_not_end_like_a_line(tmp_path: Path) -> None:
    make_development_authority(tmp_path)
    for attempt in range(60):
        issue(tmp_path, "测试单位", f"certificate-{attempt}")
        revoke(tmp_path, [attempt + 1])
        found = [(tmp_path / f"certificate-{attempt}.crt"), tmp_path / "root.crl"]
        assert all(pem.unarmor(path.read_bytes())[2][-1] not in b"\n\r" for path in found)


def test_keys_are_for_the_owner_only(tmp_path: Path) -> None:
    make_development_authority(tmp_path / "keys")
    issue(tmp_path / "keys", "测试单位", "one")
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "keys").iterdir()} == {0o600}


def test_what_is_there_stays(tmp_path: Path) -> None:
    make_development_authority(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert make_development_authority(tmp_path) == []
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_what_an_older_version_did_not_make_is_added(tmp_path: Path) -> None:
    make_development_authority(tmp_path)
    kept = (tmp_path / "registry.key").read_bytes()
    for name in ("timestamp.key", "timestamp.crt"):
        (tmp_path / name).unlink()
    assert make_development_authority(tmp_path) == ["timestamp"]
    assert (tmp_path / "registry.key").read_bytes() == kept
    load(tmp_path, "timestamp").verify_directly_issued_by(load(tmp_path, "root"))


def test_an_interrupted_run_is_taken_up(tmp_path: Path) -> None:
    make_development_authority(tmp_path)
    (tmp_path / "root.key").unlink()
    for name in ("registry.key", "timestamp.key"):
        (tmp_path / name).unlink()
    assert make_development_authority(tmp_path) == ["root", "root.crl", "registry", "timestamp"]
    load(tmp_path, "registry").verify_directly_issued_by(load(tmp_path, "root"))
    assert listed(tmp_path).is_signature_valid(load(tmp_path, "root").public_key())  # type: ignore[arg-type]


def test_without_the_roots_key_nothing_is_made(tmp_path: Path) -> None:
    make_development_authority(tmp_path)
    (tmp_path / "root.key").unlink()
    with pytest.raises(NoAuthority):
        make_development_authority(tmp_path)
    with pytest.raises(NoAuthority):
        issue(tmp_path, "测试单位", "one")
    with pytest.raises(NoAuthority):
        revoke(tmp_path, [1])


def test_revocations_add_up(tmp_path: Path) -> None:
    make_development_authority(tmp_path)
    numbers = []
    for serial in (11, 12, 11):
        revoke(tmp_path, [serial])
        numbers.append(listed(tmp_path).extensions.get_extension_for_class(x509.CRLNumber).value.crl_number)
    assert {row.serial_number for row in listed(tmp_path)} == {11, 12}
    assert sorted(set(numbers)) == numbers, "each list has a higher number"


def test_a_name_too_long_for_its_place_stands_whole_as_the_unit(tmp_path: Path) -> None:
    make_development_authority(tmp_path)
    subject = issue(tmp_path, "名" * 50, "one").certificate.subject
    assert subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value == "名" * 21
    assert subject.get_attributes_for_oid(x509.NameOID.ORGANIZATIONAL_UNIT_NAME)[0].value == "名" * 50


def test_the_list_is_read_by_others_too(tmp_path: Path) -> None:
    make_development_authority(tmp_path)
    revoke(tmp_path, [11])
    read = crl.CertificateList.load(pem.unarmor((tmp_path / "root.crl").read_bytes())[2])
    assert [row["user_certificate"].native for row in read["tbs_cert_list"]["revoked_certificates"]] == [11]
