"""A page for each act on a period: what it is about, and one form. 办理页面."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from ...attachments import intake
from ...attachments import services as attaching
from ...core.errors import Conflict, Invalid, RegistryError, Stale
from ...core.i18n import Message, msg
from ...core.web import once
from ...core.web.forms import Form, form_values, restored, row_version, show_newest
from ...core.web.guard import actor, needs
from ...records.views.pages import user
from ...tasks.queries import horizon_now
from .. import proofs
from ..models import CommitmentPeriod
from ..queries import KIND, get_period, period_for_change
from ..schemas import words_from
from . import page
from .blueprint import blueprint
from .doing import ACTS, Act, allowed
from .periods import shown_period

LISTS = ("evidence",)
PLACE = "/commitments/periods/<public_id>/"


def _view_of(act: Act) -> Callable[..., ResponseReturnValue]:
    """The view of one act: its form, and what it brings about."""

    def view(public_id: str) -> ResponseReturnValue:
        return _do(act, public_id) if request.method == "POST" else _form(act, public_id)

    view.__doc__ = act.label.english
    return view


for _act in ACTS:
    blueprint.add_url_rule(
        f"{PLACE}{_act.name}",
        _act.endpoint.partition(".")[2],
        needs(_act.action)(_view_of(_act)),
        methods=["GET", "POST"],
    )


def _form(act: Act, public_id: str) -> str:
    period = get_period(public_id, actor())
    allowed(act, actor(), period).enforce()
    return draw(act, period, restored(lists=LISTS) or Form(defaults(act, period)))


def defaults(act: Act, period: CommitmentPeriod) -> dict[str, Any]:
    """What stands in the form at first."""
    if "figure" not in act.asks:
        return {}
    known = period.disputed if period.disputed is not None else period.reported
    return {"figure": "" if known is None or act.name == "dispute" else known}


def draw(act: Act, period: CommitmentPeriod, form: Form, error: RegistryError | None = None) -> str:
    """The page of the act."""
    return render_template(
        "commitments/act.html",
        act=act,
        period=period,
        commitment=period.commitment,
        shown=shown_period(period, horizon_now(), actor()),
        offers=proofs.offers(period, actor()) if "evidence" in act.asks else [],
        form=form,
        error=error,
    )


def _do(act: Act, public_id: str) -> ResponseReturnValue:
    """One transaction; what is refused is told with what was typed, what is no longer possible on the page."""
    form = Form(form_values(lists=LISTS))
    try:
        address = _write(act, public_id, form)
    except Invalid as error:
        return draw(act, get_period(public_id, actor()), form.refused(error), error), 422
    except Conflict as error:
        return _too_late(act, public_id, form, error)
    flash(str(act.done), "success")
    return address


def _write(act: Act, public_id: str, form: Form) -> Response:
    words, looked = words_from(form.values), _files(act, public_id)
    if looked.refused:
        raise Invalid({"attachments": _told(looked.refused)})
    with once.transaction() as result:
        period = period_for_change(public_id, actor(), row_version())
        allowed(act, actor(), period).enforce()
        if looked.taken:
            words = words.with_files(_attach(period, looked))
        act.do(period, words, user())
        result.at(address_of(period))
    return result.redirect()


def _files(act: Act, public_id: str) -> intake.Looked:
    """What was sent along, looked at before the transaction; nothing of somebody who may not do it."""
    given = request.files.getlist("attachments") if "files" in act.asks else []
    sent = [one for one in given if one.filename]
    if not sent or not allowed(act, actor(), get_period(public_id, actor())):
        return intake.Looked((), ())
    return intake.look((str(one.filename), one.read()) for one in sent)


def _told(refused: Sequence[intake.Refused]) -> list[Message]:
    return [msg("%(file)s: %(reason)s", file=one.filename, reason=one.reason) for one in refused]


def _attach(period: CommitmentPeriod, looked: intake.Looked) -> list[str]:
    """The files stand beside the commitment; the note of the report names them."""
    caption = str(msg("Evidence for period %(no)s", no=period.no))
    added, refused = attaching.add(KIND, period.commitment, looked.taken, user(), caption)
    if refused:
        raise Invalid(
            {"attachments": [msg("%(file)s: %(reason)s", file=refused[0].filename, reason=refused[0].reason)]}
        )
    return [one.filename for one in added]


def _too_late(act: Act, public_id: str, form: Form, error: Conflict) -> ResponseReturnValue:
    """Somebody else was faster: the form with what was typed if the act is still possible, else the promise's page."""
    if isinstance(error, Stale):
        show_newest()
    period = get_period(public_id, actor())
    if isinstance(error, Stale) and allowed(act, actor(), period):
        return draw(act, period, form, error), error.status
    return page.render_refused(period.commitment, error), error.status


def address_of(period: CommitmentPeriod) -> str:
    """The period on the page of its commitment."""
    return url_for("commitments.show", public_id=period.commitment.public_id, _anchor=f"period-{period.no}")
