"""The pages of an agreement's text, as its PDF shows them: while drafting, and to read in another edition. 页面预览."""

from io import BytesIO
from typing import cast

from flask import Response, render_template, request, send_file
from flask.typing import ResponseReturnValue

from ...audit.services import record
from ...core.access.actions import Action
from ...core.db import transaction
from ...core.errors import Invalid, NotFound
from ...core.i18n import Message, msg, speaking
from ...core.instance import settings
from ...core.web.guard import actor, needs
from ...documents import previews
from ...documents.data import Language, SigningCopy
from ...documents.previews import Preview
from ...documents.produce import CannotRender
from .. import papers, queries
from ..models import Agreement, AgreementRevision
from .blueprint import blueprint
from .known import Known

EDITIONS = {"zh": msg("Chinese"), "en": msg("English"), "both": msg("Bilingual")}
ENGLISH = ("en", "both")


@blueprint.get("/agreements/<public_id>/pages")
@needs(Action.AGREEMENT_VIEW)
def pages(public_id: str) -> ResponseReturnValue:
    """All pages as pictures; what stands in the way of making them is told in words."""
    agreement, revision = _shown(public_id)
    edition = _edition(request.args.get("edition", "zh"), revision)
    preview, problem = _attempt(agreement, revision, edition)
    return render_template(
        "agreements/pages.html",
        agreement=agreement,
        is_draft=papers.is_unsigned(agreement, revision),
        edition=edition,
        editions=_editions(revision),
        preview=preview,
        problem=problem,
    )


@blueprint.get("/agreements/<public_id>/pages/<edition>/<int:number>.png")
@needs(Action.AGREEMENT_VIEW)
def page_picture(public_id: str, edition: str, number: int) -> Response:
    """One page; pages are counted from 1."""
    agreement, revision = _shown(public_id)
    preview, _problem = _attempt(agreement, revision, _edition(edition, revision))
    if preview is None or not 0 < number <= len(preview.pages):
        raise NotFound
    return send_file(BytesIO(preview.pages[number - 1]), "image/png")


@blueprint.get("/agreements/<public_id>/pages/<edition>.pdf")
@needs(Action.AGREEMENT_DOWNLOAD)
def pages_pdf(public_id: str, edition: str) -> Response:
    """The same copy as PDF; the download is an audit event."""
    agreement, revision = _shown(public_id)
    data = _copy(agreement, revision, _edition(edition, revision))
    name = f"{agreement.number or agreement.public_id}-{data.mark[0].partition('，')[0]}-{edition}.pdf"
    preview = previews.of_copy(data)
    with transaction():
        record(actor(), Action.AGREEMENT_DOWNLOAD, agreement, {"file": (None, name)})
    response = send_file(BytesIO(preview.pdf), "application/pdf", as_attachment=True, download_name=name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _shown(public_id: str) -> tuple[Agreement, AgreementRevision]:
    """The agreement and the text that its page shows; a historic record without one has no pages."""
    agreement = queries.get_visible(public_id, actor())
    revision = Known(agreement, actor()).revision
    if revision is None or not revision.content.get("articles"):
        raise NotFound
    return agreement, revision


def _editions(revision: AgreementRevision) -> dict[str, Message]:
    """English only where somebody wrote English."""
    return {code: name for code, name in EDITIONS.items() if code not in ENGLISH or papers.has_english(revision)}


def _edition(wanted: str, revision: AgreementRevision) -> Language:
    """One of the editions that there are; any other is not found."""
    if wanted not in _editions(revision):
        raise NotFound
    return cast(Language, wanted)


def _copy(agreement: Agreement, revision: AgreementRevision, edition: Language) -> SigningCopy:
    with speaking("zh"):
        return papers.reading_copy(agreement, revision, edition, settings().public_url)


def _attempt(
    agreement: Agreement, revision: AgreementRevision, edition: Language
) -> tuple[Preview | None, Message | None]:
    try:
        return previews.of_copy(_copy(agreement, revision, edition)), None
    except CannotRender as error:
        return None, error.message
    except Invalid:
        return None, msg("The pages cannot be shown as pictures; the PDF may still be downloaded")
