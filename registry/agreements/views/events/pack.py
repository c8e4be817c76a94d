"""The ceremony pack. 仪式材料包下载."""

from flask import Response, request, send_file
from flask.typing import ResponseReturnValue

from ....audit.services import record
from ....core.access.actions import Action
from ....core.dates import now
from ....core.db import transaction
from ....core.errors import Unmet
from ....core.web.guard import actor, needs
from ....documents import produce
from ....documents.data import Language
from ... import ceremony, queries
from . import page
from .blueprint import blueprint


@blueprint.get("/events/<public_id>/pack.zip")
@needs(Action.EVENT_DOWNLOAD)
def pack(public_id: str) -> ResponseReturnValue:
    """The order of signing and all signing copies in one archive, made now; an audit event like any download."""
    event = queries.get_event(public_id, actor())
    language: Language = "both" if request.args.get("language") == "both" else "zh"
    try:
        files = ceremony.members(event, actor())
        order = produce.render_order_sheet(ceremony.sheet(event, actor(), language))
    except (Unmet, produce.CannotRender) as error:
        return page.render(event, error)
    archive = ceremony.write_pack(order, files, now())
    name = f"{ceremony.UNSAFE.sub('_', event.title_zh)[:80]}-签约材料包.zip"
    with transaction():
        record(actor(), Action.EVENT_DOWNLOAD, event, {"file": (None, name), "agreements": (None, len(files))})
    response: Response = send_file(archive, "application/zip", as_attachment=True, download_name=name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
