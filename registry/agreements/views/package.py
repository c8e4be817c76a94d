"""The verification package of a signed agreement. 核验包下载."""

from io import BytesIO

from flask import Response, send_file

from ...audit.services import record
from ...core.access.actions import Action
from ...core.db import transaction
from ...core.errors import NotFound
from ...core.web.guard import actor, needs
from .. import packing, queries
from .blueprint import blueprint


@blueprint.get("/agreements/<public_id>/verification-package.zip")
@needs(Action.AGREEMENT_DOWNLOAD)
def verification_package(public_id: str) -> Response:
    """Signed files, record, roots and instructions in one archive; an audit event like any download."""
    agreement = queries.get_visible(public_id, actor())
    data = packing.packed(agreement)
    if data is None:
        raise NotFound
    name = f"{agreement.number}-核验包.zip"
    with transaction():
        record(actor(), Action.AGREEMENT_DOWNLOAD, agreement, {"file": (None, name)})
    response = send_file(BytesIO(data), "application/zip", as_attachment=True, download_name=name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
