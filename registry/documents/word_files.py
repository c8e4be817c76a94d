"""Makes Word files: the one door for whoever has the data and a template. 制作 Word 文件."""

import json
from collections.abc import Mapping
from typing import Any

from ..core.errors import Invalid, Unavailable
from ..core.i18n import Message, msg
from .inspection.kinds import DOCX
from .produce import CannotRender
from .uploads import Attached, inspect_attached
from .workers.parent import Failed, pool_of

FILLER = "registry.documents.word.worker"
SECONDS = 40
PROCESSES = 1

REASONS: Mapping[str, Message] = {
    "office": msg("This is not a Word file (DOCX), or it is damaged"),
    "office_large": msg("This file has too many parts, or they are too large"),
    "word_forbidden": msg(
        "A template may name fields, repeat rows and ask whether there are any; it may not call or compute anything"
    ),
    "external": msg(
        "The template links to a file or share, or has a piece of a web page in it; only links to web pages and e-mail "
        "addresses may stay"
    ),
    "timeout": msg("The template takes too long to fill"),
    "memory": msg("The template needs too much memory to fill"),
    "busy": msg("Too many documents are being made; please try again"),
}


def house_template(words: Mapping[str, Any]) -> bytes:
    """The house's own template, as DOCX. Raises CannotRender."""
    return _ask({"work": "house"}, [json.dumps(words).encode()])


def fill(template: bytes, values: Mapping[str, Any], pictures: Mapping[str, bytes] | None = None) -> bytes:
    """A template with these values (texts, and lists of mappings of texts) and pictures (PNG) in it, as DOCX.

    The same bytes for the same data. Raises CannotRender, whose message says what is wrong with the template.
    """
    given = pictures or {}
    header = {"work": "fill", "pictures": list(given)}
    return _ask(header, [template, json.dumps(values, sort_keys=True).encode(), *given.values()])


def inspect_template(data: bytes, filename: str, sample: Mapping[str, Any], field: str = "file") -> Attached:
    """Look at a template that somebody hands in, and fill it once with `sample`.

    Raises Invalid for `field`: no Word file, macros, too large when unpacked, pictures and templates from elsewhere
    (see `uploads`), fields of Word that reach outside (DDE, INCLUDEPICTURE …), a field that is not in the sample,
    Jinja that cannot be read or may not run; Unavailable when too many uploads are looked at.
    """
    found = inspect_attached(data, filename, field)
    if found.media_type != DOCX:
        raise Invalid({field: [REASONS["office"]]})
    try:
        fill(found.data, sample)
    except CannotRender as error:
        if not error.is_final:
            raise Unavailable from error
        raise Invalid({field: [error.message]}) from error
    return found


def _ask(header: Mapping[str, Any], blobs: list[bytes]) -> bytes:
    try:
        return pool_of(FILLER, {}, PROCESSES, SECONDS).ask(header, blobs).blobs[0]
    except Failed as failed:
        raise CannotRender(_reason(failed), is_final=failed.code != "busy") from failed


def _reason(failed: Failed) -> Message:
    detail = failed.detail
    if failed.code == "word_unknown":
        return msg("The template names fields that do not exist: %(names)s", names=", ".join(detail["names"]))
    if failed.code == "word_syntax":
        near = detail["near"] or "—"
        return msg("The template cannot be read: %(what)s, near “%(near)s”", what=detail["what"], near=near)
    if failed.code == "word_field":
        name = detail["name"]
        return msg("The template has a field that Word might fetch or run something for: %(name)s", name=name)
    return REASONS.get(failed.code, REASONS["office"])
