"""A file as it is after three parties and the registry signed it, with keys of the development authority."""

from datetime import datetime

from registry.documents.data import FIELD_PREFIX
from registry.documents.places import places
from registry.documents.signing import close
from registry.documents.signing.own import own_signer
from registry.documents.signing.party_signatures import Look, Request, field_size, sign

PARTIES = 3


def look_of(copy: bytes, moment: datetime) -> Look:
    """What a party's cell shows, of the size of the first party's field."""
    width, height = field_size(copy, f"{FIELD_PREFIX}1") or (0, 0)
    name = "鞍山市人力资源和社会保障局"
    return Look(name, "王喆堃", "局长", moment, "4F3A9C0B1D2E77A1", width_mm=width, height_mm=height)


def sign_first(copy: bytes, look: bytes) -> bytes:
    """The first party's signature, which certifies."""
    return _sign(copy, 1, look)


def sign_by_all(copy: bytes, look: bytes) -> bytes:
    """The first party certifies, the others approve, the registry closes."""
    signed = copy
    for number in range(1, PARTIES + 1):
        signed = _sign(signed, number, look)
    return close(signed)


def _sign(pdf: bytes, number: int, look: bytes) -> bytes:
    wanted = Request(f"{FIELD_PREFIX}{number}", "王喆堃", "同意签署", look)
    return sign(pdf, wanted, own_signer(places()))
