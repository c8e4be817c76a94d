"""What people and programs do to a file that was signed."""

import re
from io import BytesIO

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from .conftest import saved


def flip(data: bytes) -> bytes:
    """One bit of the page content."""
    place = data.index(b"stream") + 60
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def flip_the_end(data: bytes) -> bytes:
    """One letter of what the last signature's update added."""
    place = data.rindex(b"/Reason")
    return data[: place + 1] + b"X" + data[place + 2 :]


def cut_off(data: bytes) -> bytes:
    """The end is missing."""
    return data[: len(data) - 3000]


def append(data: bytes) -> bytes:
    """Bytes after the end, which every viewer passes over."""
    return data + b"\n% more"


def save_again(data: bytes) -> bytes:
    """Opened and saved by another program."""
    with pikepdf.open(BytesIO(data)) as pdf:
        return saved(pdf)


def replace_content(data: bytes) -> bytes:
    """The first page's content replaced by an incremental update."""
    writer = IncrementalPdfFileWriter(BytesIO(data))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"BT /F1 20 Tf (x) Tj ET"))
    writer.update_container(page)
    return written(writer)


def overlay(data: bytes) -> bytes:
    """Something drawn over the first page."""
    writer = IncrementalPdfFileWriter(BytesIO(data))
    more = writer.add_object(generic.StreamObject(stream_data=b"0 0 500 500 re f"))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    given = page.raw_get("/Contents")
    streams = list(page["/Contents"]) if isinstance(page["/Contents"], generic.ArrayObject) else [given]
    page["/Contents"] = generic.ArrayObject([*streams, more])
    writer.update_container(page)
    return written(writer)


def annotate(data: bytes) -> bytes:
    """A note stuck on the first page, as viewers do."""
    writer = IncrementalPdfFileWriter(BytesIO(data))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page["/Annots"] = generic.ArrayObject([*page.get("/Annots", ()), writer.add_object(generic.pdf_string("a note"))])
    writer.update_container(page)
    return written(writer)


def swap_record(data: bytes, record: bytes = b'{"forged": true}') -> bytes:
    """Another agreement.json inside, by an incremental update."""
    writer = IncrementalPdfFileWriter(BytesIO(data))
    specification = writer.root["/Names"]["/EmbeddedFiles"]["/Names"][1]
    other = generic.StreamObject(stream_data=record)
    other["/Type"] = generic.NameObject("/EmbeddedFile")
    specification["/EF"]["/F"] = writer.add_object(other)
    if "/UF" in specification["/EF"]:
        specification["/EF"]["/UF"] = specification["/EF"].raw_get("/F")
    writer.update_container(specification)
    return written(writer)


def appended(data: bytes, other: bytes) -> bytes:
    """A whole other file behind this one, without object streams: its table of places moved, and none before it named.

    Readers see only the second.
    """
    begins = len(data) + 1
    place = other.rindex(b"xref", 0, other.rindex(b"startxref"))
    table = re.sub(
        rb"(?m)^(\d{10}) (\d{5}) n", lambda row: b"%010d %s n" % (int(row[1]) + begins, row[2]), other[place:]
    )
    end = table.rindex(b"startxref")
    return data + b"\n" + other[:place] + table[:end] + b"startxref\n%d\n%%%%EOF\n" % (begins + place)


def without_history(data: bytes) -> bytes:
    """One table of places for the file as it is now, and none before it named: old signatures are still found by it."""
    places = {int(found[1]): found.start() for found in re.finditer(rb"(?m)^(\d+) 0 obj", data)}
    root = re.findall(rb"/Root (\d+ 0 R)", data)[-1]
    rows = [f"{number} 1\n{place:010d} 00000 n \n" for number, place in sorted(places.items())]
    table = f"xref\n0 1\n0000000000 65535 f \n{''.join(rows)}".encode()
    trailer = b"trailer\n<< /Size %d /Root %s >>\nstartxref\n%d\n%%%%EOF\n" % (max(places) + 1, root, len(data) + 1)
    return data + b"\n" + table + trailer


def written(writer: IncrementalPdfFileWriter) -> bytes:
    """The file with its update."""
    target = BytesIO()
    writer.write(target)  # type: ignore[no-untyped-call]  # pyHanko's, untyped
    return target.getvalue()
