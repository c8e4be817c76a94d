"""A briefing as PDF and as Word file; a download is an audit event. 专报下载."""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from io import BytesIO

from flask import Response, current_app, request, send_file
from flask.typing import ResponseReturnValue

from ....audit.services import record
from ....core.access.actions import Action
from ....core.db import transaction
from ....core.errors import NotFound
from ....core.web.guard import actor, needs
from ....core.web.language import language
from ....documents import produce, store, word_files
from ....documents.briefing_sheet import BriefingSheet
from ....documents.inspection.kinds import DOCX, PDF
from ....records.views.pages import user
from ...briefing import paper, picture
from ...models import BriefingState, FileForm
from ...services import issued, templates
from . import shown
from .blueprint import blueprint

DEMONSTRATION = {"zh": "演示", "en": "DEMO"}


@blueprint.get("/<month>.pdf")
@needs(Action.BRIEFING_DOWNLOAD)
def pdf(month: str) -> ResponseReturnValue:
    """In the layout of the house; the same bytes for the same figures and words."""
    number, spoken = shown.month_of_address(month), asked_language()
    told = shown.told_of(number, spoken)
    try:
        data = _first(told, FileForm.PDF, PDF, lambda: produce.render_briefing(sheet_of(told)))
    except produce.CannotRender as error:
        return shown.page(number, error=error), error.status
    return _sent(told, data, PDF, f"{told.said.title}-{month}.pdf")


@blueprint.get("/<month>.docx")
@needs(Action.BRIEFING_DOWNLOAD)
def docx(month: str) -> ResponseReturnValue:
    """In the office's own Word template, else in the house's."""
    number, spoken = shown.month_of_address(month), asked_language()
    told = shown.told_of(number, spoken)
    try:
        data = _first(told, FileForm.DOCX, DOCX, lambda: word_of(told))
    except produce.CannotRender as error:
        return shown.page(number, error=error), error.status
    return _sent(told, data, DOCX, f"{told.said.title}-{month}.docx")


@blueprint.get("/<month>/chart.svg")
@needs(Action.BRIEFING_VIEW)
def chart(month: str) -> ResponseReturnValue:
    """The picture, for a page that was asked for before it was drawn."""
    told = shown.told_of(shown.month_of_address(month), asked_language())
    found = picture.chart_of(told.said)
    if found is None:
        raise NotFound
    response = Response(shown.kept_chart(told) or str(found.svg), mimetype="image/svg+xml")
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def asked_language() -> str:
    """The one of the address, else the reader's."""
    asked = request.args.get("language", "")
    return asked if asked in DEMONSTRATION else language()


def sheet_of(told: shown.Told) -> BriefingSheet:
    """What the PDF is printed from."""
    start = current_app.extensions["settings"].public_url
    return paper.sheet(
        told.said,
        shown.addresses(told.said, told.month, start),
        paper.record_of(told.kept, told.said),
        picture=picture_of(told),
        mark=mark_of(told),
    )


def picture_of(told: shown.Told) -> bytes:
    """The chart for paper: of an issued briefing as it was drawn then."""
    return issued.kept(told.briefing, told.said.language, FileForm.PNG) or picture.picture_of(told.said)


def _first(told: shown.Told, form: FileForm, kind: str, make: Callable[[], bytes]) -> bytes:
    """The paper; of an issued briefing the one that somebody was given first. Raises CannotRender."""
    briefing, language = told.briefing, told.said.language
    if briefing is None or briefing.state is not BriefingState.ISSUED:
        return make()
    found = issued.kept(briefing, language, form)
    if found is not None:
        return found
    data = make()
    if picture.chart_of(told.said) and not picture_of(told):
        return data  # without its chart it is not what it is to be for ever
    made = store.put(data, kind)
    with transaction():
        issued.keep(briefing, {(language, form): made})
    return issued.kept(briefing, language, form) or data


def mark_of(told: shown.Told) -> str:
    """What a demonstration says on every page."""
    return DEMONSTRATION[told.said.language] if told.briefing and told.briefing.is_demo else ""


def word_of(told: shown.Told) -> bytes:
    """The Word file. Raises CannotRender."""
    chart = picture_of(told)
    values = paper.word_values(told.said, told.kept, has_chart=bool(chart), mark=mark_of(told))
    issued_at = told.briefing.issued_at if told.briefing else None
    return word_files.fill(template_of(told.said.language, issued_at), values, {"chart": chart} if chart else {})


def template_of(spoken: str, issued_at: datetime | None = None) -> bytes:
    """The office's own template, else the house's; of what was issued the one that was in use then."""
    whose = actor().organisation_id
    own = templates.in_use(whose, spoken, issued_at) if issued_at else templates.current(whose, spoken)
    return store.read(own.file) if own else word_files.house_template(paper.house_words(spoken))


def _sent(told: shown.Told, data: bytes, kind: str, name: str) -> Response:
    changes = {"file": (None, name), "sha256": (None, sha256(data).hexdigest()), "as_of": (None, told.kept.as_of)}
    with transaction():
        record(user(), Action.BRIEFING_DOWNLOAD, told.briefing, changes)
    response: Response = send_file(BytesIO(data), kind, as_attachment=True, download_name=name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
