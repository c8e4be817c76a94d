"""Fills a Word template (docxtpl). Runs in the worker only: what comes in may be hostile. 填充 Word 模板."""

import zipfile
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2.exceptions import SecurityError, TemplateError, TemplateSyntaxError, UndefinedError

from ..inspection.zips import Limits, opened
from ..workers.child import Refused
from .fetching import check_fetching
from .sandbox import Sandbox

PICTURE_WIDTH = Mm(156)
LIMITS = Limits("office", members=2_000, unpacked=64 * 1024 * 1024)
# The moment that a ZIP can tell that is nobody's: the same data gives the same bytes.
NO_TIME = (1980, 1, 1, 0, 0, 0)
LONGEST_TOLD = 200


def fill(template: bytes, values: Mapping[str, Any], pictures: Mapping[str, bytes]) -> bytes:
    """The DOCX; the same bytes for the same template and values.

    Raises Refused: word_unknown with the names that nobody knows, word_syntax with what Jinja says and where,
    word_forbidden for what a template may not do, word_field or external for what Word would fetch or run when it
    opens the file, office for what is no Word file.
    """
    document = _opened(template)
    sandbox = Sandbox()
    given = {**values, **{name: InlineImage(document, BytesIO(data), PICTURE_WIDTH) for name, data in pictures.items()}}
    try:
        unknown = sorted(document.get_undeclared_template_variables(sandbox) - set(given))
        if unknown:
            raise Refused("word_unknown", names=unknown[:20])
        document.render(given, sandbox, autoescape=True)
    except SecurityError as error:
        raise Refused("word_forbidden", what=_short(error)) from None
    except TemplateSyntaxError as error:
        raise Refused("word_syntax", what=_short(error), near=_near(error)) from None
    except UndefinedError as error:
        raise Refused("word_unknown", names=[_short(error)]) from None
    except TemplateError as error:
        raise Refused("word_syntax", what=_short(error), near="") from None
    written = BytesIO()
    document.save(written)
    check_fetching(written.getvalue())
    return _without_times(written.getvalue())


def _opened(template: bytes) -> DocxTemplate:
    with opened(template, LIMITS):
        check_fetching(template)
    try:
        document = DocxTemplate(BytesIO(template))
        document.init_docx()
    except Exception as error:  # python-docx knows no end of ways to say that a package is not a document
        raise Refused("office") from error
    return document


def _short(error: TemplateError) -> str:
    return str(error.message or type(error).__name__)[:LONGEST_TOLD]


def _near(error: TemplateSyntaxError) -> str:
    """The words around the place, as docxtpl tells them."""
    lines: Iterable[str] = getattr(error, "docx_context", ())
    return " ".join(" ".join(lines).split())[:LONGEST_TOLD]


def _without_times(data: bytes) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, NO_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, source.read(name))
    return written.getvalue()
