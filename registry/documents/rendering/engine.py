"""WeasyPrint with one font configuration and one parsed stylesheet, kept for the life of the process."""

import logging
import mimetypes
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from weasyprint import CSS, HTML, Attachment
from weasyprint.text.ffi import harfbuzz_subset
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError

from ...core.config import ROOT
from ..workers.child import Refused
from .fetcher import OwnFetcher
from .finish import Finisher
from .justify import install as install_justification

STYLESHEET = ROOT / "templates" / "pdf" / "style.css"
VARIANT = "pdf/a-3u"
RECORD_NAME = "agreement.json"
NOTDEF = ".notdef glyph rendered"
SIGN = re.compile(r"U\+([0-9A-F]{4,6})")


class MissingGlyphs(logging.Handler):
    """Collects the characters that no font has: WeasyPrint only warns of them."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.signs: dict[str, None] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Take the character out of the warning."""
        text = record.getMessage()
        found = SIGN.search(text) if text.startswith(NOTDEF) else None
        if found:
            self.signs[chr(int(found[1], 16))] = None


class Engine:
    """Renders HTML that our own templates made.

    Raises Refused("no_subset") where libharfbuzz-subset0 is missing: WeasyPrint would only warn, and take forty times
    as long.
    """

    def __init__(self) -> None:
        if harfbuzz_subset is None:
            raise Refused("no_subset")
        mimetypes.init(files=())  # the machine's own table of types must not show in the file
        install_justification()
        self.fonts = FontConfiguration()
        self.style = CSS(
            string=STYLESHEET.read_text(encoding="utf-8"), font_config=self.fonts, url_fetcher=OwnFetcher({})
        )

    def render(
        self,
        html: str,
        identifier: str,
        made_at: datetime,
        record: bytes,
        assets: Mapping[str, bytes],
        page_code: str = "",
        record_name: str = RECORD_NAME,
    ) -> bytes:
        """PDF/A-3u bytes, the same for the same input.

        Raises Refused: "missing_glyphs" with the characters, or "outside" when the page asked for something.
        """
        with _watch_glyphs() as missing:
            try:
                page = HTML(string=html, url_fetcher=OwnFetcher(assets))
                pdf = self._write(page, identifier, _attachment(record, made_at, record_name), Finisher(page_code))
            except FatalURLFetchingError as error:  # a BaseException
                raise Refused("outside", url=str(error)[:200]) from error
        if missing.signs:
            raise Refused("missing_glyphs", signs=list(missing.signs))
        return pdf

    def _write(self, page: HTML, identifier: str, attachment: Attachment, finisher: Finisher) -> bytes:
        return bytes(
            page.write_pdf(
                font_config=self.fonts,
                stylesheets=[self.style],
                attachments=[attachment],
                pdf_variant=VARIANT,
                pdf_identifier=identifier.encode(),
                finisher=finisher,
            )
        )


def _attachment(record: bytes, made_at: datetime, name: str) -> Attachment:
    return Attachment(
        string=record,
        name=name,
        description="Machine-readable record",
        created=made_at,
        modified=made_at,
        relationship="Data",
    )


@contextmanager
def _watch_glyphs() -> Iterator[MissingGlyphs]:
    logger, handler = logging.getLogger("weasyprint"), MissingGlyphs()
    logger.addHandler(handler)
    try:
        yield handler
    finally:
        logger.removeHandler(handler)
