"""Files as people attach them: photos that tell where they were taken, office documents whole and hostile."""

import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from registry.documents.inspection.kinds import DOCX, PPTX, XLSX

WHERE, DEVICE, TOLD = b"Shenyang-GPS-trace", b"TestPhone 12", b"told beside the picture"
ORIENTATION, MAKE, ARTIST, GPS = 0x0112, 0x010F, 0x013B, 0x8825
PARTS = {DOCX: "word/document.xml", XLSX: "xl/workbook.xml", PPTX: "ppt/presentation.xml"}
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def photo(kind: str, orientation: int = 6, pages: int = 1) -> bytes:
    """A picture that tells place, device and more; `pages` above 1 for TIFF only."""
    if kind == "TIFF":
        return _tiff(orientation, pages)
    image = _image()
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE], exif[ARTIST] = orientation, DEVICE.decode(), TOLD.decode()
    exif.get_ifd(GPS).update({1: "N", 2: (41.0, 48.0, 20.0), 29: WHERE.decode()})
    text = PngInfo()
    text.add_text("Comment", TOLD.decode())
    more: dict[str, Any] = {
        "JPEG": {"comment": TOLD, "quality": 90},
        "PNG": {"pnginfo": text},
    }
    with BytesIO() as target:
        image.save(target, kind, exif=exif, **more[kind])
        return target.getvalue()


def _image() -> Image.Image:
    image = Image.new("RGB", (64, 40), "white")
    ImageDraw.Draw(image).line((3, 3, 60, 30), fill="red", width=4)
    return image


def _tiff(orientation: int, pages: int) -> bytes:
    said = ImageFileDirectory_v2()
    said[ORIENTATION], said[MAKE], said[ARTIST] = orientation, DEVICE.decode(), TOLD.decode()
    said[GPS] = {29: WHERE.decode()}
    more: dict[str, Any] = {"save_all": pages > 1, "append_images": [_image()] * (pages - 1)}
    with BytesIO() as target:
        _image().save(target, "TIFF", tiffinfo=said, **more)
        return target.getvalue()


def office(kind: str = DOCX, parts: Mapping[str, bytes] | None = None, main: str = "", *, types: bytes = b"") -> bytes:
    """The least that is a document of this kind, and further parts; `main` is another type of its text, `types` the
    part that lists them."""
    content = main or f"{kind}.main+xml"
    listed = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/{PARTS[kind]}" ContentType="{content}"/></Types>'
    )
    all_parts = {"[Content_Types].xml": types or listed.encode(), PARTS[kind]: b"<x>text</x>", **(parts or {})}
    with BytesIO() as target:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in all_parts.items():
                archive.writestr(name, data)
        return target.getvalue()


def relation(kind: str, target: str, mode: str = "External") -> dict[str, bytes]:
    """The relationships of the main part: one, to somewhere else."""
    one = f'<Relationship Id="r1" Type="{LINKS}/{kind}" Target="{target}" TargetMode="{mode}"/>'
    return {"word/_rels/document.xml.rels": f'<Relationships xmlns="{RELATIONS}">{one}</Relationships>'.encode()}
