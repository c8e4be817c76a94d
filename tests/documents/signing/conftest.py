"""A copy that two parties have signed, and an authority with all its keys."""

from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import pem, x509
from flask import Flask
from pyhanko.keys import load_private_key_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer, SimpleSigner
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from registry.documents import produce
from registry.documents.authority import issue
from registry.documents.data import FIELD_PREFIX
from registry.documents.places import places
from tests.documents.aside import aside
from tests.documents.samples import make_parties, make_registry_copy, make_signing_copy

PARTIES = 2


@pytest.fixture(scope="session")
def unsigned(house: Flask) -> bytes:
    """A signing copy with fields for two parties and for the registry."""
    with house.app_context():
        return produce.render_signing_copy(make_signing_copy(parties=make_parties(PARTIES)))


@pytest.fixture(scope="session")
def keys(house: Flask) -> Path:
    """The development authority's folder."""
    with house.app_context():
        return places().keys


@pytest.fixture(scope="session")
def signed(unsigned: bytes, keys: Path) -> bytes:
    """The same, signed by both parties: the first certifies."""
    pdf = unsigned
    for number in range(1, PARTIES + 1):
        pdf = sign(pdf, f"{FIELD_PREFIX}{number}", party_signer(keys, number), is_first=number == 1)
    return pdf


def party_signer(keys: Path, number: int) -> Signer:
    """A party's key."""
    made = issue(keys, f"测试单位{number}", f"party-{number}")
    own, root = (x509.Certificate.load(der) for _, _, der in pem.unarmor(made.pem.encode(), multiple=True))
    return SimpleSigner(
        signing_cert=own,
        signing_key=load_private_key_from_pemder(keys / made.key_name, passphrase=None),
        cert_registry=SimpleCertificateStore.from_certs([root]),  # type: ignore[no-untyped-call]
    )


def sign(pdf: bytes, field: str, signer: Signer, *, is_first: bool) -> bytes:
    """A party's signature, without a picture of its own."""
    metadata = PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=is_first,
        docmdp_permissions=MDPPerm.FILL_FORMS,
    )
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    signed = aside(PdfSigner(metadata, signer, stamp_style=StaticStampStyle(border_width=0)).sign_pdf, writer)
    return bytes(signed.getvalue())


@pytest.fixture(scope="session")
def registry_copy_open(house: Flask) -> bytes:
    """A registry copy before it is closed: it has no fields at all."""
    with house.app_context():
        return produce.render_registry_copy(make_registry_copy(scans=()), [])
