"""Keys in SoftHSM, which speaks as a token does."""

import subprocess
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from threading import Thread

import pkcs11
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from flask import Flask
from pkcs11 import Attribute, ObjectClass
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature

from registry.documents.models import KeySource, SigningCertificate
from registry.documents.places import places
from registry.documents.signing import NoSigningKey, signer_for, tokens, try_key
from registry.documents.signing.keys import chain_of
from tests.documents.aside import aside
from tests.documents.certificates import Key, certify, root_of, row_of
from tests.documents.houses import make_house

from .conftest import sign
from .test_levels import context

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
TOKEN, PIN = "测试介质", "2580-demo"
KEYS: dict[str, Key] = {
    "elliptic": ec.generate_private_key(ec.SECP256R1()),
    "rsa": rsa.generate_private_key(65537, 2048),
}


@pytest.fixture(scope="session")
def token(tmp_path_factory: pytest.TempPathFactory, keys: Path) -> Iterator[None]:
    """A token with two keys and their certificates. The library is told once in a process where its tokens are."""
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
        run("--init-token", "--free", "--label", TOKEN, "--so-pin", "13579", "--pin", PIN)
        for number, (label, key) in enumerate(KEYS.items(), start=1):
            pem = folder / f"{label}.pem"
            pem.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
            run("--import", str(pem), "--token", TOKEN, "--label", label, "--id", f"0{number}", "--pin", PIN)
            put_certificate(label, number, key, keys)
        yield


def run(*arguments: str) -> None:
    subprocess.run(["/usr/bin/softhsm2-util", *arguments], check=True, capture_output=True)


def put_certificate(label: str, number: int, key: Key, keys: Path) -> None:
    der = certify(keys, key).public_bytes(Encoding.DER)
    kind = {Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.CERTIFICATE_TYPE: 0, Attribute.TOKEN: True}
    named = {Attribute.LABEL: f"certificate {label}", Attribute.ID: bytes([number]), Attribute.VALUE: der}
    with pkcs11.lib(str(MODULE)).get_token(token_label=TOKEN).open(rw=True, user_pin=PIN) as session:
        session.create_object({**kind, **named, Attribute.SUBJECT: b""})


@contextmanager
def using(keys: Path, pin: str = PIN, module: Path | None = MODULE) -> Iterator[Flask]:
    made = make_house(keys.parent, pkcs11_module=module, pkcs11_pin=pin)
    with made.app_context():
        yield made


def row(label: str, keys: Path, token: str = TOKEN) -> SigningCertificate:
    """A row for the certificate on the token."""
    own = tokens.certificates_on(places(), TOKEN, label)[0]
    pem = "".join(
        [
            f"-----BEGIN CERTIFICATE-----\n{b64encode(own.dump()).decode()}\n-----END CERTIFICATE-----\n",
            root_of(keys).certificate.public_bytes(Encoding.PEM).decode(),
        ]
    )
    return row_of(chain_of(pem), KeySource.PKCS11, f"{token}/{label}", pem)


def told(work: object) -> str:
    with pytest.raises(NoSigningKey) as caught:
        work()  # type: ignore[operator]  # a function without arguments
    return caught.value.message.key


@pytest.mark.parametrize("label", KEYS)
def test_a_key_on_a_token_signs(token: None, keys: Path, unsigned: bytes, label: str) -> None:
    with using(keys):
        certificate = row(label, keys)
        try_key(certificate)
        signed = sign(unsigned, "Party-1", signer_for(certificate), is_first=True)
        (signature,) = PdfFileReader(BytesIO(signed)).embedded_regular_signatures
        status = aside(validate_pdf_signature, signature, context())
        assert status.bottom_line
        assert status.signing_cert.sha256.hex() == certificate.sha256


def test_several_sign_at_once(token: None, keys: Path) -> None:
    with using(keys) as app:
        certificate = row("elliptic", keys)
        failures: list[Exception] = []

        def work() -> None:
            with app.app_context():
                try:
                    try_key(certificate)
                except NoSigningKey as error:
                    failures.append(error)

        threads = [Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []


def test_what_is_not_there(token: None, keys: Path) -> None:
    with using(keys):
        certificate = row("elliptic", keys)
        certificate.key_reference = "another/elliptic"
        assert "There is no token" in told(lambda: try_key(certificate))
        certificate.key_reference = f"{TOKEN}/another"
        assert "no such key" in told(lambda: try_key(certificate))
        assert "holds no key" in told(lambda: tokens.certificates_on(places(), TOKEN, "another"))


def test_a_wrong_pin_is_tried_once(token: None, keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with using(keys):
        certificate = row("rsa", keys)
    with using(keys, pin="0000-wrong"):
        assert told(lambda: try_key(certificate)) == tokens.WRONG_PIN.key
        monkeypatch.setattr(tokens, "open_pkcs11_session", None)
        assert told(lambda: try_key(certificate)) == tokens.WRONG_PIN.key


def test_a_missing_pin(token: None, keys: Path) -> None:
    with using(keys, pin=""):
        assert "without a PIN" in told(lambda: tokens.certificates_on(places(), TOKEN, "rsa"))


def test_a_missing_or_wrong_library(token: None, keys: Path, tmp_path: Path) -> None:
    with using(keys, module=None):
        assert told(lambda: tokens.certificates_on(places(), TOKEN, "rsa")) == tokens.NO_SETTING.key
    (tmp_path / "library.so").write_bytes(b"no library")
    with using(keys, module=tmp_path / "library.so"):
        assert told(lambda: tokens.certificates_on(places(), TOKEN, "rsa")) == tokens.NO_LIBRARY.key
