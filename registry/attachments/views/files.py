"""One attachment: its pages as pictures, its small picture, the file itself. Nothing foreign is framed. 附件查看."""

from collections.abc import Callable
from io import BytesIO

from flask import Response, render_template, request, send_file
from flask.typing import ResponseReturnValue

from ...audit.services import record as note
from ...core.access.actions import Action
from ...core.db import transaction
from ...core.errors import Invalid, NotFound
from ...core.web.guard import actor, needs
from ...core.web.paging import page_number
from ...documents import previews, store
from ...documents.inspection.kinds import JPEG, PNG
from .. import policy, queries
from ..queries import Found
from .acts import place_of
from .blueprint import blueprint

AT_ONCE = 5  # pages on one screen, and drawn by one look
SANDBOX = "sandbox; default-src 'none'"


@blueprint.get("/<public_id>")
@needs(Action.ATTACHMENT_VIEW)
def show(public_id: str) -> ResponseReturnValue:
    """What is known of a file, and its pages, a few at a time."""
    found = _readable(public_id)
    screens = -(-found.attachment.pages // AT_ONCE)
    number = min(page_number(), max(screens, 1))
    first = (number - 1) * AT_ONCE + 1
    return render_template(
        "attachments/show.html",
        found=found,
        back=place_of(found.kind, found.record.public_id),
        pages=range(first, min(first + AT_ONCE - 1, found.attachment.pages) + 1),
        number=number,
        screens=screens,
    )


@blueprint.get("/<public_id>/pages/<int:number>.png")
@needs(Action.ATTACHMENT_VIEW)
def page_picture(public_id: str, number: int) -> Response:
    """One page, counted from 1."""
    found = _readable(public_id)
    if not 0 < number <= found.attachment.pages:
        raise NotFound
    file = found.attachment.file
    return _kept_privately(f"{file.sha256}-{number}", PNG, lambda: _drawn(found, number))


@blueprint.get("/<public_id>/small.jpg")
@needs(Action.ATTACHMENT_VIEW)
def small(public_id: str) -> Response:
    """The small picture for lists."""
    picture = _readable(public_id).attachment.small
    if picture is None:
        raise NotFound
    return _kept_privately(picture.sha256, JPEG, lambda: store.read(picture))


@blueprint.get("/<public_id>/file")
@needs(Action.ATTACHMENT_DOWNLOAD)
def download(public_id: str) -> Response:
    """The file as an attachment that no browser runs; an audit event of the record."""
    found = _readable(public_id)
    name, media_type = found.attachment.filename, found.attachment.media_type
    data = store.read(found.attachment.file)
    with transaction():
        note(actor(), Action.ATTACHMENT_DOWNLOAD, found.record, {"file": (None, name)})
    response = send_file(BytesIO(data), media_type, as_attachment=True, download_name=name)
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def _readable(public_id: str) -> Found:
    """What the reader may not see does not exist; so it is with removed files for most."""
    found = queries.get(public_id, actor())
    if not policy.may_read(actor(), found.kind, found.record, found.attachment):
        raise NotFound
    return found


def _drawn(found: Found, number: int) -> bytes:
    """The page out of the handful that is drawn and kept together. Raises NotFound for one that cannot be drawn."""
    first = (number - 1) // AT_ONCE * AT_ONCE + 1
    last = min(first + AT_ONCE - 1, found.attachment.pages)
    file = found.attachment.file
    try:
        return previews.part_of_file(file.sha256, lambda: store.read(file), first, last)[number - first]
    except (Invalid, IndexError):
        raise NotFound from None


def _kept_privately(tag: str, media_type: str, read: Callable[[], bytes]) -> Response:
    """A picture that the reader's browser may keep, but asks for again each time: rights may have changed."""
    if request.if_none_match.contains(tag):
        response = Response(status=304)
    else:
        response = Response(read(), mimetype=media_type)
        response.headers["Content-Security-Policy"] = SANDBOX
    response.set_etag(tag)
    response.headers["Cache-Control"] = "private, no-cache"
    return response
