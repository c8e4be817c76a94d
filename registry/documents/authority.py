"""The development authority: a root, the registry's certificate, a time-stamp authority, one certificate for each
organisation that signs, and the list of what was revoked. Every subject says DEVELOPMENT. 开发用证书.

Good for demonstrations only. A site signs with its own certificate: REGISTRY_SIGNING_PKCS12 and
REGISTRY_SIGNING_PASSPHRASE.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from ..core.dates import now
from .minting import LIFE, Issuer, Purpose, mint, revocation_list
from .signing.keyfiles import write_key_file

ROOT_NAME = "DEVELOPMENT Root"
REGISTRY_NAME = "DEVELOPMENT Registry 校地合作协议登记系统（演示）"
TIME_STAMP_NAME = "DEVELOPMENT Time-stamp authority 时间戳（演示）"
ROOT, REGISTRY, TIME_STAMPS, REVOKED = "root", "registry", "timestamp", "root.crl"
RSA_BITS = 2048  # the time stamper of pyHanko that runs in process signs with RSA only


class NoAuthority(RuntimeError):
    """The development root's key is not there, so nothing can be issued or revoked; the text says where it belongs."""


@dataclass(frozen=True)
class Issued:
    """A new certificate: the name of its key's file, itself, and its issuer."""

    key_name: str
    certificate: x509.Certificate
    issuer: x509.Certificate

    @property
    def pem(self) -> str:
        """The certificate followed by its issuer."""
        return "".join(one.public_bytes(Encoding.PEM).decode() for one in (self.certificate, self.issuer))


def make_development_authority(keys: Path) -> list[str]:
    """Make what is missing of root, registry, time-stamp authority and revocation list; returns what was made.

    What is there stays, whichever version made it. Raises NoAuthority where there are keys but no root's any more.
    """
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = []
    if not (keys / "root.key").exists():
        if (keys / "registry.key").exists():
            raise NoAuthority(f"{keys / 'root.key'} is missing, so no development certificate can be issued")
        _make_root(keys)
        (keys / REVOKED).unlink(missing_ok=True)  # another root's, from a run that was interrupted
        made.append(ROOT)
    issuer = _issuer(keys)
    if not (keys / REVOKED).exists():
        _write_list(keys, issuer, {}, 0)
        made.append(REVOKED)
    for stem, name, purpose in (
        (REGISTRY, REGISTRY_NAME, Purpose.SIGNING),
        (TIME_STAMPS, TIME_STAMP_NAME, Purpose.TIME_STAMPS),
    ):
        if not (keys / f"{stem}.key").exists():
            _make_pair(keys, stem, name, purpose, issuer)
            made.append(stem)
    return made


def is_there(keys: Path) -> bool:
    """Whether certificates can be issued."""
    return (keys / "root.key").exists() and (keys / "root.crt").exists()


def issue(keys: Path, name: str, stem: str, life: timedelta = LIFE) -> Issued:
    """A certificate to sign with for `name`; its key goes to the file `stem`.key in `keys`. Raises NoAuthority."""
    if not is_there(keys):
        raise NoAuthority(f"{keys} holds no development authority; run “flask registry dev-ca” first")
    issuer = _issuer(keys)
    certificate = _make_pair(keys, stem, name, Purpose.SIGNING, issuer, life)
    return Issued(f"{stem}.key", certificate, issuer.certificate)


def revoke(keys: Path, serials: Iterable[int]) -> None:
    """Add these certificates to the revocation list of the development root. Raises NoAuthority."""
    if not is_there(keys):
        raise NoAuthority(f"{keys / 'root.key'} is missing, so no revocation list can be signed")
    present = x509.load_pem_x509_crl((keys / REVOKED).read_bytes()) if (keys / REVOKED).exists() else None
    revoked: dict[int, datetime] = {row.serial_number: row.revocation_date_utc for row in present or ()}
    number = present.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number if present else 0
    moment = now().astimezone(UTC)
    _write_list(keys, _issuer(keys), dict.fromkeys(serials, moment) | revoked, number)


def _issuer(keys: Path) -> Issuer:
    key = load_pem_private_key((keys / "root.key").read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)  # noqa: S101 - we made it
    return Issuer(x509.load_pem_x509_certificate((keys / "root.crt").read_bytes()), key)


def _make_root(keys: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = mint(ROOT_NAME, key.public_key(), Purpose.ROOT, key)
    write_key_file(keys / "root.crt", certificate.public_bytes(Encoding.PEM))
    write_key_file(keys / "root.key", _pem(key))  # last: its presence says that both are there


def _make_pair(
    keys: Path, stem: str, name: str, purpose: Purpose, issuer: Issuer, life: timedelta = LIFE
) -> x509.Certificate:
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    if purpose is Purpose.TIME_STAMPS:
        key = rsa.generate_private_key(65537, RSA_BITS)
    else:
        key = ec.generate_private_key(ec.SECP256R1())
    certificate = mint(name, key.public_key(), purpose, issuer, life)
    write_key_file(keys / f"{stem}.crt", certificate.public_bytes(Encoding.PEM))
    write_key_file(keys / f"{stem}.key", _pem(key))  # last, as above
    return certificate


def _write_list(keys: Path, issuer: Issuer, revoked: dict[int, datetime], last_number: int) -> None:
    number = max(last_number + 1, int(now().timestamp()))
    write_key_file(keys / REVOKED, revocation_list(issuer, revoked, number).public_bytes(Encoding.PEM))


def _pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
