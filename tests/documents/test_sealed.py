"""Files that were sealed elsewhere: OFD from outside only, PDF by the rules of uploads; and the slot for a service."""

import hashlib
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO

import pytest

from registry.core.errors import Invalid
from registry.documents import eseal
from registry.documents.eseal import ESealFailed, Position, SealedFile, SealOrder, SealProgress, SealState
from registry.documents.uploads import inspect_sealed

from .conftest import make_image

OFD_XML = (
    b'<?xml version="1.0" encoding="UTF-8"?>'
    b'<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" DocType="OFD" Version="1.1"/>'
)


def make_ofd(root: bytes | None = OFD_XML, more: Mapping[str, bytes] | None = None) -> bytes:
    """A small OFD."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as opened:
        if root is not None:
            opened.writestr("OFD.xml", root)
        for name, data in (more or {"Doc_0/Document.xml": b"<x/>"}).items():
            opened.writestr(name, data)
    return target.getvalue()


def refusal(data: bytes) -> str:
    """The key of the message that this file is refused with."""
    with pytest.raises(Invalid) as caught:
        inspect_sealed(data, "a.ofd")
    ((message,),) = caught.value.fields.values()
    return getattr(message, "key", str(message))


@pytest.mark.parametrize("kind", [b"OFD", b"OFD-A"])
def test_an_ofd_is_taken_by_its_content(kind: bytes) -> None:
    found = inspect_sealed(make_ofd(OFD_XML.replace(b'"OFD"', b'"' + kind + b'"')), "盖章件.zip")
    assert (found.media_type, found.pages, found.filename) == ("application/ofd", 0, "盖章件.zip.ofd")


@pytest.mark.parametrize(
    "root",
    [
        None,
        b"",
        b"not xml",
        b"<OFD/>",
        b'<html DocType="OFD"/>',
        OFD_XML.replace(b'"OFD"', b'"PDF"'),
        b'<!DOCTYPE a [<!ENTITY x "y">]>' + OFD_XML.partition(b"?>")[2],
        OFD_XML + b" " * 70_000 + b"<more/>",
    ],
)
def test_a_zip_without_its_root_is_none(root: bytes | None) -> None:
    assert refusal(make_ofd(root)).startswith("This is not an OFD")


@pytest.mark.parametrize("data", [b"hello", make_image("PNG", (20, 20)), b"MZ" * 40])
def test_other_kinds_are_refused(data: bytes) -> None:
    assert refusal(data) == "Only PDF and OFD files can be filed as sealed elsewhere"


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/etc/passwd", "C:/x", "a\\..\\x", "x" * 300, "a/..", ".."])
def test_names_that_lead_outside_are_refused(name: str) -> None:
    assert "lead outside" in refusal(make_ofd(more={name: b"x"}))


def test_ten_thousand_members_are_refused() -> None:
    assert "too many parts" in refusal(make_ofd(more={f"p/{number}": b"" for number in range(10_000)}))


def test_a_directory_that_understates_itself_is_refused() -> None:
    data = bytearray(make_ofd(more={f"p/{number:0200}": b"" for number in range(9_000)}))
    place = data.rfind(b"PK\x05\x06")
    data[place + 8 : place + 12] = struct.pack("<HH", 2, 2)
    assert "too many parts" in refusal(bytes(data))


def test_a_bomb_is_refused_by_its_declared_size() -> None:
    assert "too large" in refusal(make_ofd(more={"Doc_0/bomb": bytes(65 * 1024 * 1024)}))


def test_a_root_that_is_larger_than_it_says_is_refused() -> None:
    data = make_ofd(OFD_XML + b" " * 5_000_000)
    assert refusal(data).startswith("This is not an OFD")


def test_a_locked_zip_is_refused() -> None:
    data = bytearray(make_ofd())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark)
        data[place + offset] |= 1
    assert "password" in refusal(bytes(data))


@pytest.mark.parametrize("cut", [4, 30, -10])
def test_a_broken_zip_is_refused(cut: int) -> None:
    assert refusal(make_ofd()[:cut]).startswith("This is not an OFD")
    assert refusal(b"PK\x03\x04" + bytes(200)).startswith("This is not an OFD")


def test_of_files_inside_a_pdf_only_known_ones_are_taken(signing_copy: bytes) -> None:
    record = hashlib.sha256(b'{"title":"\xe6\xa1\x86\xe6\x9e\xb6\xe5\x8d\x8f\xe8\xae\xae"}').hexdigest()
    assert inspect_sealed(signing_copy, "a.pdf", [record]).media_type == "application/pdf"
    assert "other files" in refusal(signing_copy)
    with pytest.raises(Invalid):
        inspect_sealed(signing_copy, "a.pdf", ["0" * 64])


@dataclass
class FakeSealService:
    """A service in memory, made after the published idea: upload, say where, fetch. It seals what it is asked for the
    second time, and knows one organisation."""

    name: str = "省电子印章系统（测试）"
    knows: str = "11210300MB0000000X"
    orders: dict[str, SealOrder] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)

    def submit(self, order: SealOrder) -> str:
        """Keep it."""
        self.orders[order.sha256] = order
        return order.sha256

    def poll(self, ticket: str) -> SealProgress:
        """Refuse, wait, then be done."""
        if ticket not in self.orders:
            raise ESealFailed
        if self.orders[ticket].uscc != self.knows:
            return SealProgress(SealState.REFUSED, "未查询到该单位印章")
        self.asked[ticket] = self.asked.get(ticket, 0) + 1
        return SealProgress(SealState.SEALED if self.asked[ticket] > 1 else SealState.WAITING)

    def fetch(self, ticket: str) -> SealedFile:
        """An OFD of it."""
        return SealedFile(make_ofd(more={"Doc_0/sent": self.orders[ticket].sha256.encode()}), "已签章.ofd")


def order(uscc: str = "11210300MB0000000X") -> SealOrder:
    """What the registry would send."""
    pdf = b"%PDF-1.7"
    return SealOrder(pdf, "签署稿.pdf", hashlib.sha256(pdf).hexdigest(), uscc, Position(field="Party-1"))


def test_a_service_is_asked_until_it_is_done() -> None:
    service: eseal.ESealService = FakeSealService()
    ticket = service.submit(order())
    assert eseal.collect(service, ticket) is None
    sealed = eseal.collect(service, ticket)
    assert sealed
    assert inspect_sealed(sealed.data, sealed.filename).filename == "已签章.ofd"


def test_a_refusal_tells_the_services_own_reason() -> None:
    service = FakeSealService()
    with pytest.raises(ESealFailed) as caught:
        eseal.collect(service, service.submit(order(uscc="91210300000000000X")))
    assert caught.value.message.values["reason"] == "未查询到该单位印章"
    with pytest.raises(ESealFailed):
        eseal.collect(service, "unknown")


def test_a_position_is_one_thing() -> None:
    assert Position(keyword="（盖章）").field == ""
    for wrong in ({}, {"field": "Party-1", "keyword": "盖章"}):
        with pytest.raises(ValueError, match="a field or a keyword"):
            Position(**wrong)
