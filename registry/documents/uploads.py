"""Takes in what people upload: small enough, of a kind we know, harmless; anything else is refused with the reason."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from ..core.errors import Invalid, Unavailable
from ..core.i18n import Message, msg
from ..core.text import INVISIBLE
from .inspection.kinds import ENDINGS, LARGEST_BYTES
from .workers.parent import Failed, pool_of

INSPECTOR = "registry.documents.inspection.worker"
SECONDS = 90
PROCESSES = 1
LONGEST_NAME = 120
UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')

REASONS: Mapping[str, Message] = {
    "kind": msg("Only PDF, JPEG, PNG and TIFF files can be uploaded"),
    "damaged": msg("This file is damaged or incomplete; please scan or export it again"),
    "sealed_kind": msg("Only PDF and OFD files can be filed as sealed elsewhere"),
    "ofd": msg("This is not an OFD file by GB/T 33190, or it is damaged"),
    "ofd_large": msg("This OFD file has too many parts, or they are too large"),
    "ofd_names": msg("This OFD file has parts whose names lead outside of it"),
    "ofd_locked": msg("This OFD file is protected by a password; please upload it without protection"),
    "encrypted": msg("This PDF is protected by a password or permissions; please upload it without protection"),
    "javascript": msg("This PDF contains a script; please print it to a new PDF and upload that"),
    "launch": msg("This PDF starts programs or sends data; please print it to a new PDF and upload that"),
    "form": msg("This PDF contains an interactive XFA form; please print it to a new PDF and upload that"),
    "embedded": msg("This PDF contains other files; please print it to a new PDF and upload that"),
    "pixels": msg("This image has too many pixels; at most 80 million (A3 at 600 dpi)"),
    "attached_kind": msg("Only PDF, JPEG, PNG, TIFF, DOCX, XLSX and PPTX files can be attached"),
    "old_office": msg(
        "This file is of an old office program, or has a password; please save it as DOCX, XLSX or PPTX without one"
    ),
    "heic": msg("This photo has the HEIC format; please save it as JPEG"),
    "office": msg("This is not a DOCX, XLSX or PPTX file, or it is damaged"),
    "office_kind": msg("Only DOCX, XLSX and PPTX files of office programs can be attached"),
    "office_large": msg("This file has too many parts, or they are too large"),
    "office_names": msg("This file has parts whose names lead outside of it, or one part twice"),
    "office_locked": msg("This file is protected by a password; please save it without protection"),
    "office_embedded": msg("This file has other files or objects embedded; please attach those by themselves"),
    "macros": msg("This file contains macros or controls; please save it without them"),
    "external": msg("This file fetches a template, picture or figures from elsewhere; please break these links first"),
    "doctype": msg("This file declares entities of its own, as no office program does"),
    "no_pdftoppm": msg("Scans cannot be prepared: the system package poppler-utils is not installed"),
}
TOO_HARD = msg("This file could not be examined within the limits; please scan or export it again")


@dataclass(frozen=True)
class Upload:
    """An upload that was looked at: its type by content, its pages, and a file name that is safe everywhere."""

    media_type: str
    pages: int
    filename: str


def inspect(data: bytes, filename: str, field: str = "file") -> Upload:
    """Look at an upload of at most 20 MB in the limited process.

    Raises Invalid for `field`, and Unavailable when too many uploads are looked at.
    """
    return _inspect("inspect", data, filename, field)


def inspect_sealed(data: bytes, filename: str, known: Sequence[str] = (), field: str = "file") -> Upload:
    """The same for a file that an electronic-seal system handed out: PDF or OFD (GB/T 33190), which has no pages here.

    `known` are digests of what the registry itself put into its signing copy; any other file inside is refused.
    """
    return _inspect("inspect_sealed", data, filename, field, known=list(known))


@dataclass(frozen=True)
class Attached(Upload):
    """The same, with the bytes to keep (of a photo without place and device) and a small JPEG, empty for none."""

    data: bytes
    small: bytes


def inspect_attached(data: bytes, filename: str, field: str = "file") -> Attached:
    """The same for what is attached to a record: office documents too, and photos are rid of the camera's traces."""
    _check_size(data, field)
    answer, (small, kept) = ask_inspector("attached", data, field)
    kind = str(answer["media_type"])
    return Attached(kind, int(answer["pages"]), clean_filename(filename, kind), kept, small)


def _inspect(work: str, data: bytes, filename: str, field: str, **more: Any) -> Upload:
    _check_size(data, field)
    header = ask_inspector(work, data, field, **more)[0]
    kind = str(header["media_type"])
    return Upload(kind, int(header["pages"]), clean_filename(filename, kind))


def _check_size(data: bytes, field: str) -> None:
    if not data:
        raise Invalid({field: [msg("Choose a file")]})
    if len(data) > LARGEST_BYTES:
        size = f"{len(data) / 1024 / 1024:.1f}"
        raise Invalid({field: [msg("At most %(limit)s MB; this file has %(size)s MB", limit=20, size=size)]})


def ask_inspector(work: str, data: bytes, field: str = "file", **more: Any) -> tuple[dict[str, Any], tuple[bytes, ...]]:
    """One message to the inspecting process; its refusals become Invalid for `field`."""
    try:
        answer = pool_of(INSPECTOR, {}, PROCESSES, SECONDS).ask({"work": work, **more}, [data])
    except Failed as failed:
        if failed.code == "busy":
            raise Unavailable from failed
        raise Invalid({field: [_reason(failed)]}) from failed
    return answer.header, answer.blobs


def clean_filename(filename: str, media_type: str) -> str:
    """A name without folders, invisible or forbidden characters, ending as its type does."""
    name = INVISIBLE.sub("", unicodedata.normalize("NFC", filename)).replace("\\", "/")
    name = UNSAFE.sub("_", PurePosixPath(name).name).strip(" .") or "file"
    stem, dot, ending = name.rpartition(".")
    endings = ENDINGS[media_type]
    if not (dot and f".{ending.lower()}" in endings):
        stem, ending = name, endings[0][1:]
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending.lower()}"


def _reason(failed: Failed) -> Message:
    if failed.code == "pages":
        return msg("At most %(limit)s pages, and at least one", limit=failed.detail["limit"])
    return REASONS.get(failed.code, TOO_HARD)
