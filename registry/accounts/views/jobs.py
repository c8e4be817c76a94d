"""The buttons on the page of the jobs (`jobs.views`); they are here because the audit stands above jobs."""

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core.access.actions import Action
from ...core.web import once
from ...core.web.guard import actor, needs
from ..services import jobs as services

blueprint = Blueprint("jobs", __name__, url_prefix="/system/jobs")


@blueprint.post("/<public_id>/retry")
@needs(Action.SYSTEM_RETRY)
def retry(public_id: str) -> ResponseReturnValue:
    """Try one failed job again."""
    with once.transaction() as done:
        services.retry(public_id, actor())
        done.at(_back(public_id))
    flash(_("The job will be tried again"), "success")
    return done.redirect()


@blueprint.post("/retry")
@needs(Action.SYSTEM_RETRY)
def retry_kind() -> ResponseReturnValue:
    """Try all failed jobs of one kind again."""
    with once.transaction() as done:
        count = services.retry_kind(request.form.get("kind", ""), actor())
        done.at(url_for("system.index"))
    flash(_("%(count)s jobs will be tried again", count=count), "success")
    return done.redirect()


def _back(public_id: str) -> str:
    """The page of the job for who came from there, else the overview."""
    if request.form.get("back") == "job":
        return url_for("system.show", public_id=public_id)
    return url_for("system.index")
